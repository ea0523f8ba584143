"""KR-WEAK-PSK: short, simple or well-known keys."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.psk import Psk
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import SecretFacts

MINIMUM_LENGTH = 20
"""Characters below which a key is called short."""
MINIMUM_DISTINCT = 8
"""Different characters below which a key is called simple, however long it is."""


def weakness(facts: SecretFacts) -> str | None:
    """Why a key is weak, in words; None when nothing speaks against it."""
    if facts.sample:
        return "a well-known sample word"
    if facts.length < MINIMUM_LENGTH:
        return f"{facts.length} characters long"
    if facts.distinct < MINIMUM_DISTINCT:
        return f"made of {facts.distinct} different characters"
    return None


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        weak = [(psk, why) for psk in facts.psks if (why := _judge(psk)) is not None]
        if weak:
            reasons = dict.fromkeys(f"{psk.place} is {why}" for psk, why in weak)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=[psk.target for psk, _ in weak],
                message=f"{counted(len(weak), 'weak key')} of {len(facts.psks)}: {listing(reasons)}.",
                cause=reasons,
                evidence=facts.router.evidence(*(psk.line for psk, _ in weak)),
            )


def _judge(psk: Psk) -> str | None:
    if psk.secret.opaque or psk.secret.facts is None:
        return None
    return weakness(psk.secret.facts)


HAZARD = Hazard(
    code="KR-WEAK-PSK",
    title="A short, simple or well-known pre-shared key",
    severity="high",
    scope="router",
    what=(
        "A pre-shared key that can be read (type 0 or 7) is shorter than 20 characters, made of fewer than 8 "
        "different ones, or a word from documentation. Type 6 keys cannot be judged, nor can keys of a snapshot "
        "that was redacted without their facts."
    ),
    why=(
        "Whoever records one aggressive-mode exchange, or sits in the middle of a main-mode one, can try keys "
        "offline at leisure. The key also authenticates: whoever has it is the peer."
    ),
    symptom="None.",
    fix="Use at least 24 random characters, different for each pair of routers, or certificates.",
    source="KEY-STRENGTH, MODE-AGGRESSIVE",
    detect=detect,
)
