"""PW-PH1-NONE: no common phase 1 policy."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import by_reason


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "no-common-ike-policy")


HAZARD = Hazard(
    code="PW-PH1-NONE",
    title="The two routers have no phase 1 policy in common",
    severity="critical",
    scope="pair",
    what=(
        "No ISAKMP policy (IKEv2: proposal) of one router agrees with one of the other in encryption, key length, "
        "hash and Diffie-Hellman group. The lifetime need not agree."
    ),
    why="The responder refuses every offer.",
    symptom=(
        "Called: 'Encryption algorithm offered does not match policy!' and the like, 'no offers accepted!'. Caller: "
        "NO_PROPOSAL_CHOSEN."
    ),
    fix="Add a common, strong policy to both routers.",
    source="POLICY-AGREE, DEBUG-LINES",
    detect=detect,
)
