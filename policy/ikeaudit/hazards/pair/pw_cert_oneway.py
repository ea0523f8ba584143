"""PW-CERT-ONEWAY: certificates are accepted in one direction only."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.oneway import oneway
from ikeaudit.hazards.shared.pair_findings import Failing, failing_reading, findings


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    found = (oneway(tunnel) for tunnel in context.tunnels)
    yield from findings(HAZARD, [item for item in found if item and _by_certificate(item)])


def _by_certificate(item: Failing) -> bool:
    failed = failing_reading(item.directions[0])
    return failed is not None and failed.reason == "certificate"


HAZARD = Hazard(
    code="PW-CERT-ONEWAY",
    title="Certificates are accepted in one direction only",
    severity="high",
    scope="pair",
    what=(
        "A tunnel with certificates comes up from one end, and from the other fails by the trust-points of the "
        "profiles."
    ),
    why=(
        "The initiator asks for certificates of its profile's trust-points, the responder for those of all; both "
        "validate by the profile's. What is sent and what is accepted so depends on who starts."
    ),
    symptom="'Verify cert failed', %CRYPTO-6-IKMP_AUTH_FAIL.",
    fix="The same trust-points at both ends; none in the profiles of a responder.",
    source="CERT-TRUSTPOINTS",
    detect=detect,
)
