"""Which lines hold secrets, and where in them: for whoever takes secrets out of text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from ikeaudit.ios.command import Command
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import Token, secrets, sequences

_DIGITS = ("encoding", "digit")


class Secret(NamedTuple):
    """An operand that is a secret, in one way to spell a line of ``mode``.

    ``before`` are the words before it, ``*`` for operands, the digit of an encoding left out. ``key`` says that it is a
    pre-shared key; ``whole`` that it runs to the end of the line.
    """

    mode: str
    row: Command
    before: tuple[str, ...]
    key: bool
    whole: bool


def _before(tokens: list[Token], name: str) -> tuple[str, ...]:
    words = takewhile(lambda token: token.name != name, tokens)
    return tuple(token.word or "*" for token in words if token.type not in _DIGITS)


def _secrets() -> Iterator[Secret]:
    for mode, language in LANGUAGES.items():
        for row in language.mode.commands:
            for syntax in (*row.spellings, *row.hides):
                for name, key in secrets(syntax):
                    for tokens in sequences(syntax):
                        kind = next((token.type for token in tokens if token.name == name), None)
                        if kind is not None:
                            yield Secret(mode, row, _before(tokens, name), key, not kind.endswith("word"))


SECRETS: tuple[Secret, ...] = tuple(dict.fromkeys(_secrets()))
"""Every secret operand of every command, once for each way to spell what stands before it."""

WORDS: frozenset[str] = frozenset(secret.before[-1] for secret in SECRETS) - {"*"}
"""The keywords right behind which, or behind the digit of an encoding, a line may hold a secret."""
