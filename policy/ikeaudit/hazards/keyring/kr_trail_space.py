"""KR-TRAIL-SPACE: blanks at the end of a key."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import DEFAULT_KEYRING, Keyring
from ikeaudit.selection import KeyPick


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each keyring; critical where the same address also stands among the global keys."""
    for facts in context.routers:
        default = {p.key.prefix.network for p in facts.picks if _global(p.keyring) and p.key.prefix is not None}
        groups: dict[str, list[KeyPick]] = {}
        for pick in facts.picks:
            strength = pick.key.secret.facts
            if not _global(pick.keyring) and strength is not None and strength.trailing_blanks:
                groups.setdefault(pick.keyring.name, []).append(pick)
        for keyring, picks in groups.items():
            moved = any(pick.key.prefix is not None and pick.key.prefix.network in default for pick in picks)
            targets = [str(pick.key.prefix or pick.key.hostname) for pick in picks]
            both = "; the same address also stands among the global keys, whose form drops the blanks" if moved else ""
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=targets,
                severity="critical" if moved else "high",
                message=(
                    f"In keyring {keyring} the key of {listing(targets)} ends in blanks, which are part of it{both}."
                ),
                cause=[keyring, *targets],
                evidence=facts.router.evidence(*(pick.key.line for pick in picks)),
            )


def _global(keyring: Keyring) -> bool:
    return keyring.name == DEFAULT_KEYRING


HAZARD = Hazard(
    code="KR-TRAIL-SPACE",
    title="A key ends in blanks",
    severity="high",
    scope="router",
    what=(
        "A key in a keyring ends in one or more blanks. Critical where a global key for the same address shows that "
        "the key was, or is being, moved between the two forms."
    ),
    why=(
        "In a keyring the rest of the line is the key, blanks included; the global form takes one word and drops "
        "them. Nobody sees the difference, and the peer that was typed without it has another key."
    ),
    symptom="%CRYPTO-4-IKMP_BAD_MESSAGE, although the keys look the same.",
    fix=(
        "Type the entry anew without the blanks (IOS takes it only after 'no' with the old one), at the same time as the "
        "peer if it has them too."
    ),
    source="KEY-BLANKS",
    detect=detect,
)
