"""TP-NOKEEP: no dead peer detection."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.keepalives import keepalive, peer_keepalive
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        served = {peer.end for peer in facts.peers if peer_keepalive(peer) is not None}
        ends = [end for end in facts.ends if keepalive(facts.rules, end) is None and end not in served]
        if ends:
            labels = dict.fromkeys(end.interface for end in ends)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(str(end.peer) for end in ends if end.peer is not None),
                message=f"{listing(labels)} {verb(labels, 'runs', 'run')} without dead peer detection.",
                cause=labels,
                evidence=facts.router.evidence(*(end.lines[0] for end in ends if end.lines)),
            )


HAZARD = Hazard(
    code="TP-NOKEEP",
    title="No dead peer detection",
    severity="medium",
    scope="router",
    what="Neither 'crypto isakmp keepalive' nor the bound profile's 'keepalive' (IKEv2: 'dpd') applies to a tunnel.",
    why=(
        "When one end loses its security associations, by a reload or a clear on one side, the other keeps sending "
        "into them until they expire, which can take a day."
    ),
    symptom="%CRYPTO-4-RECVD_PKT_INV_SPI on one end, traffic lost, 'UP-ACTIVE' on the other.",
    fix="'crypto isakmp keepalive 10 3 on-demand' or the profile's equivalent, at both ends.",
    source="DPD-BOTH, CHANGE-CLEAR",
    detect=detect,
)
