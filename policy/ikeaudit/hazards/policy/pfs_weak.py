"""PFS-WEAK: a weak group for perfect forward secrecy."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.weak_crypto import judged, weak_pfs


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        found = list(weak_pfs(facts.router))
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
    code="PFS-WEAK",
    title="A weak group for perfect forward secrecy",
    severity="medium",
    scope="router",
    what=(
        "'set pfs' of an IPsec profile or crypto map names group 1, 2, 5 or 24. Critical on releases that refuse them."
    ),
    why=(
        "These groups can be broken with the means of a state, and are refused from the releases of Field Notice "
        "FN72510 on. A PFS group that vanishes at one end only makes the tunnel fail in one direction."
    ),
    symptom="'... is not CSDL compliant'; error 64 in quick mode after an upgrade of one end.",
    fix="Set a strong group at both ends in one window (group 19, 20, 21, 14 or higher).",
    source="ALGO-WEAK",
    detect=detect,
)
