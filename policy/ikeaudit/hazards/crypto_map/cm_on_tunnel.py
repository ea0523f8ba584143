"""CM-ON-TUNNEL: a crypto map on a tunnel interface."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.release import release_of
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each crypto map that stands on tunnels."""
    for facts in context.routers:
        release = release_of(facts.router)
        if release is not None and not release.xe:
            continue
        gdoi = {m.name for m in facts.router.crypto_maps if any(entry.kind == "gdoi" for entry in m.entries)}
        groups: dict[str, list[tuple[str, int]]] = {}
        for interface in facts.router.interfaces:
            for reference in interface.crypto_maps if interface.tunnel is not None else ():
                if reference.name not in gdoi:
                    groups.setdefault(reference.name, []).append((interface.name, reference.line))
        for name, places in groups.items():
            yield HAZARD.finding(
                hosts=[facts.name],
                message=(
                    f"Crypto map {name} stands on {listing(interface for interface, _ in places)}, where IOS-XE does "
                    "not support it."
                ),
                cause=[name, *(interface for interface, _ in places)],
                evidence=facts.router.evidence(*(line for _, line in places)),
                confidence="certain" if release is not None else "unknown",
            )


HAZARD = Hazard(
    code="CM-ON-TUNNEL",
    title="A crypto map on a tunnel interface",
    severity="high",
    scope="router",
    what=(
        "A crypto map, other than one for GETVPN, is applied to a tunnel interface on IOS-XE (16.x and later; "
        "confidence unknown where the release is). Classic IOS allows it."
    ),
    why="IOS-XE rejects the line, or keeps it without encrypting anything.",
    symptom="The command is refused, or the security association is up with 0 packets encapsulated.",
    fix="Use tunnel protection.",
    source="END-MAP-ON-TUNNEL",
    detect=detect,
)
