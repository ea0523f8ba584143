"""PH1-WEAK: weak algorithms in phase 1."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.weak_crypto import judged, weak_phase1


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        found = list(weak_phase1(facts.router, facts.rules.policies))
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
    code="PH1-WEAK",
    title="Weak algorithms in phase 1",
    severity="medium",
    scope="router",
    what=(
        "An ISAKMP policy uses DES, 3DES, MD5 or Diffie-Hellman group 1, 2 or 5 (also by a hidden default), or an "
        "IKEv2 proposal allows DES, 3DES, MD5 or group 1, 2, 5 or 24. Critical on releases that refuse them."
    ),
    why=(
        "They can be broken, and Cisco removes them: from the releases of Field Notice FN72510 on (17.11.1a on most "
        "routers) such a policy is refused at boot, and the tunnels stay down after the upgrade."
    ),
    symptom="'... is not CSDL compliant'; no common policy after an upgrade.",
    fix=(
        "Add a strong policy at both ends first (AES-256, SHA-256 or better, group 19, 20, 21, 14 or higher), then "
        "leave the weak one out."
    ),
    source="POLICY-DEFAULTS, ALGO-WEAK",
    detect=detect,
)
