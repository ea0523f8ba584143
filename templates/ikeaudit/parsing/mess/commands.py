"""What the passes over damaged text ask of the grammar; nothing else in this package knows a command's syntax."""

from __future__ import annotations

import re
from functools import cache

from ikeaudit.parsing import global_vocabulary, vocabulary
from ikeaudit.parsing.grammar import GLOBAL, KIND_BY_NAME, header_of
from ikeaudit.parsing.words import Spelt

_WORD = re.compile(r"[a-z]+")


def spell_global(text: str) -> Spelt:
    """A line of global configuration mode with its command words spelt out."""
    return GLOBAL.spell(text)


def is_known_in(section: str, text: str) -> bool:
    """Whether a line is a command of the sections of one kind, spelt out or abbreviated."""
    return KIND_BY_NAME[section].grammar.spell(text).known


def is_known_anywhere(text: str) -> bool:
    """Whether a line is a command of a section of any kind."""
    return any(kind.grammar.spell(text).known for kind in KIND_BY_NAME.values())


def opened(text: str) -> tuple[str, str] | None:
    """Kind and name of the section that ``text``, spelt out, opens."""
    found = header_of(text)
    return None if found is None else (found[0].name, found[1])


@cache
def words() -> frozenset[str]:
    """Every word of the commands that tunnels depend on, in lower case."""
    tables = [
        text for table in (vocabulary, global_vocabulary) for text in vars(table).values() if isinstance(text, str)
    ]
    return frozenset(_WORD.findall(" ".join(tables).lower()))
