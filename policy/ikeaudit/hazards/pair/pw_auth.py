"""PW-AUTH: the authentication methods differ."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import by_reason


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    yield from by_reason(HAZARD, context, "authentication-method")


HAZARD = Hazard(
    code="PW-AUTH",
    title="One end offers pre-shared keys, the other wants certificates",
    severity="critical",
    scope="pair",
    what="The policies of the two routers would agree but for the authentication method.",
    why="The method is part of the phase 1 policy; a policy that prints none means rsa-sig.",
    symptom="Called: 'Authentication method offered does not match policy!', 'no offers accepted!'.",
    fix="Use the same method at both ends; add 'authentication pre-share' where it was forgotten.",
    source="POLICY-AGREE, DEBUG-LINES",
    detect=detect,
)
