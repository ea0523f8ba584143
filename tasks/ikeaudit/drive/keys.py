"""Keys at the moment of sending: read from a router's own configuration into memory, put in place of their tokens.

Plans and journals hold tokens: ``<PSK:fingerprint>`` for a key, ``<CUT:fingerprint>`` for the rest of a line that is not known
to be harmless. The values live in a :class:`KeyVault` for as long as a session needs
them; a vault has no text form, cannot be pickled, and gives a value to nobody but :meth:`KeyVault.sending`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

T = TypeVar("T")

_TOKEN = re.compile(r"<PSK:([0-9a-f]{16})>")
_PLACE = re.compile(r"(?:(?<!\S)([067])[ \t]+)?<PSK:([0-9a-f]{16})>|<CUT:([0-9a-f]{16})>.*")
_MASKED = re.compile(r"<PSK:[0-9a-f]{16}>|<SECRET>|<CUT:([0-9a-f]{16})>.*")
_NAMELESS = "<SECRET>"
_SHORT = 6
_CUT = -1
"""Stands for an encoding: what was cut, up to the end of its line."""

_Place = tuple[str, int]


class MissingKeyError(Exception):
    """A line needs a key that no vault has; the text names the token and the encoding, never a value."""


class KeyVault:
    """The pre-shared keys of some configurations by fingerprint and encoding digit (0, 6 or 7), and what was cut there."""

    __slots__ = ("_sent", "_values")

    def __init__(self) -> None:
        self._values: dict[_Place, str] = {}
        self._sent: set[_Place] = set()

    @classmethod
    def of(cls, clear: str, redacted: str, *, tokens: bool = False) -> KeyVault:
        """The keys of a configuration, found where the redacted text has tokens; both texts have the same lines.

        ``tokens``: a token that the configuration itself holds counts as a key, as in a rehearsal. A real router with one in
        place of a key was given a plan's text by mistake; that must not be carried over.
        """
        vault = cls()
        for line, masked in zip(clear.split("\n"), redacted.split("\n"), strict=True):
            if ("<PSK:" in masked or "<CUT:" in masked) and (tokens or line != masked):
                vault._learn(line.rstrip("\r"), masked.rstrip("\r"))
        return vault

    def __repr__(self) -> str:
        return f"KeyVault({len(self._values)} keys)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key vault stays in this process")

    def merge(self, other: KeyVault) -> None:
        """Take over what ``other`` has and this one lacks."""
        for place, value in other._values.items():
            self._values.setdefault(place, value)

    def add(self, fingerprint: str, value: str) -> None:
        """Take in a key in clear text that was made for this change, under the plan's name for it."""
        self._values[fingerprint, 0] = value

    def missing(self, lines: Iterable[str]) -> tuple[str, ...]:
        """The tokens in ``lines`` that this vault has no value for; ``<SECRET>`` is one that nothing can stand for."""
        lines = tuple(lines)
        places = dict.fromkeys(place for line in lines for place in _places(line))
        unknown = tuple(
            f"<{'CUT' if kind == _CUT else 'PSK'}:{fingerprint}>"
            for fingerprint, kind in places
            if (fingerprint, kind) not in self._values
        )
        return (*unknown, *((_NAMELESS,) if any(_NAMELESS in line for line in lines) else ()))

    def sending(self, line: str, send: Callable[[str], T]) -> T:
        """Call ``send`` with ``line`` whose tokens are replaced by their values.

        :raises MissingKeyError: when a value is not known; then nothing is sent.
        """
        unknown = self.missing([line])
        if unknown:
            raise MissingKeyError(f"no router of the change has what {unknown[0]} stands for")

        def value(match: re.Match[str]) -> str:
            place = _place(match)
            if place[1] == _CUT:
                self._sent.add(place)
                return self._values[place]
            return match[0].replace(f"<PSK:{match[2]}>", self._values[place])

        return send(_PLACE.sub(value, line))

    def mask(self, text: str) -> str:
        """``text`` with every key that this vault knows, and every text that it filled in, replaced by its token."""
        for (fingerprint, kind), value in sorted(self._values.items(), key=lambda item: -len(item[1])):
            if value and value in text and (kind != _CUT or (fingerprint, kind) in self._sent):
                pattern = re.escape(value) if len(value) >= _SHORT else rf"(?<!\S){re.escape(value)}(?!\S)"
                text = re.sub(pattern, f"<{'CUT' if kind == _CUT else 'PSK'}:{fingerprint}>", text)
        return text

    def _learn(self, line: str, masked: str) -> None:
        pattern = ""
        at = 0
        for match in _MASKED.finditer(masked):
            pattern += re.escape(masked[at : match.start()]) + "(.+?)"
            at = match.end()
        found = re.fullmatch(pattern + re.escape(masked[at:]), line)
        if found is None:
            return
        kinds = _kinds(masked)
        for number, match in enumerate(_MASKED.finditer(masked), 1):
            token = _TOKEN.fullmatch(match[0])
            if match[1]:
                self._values.setdefault((match[1], _CUT), found[number])
            elif token is not None:
                self._values.setdefault((token[1], kinds[match.start()]), found[number])


def _places(line: str) -> list[_Place]:
    return [_place(match) for match in _PLACE.finditer(line)]


def _place(match: re.Match[str]) -> _Place:
    return (match[3], _CUT) if match[3] else (match[2], int(match[1]) if match[1] else 0)


def _kinds(masked: str) -> dict[int, int]:
    """The encoding digit of each token by the place where the token begins."""
    return {match.start(2) - len("<PSK:"): _place(match)[1] for match in _PLACE.finditer(masked) if match[2]}
