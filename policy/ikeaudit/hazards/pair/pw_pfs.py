"""PW-PFS: the PFS groups differ."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import by_reason


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "pfs-mismatch")


HAZARD = Hazard(
    code="PW-PFS",
    title="One end requires a PFS group that the other does not offer",
    severity="high",
    scope="pair",
    what=(
        "A responder's 'set pfs' names a group that the initiator does not offer, or the initiator has no 'set pfs' "
        "at all."
    ),
    why=(
        "A responder with PFS refuses a proposal without it, while one without PFS accepts any. So the tunnel comes "
        "up when the end with PFS starts, and not the other way round."
    ),
    symptom="Called: 'IPSec policy invalidated proposal with error 64'.",
    fix="Set the same group at both ends.",
    source="QM-PFS, DEBUG-LINES",
    detect=detect,
)
