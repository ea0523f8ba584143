"""PW-MODE: the initiator uses aggressive mode, the responder refuses it."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import by_reason


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "aggressive-mode-disabled")


HAZARD = Hazard(
    code="PW-MODE",
    title="One end starts aggressive mode, the other refuses it",
    severity="high",
    scope="pair",
    what="A router starts aggressive mode towards one that has 'crypto isakmp aggressive-mode disable'.",
    why="The responder drops the first message, and the initiator does not turn to main mode.",
    symptom="The caller retransmits AM1; nothing on the other side.",
    fix="Main mode with address keys at both ends, or IKEv2.",
    source="MODE-AGGRESSIVE, AGGRESSIVE-KEY",
    detect=detect,
)
