"""Which lines hold secrets, and where in them: for whoever takes secrets out of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from ikeaudit.ios.command import Command
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import Token, secrets, sequences

OPERAND, OPERANDS = "*", "**"
"""One word that is no keyword, and one or more of them."""

_DIGITS = ("encoding", "digit")


class Secret(NamedTuple):
    """An operand that is a secret, in one way to spell a line of ``mode``.

    ``before`` are the words before it, ``*`` for operands (``**`` for one or more), the digit of an encoding left out.
    ``key`` says that it is a pre-shared key; ``whole`` that it runs to the end of the line, ``blanks`` that those at the end
    belong to it. ``after`` is what stands right behind one that does not: keywords, then the type of an operand. ``types``
    are those of the words before it, empty for keywords. A ``tag`` is no key, and is compared with that of another router.
    """

    mode: str
    row: Command
    before: tuple[str, ...]
    key: bool
    whole: bool
    blanks: bool = False
    after: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    tag: bool = False


def words_of(tokens: Iterable[Token]) -> tuple[str, ...]:
    """The words that ``tokens`` stand for, ``*`` and ``**`` for operands."""
    return tuple(token.word or (OPERANDS if token.type == "words" else OPERAND) for token in tokens)


def _after(tokens: list[Token], at: int) -> tuple[str, ...]:
    keywords = tuple(token.word for token in takewhile(lambda token: token.word, tokens[at + 1 :]))
    behind = tokens[at + 1 + len(keywords) :]
    return (*keywords, behind[0].type) if keywords and behind else ()


def _secrets() -> Iterator[Secret]:
    for mode, language in LANGUAGES.items():
        for row in language.mode.commands:
            for syntax in (*row.spellings, *row.hides):
                for name, key in secrets(syntax):
                    for tokens in sequences(syntax):
                        for at, token in enumerate(tokens):
                            if token.name == name:
                                front = [one for one in tokens[:at] if one.type not in _DIGITS]
                                whole = not token.type.endswith("word")
                                types = tuple(one.type for one in front)
                                blanks = token.type == "psk"
                                after, tag = _after(tokens, at), token.type == "secrettag"
                                yield Secret(mode, row, words_of(front), key, whole, blanks, after, types, tag)


SECRETS: tuple[Secret, ...] = tuple(dict.fromkeys(_secrets()))
"""Every secret operand of every command, once for each way to spell what stands around it."""

WORDS: frozenset[str] = frozenset(secret.before[-1] for secret in SECRETS) - {OPERAND, OPERANDS}
"""The keywords right behind which, or behind the digit of an encoding, a line may hold a secret."""
