"""Known secrets in text that people write, in commands that nobody knows, and in what a router shows.

Key words of IOS and names of objects stay as they are, though a secret is spelt alike: real routers have keys like ``IPSec``,
``VPN`` or ``cisco``, and a configuration whose names were altered would be another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.tables.names import FREE_TEXT, VALUES
from ikeaudit.parsing.mess import written_by_people
from ikeaudit.parsing.redact.finder import INSIDE_WORDS
from ikeaudit.parsing.redact.known import KnownSecrets
from ikeaudit.parsing.redact.places import is_name
from ikeaudit.parsing.redact.spelling import PROMPT, Pattern, commands
from ikeaudit.parsing.redact.tokens import SECRET

_COMMENT = re.compile(r"\s*(?:!|#(?!\w)|;|//|<!--)")
_FREE = Pattern(rf"{PROMPT}?[\s!]*(?:(?:no|default)\s+)?{commands(FREE_TEXT, 4)}\s")
"""Commands behind which there is text that people write, and no operand that matters."""

_REMARK = re.compile(
    r"\s(?=!|//|<[-=]|[-=]+>|#(?!\w)|;\s|[^\x00-\x7f])|(?:(?<=\.\d)|(?<=\.\d\d)|(?<=\.\d\d\d))(?=!|//)"
)
"""Where a remark behind a command begins."""

_IN_BRACKETS = re.compile(r"\s\([^()]*\)\s*\Z")
_KEY = re.compile(r"<PSK(?::[0-9a-f]{16})?>")
_TYPED = frozenset("067")
"""What would make a token behind it one of an encoded key."""

_OPERANDS = frozenset({"address", "hostname", "vrf", "local", "remote"})
"""Behind which words a peer stands that a key is for."""
_BLANK = re.compile(r"[ \t]")
_LONGEST_COMMAND = 200
_AROUND = "\"'`(),;:[]{}#"
_NUMBER = re.compile(r"[\d.:/,-]+")
_LETTERS = re.compile(r"[A-Za-z]+")


class _Hit(NamedTuple):
    """A known value at ``line[start:end]`` of line number ``row``, the word around it, and whether a name stands there."""

    row: int
    start: int
    end: int
    word: str
    named: bool


def without_known(clean: str, known: KnownSecrets) -> str:
    """``clean``, which is redacted, without what ``known`` has; also takes in which of those are names in ``clean``.

    A pre-shared key becomes its token here, too, so that a roll-back can bring the line back as it was.
    """
    newline = "\n" if "\n" in clean else "\r"
    found = dict(known.found_in(clean, newline))
    if not found:
        return clean
    lines = clean.split(newline)
    prose = written_by_people(lines)
    cuts: dict[int, list[tuple[int, int]]] = {}
    doubtful: list[_Hit] = []
    for row, places in found.items():
        line = lines[row]
        free = 0 if row in prose else _free_from(line)
        for start, end in places:
            behind = _behind_a_key(line, start) and not _is_of_key_words(line[start:end])
            if behind or start >= free >= 0:
                cuts.setdefault(row, []).append((start, end))
            else:
                doubtful.append(_hit(line, row, start, end))
    known.names.update(hit.word for hit in doubtful if hit.named)
    for hit in doubtful:
        if not _stays(hit, lines[hit.row], known):
            cuts.setdefault(hit.row, []).append((hit.start, hit.end))
    for row, places in cuts.items():
        lines[row] = "".join(_cut(lines[row], sorted(places), known))
    return newline.join(lines)


def _cut(line: str, cuts: Sequence[tuple[int, int]], known: KnownSecrets) -> Iterator[str]:
    done = 0
    for start, end in cuts:
        yield line[done:start]
        yield SECRET if _word_before(line[:start]) in _TYPED else known.token(line[start:end])
        done = end
    yield line[done:]


def _free_from(line: str) -> int:
    """Where the text begins that people write; -1 when there is none."""
    if _COMMENT.match(line):
        return 0
    if found := _FREE.match(line):
        return found.end()
    remark = _REMARK.search(line)
    return remark.start() if remark else -1


def _behind_a_key(line: str, at: int) -> bool:
    """Whether ``line[at:]`` follows a pre-shared key and is not the peer that the key is for."""
    front = line[:at]
    return _KEY.search(front) is not None and _word_before(front).lower() not in _OPERANDS


def _word_before(text: str) -> str:
    """The word that ``text`` ends with, blanks behind it; empty where there is no blank."""
    return "".join(text.split()[-1:]) if text[-1:].isspace() else ""


def _hit(line: str, row: int, start: int, end: int) -> _Hit:
    first = max(line.rfind(" ", 0, start), line.rfind("\t", 0, start)) + 1
    blank = _BLANK.search(line, end)
    word = line[first : blank.start() if blank is not None else None].strip(_AROUND + "\r")
    return _Hit(row, start, end, word, first <= _LONGEST_COMMAND and is_name(line[:first]))


def _stays(hit: _Hit, line: str, known: KnownSecrets) -> bool:
    """Whether what looks like a secret is a key word, a name, a number, or but a part of a longer word."""
    value = line[hit.start : hit.end]
    if hit.word in known.names or _is_of_key_words(value) or _NUMBER.fullmatch(value):
        return True
    if len(value) >= INSIDE_WORDS:
        return False
    if hit.word != value.strip(_AROUND):
        return True
    return _LETTERS.fullmatch(value) is not None and _is_command(line) and not _IN_BRACKETS.search(line)


def _is_of_key_words(value: str) -> bool:
    """Whether ``value`` is a key word, or nothing but several."""
    return _key_words().issuperset(value.lower().split())


def _is_command(line: str) -> bool:
    """Whether some mode has a command that begins like ``line``."""
    text = " ".join(line.split())
    return any(language.spell(text).known for language in LANGUAGES.values())


@cache
def _key_words() -> frozenset[str]:
    """The words of all commands that this project knows, in lower case."""
    return frozenset(word for one in LANGUAGES.values() for word in one.grammar.words()) | VALUES
