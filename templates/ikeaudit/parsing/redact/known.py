"""Values once known as secrets of a router, to be removed wherever else they stand in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

from ikeaudit.ios.secrets import SECRETS
from ikeaudit.parsing.redact.facts import is_masked
from ikeaudit.parsing.redact.finder import Finder, lines_with
from ikeaudit.parsing.redact.tokens import SECRET, TOKEN
from ikeaudit.parsing.redact.type7 import decode

_LONGEST = 512
_FIRST_WORD = 4
_TELLING_WORD = 6
_NUMBER = re.compile(r"[\d.:/,-]+")
_NAMELESS = re.compile(r"(?:.*[^\W_].*[^A-Za-z].*|.*[^A-Za-z].*[^\W_].*)", re.ASCII)
_KEY_WORDS = frozenset(word for secret in SECRETS if secret.key for word in secret.before)
"""Key words of the commands that hold keys."""
_NOTE = re.compile(r"\s(?:!|//|<-{1,2} |#\s).*$")


class KnownSecrets:
    """The secrets of one router, or of one file. Has no text form and cannot be pickled."""

    __slots__ = ("_finder", "_tokens", "_values", "names")

    def __init__(self) -> None:
        self._values: dict[str, None] = {}
        self._finder: Finder | None = None
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
        for value in (written,) if clear is None or clear == written else (written, clear):
            self._phrase(value)
            words = value.split()
            if len(words) > 1 and len(words[0]) >= _FIRST_WORD and not _NUMBER.fullmatch(words[0]):
                self._add(words[0])
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
        if TOKEN.search(value) or is_masked(value) or len(value) > _LONGEST:
            return
        if " " in value and all(word in _KEY_WORDS or _NUMBER.fullmatch(word) for word in value.split()):
            return  # the rest of a command that is cut short: no more than its own words and an address
        self._add(value)
        if " " in value or not value.isprintable():
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
        if value not in self._values and (len(value) >= _FIRST_WORD or any(map(str.isalnum, value))):
            self._values[value] = None
            self._finder = None

    def found_in(self, text: str, newline: str) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """The positions of lines that hold values, and where in them; of those that begin at one place the longest."""
        rows = lines_with(self._values, text, newline)
        if not rows:
            return
        if self._finder is None:
            self._finder = Finder(self._values)
        lines = text.split(newline)
        for row in rows:
            if found := list(self._finder.find(lines[row])):
                yield row, found
