"""TP-RESPONLY-BOTH: both ends wait for the other."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each tunnel that nobody starts."""
    seen: set[tuple[str, ...]] = set()
    for peer in context.peers:
        if peer.far is None or peer.far_rules is None or not (peer.end.responder_only and peer.far.responder_only):
            continue
        ends = (f"{peer.router.name} {peer.end.interface}", f"{peer.far.router} {peer.far.interface}")
        if tuple(sorted(ends)) in seen:
            continue
        seen.add(tuple(sorted(ends)))
        yield HAZARD.finding(
            hosts=sorted((peer.router.name, peer.far.router)),
            peers=sorted({str(a) for a in (peer.address, peer.end.local.address) if a is not None}),
            message=f"{' and '.join(sorted(ends))} are both responder-only.",
            cause=sorted(ends),
            evidence=[*peer.router.evidence(*peer.end.lines), *peer.far_rules.router.evidence(*peer.far.lines)],
        )


HAZARD = Hazard(
    code="TP-RESPONLY-BOTH",
    title="Both ends of a tunnel only respond",
    severity="critical",
    scope="pair",
    what="The IPsec profiles or crypto map entries at both ends of a tunnel have 'responder-only'.",
    why="Nobody starts the negotiation.",
    symptom="Nothing is ever sent; the tunnel stays down without an error message.",
    fix="Remove 'responder-only' at one end.",
    source="CALL-POSSIBLE",
    detect=detect,
)
