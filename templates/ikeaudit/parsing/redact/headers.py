"""Global commands that tunnels depend on with a typing error in one of their leading keywords."""

from __future__ import annotations

from functools import cache

from ikeaudit.ios.language import GLOBAL
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.tables.names import CRYPTO
from ikeaudit.parsing.kinds import LEAVES
from ikeaudit.parsing.likeness import edits
from ikeaudit.parsing.redact.vocabulary import keywords

_SHORTEST = 3
_TELLING = 7
"""Letters from which a first word tells by itself which command was meant."""
_ANYTHING = ("operands", "text")
"""What stands for words that the tables leave open, keywords among them."""
_TWO = 8
"""Letters from which a keyword may have two typing errors."""


@cache
def _following() -> dict[tuple[str, ...], set[str]]:
    """The keywords that may follow others at the start of a command; empty ones where an operand may stand.

    Of ``crypto`` no more than the word: whatever begins with it counts.
    """
    found: dict[tuple[str, ...], set[str]] = {}
    for row in GLOBAL.mode.commands:
        if row.bears == "other" and row.section is None and row.id not in LEAVES:
            continue
        for tokens in (tokens for syntax in row.spellings for tokens in sequences(syntax)):
            front: tuple[str, ...] = ()
            for token in tokens:
                if token.type in _ANYTHING:
                    break
                found.setdefault(front, set()).add(token.word)
                if not token.word or token.word == CRYPTO:
                    break
                front = (*front, token.word)
    return found


def misspelt(text: str) -> int | None:
    """Which word of a line, from 0, is a typing error or two from the keyword that makes it a command which matters; None
    where that is none, or the word one of IOS."""
    words = text.lower().split()
    start = 1 if words[:1] in (["no"], ["default"]) else 0
    for at in range(start, len(words)):
        expected = _following().get(tuple(words[start:at]), set())
        if words[at] not in expected:
            meant = [word for word in expected if _is_meant(words[at], word)]
            if at == start:
                meant = [word for word in meant if _goes_on(word, words[at + 1 :])]
            return at if meant and not GLOBAL.spell(text).known else None
    return None


def _goes_on(word: str, rest: list[str]) -> bool:
    """Whether what follows a first word leaves no doubt that ``word`` was meant."""
    return bool(rest) and (len(word) >= _TELLING or rest[0] in _following().get((word,), ()))


def _is_meant(typed: str, word: str) -> bool:
    """Whether ``typed`` is no word of IOS, and nearly the keyword ``word``, or so little of it that several begin like it."""
    allowed = 2 if len(word) >= _TWO else 1
    return (
        min(len(typed), len(word)) >= _SHORTEST
        and typed[-1].isalnum()
        and typed not in keywords()
        and (word.startswith(typed) or (abs(len(typed) - len(word)) <= allowed and edits(typed, word) <= allowed))
        and not all(part in keywords() for part in typed.split("-"))
    )
