"""PW-V2-NOPROFILE: no IKEv2 profile of the responder matches the initiator."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange import Exchange, Reason
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import Failing, findings

REASON: Reason = "identity-not-matched"


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause; where the initiator's profile is the one that does not match is PW-V2-HALFOPEN."""
    failing = []
    for tunnel in context.tunnels:
        refused = {e: c for e, c in tunnel.failing_by(REASON).items() if e.ike_version == 2 and _at_responder(e)}
        if refused:
            failing.append(Failing(tunnel, tuple(refused), strongest(*refused.values())))
    yield from findings(HAZARD, failing, REASON)


def _at_responder(exchange: Exchange) -> bool:
    """Whether the direction is refused by its responder in some reading."""
    readings = [(reading.outcome, reading.reason) for reading in exchange.readings]
    return ("down", REASON) in [(exchange.outcome, exchange.reason), *readings]


HAZARD = Hazard(
    code="PW-V2-NOPROFILE",
    title="No IKEv2 profile of the responder matches the initiator's identity",
    severity="critical",
    scope="pair",
    what=(
        "The identity that a router presents in IKE_AUTH is matched by no IKEv2 profile of the router that it "
        "calls, in the VRF and at the address called."
    ),
    why="The responder refuses before it answers IKE_AUTH, so that this direction never comes up.",
    symptom="Called: 'IKEv2 profile not found'. Caller: 'Auth exchange failed'.",
    fix="Match the caller's identity in the profile that is bound to the tunnel, with the right 'match fvrf'.",
    source="IKEV2-PROFILE, IKEV2-HALF-OPEN",
    detect=detect,
)
