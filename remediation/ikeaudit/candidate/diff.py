"""What changes from one configuration to another, to be read by people: section by section, ``-`` and ``+``."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.candidate.candidate import Candidate
from ikeaudit.candidate.catalogue import GLOBAL, Language
from ikeaudit.candidate.compare import compare
from ikeaudit.candidate.tree import Line
from ikeaudit.candidate.view import Statement, view


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
