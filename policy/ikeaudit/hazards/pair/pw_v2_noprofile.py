"""PW-V2-NOPROFILE: no IKEv2 profile of the responder matches the initiator."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.pair_findings import by_reason
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "identity-not-matched", versions=(2,))


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
    source="DOMAIN 6.1, 6.4, 11.D",
    detect=detect,
)
