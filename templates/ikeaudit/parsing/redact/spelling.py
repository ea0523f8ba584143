"""Words and commands as patterns: keywords cut short by hand, blanks of every kind between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from ikeaudit.ios.notation import sequences
from ikeaudit.ios.secrets import OPERAND, OPERANDS, words_of

BLANK = r"\s"
"""One blank: ASCII, no-break or ideographic (TEXT-PRINTED, the mess of real life)."""

INK = r"\S"
"""One character that is no blank."""

PROMPT = r"(?:\s*[^\s<>#]{1,100}[#>])"
"""A router's prompt at the beginning of a line."""

EDGE = r"(?:(?<![\w])|(?<=\\[nrt]))"
"""Where a word may begin: after anything that is no letter or digit, or after the ``\\n`` of a quoted text."""

_ALGORITHM = re.compile(r"[a-z]+-.*\d.*")
_MANY = rf"(?:{BLANK}+{INK}+){{1,6}}?"


def abbreviation(word: str, shortest: int) -> str:
    """A pattern for ``word`` as typed by hand: cut anywhere after its first ``shortest`` characters.

    One with digits behind a hyphen names an algorithm, of which there are others.
    """
    if _ALGORITHM.fullmatch(word):
        return abbreviation(word.partition("-")[0], 3) + rf"(?:-{INK}*)?"
    tail = ""
    for char in reversed(word[shortest:]):
        tail = f"(?:{re.escape(char)}{tail})?"
    return re.escape(word[:shortest]) + tail


class Pattern:
    """A pattern that takes no notice of case, compiled when it is first used: most texts need few of them."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._text, re.IGNORECASE)

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """As that of a compiled pattern."""
        return self._compiled.match

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """As that of a compiled pattern."""
        return self._compiled.search

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """As that of a compiled pattern."""
        return self._compiled.fullmatch


def pattern(text: str) -> Pattern:
    """``text`` as a pattern; a ``~`` stands for one or more blanks, ``@`` for a word."""
    return Pattern(text.replace("~", f"{BLANK}+").replace("@", f"{INK}+"))


def behind(words: Iterable[str], shortest: int) -> str:
    """A pattern for ``words`` (keywords, ``*``, ``**``), each behind blanks, keywords cut after ``shortest`` characters."""
    return "".join(
        _MANY
        if word == OPERANDS
        else f"{BLANK}+" + (f"{INK}+" if word == OPERAND else abbreviation(word, min(shortest, len(word))))
        for word in words
    )


def before(words: Iterable[str], shortest: int) -> str:
    """As :func:`behind`, for what ends a text: blanks behind each word, and an edge where the first one begins."""
    return (
        EDGE
        + "".join(
            rf"(?:{INK}+{BLANK}+){{0,4}}?"
            if word == OPERANDS
            else (f"{INK}+" if word == OPERAND else abbreviation(word, min(shortest, len(word)))) + f"{BLANK}+"
            for word in words
        )
        + r"\Z"
    )


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of ``words``, in which each letter is looked at once."""
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _alternatives(tree)


def _alternatives(tree: dict[str, dict]) -> str:  # type: ignore[type-arg]
    ends = "" in tree
    ways = [re.escape(char) + _alternatives(more) for char, more in sorted(tree.items()) if char]
    if not ways:
        return ""
    if len(ways) == 1 and not ends:
        return ways[0]
    return f"(?:{'|'.join(ways)})" + ("?" if ends else "")


def commands(syntaxes: Sequence[str], shortest: int) -> str:
    """A pattern for the beginning of a line that one of ``syntaxes`` describes, keywords cut short or not."""
    ways = dict.fromkeys(
        behind(words_of(tokens), shortest).removeprefix(f"{BLANK}+") for s in syntaxes for tokens in sequences(s)
    )
    return f"(?:{'|'.join(ways)})"
