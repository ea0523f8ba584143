"""PW-PROXY: the proxies are no mirror images."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import by_reason


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "proxy-mismatch")


HAZARD = Hazard(
    code="PW-PROXY",
    title="The two ends protect different traffic",
    severity="high",
    scope="pair",
    what=(
        "The crypto access lists are not mirror images of each other, or a GRE tunnel faces an IPsec (VTI) one or a "
        "crypto map."
    ),
    why=(
        "The responder accepts only what lies within its own access list: where one list is wider than the other, "
        "the tunnel comes up when the narrow end starts, and not the other way round."
    ),
    symptom="Called: 'proxy identities not supported', error 32. Caller: PROPOSAL_NOT_CHOSEN, phase 1 stays QM_IDLE.",
    fix="Make the access lists exact mirror images, and the tunnel modes the same.",
    source="QM-PROXIES, BIND-PROFILE",
    detect=detect,
)
