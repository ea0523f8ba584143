"""Commands that tunnels depend on, global ones and those of interfaces, with a typing error in one of their keywords."""

from __future__ import annotations

from functools import cache

from ikeaudit.ios.command import Command
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.tables.names import CRYPTO
from ikeaudit.parsing.kinds import LEAVES, STEERING
from ikeaudit.parsing.likeness import edits
from ikeaudit.parsing.redact.vocabulary import keywords

_SHORTEST = 3
_TELLING = 6
"""Letters from which a first word tells by itself which command was meant."""
_FAMILY = 3
"""How many words a family of commands is told by, with what stands for all others."""
_ANYTHING = ("operands", "text")
"""What stands for words that the tables leave open, keywords among them."""
_TWO = 8
"""Letters from which a keyword may have two typing errors."""
_END = "\n"
"""What stands for the end of a command."""
MIXED = (GLOBAL.mode.name, "interface")
"""Modes with many commands beside those that matter."""
_LOOSE = "route-map"
"""The mode in which every line counts, whatever it has to do with tunnels."""


@cache
def _following(mode: str) -> dict[tuple[str, ...], set[str]]:
    """The keywords that may follow others in the commands of a mode that matter; empty ones where an operand may stand, in
    what goes before, too.

    Of ``crypto`` no more than the word in most families: whatever begins with it counts.
    """
    found: dict[tuple[str, ...], set[str]] = {}
    for row in LANGUAGES[mode].mode.commands:
        if not _matters(mode, row):
            continue
        for tokens in (tokens for syntax in row.spellings for tokens in sequences(syntax)):
            front: tuple[str, ...] = ()
            for token in tokens:
                whole_family = mode == GLOBAL.mode.name and front == (CRYPTO,) and token.word not in _passed_over()
                if token.type in _ANYTHING or whole_family:
                    break
                found.setdefault(front, set()).add(token.word)
                front = (*front, token.word)
            else:
                found.setdefault(front, set()).add(_END)
    return found


def _matters(mode: str, row: Command) -> bool:
    """Whether a command of a mode may decide something."""
    if row.bears == "modelled" or row.id in LEAVES or row.id in STEERING or mode == _LOOSE:
        return True
    return mode == GLOBAL.mode.name and (row.bears != "other" or row.section is not None)


@cache
def _cut_short(mode: str, front: tuple[str, ...], typed: str) -> bool:
    """Whether a word may be the beginning of a keyword that follows ``front``, keywords too, in any command of a mode."""
    step = LANGUAGES[mode].steps
    for word in front:
        step = step.next[word]
    return any(word.startswith(typed) for word in step.next)


@cache
def _passed_over() -> frozenset[str]:
    """The families of ``crypto`` that are known not to matter, but for single commands."""
    rows = (row for row in GLOBAL.mode.commands if row.bears == "irrelevant" and row.section is None)
    ways = (
        tokens for row in rows for syntax in row.spellings for tokens in sequences(syntax) if len(tokens) == _FAMILY
    )
    return frozenset(tokens[1].word for tokens in ways if tokens[0].word == CRYPTO and tokens[2].type in _ANYTHING)


def misspelt(text: str, mode: str = GLOBAL.mode.name) -> int | None:
    """Which word of a line, from 0, is a typing error or two from the keyword that makes it a command which matters; None
    where that is none, or the word one of IOS."""
    words = text.lower().split()
    start = 1 if words[:1] in (["no"], ["default"]) else 0
    front: tuple[str, ...] = ()
    for at, typed in enumerate(words[start:], start):
        expected = _following(mode).get(front)
        if expected is None:
            return None
        if typed not in expected and "" not in expected:
            if not typed[-1].isalnum() or typed in keywords():
                return None
            rest = words[at + 1 :]
            meant = any(
                _is_meant(typed, word) and _goes_on(mode, (*front, word), typed, rest)
                for word in expected
                if word != _END
            )
            return at if meant and (mode != GLOBAL.mode.name or GLOBAL.grammar.depth(text) <= at - start) else None
        front = (*front, typed if typed in expected else "")
    return None


def _goes_on(mode: str, front: tuple[str, ...], typed: str, rest: list[str]) -> bool:
    """Whether what follows leaves no doubt which word was meant, the last of ``front``: that is where it has few letters, or is
    the first."""
    following = _following(mode).get(front, ())
    if (mode != GLOBAL.mode.name or front[0] == CRYPTO) and front[-1].startswith(typed):
        return False  # a command cut short, as IOS takes it
    if "" in front or (len(front) > 1 and min(len(typed), len(front[-1])) >= _SHORTEST):
        return True
    if (
        (len(front) > 1 or mode not in MIXED)
        and (rest or _END in following)
        and not _cut_short(mode, front[:-1], typed)
    ):
        return True
    if len(front) == 1 and len(front[0]) >= _TELLING and (mode == GLOBAL.mode.name or not _cut_short(mode, (), typed)):
        return bool(rest) or _END in following
    return bool(rest) and (rest[0] in following or (mode != GLOBAL.mode.name and rest[0][0].isdigit()))


def _is_meant(typed: str, word: str) -> bool:
    """Whether ``typed``, no word of IOS, is none cut short where ``word`` has two letters, and nearly the keyword ``word``,
    or so little of it that several begin like it."""
    allowed = 2 if len(word) >= _TWO else 1
    return (
        (word.startswith(typed) or (abs(len(typed) - len(word)) <= allowed and edits(typed, word) <= allowed))
        and not (len(word) < _SHORTEST <= len(typed) and typed in _beginnings())
        and not all(part in keywords() for part in typed.split("-"))
    )


@cache
def _beginnings() -> frozenset[str]:
    """What words of IOS begin with, which they are not themselves."""
    return frozenset(word[:size] for word in keywords() for size in range(_SHORTEST, len(word)))
