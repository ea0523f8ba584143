"""The lines that turn one configuration into another, as ``configure replace`` computes them (DOMAIN 8.6).

Objects that must be made anew go to the end of their list, as on IOS: compare the result for order as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ikeaudit.ios.language import GLOBAL, Language
from ikeaudit.ios.names import removable
from ikeaudit.remediation.candidate.candidate import Candidate
from ikeaudit.remediation.candidate.compare import compare
from ikeaudit.remediation.candidate.references import defined_by
from ikeaudit.remediation.candidate.tree import Line
from ikeaudit.remediation.candidate.view import Statement, view

_PASSES = 3
"""How often the difference is computed anew when a first pass leaves something (DOMAIN 8.6: it may need several)."""

_ORDERED = frozenset({"acl-extended", "acl-standard", "acl-ipv6"})


def _undo(statement: Statement) -> str:
    """The line that takes a statement away."""
    text = statement.text
    return text[3:] if text.startswith("no ") else f"no {text.splitlines()[0]}"


def _create(statement: Statement, *, classic: bool) -> Iterator[str]:
    """The lines that bring a statement about, with all that stands below it."""
    if "\n" in statement.line.raw:
        yield from statement.line.raw.split("\n")
        return
    yield statement.text
    if statement.language is None:
        return
    for child in view(statement.line, statement.language, classic=classic).values():
        yield from (f" {line}" for line in _create(child, classic=classic))
    yield "exit"


def _texts(section: Line, language: Language, *, classic: bool) -> list[str]:
    return [statement.text for statement in view(section, language, classic=classic).values()]


def _renew(old: Statement, new: Statement, *, classic: bool) -> bool:
    """Whether a section cannot be turned into another one but has to be removed first."""
    match = old.line.match
    if old.text != new.text and match is not None and match.command.clash == "refuse":
        return True
    if old.language is None or new.language is None:
        return old.language is not new.language
    if old.language.mode.name in _ORDERED:
        return _texts(old.line, old.language, classic=classic) != _texts(new.line, old.language, classic=classic)
    return False


class _Pass:
    """One computation of the difference: lines in the order unbind, take from sections, add, remove sections."""

    def __init__(self, current: Candidate, target: Candidate) -> None:
        self.current = current
        self.classic = current.engine.classic
        self.mine = view(current.root, GLOBAL, classic=self.classic)
        self.wanted = view(target.root, GLOBAL, classic=self.classic)
        self.renewed = {
            identity
            for identity, old in self.mine.items()
            if identity in self.wanted and _renew(old, self.wanted[identity], classic=self.classic)
        }

    def unbind(self) -> Iterator[str]:
        """Take away whatever names an object that has to be made anew, then the object."""
        for identity in self.renewed:
            line = self.mine[identity].line
            named = None if line.match is None else defined_by(line.match)
            for user in self.current.engine.references.users_of(named) if named is not None else ():
                if user.parent is not None and user.parent is not self.current.root:
                    yield from (user.parent.text.rstrip(), f" no {user.text.strip()}", "exit")
                elif user.parent is not None:
                    yield f"no {user.text.strip()}"
            yield _undo(self.mine[identity])

    def narrow(self) -> Iterator[str]:
        """Take from sections that stay what the target does not have there."""
        for identity, old in self.mine.items():
            new = self.wanted.get(identity)
            if new is None or old.language is None or identity in self.renewed:
                continue
            lines = list(self._less(old, new, old.language))
            if lines:
                yield from (old.text, *(f" {line}" for line in lines), "exit")

    def _less(self, old: Statement, new: Statement, language: Language) -> Iterator[str]:
        theirs = view(new.line, language, classic=self.classic)
        for identity, child in view(old.line, language, classic=self.classic).items():
            other = theirs.get(identity)
            if other is None or (
                other.text != child.text and child.line.match is not None and child.line.match.command.clash == "refuse"
            ):
                yield _undo(child)
            elif child.language is not None:
                lines = list(self._less(child, other, child.language))
                if lines:
                    yield from (child.text, *(f" {line}" for line in lines), "exit")

    def widen(self) -> Iterator[str]:
        """Add what is missing, in the order of the table: an object always comes after those it names."""
        for identity, new in self._in_order(self.wanted.items()):
            old = self.mine.get(identity)
            if old is None or identity in self.renewed:
                yield from _create(new, classic=self.classic)
            elif new.language is None or old.language is None:
                if new.text != old.text:
                    yield from _create(new, classic=self.classic)
            else:
                lines = list(self._more(old, new, new.language))
                if lines or new.text != old.text:
                    yield from (new.text, *(f" {line}" for line in lines), "exit")

    def _more(self, old: Statement, new: Statement, language: Language) -> Iterator[str]:
        mine = view(old.line, language, classic=self.classic)
        for identity, child in view(new.line, language, classic=self.classic).items():
            other = mine.get(identity)
            if other is None or child.language is None:
                if other is None or other.text != child.text:
                    yield from _create(child, classic=self.classic)
                continue
            lines = list(self._more(other, child, child.language))
            if lines or child.text != other.text:
                yield from (child.text, *(f" {line}" for line in lines), "exit")

    def remove(self) -> Iterator[str]:
        """Remove what the target does not have, users before what they use."""
        gone = [(identity, old) for identity, old in self.mine.items() if identity not in self.wanted]
        for _, old in reversed(self._in_order(gone)):
            match = old.line.match
            if match is not None and match.command.opens == "interface" and not removable(match.args["name"]):
                if old.line.first is not None:
                    yield f"default {old.text}"
                continue
            yield _undo(old)

    @staticmethod
    def _in_order(items: Iterable[tuple[tuple[str, ...], Statement]]) -> list[tuple[tuple[str, ...], Statement]]:
        return sorted(items, key=lambda item: item[1].line.rank if item[1].line.rank is not None else -1)


def replace_commands(current: Candidate, target: Candidate) -> list[str]:
    """The lines, from the top of configuration mode, that make ``current`` say what ``target`` says.

    They hold keys in the spelling of the two configurations. The text of ``current`` is not changed; it only learns which
    ``no`` lines the target prints. A physical interface that the target does not have is emptied, it cannot be removed.
    """
    current.engine.learn(target.root)
    working = current.copy()
    working.engine.learn(target.root)
    commands: list[str] = []
    for _ in range(_PASSES):
        if not compare(working, target).differences:
            break
        computed = _Pass(working, target)
        lines = list(computed.unbind())
        lines += [*computed.narrow(), *computed.widen(), *computed.remove()]
        working.apply(lines)
        commands += lines
    return commands
