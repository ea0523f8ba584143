"""Whether two configurations say the same, and what changes from one to the other, section by section.

Separators, spelling, defaults, duplicates and volatile lines do not count.
"""

from collections.abc import Iterator, Mapping

import msgspec

from ikeaudit.candidate.candidate import Candidate
from ikeaudit.candidate.index import index_of
from ikeaudit.candidate.line_effects import is_default, spelled
from ikeaudit.candidate.tree import Line
from ikeaudit.ios.command import Identity
from ikeaudit.ios.language import GLOBAL, Language
from ikeaudit.ios.syntax import Unspoken
from ikeaudit.ios.words import slot

_TOKENS = ("<PSK:", "<SECRET>")


_NUMBERED = slot("global/access-list")
_VOLATILE = frozenset({"ntp clock-period", "end"})


class Statement(Unspoken, frozen=True):
    """One line and what it says in IOS's own spelling; a printed ``no`` is part of the text."""

    line: Line
    text: str
    language: Language | None

    @property
    def shown(self) -> str:
        """The text with the secret that its line holds hidden, unless it is a token already."""
        match = self.line.match
        secret = match.args.get(match.command.secret) if match is not None else None
        if secret is None:
            return self.text.partition("\n")[0]
        return self.text if secret.startswith(_TOKENS) else self.text.replace(secret, "<key>")


def says(line: Line, *, classic: bool) -> str:
    """The line in IOS's own spelling; verbatim blocks as they stand."""
    if "\n" in line.raw:
        return line.raw.strip()
    match = line.match
    if match is None or line.negated:
        text = line.text if match is None else line.text.split(" !")[0]
        return " ".join(text.split())
    text = spelled(match, classic=classic)
    if not match.command.psk:
        text = " ".join(text.split())
    return text


def view(section: Line, language: Language, *, classic: bool) -> Mapping[Identity, Statement]:
    """The statements of ``section``; where a file holds one twice, the one that IOS would have kept."""
    found: dict[Identity, Statement] = {}
    for identity, lines in index_of(section, language).items().items():
        match = lines[0].match
        line = lines[0] if match is not None and match.command.clash == "refuse" else lines[-1]
        match = line.match
        text = says(line, classic=classic)
        if any(text == word or text.startswith(f"{word} ") for word in _VOLATILE):
            continue
        if match is not None and not line.negated and (match.command.hidden or is_default(match, classic=classic)):
            continue
        found[identity] = Statement(line, text, line.language)
    return found


def _ordered(language: Language) -> Mapping[str, None]:
    """The slots of a mode whose lines can decide by their order."""
    return dict.fromkeys(command.slot for command in language.mode.commands if command.ordered)


class Comparison(msgspec.Struct, frozen=True):
    """How two configurations differ: ``differences`` in what they say, ``order`` where only the order differs."""

    differences: tuple[str, ...]
    order: tuple[str, ...]


def _where(path: tuple[str, ...], text: str) -> str:
    return " / ".join((*path, text))


class _Comparer:
    def __init__(self, first: Candidate, second: Candidate) -> None:
        self.first, self.second = first, second
        self.classic = first.engine.classic  # both are told in the words of the first
        self.differences: list[str] = []
        self.order: list[str] = []

    def sections(self, one: Line, other: Line, language: Language, path: tuple[str, ...]) -> None:
        mine = view(one, language, classic=self.classic)
        theirs = view(other, language, classic=self.classic)
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
        for kind in _ordered(language):
            self._sequence(
                [self._names(s.line, kind) for s in (one, other)], f"{_where(path, one.shown)}: {kind}", self.order
            )
        if language.mode.ordered:
            lines = [[says(line, classic=self.classic) for line in s.line.statements()] for s in (one, other)]
            self._sequence(lines, f"{_where(path, one.shown)}: lines", self.differences)

    def _unknown(self, one: Statement, other: Statement, path: tuple[str, ...]) -> None:
        """Sections of which no table knows anything: their lines as they stand."""
        mine, theirs = ([" ".join(line.text.split()) for line in s.line.statements()] for s in (one, other))
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
        for kind in _ordered(GLOBAL):
            self._sequence([self._names(c.root, kind) for c in (self.first, self.second)], kind, self.order)
        lists = [self._access_lists(c.root) for c in (self.first, self.second)]
        for name in lists[0].keys() & lists[1].keys():
            self._sequence([lists[0][name], lists[1][name]], name, self.differences)

    @staticmethod
    def _access_lists(root: Line) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in root.statements():
            words = line.text.split()
            if words[0] == _NUMBERED:
                found.setdefault(" ".join(words[:2]), []).append(" ".join(words))
        return found


def compare(first: Candidate, second: Candidate) -> Comparison:
    """How two configurations differ in what they say, and separately in the order of what can depend on order."""
    comparer = _Comparer(first, second)
    comparer.sections(first.root, second.root, GLOBAL, ())
    comparer.objects()
    return Comparison(tuple(comparer.differences), tuple(comparer.order))


def _whole(statement: Statement, sign: str, depth: int, *, classic: bool) -> Iterator[str]:
    """A statement with all that stands below it."""
    yield f"{sign}{' ' * depth}{statement.shown}"
    if statement.language is not None:
        for child in view(statement.line, statement.language, classic=classic).values():
            yield from _whole(child, sign, depth + 1, classic=classic)
    else:
        for line in statement.line.statements():
            yield f"{sign}{' ' * (depth + 1)}{' '.join(line.text.split())}"


def _section(before: Line, after: Line, language: Language, depth: int, *, classic: bool) -> Iterator[str]:
    old = view(before, language, classic=classic)
    new = view(after, language, classic=classic)
    for identity, statement in old.items():
        other = new.get(identity)
        if other is None:
            yield from _whole(statement, "-", depth, classic=classic)
            continue
        inner: list[str] = []
        if statement.language is not None:
            inner = list(_section(statement.line, other.line, statement.language, depth + 1, classic=classic))
        if other.text != statement.text:
            yield f"-{' ' * depth}{statement.shown}"
            yield f"+{' ' * depth}{other.shown}"
        elif inner:
            yield f" {' ' * depth}{statement.shown}"
        yield from inner
    for identity, statement in new.items():
        if identity not in old:
            yield from _whole(statement, "+", depth, classic=classic)


def diff(before: Candidate, after: Candidate) -> str:
    """The changed sections with their headers, ``-`` before and ``+`` after each line; empty when nothing changed.

    Where only the order of objects differs, a line beginning with ``~`` says so. Keys are shown as tokens or ``<key>``.
    """
    lines = list(_section(before.root, after.root, GLOBAL, 0, classic=before.engine.classic))
    lines.extend(f"~ {note}" for note in compare(before, after).order)
    return "\n".join(lines) + "\n" if lines else ""
