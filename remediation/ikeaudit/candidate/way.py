"""The commands that make one configuration of another: what a router's own operator would type, and what takes that back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ikeaudit.candidate.candidate import Candidate
from ikeaudit.candidate.differences import Statement, view
from ikeaudit.candidate.tree import Line
from ikeaudit.ios.command import Identity
from ikeaudit.ios.language import GLOBAL, Language


def way(before: Candidate, after: Candidate) -> tuple[str, ...]:
    """The lines to type in global mode, modes left with ``exit``, that turn ``before`` into ``after``.

    What is new comes first, so that it can be referred to; what goes, last. Whether every line is accepted, and the order of
    objects right, is for the caller to find out.
    """
    return tuple(line for line in _lines(before.root, after.root, GLOBAL, after.engine.classic) if line)


def accepted(candidate: Candidate, commands: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ``commands`` that the router takes when they are sent to it; ``candidate`` stays as it is."""
    replies = candidate.copy().apply(commands)
    return tuple(line for line, reply in zip(commands, replies, strict=True) if not reply.refused)


def lost(before: Candidate, after: Candidate) -> tuple[str, ...] | None:
    """The lines of ``before`` that ``after`` has not and would not take, because what they name is not defined or excluded.

    None when the two differ in more than that.
    """
    commands, other = way(after, before), after.copy()
    replies = other.apply(commands)
    if any(reply.changed for reply in replies):
        return None
    return tuple(line for line, reply in zip(commands, replies, strict=True) if reply.refused) or None


def _lines(before: Line, after: Line, language: Language, classic: bool) -> Iterator[str]:
    old, new = view(before, language, classic=classic), view(after, language, classic=classic)
    if language.mode.ordered and [s.text for s in old.values()] != [s.text for s in new.values()]:
        yield from map(_undone, old.values())
        yield from (statement.text for statement in new.values())
        return
    lists = {
        n for side in (old, new) for n in map(_number, side.values()) if n and _entries(old, n) != _entries(new, n)
    }
    for number in sorted(lists):
        # ``no`` with one entry takes the whole of a numbered list away, whose order counts.
        yield f"no {number}" if _entries(old, number) else ""
        yield from _entries(new, number)
    old, new = ({i: s for i, s in side.items() if _number(s) not in lists} for side in (old, new))
    gone = [statement for identity, statement in reversed(old.items()) if identity not in new]
    if language is not GLOBAL:
        yield from map(_undone, gone)
    for identity, statement in new.items():
        was = old.get(identity)
        if was is not None and was.text == statement.text:
            if statement.language is not None:
                inner = list(_lines(was.line, statement.line, statement.language, classic))
                yield from (statement.text, *inner, "exit") if inner else ()
            continue
        match = statement.line.match
        if was is not None and match is not None and match.command.clash == "refuse":
            yield _undone(was)
        yield from _whole(statement, classic)
    if language is GLOBAL:
        yield from map(_undone, gone)


def _number(statement: Statement) -> str:
    """``access-list 101`` of an entry of a numbered list; empty for anything else."""
    found = GLOBAL.match(statement.text)
    numbered = found is not None and {"number", "entry"} <= found.args.keys()
    return " ".join(statement.text.split()[:2]) if numbered else ""


def _entries(statements: Mapping[Identity, Statement], number: str) -> list[str]:
    return [s.text for s in statements.values() if _number(s) == number]


def _whole(statement: Statement, classic: bool) -> Iterator[str]:
    """A line with all that stands below it."""
    yield from statement.text.splitlines()
    if statement.language is not None:
        for child in view(statement.line, statement.language, classic=classic).values():
            yield from _whole(child, classic)
        yield "exit"


def _undone(statement: Statement) -> str:
    return statement.text.removeprefix("no ") if statement.line.negated else f"no {statement.text}"
