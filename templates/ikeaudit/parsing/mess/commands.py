"""What the passes over damaged text ask of the tables; nothing else in this package knows a command's syntax."""

from __future__ import annotations

import re
from functools import cache

from ikeaudit.ios.abbreviations import Grammar, Spelt
from ikeaudit.ios.language import GLOBAL
from ikeaudit.parsing.kinds import header_of, kinds

_WORD = re.compile(r"[a-z]+")


def spell_global(text: str) -> Spelt:
    """A line of global configuration mode with its command words spelt out."""
    return GLOBAL.spell(text)


def is_known_in(section: str, text: str) -> bool:
    """Whether a line is a command of the sections of one kind, spelt out or abbreviated."""
    return _grammars()[section].spell(text).known


def is_known_anywhere(text: str) -> bool:
    """Whether a line is a command of a section of any kind."""
    return any(grammar.spell(text).known for grammar in _grammars().values())


@cache
def _grammars() -> dict[str, Grammar]:
    return {kind.name: kind.grammar for kind in kinds()}


def opened(text: str) -> tuple[str, str] | None:
    """Kind and name of the section that ``text``, spelt out, opens."""
    found = header_of(text)
    return None if found is None else (found.kind.name, found.name)


@cache
def words() -> frozenset[str]:
    """Every word of the commands that are told by their keywords, in lower case."""
    told = [word for grammar in (GLOBAL.grammar, *_grammars().values()) for word in grammar.words()]
    return frozenset(_WORD.findall(" ".join(told).lower()))
