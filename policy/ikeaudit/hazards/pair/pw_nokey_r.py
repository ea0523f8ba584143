"""PW-NOKEY-R: the responder has no key for the caller."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import by_reason


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "no-key-on-responder")


HAZARD = Hazard(
    code="PW-NOKEY-R",
    title="The responder has no key for the address that the caller comes from",
    severity="critical",
    scope="pair",
    what=(
        "A router calls another one, which has no eligible key for the source address that it sees (after address "
        "translation, in the front-door VRF and at the local address where the packet arrives)."
    ),
    why="Without a key no pre-share policy is acceptable, so that the negotiation ends with its first message.",
    symptom="On the router that is called: 'phase 1 SA policy not acceptable!'; the caller retransmits MM1.",
    fix="Add a key for that address to the keyring of the profile that is meant for the caller.",
    source="KEY-MISSING, NAT-ADDRESSES",
    detect=detect,
)
