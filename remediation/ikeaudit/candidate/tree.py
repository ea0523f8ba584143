"""A configuration as an ordered tree of lines that keeps every byte it does not understand.

Siblings are chained, so that inserting and removing cost the same in a list of ten as in one of ten thousand; a section's
index (``index.py``) is built when the first command touches it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ikeaudit.ios.command import Identity
from ikeaudit.ios.language import Language, language_of
from ikeaudit.ios.syntax import Failure, Match

UNRANKED = -1
"""Rank of lines that a mode takes as they come: they are printed before those that its table orders."""

_STRUCTURAL = (
    "Building configuration",
    "Current configuration :",
    "Using ",
    "exit-address-family",
    "exit-vrf",
    "exit-peer-policy",
    "exit-peer-session",
    "exit-af-",
    "exit-sf-",
    "exit-service-",
)


def is_filler(text: str) -> bool:
    """Whether a line says nothing: blank, a comment, what ``show`` prints above, the printed end of a block."""
    return not text.strip() or text[0] == "!" or text.startswith(_STRUCTURAL) or text.rstrip() == "exit"


class Line:
    """One line, with the lines below it.

    ``raw`` is what is printed, verbatim blocks (banner, certificate) with their inner line ends; ``text`` its content
    without indent, ``filler`` whether that says nothing. ``match`` is what the tables know of it, None when they know nothing;
    ``negated`` marks a printed ``no``. ``redacted`` says that no clear secret is in it.
    ``index`` is kept here for ``index.py``, which alone knows what it is. ``changed`` of a root, once somebody has made it a
    dictionary, gathers the lines directly below it that became others, came or went. ``printed`` of a line directly below the
    root, or below such a one, is its text with all below it, once it was written, until it becomes another.
    """

    __slots__ = (
        "changed",
        "filler",
        "first",
        "indent",
        "index",
        "language",
        "last",
        "match",
        "negated",
        "next",
        "parent",
        "prev",
        "printed",
        "rank",
        "raw",
        "redacted",
        "text",
    )  # fmt: skip

    def __init__(self, raw: str, text: str, indent: int, *, redacted: bool = False) -> None:
        self.raw = raw
        self.text = text
        self.filler = is_filler(text)
        self.redacted = redacted
        self.indent = indent
        self.parent: Line | None = None
        self.prev: Line | None = None
        self.next: Line | None = None
        self.first: Line | None = None
        self.last: Line | None = None
        self.match: Match | None = None
        self.negated = False
        self.language: Language | None = None
        self.rank: int | None = None
        self.index: object = None
        self.changed: dict[Line, None] | None = None
        self.printed: str | None = None

    def __repr__(self) -> str:
        return f"<{'filler' if self.filler else 'line'} of {len(self.text)} characters>"

    def within(self, root: Line) -> bool:
        """Whether the line still belongs to the configuration of ``root``."""
        line: Line | None = self
        while line is not None and line is not root:
            line = line.parent
        return line is root

    def children(self) -> Iterator[Line]:
        """All lines directly below, fillers included."""
        child = self.first
        while child is not None:
            following = child.next
            yield child
            child = following

    def statements(self) -> Iterator[Line]:
        """The lines directly below that say something."""
        return (child for child in self.children() if not child.filler)

    def insert(self, child: Line, after: Line | None) -> None:
        """Put ``child`` behind ``after``, or first when that is None."""
        self._note(child)
        child.parent = self
        child.prev = after
        child.next = self.first if after is None else after.next
        if child.next is None:
            self.last = child
        else:
            child.next.prev = child
        if after is None:
            self.first = child
        else:
            after.next = child

    def append(self, child: Line) -> None:
        """Put ``child`` last."""
        self.insert(child, self.last)

    def remove(self, child: Line) -> None:
        """Take ``child`` out of the chain."""
        self._note(child)
        if child.prev is None:
            self.first = child.next
        else:
            child.prev.next = child.next
        if child.next is None:
            self.last = child.prev
        else:
            child.next.prev = child.prev
        child.parent = child.prev = child.next = None

    def reword(self, text: str) -> None:
        """Give the line another text at the same place."""
        if self.parent is not None:
            self.parent._note(self)
        self.text = text
        self.raw = " " * self.indent + text
        self.filler = is_filler(text)
        self.redacted = False

    def _note(self, child: Line) -> None:
        """Tell the root that ``child`` comes, goes or changes."""
        section, below = self, child
        while section.parent is not None:
            below, child, section = child, section, section.parent
        child.printed = below.printed = None
        if section.changed is not None:
            section.changed[child] = None

    def write(self, out: list[str]) -> None:
        """Append the text of this line and of all below it to ``out``."""
        stack = [self]
        while stack:
            line = stack.pop()
            out.append(line.raw)
            child = line.last
            while child is not None:
                stack.append(child)
                child = child.prev


def look_up(language: Language, text: str, *, behind_no: bool, redacted: bool) -> Match | Failure:
    """What the tables of ``language`` say of a line as it is typed, or of what stands behind a ``no``.

    Of a ``redacted`` line, which holds no clear secret, it is remembered: routers of a fleet have most lines in common.
    """
    return (_remembered if redacted else _read)(language, text, behind_no)


def _read(language: Language, text: str, behind_no: bool) -> Match | Failure:
    return language.read_no(text) if behind_no else language.read(text)


_remembered = lru_cache(maxsize=1 << 14)(_read)


def describe(line: Line, language: Language) -> None:
    """Let the tables of ``language`` say what ``line`` is: its match, its rank, the language below it."""
    line.negated = line.text.startswith("no ")
    found = look_up(language, line.text.removeprefix("no "), behind_no=line.negated, redacted=line.redacted)
    if isinstance(found, Match):
        line.match = found
        line.rank = language.ranks[found.command]
        line.language = None if line.negated else language_of(found.command)
    else:
        line.match = line.language = None
        line.rank = UNRANKED if language.mode.accepts_any else None


def identity_of(line: Line) -> Identity:
    """What tells a line from its siblings; a line and its ``no`` form share it."""
    if line.match is not None:
        return line.match.command.identity(line.match.args)
    text = line.text.removeprefix("no ") if line.negated else line.text
    return ("", " ".join(text.split()))
