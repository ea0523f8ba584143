"""PF-AM-ON: aggressive mode is accepted although keys are in use."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.aggressive import needs
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        if not facts.picks or facts.router.isakmp.aggressive_mode_disabled or not facts.router.isakmp.enabled:
            continue
        wanted = needs(facts)
        reason = f"; {wanted[0][0]} may need it" if wanted else ""
        yield HAZARD.finding(
            hosts=[facts.name],
            message=f"The router answers aggressive mode with pre-shared keys{reason}.",
            cause=["aggressive mode"],
            evidence=facts.router.evidence(
                *(line for _, line in wanted), *(pick.keyring.line or pick.key.line for pick in facts.picks)
            ),
        )


HAZARD = Hazard(
    code="PF-AM-ON",
    title="Aggressive mode is accepted with pre-shared keys",
    severity="medium",
    scope="router",
    what="IKEv1 pre-shared keys are configured, and 'crypto isakmp aggressive-mode disable' is not.",
    why=(
        "In aggressive mode the responder sends a hash over the pre-shared key before it knows whom it talks to. "
        "Anybody who asks gets one, and can try keys against it offline."
    ),
    symptom="None.",
    fix="'crypto isakmp aggressive-mode disable', unless peers need it (EzVPN groups, keys by host name).",
    source="MODE-AGGRESSIVE, KEY-STRENGTH",
    detect=detect,
)
