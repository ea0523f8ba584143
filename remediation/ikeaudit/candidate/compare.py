"""Whether two configurations say the same, and how they differ: separators, spelling and volatile lines do not count."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.candidate.candidate import Candidate
from ikeaudit.candidate.catalogue import GLOBAL, Language
from ikeaudit.candidate.index import index_of
from ikeaudit.candidate.tree import Line
from ikeaudit.candidate.view import Statement, says, view

_ORDERED_OBJECTS = (
    "crypto keyring",
    "crypto isakmp profile",
    "crypto ikev2 policy",
    "crypto ikev2 keyring",
    "crypto ikev2 profile",
)
"""Objects whose order in the list can decide (KEY-FORMS, IKEV2-PROFILE, IKEV2-KEYS, CHANGE-APPENDS)."""

_ORDERED_LINES = {
    "isakmp-profile": ("keyring",),
    "ikev2-policy": ("proposal",),
    "crypto-map": ("set peer",),
}
"""Lines whose order inside a section can decide, by mode."""

_ORDERED_MODES = frozenset({"acl-extended", "acl-standard", "acl-ipv6"})
"""Modes in which the order of all lines is the meaning."""


class Comparison(msgspec.Struct, frozen=True):
    """How two configurations differ: ``differences`` in what they say, ``order`` where only the order differs."""

    differences: tuple[str, ...]
    order: tuple[str, ...]


def _where(path: tuple[str, ...], text: str) -> str:
    return " / ".join((*path, text))


def _all_below(statement: Statement) -> Iterator[Line]:
    if statement.language is not None:
        index_of(statement.line, statement.language)
    yield from statement.line.statements()


class _Comparer:
    def __init__(self, first: Candidate, second: Candidate) -> None:
        self.first, self.second = first, second
        self.classic = first.engine.classic, second.engine.classic
        self.differences: list[str] = []
        self.order: list[str] = []

    def sections(self, one: Line, other: Line, language: Language, path: tuple[str, ...]) -> None:
        mine = view(one, language, classic=self.classic[0])
        theirs = view(other, language, classic=self.classic[0])
        for identity, statement in mine.items():
            match = theirs.get(identity)
            if match is None:
                self.differences.append(f"only in the first: {_where(path, statement.shown)}")
            elif match.text != statement.text:
                self.differences.append(f"{_where(path, statement.shown)} against {match.shown}")
            elif statement.language is not None:
                self._below(statement, match, statement.language, path)
            elif statement.line.first is not None or match.line.first is not None:
                self._unknown(statement, match, path)
        self.differences.extend(
            f"only in the second: {_where(path, statement.shown)}"
            for identity, statement in theirs.items()
            if identity not in mine
        )

    def _below(self, one: Statement, other: Statement, language: Language, path: tuple[str, ...]) -> None:
        inner = (*path, one.shown)
        self.sections(one.line, other.line, language, inner)
        for slot in _ORDERED_LINES.get(language.mode.name, ()):
            self._sequence(
                [self._names(s.line, slot) for s in (one, other)], f"{_where(path, one.shown)}: {slot}", self.order
            )
        if language.mode.name in _ORDERED_MODES:
            lines = [[says(line, classic=self.classic[0]) for line in s.line.statements()] for s in (one, other)]
            self._sequence(lines, f"{_where(path, one.shown)}: lines", self.differences)

    def _unknown(self, one: Statement, other: Statement, path: tuple[str, ...]) -> None:
        """Sections of which no table knows anything: their lines as they stand."""
        mine, theirs = ([" ".join(line.text.split()) for line in _all_below(s)] for s in (one, other))
        inner = (*path, one.shown)
        self.differences.extend(f"only in the first: {_where(inner, t)}" for t in mine if t not in theirs)
        self.differences.extend(f"only in the second: {_where(inner, t)}" for t in theirs if t not in mine)

    @staticmethod
    def _names(section: Line, slot: str) -> list[str]:
        return [
            " ".join(line.text.split())
            for line in section.statements()
            if line.match is not None and line.match.command.slot == slot and not line.negated
        ]

    @staticmethod
    def _sequence(pair: list[list[str]], what: str, out: list[str]) -> None:
        """Say so when what both lists hold stands in another order."""
        common = set(pair[0]) & set(pair[1])
        mine, theirs = ([name for name in names if name in common] for names in pair)
        if mine != theirs:
            out.append(f"order of {what}: {', '.join(mine)} against {', '.join(theirs)}")

    def objects(self) -> None:
        """The order of the objects whose place in the list can decide, and of numbered access lists."""
        for slot in _ORDERED_OBJECTS:
            self._sequence([self._names(c.root, slot) for c in (self.first, self.second)], slot, self.order)
        lists = [self._access_lists(c.root) for c in (self.first, self.second)]
        for number in lists[0].keys() & lists[1].keys():
            self._sequence([lists[0][number], lists[1][number]], f"access-list {number}", self.differences)

    @staticmethod
    def _access_lists(root: Line) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in root.statements():
            words = line.text.split()
            if words[0] == "access-list" and len(words) > 1:
                found.setdefault(words[1], []).append(" ".join(words))
        return found


def compare(first: Candidate, second: Candidate) -> Comparison:
    """How two configurations differ in what they say, and separately in the order of what can depend on order."""
    comparer = _Comparer(first, second)
    comparer.sections(first.root, second.root, GLOBAL, ())
    comparer.objects()
    return Comparison(tuple(comparer.differences), tuple(comparer.order))
