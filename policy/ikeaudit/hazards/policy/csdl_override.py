"""CSDL-OVERRIDE: the compliance shield is switched off."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.ios.words import slot

_DISABLED = f"{slot('global/crypto-engine-compliance-shield')} disable"


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        if facts.router.compliance_shield_disabled:
            lines = [
                n
                for n, text in enumerate(facts.router.lines, facts.router.first_line)
                if text.strip().startswith(_DISABLED)
            ]
            yield HAZARD.finding(
                hosts=[facts.name],
                message=(
                    "The compliance shield is disabled, so that the router accepts algorithms that its release refuses."
                ),
                cause=["compliance shield"],
                evidence=facts.router.evidence(*lines),
            )


HAZARD = Hazard(
    code="CSDL-OVERRIDE",
    title="The compliance shield is switched off",
    severity="high",
    scope="router",
    what="'crypto engine compliance shield disable' is configured.",
    why=(
        "It brings back algorithms that are refused for being broken, for all tunnels of the router, and takes "
        "effect by a reboot only. On some images it was not retained over the next one: then the tunnels are gone."
    ),
    symptom="None, or tunnels that fail after a reboot.",
    fix="Move the tunnels to strong algorithms, then remove the line.",
    source="ALGO-WEAK",
    detect=detect,
)
