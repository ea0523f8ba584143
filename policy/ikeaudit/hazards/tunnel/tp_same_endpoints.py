"""TP-SAME-ENDPOINTS: two tunnels between the same two addresses."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.tunnel_sources import ProtectedTunnel, by_source, properly_shared
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of addresses."""
    for facts in context.routers:
        for tunnels in by_source(facts):
            destinations: dict[str, list[ProtectedTunnel]] = {}
            for t in tunnels:
                if t.tunnel.destination is not None:
                    destinations.setdefault(str(t.tunnel.destination), []).append(t)
            for destination, same in destinations.items():
                if len(same) < 2 or properly_shared(same):
                    continue
                yield HAZARD.finding(
                    hosts=[facts.name],
                    peers=[destination],
                    message=f"{listing(t.name for t in same)} all run from {same[0].source} to {destination}.",
                    cause=[str(same[0].source), destination, *(t.name for t in same)],
                    evidence=facts.router.evidence(*(line for t in same for line in t.lines)),
                )


HAZARD = Hazard(
    code="TP-SAME-ENDPOINTS",
    title="Two tunnels between the same two addresses",
    severity="high",
    scope="router",
    what=(
        "Two protected point-to-point tunnels have the same source and destination, and do not properly share their "
        "protection."
    ),
    why=(
        "Their proxies are identical, so that the second one never gets security associations of its own. Nor can "
        "one of them be moved to IKEv2 while the other stays."
    ),
    symptom="The second tunnel does not come up, or takes over the first one's security associations.",
    fix="Give them different loopbacks as sources.",
    source="END-SHARED, PLAN-IKEV2",
    detect=detect,
)
