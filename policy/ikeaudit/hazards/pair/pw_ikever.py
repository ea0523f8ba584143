"""PW-IKEVER: one end negotiates by IKEv1, the other by IKEv2."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import by_reason


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "ike-version-mismatch")


HAZARD = Hazard(
    code="PW-IKEVER",
    title="One end negotiates by IKEv1, the other by IKEv2",
    severity="critical",
    scope="pair",
    what="One end of a tunnel is bound to an IKEv2 profile and the other is not.",
    why=(
        "The versions do not talk to each other, and IOS does not fall back. It is what a migration looks like that "
        "was done at one end only; an established tunnel hides it until it is renegotiated."
    ),
    symptom="Both ends retransmit their first message.",
    fix="Bind the other end to its IKEv2 profile in the same window, or take the binding back.",
    source="IKEV2-VERSIONS, U-9",
    detect=detect,
)
