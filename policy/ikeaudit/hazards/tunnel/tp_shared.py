"""TP-SHARED: multipoint tunnels on one source without proper sharing."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.tunnel_sources import ProtectedTunnel, by_source, properly_shared
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each source."""
    for facts in context.routers:
        for tunnels in by_source(facts):
            need = _needing(tunnels)
            if len(need) < 2 or properly_shared(need):
                continue
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(str(t.tunnel.destination) for t in need if t.tunnel.destination is not None),
                message=f"{listing(t.name for t in need)} share the source {need[0].source}: {_problem(need)}.",
                cause=[str(need[0].source), *(t.name for t in need)],
                evidence=facts.router.evidence(*(line for t in need for line in t.lines)),
            )


def _needing(tunnels: list[ProtectedTunnel]) -> list[ProtectedTunnel]:
    """The tunnels of one source that cannot be told apart without ``shared``."""
    if any(t.tunnel.multipoint for t in tunnels):
        return tunnels
    destinations: dict[object, list[ProtectedTunnel]] = {}
    for t in tunnels:
        destinations.setdefault(t.tunnel.destination or t.tunnel.destination_name or t.name, []).append(t)
    return [t for same in destinations.values() if len(same) > 1 for t in same]


def _problem(tunnels: list[ProtectedTunnel]) -> str:
    if not all(t.protection.shared for t in tunnels):
        return f"'shared' is missing on {listing(t.name for t in tunnels if not t.protection.shared)}"
    if len({t.protection.ipsec_profile for t in tunnels}) > 1:
        return f"their IPsec profiles differ ({listing(t.protection.ipsec_profile for t in tunnels)})"
    return "the source is written as an address, where sharing needs the interface"


HAZARD = Hazard(
    code="TP-SHARED",
    title="Tunnels with one source, not properly shared",
    severity="high",
    scope="router",
    what=(
        "Two or more protected tunnels have the same source, one of them being multipoint or two having the same "
        "destination, and not all carry 'shared' with one IPsec profile and an interface as source. Point-to-point "
        "tunnels with different destinations need none of this."
    ),
    why=(
        "An incoming security association cannot be assigned to one of the tunnels: it lands in the wrong database, "
        "or twice."
    ),
    symptom="Duplicate security associations, flapping, traffic in the wrong tunnel.",
    fix="One IPsec profile and 'shared' on all of them, with 'tunnel source INTERFACE'; or different sources.",
    source="END-SHARED",
    detect=detect,
)
