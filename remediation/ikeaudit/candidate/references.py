"""Which object is named where: what must exist before it is named, and what may not go while it is (U-10)."""

from collections.abc import Iterator
from typing import TypeAlias

from ikeaudit.candidate.index import index_of
from ikeaudit.candidate.tree import Line
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.syntax import Match

Named: TypeAlias = tuple[str, str]
"""A kind of object and a name."""

BUILT_IN = "default"
"""The predefined keyring, proposal, profile and transform set: they always exist."""

_REFERRING = frozenset(
    name for name, language in LANGUAGES.items() if any(command.refers for command in language.mode.commands)
)


def names_in(match: Match) -> Iterator[Named]:
    """The objects that a line names."""
    for reference in match.command.refers:
        value = match.args.get(reference.arg, "")
        for name in value.split() if reference.many else [value]:
            if name and name != BUILT_IN:
                yield reference.kind, name


def defined_by(match: Match) -> Named | None:
    """The object that a header creates."""
    kind = match.command.defines
    return (kind, match.args["name"]) if kind else None


class References:
    """Definitions and uses of every named object, kept up to date line by line."""

    def __init__(self, root: Line) -> None:
        self._users: dict[Named, dict[Line, None]] = {}
        self._definitions: dict[Named, dict[Line, None]] = {}
        for section in root.statements():
            self.add(section)

    def _lines(self, line: Line) -> Iterator[Line]:
        yield line
        language = line.language
        if language is not None and language.mode.name in _REFERRING:
            index_of(line, language)
            yield from line.statements()

    def _entries(self, line: Line) -> Iterator[tuple[dict[Line, None], Line]]:
        """Each list that a line, or one below it, belongs in, with that line."""
        for one in self._lines(line):
            if one.match is None or one.negated:
                continue
            defined = defined_by(one.match)
            if defined is not None:
                yield self._definitions.setdefault(defined, {}), one
            for named in names_in(one.match):
                yield self._users.setdefault(named, {}), one

    def add(self, line: Line) -> None:
        """Take in a line that has come into the configuration, with what stands below it."""
        for lines, one in self._entries(line):
            lines[one] = None

    def drop(self, line: Line) -> None:
        """Forget a line that is leaving, with what stands below it."""
        for lines, one in self._entries(line):
            lines.pop(one, None)

    def defined(self, named: Named) -> bool:
        """Whether an object of this kind and name exists."""
        return bool(self._definitions.get(named))

    def missing(self, match: Match) -> list[Named]:
        """The objects that a line names and that do not exist."""
        return [named for named in names_in(match) if not self.defined(named)]

    def user_without(self, named: Named, leaving: int) -> Line | None:
        """A line that would name this object in vain if so many of its definitions were gone; None when there is none."""
        if len(self._definitions.get(named, {})) > leaving:
            return None
        return next(iter(self._users.get(named, {})), None)
