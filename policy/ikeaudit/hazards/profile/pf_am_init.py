"""PF-AM-INIT: the router starts aggressive mode with a pre-shared key."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.aggressive import initiates
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        found = initiates(facts)
        if not found or not facts.pre_shared or facts.router.isakmp.aggressive_mode_disabled:
            continue
        yield HAZARD.finding(
            hosts=[facts.name],
            message=f"The router starts aggressive mode: {listing(what for what, _ in found)}.",
            cause=[what for what, _ in found],
            evidence=facts.router.evidence(*(line for _, line in found)),
        )


HAZARD = Hazard(
    code="PF-AM-INIT",
    title="The router starts aggressive mode with a pre-shared key",
    severity="high",
    scope="router",
    what=(
        "A profile has 'initiate mode aggressive', or 'crypto isakmp peer' sets aggressive-mode attributes, and "
        "pre-shared keys are in use."
    ),
    why=(
        "Its identity travels in clear, and whoever answers in the peer's place gets what it takes to try keys offline."
    ),
    symptom="None.",
    fix="Main mode with address keys, or IKEv2.",
    source="MODE-AGGRESSIVE",
    detect=detect,
)
