"""PW-V2-HALFOPEN: the responder is up, the initiator has given up."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import Failing, describe, grouped, pair_finding


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    failing = []
    for tunnel in context.tunnels:
        half = [
            e
            for e in tunnel.directions
            if e.outcome == "half-open"
            or (e.confidence != "unknown" and any(r.outcome == "half-open" for r in e.readings))
        ]
        if half:
            failing.append(Failing(tunnel, tuple(half), half[0].confidence))
    for cause, items in grouped(failing).items():
        words = f"{describe(items)}: the initiator's profile does not match the responder's identity"
        yield pair_finding(HAZARD, cause, items, f"{words}; the responder stays up alone.")


HAZARD = Hazard(
    code="PW-V2-HALFOPEN",
    title="The initiator's IKEv2 profile does not match the responder's identity",
    severity="high",
    scope="pair",
    what="A router's bound IKEv2 profile does not match the identity that the router it calls presents.",
    why=(
        "The responder has accepted and installed its security associations when the initiator rejects the answer: "
        "one end is READY and encrypts into a hole."
    ),
    symptom=(
        "Initiator: 'Failed to locate an item in the database', 'Auth exchange failed', later "
        "%CRYPTO-4-RECVD_PKT_INV_SPI. Responder: READY, packets encapsulated and none decapsulated."
    ),
    fix="Match the responder's identity in the initiator's profile, or correct 'identity local' at the responder.",
    source="IKEV2-HALF-OPEN",
    detect=detect,
)
