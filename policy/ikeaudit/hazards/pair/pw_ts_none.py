"""PW-TS-NONE: no common transform set."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import by_reason


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "no-common-transform")


HAZARD = Hazard(
    code="PW-TS-NONE",
    title="The two tunnel ends have no transform set in common",
    severity="critical",
    scope="pair",
    what=(
        "No transform set of one end has the same transforms (and, outside VTI, the same mode) as one of the other end."
    ),
    why="Phase 1 succeeds, and quick mode is refused; with IKEv2 the whole session goes down again.",
    symptom=(
        "Called: 'transform proposal not supported for identity', error 256. Caller: PROPOSAL_NOT_CHOSEN, phase 1 "
        "stays QM_IDLE."
    ),
    fix="Give both ends the same transform set.",
    source="QM-TRANSFORM, IKEV2-HALF-OPEN",
    detect=detect,
)
