"""Values once known as secrets of a router, and how they are found wherever else they stand in its text (DESIGN 3.6).

A value is found as a whole word at any length, and inside words from eight characters on. The search looks at each place of
the text once, however many values there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NoReturn

from ikeaudit.parsing.redact.facts import is_masked
from ikeaudit.parsing.redact.tokens import SECRET, TOKEN
from ikeaudit.parsing.redact.type7 import decode

INSIDE_WORDS = 8
"""Characters from which on a value is found inside of words, too."""

_PREFIX = 3
_LONGEST = 512
_FIRST_WORD = 4
_TELLING_WORD = 6
_NUMBER = re.compile(r"[\d.:/,-]+")
_NAMELESS = re.compile(r"(?:.*[^\W_].*[^A-Za-z].*|.*[^A-Za-z].*[^\W_].*)", re.ASCII)
_NOTE = re.compile(r"\s(?:!|//|<-{1,2} |#\s).*$")


class KnownSecrets:
    """The secrets of one router, or of one file. Has no text form and cannot be pickled."""

    __slots__ = ("_probes", "_tokens", "_values", "names")

    def __init__(self) -> None:
        self._values = _Finder()
        self._probes = _Finder()
        self._tokens: dict[str, str] = {}
        self.names: set[str] = set()
        """Words that are names of objects, though a secret is spelt alike."""

    def __repr__(self) -> str:
        return f"KnownSecrets({len(self._values)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("known secrets stay in this process")

    def __len__(self) -> int:
        return len(self._values)

    def merge(self, other: KnownSecrets) -> None:
        """Take over what ``other`` knows."""
        for value in other._values:
            self._add(value)
        self._tokens.update(other._tokens)

    def token(self, value: str) -> str:
        """What stands in for ``value``: the token of a key that is written in clear, else ``<SECRET>``."""
        return self._tokens.get(value, SECRET)

    def learn_key(self, written: str, clear: str | None, token: str) -> None:
        """A pre-shared key as it is ``written``, in ``clear`` where that is known, and what stands in for the latter."""
        for value in {written, clear or written}:
            self._phrase(value)
            first, *more = value.split() or [""]
            if more and len(first) >= _FIRST_WORD and not _NUMBER.fullmatch(first):
                self._add(first)
        if clear is not None:
            self._tokens[clear] = token

    def learn_secret(self, value: str, encoding: str | None = None, *, prose: bool = False) -> None:
        """Any other secret, or the rest of a line that holds one; ``encoding`` 7 can be read by everybody.

        In ``prose`` a telling word is followed by other words more often than by secrets: those are not learnt.
        """
        value = value.strip()
        if prose and value.isalpha():
            return
        if _NUMBER.fullmatch(value) and len(value) < _TELLING_WORD:
            return
        self._phrase(value)
        if encoding == "7" and (clear := decode(value)) is not None:
            self._phrase(clear)

    def _phrase(self, value: str) -> None:
        """The value, without the note behind it, without quotes; and of several words those that look like secrets."""
        value = value.strip()
        if not value or TOKEN.search(value) or is_masked(value) or len(value) > _LONGEST:
            return
        self._add(value)
        value = _NOTE.sub("", value).strip()
        self._add(value)
        if len(value) > 2 and value[0] == value[-1] and value[0] in "\"'":
            self._add(value[1:-1])
        words = value.split()
        if len(words) > 1:
            for word in (*words, *(word.strip("\"'`(),;:.") for word in words)):
                if len(word) >= _TELLING_WORD and _NAMELESS.fullmatch(word) and not _NUMBER.fullmatch(word):
                    self._add(word)

    def _add(self, value: str) -> None:
        if value.strip() and self._values.add(value):
            self._probes.add(value.split()[0])

    def lines_with(self, lines: Sequence[str]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """The positions of lines that hold values, and where in them; of those that begin at one place the longest.

        Most words of a text stand in it many times: each is looked into once.
        """
        words = set().union(*map(str.split, lines)) if self._values else set()
        joined = "\n".join(words)
        joined = f"\n{joined}\n"
        telling = {joined[joined.rfind("\n", 0, at) + 1 : joined.find("\n", at)] for at, _ in self._probes.find(joined)}
        if not telling:
            return
        for number, line in enumerate(lines):
            if not telling.isdisjoint(line.split()) and (found := list(self._values.find(line))):
                yield number, found


class _Finder:
    """Finds any of many values in a text, looking at each place once."""

    __slots__ = ("_lengths", "_sizes", "_values")

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._lengths: dict[str, list[int]] = {}
        self._sizes: list[int] = []

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def add(self, value: str) -> bool:
        """Look for ``value``, too; False when that is done already."""
        if value in self._values:
            return False
        self._values.add(value)
        prefix = value[:_PREFIX]
        if len(prefix) not in self._sizes:
            self._sizes.append(len(prefix))
            self._sizes.sort(reverse=True)
        lengths = self._lengths.setdefault(prefix, [])
        if len(value) not in lengths:
            lengths.append(len(value))
            lengths.sort(reverse=True)
        return True

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where values stand in ``text``, from left to right; what is in a token is no text."""
        places: set[int] = set()
        for size in self._sizes:
            known = self._lengths
            places.update(at for at in range(len(text)) if text[at : at + size] in known)
        if not places:
            return
        tokens = [found.span() for found in TOKEN.finditer(text)][::-1]
        done = 0
        for at in sorted(places):
            while tokens and tokens[-1][1] <= at:
                tokens.pop()
            if at >= done and not (tokens and tokens[-1][0] <= at) and (end := self._end(text, at)):
                done = end
                yield at, end

    def _end(self, text: str, at: int) -> int:
        for size in self._sizes:
            for length in self._lengths.get(text[at : at + size], ()):
                end = at + length
                if text[at:end] in self._values and (length >= INSIDE_WORDS or _alone(text, at, end)):
                    return end
        return 0


def _alone(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit of the ASCII set touches ``text[start:end]`` where it begins or ends with one itself."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_sticks(before) and _sticks(text[start])) and not (_sticks(after) and _sticks(text[end - 1]))


def _sticks(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")
