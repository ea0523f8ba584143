"""Which lines of a text are worth a closer look, and what a terminal would show of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ikeaudit.ios.secrets import OPERAND, OPERANDS
from ikeaudit.parsing.redact.forms import FORMS, FORMS_OF, TELLS
from ikeaudit.parsing.redact.misspelt import BEFORE_KEYS, NAMING
from ikeaudit.parsing.redact.places import keywords_at
from ikeaudit.parsing.redact.rules import COMPOUNDS
from ikeaudit.parsing.redact.sections import SECTIONS
from ikeaudit.parsing.redact.spelling import any_of

REMAINS = re.compile(
    "[\x00-\x02\x04-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200d\u2060\ufeff\u2010-\u2013\u2212]|\r(?=.)"
)
"""Characters that a terminal, an editor, a web page or a PDF viewer leaves behind."""

_TYPESET = re.compile(
    r"\b(pre|shared|transform|isakmp|ikev2|esp|ah|md5|sha|sha\d{3}|dynamic|local|self|aggressive|security|access|virtual|trust"
    r"|invalid|client)[\u2010-\u2013\u2212](?=[A-Za-z])",
    re.IGNORECASE,
)
"""A hyphen of a command, set as a printer sets it."""

_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[()][0-9A-B]|[=>])")
_INVISIBLE = re.compile("[\x00-\x02\x04-\x07\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200d\u2060\ufeff]")


_CONTROLS = tuple(chr(code) for code in (*range(3), *range(4, 9), *range(11, 32), 127))


def may_hide(text: str) -> bool:
    """Whether ``text`` holds such characters."""
    if text.isascii() and not any(map(text.__contains__, _CONTROLS)):
        return False
    return REMAINS.search(text) is not None


def cleared(line: str) -> str:
    """``line`` as a terminal would show it; the carriage returns at its end stay."""
    body = line.rstrip("\r")
    return as_shown(body) + line[len(body) :] if REMAINS.search(body) else line


def lower(text: str) -> str:
    """``text`` in lower case, every character in its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(char.lower() if char.isascii() else char for char in text)


def as_shown(line: str) -> str:
    """``line`` with its backspaces and carriage returns played, escape sequences and invisible characters taken away."""
    line = _ESCAPE.sub("", line)
    if "\b" in line or "\r" in line:
        line = _played(line)
    return _TYPESET.sub(r"\1-", _INVISIBLE.sub("", line))


def _played(line: str) -> str:
    shown: list[str] = []
    cursor = 0
    for character in line:
        if character == "\b":
            cursor = max(0, cursor - 1)
        elif character == "\r":
            cursor = 0
        elif cursor < len(shown):
            shown[cursor] = character
            cursor += 1
        else:
            shown.append(character)
            cursor += 1
    return "".join(shown)


_SHORTEST = 3
_ALONE = r"(?![\w-]|\.\w)"


def _initials(words: Iterable[str]) -> str:
    return f"[{''.join(sorted({re.escape(word[0]) for word in words}))}]"


Looks: TypeAlias = Iterator[tuple[Iterable[str], str]]
"""Words, and a pattern of what must stand behind each of them."""


def _pivots() -> Looks:
    """The pivots that tell of no secret by themselves, and what must follow for them to be worth a look."""
    ways: dict[str, list[tuple[str, ...]]] = {}
    for form in FORMS:
        if form.pivot not in TELLS:
            ways.setdefault(form.pivot, []).extend(form.ways)
    for pivot, behind in ways.items():
        words = [pivot[:end] for end in range(min(_SHORTEST, len(pivot)), len(pivot) + 1)]
        common = set.intersection(*map(set, behind)) - {OPERAND, OPERANDS}
        if all(way and way[0] not in (OPERAND, OPERANDS) for way in behind):
            yield words, rf"{_ALONE}(?=\s+{_initials(way[0] for way in behind)})"
        else:
            yield words, _ALONE + (rf"(?=[^\n]{{0,80}}\s{_initials(common)})" if len(common) == 1 else "")


def _words() -> Looks:
    """Every word that is worth a look."""
    telling = {word for word, forms in FORMS_OF.items() if any(form.pivot in TELLS for form in forms)} | set(TELLS)
    yield {*telling, *COMPOUNDS} - BEFORE_KEYS.keys(), _ALONE
    for form in dict.fromkeys(BEFORE_KEYS.values()):
        known = any_of(keywords_at(form.before[:-1]) | {form.pivot})
        yield [word for word, of in BEFORE_KEYS.items() if of is form], _ALONE + rf"(?!\s*\n| {known}[ \n])"
    for word in BEFORE_KEYS:
        yield [word], rf"{_ALONE}(?<!\w[ \t]{word})"
    for word in NAMING:
        yield [word], rf"{_ALONE}(?:(?<!\w[ \t]{word})|(?<=no[ \t]{word}))"
    yield from _pivots()
    for section in SECTIONS:
        first, rest = section.words
        yield [first], rest
    yield ("----begin ", "       "), ""
    yield ["//"], "(?<=://)"


def _by_first(looks: Looks) -> str:
    """One of the words of ``looks``, by what it begins with: an alternative that begins otherwise costs next to nothing."""
    found: dict[str, list[str]] = {}
    for words, behind in looks:
        for first in sorted({word[0] for word in words}):
            found.setdefault(first, []).append(any_of(word[1:] for word in words if word[0] == first) + behind)
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(found.items()))


SCREEN = re.compile(f"[^a-z0-9](?:{_by_first(_words())})")
SCREEN_OF_QUOTES = re.compile(SCREEN.pattern.replace("[^a-z0-9]", r"(?:[^a-z0-9]|\\[nrt])", 1))
"""What a text in lower case must contain to be worth a closer look; the latter where ends of lines are written as ``\\n``."""
