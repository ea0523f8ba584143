"""PH2-WEAK: weak algorithms in a transform set."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.weak_crypto import judged, weak_phase2


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        found = list(weak_phase2(facts.router))
        if found:
            severity, confidence, state = judged(facts.router, found)
            yield HAZARD.finding(
                hosts=[facts.name],
                severity=severity,
                message=f"Weak algorithms in {listing(found)}{state}.",
                cause=[str(weakness) for weakness in found],
                evidence=facts.router.evidence(*(weakness.line for weakness in found)),
                confidence=confidence,
            )


HAZARD = Hazard(
    code="PH2-WEAK",
    title="Weak algorithms in a transform set",
    severity="medium",
    scope="router",
    what=(
        "A transform set uses esp-des, esp-3des, esp-null, esp-gmac, esp-md5-hmac or ah-md5-hmac. Critical on "
        "releases that refuse them."
    ),
    why=(
        "They protect traffic badly or not at all, and are refused from the releases of Field Notice FN72510 on: "
        "the tunnels that use them stay down after the upgrade."
    ),
    symptom="'... is not CSDL compliant'; 'transform proposal not supported for identity' after an upgrade of one end.",
    fix=(
        "Name a strong transform set first in 'set transform-set' (esp-aes 256 esp-sha256-hmac, or esp-gcm 256), at both "
        "ends; the weak one need not be offered any more then."
    ),
    source="ALGO-WEAK",
    detect=detect,
)
