"""How much of what was read was understood: printed with every result, because silence is no clean bill of health."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from ikeaudit.model import FileKind


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line of the user's file, its keys masked."""

    line: int
    text: str


class LineCount(msgspec.Struct, frozen=True, gc=False):
    """Crypto-relevant lines by what the ledger says of them; ``unread`` ones stand in pages of notes."""

    modelled: int = 0
    irrelevant: int = 0
    unknown: int = 0
    unread: int = 0

    @property
    def total(self) -> int:
        """All crypto-relevant lines."""
        return self.modelled + self.irrelevant + self.unknown + self.unread

    @property
    def percent(self) -> float:
        """Understood lines of all crypto-relevant ones, rounded down to 0.1, so that 100 means every one of them."""
        return 100.0 if not self.total else (self.modelled + self.irrelevant) * 1000 // self.total / 10


class FileCoverage(msgspec.Struct, frozen=True):
    """One configuration as far as it was understood; ``reason`` says why one was left out, or is a template.

    ``remarks`` are things about the file that an auditor should know (it has no ``end``, a key has trailing blanks).
    ``unread`` counts the crypto-relevant lines of a page of notes, which was not read as a configuration. ``collected`` is when
    a collected configuration was last known to be the router's (UTC), None for a file of the user's.
    """

    host: str
    file: str
    kind: FileKind = "ios"
    reason: str | None = None
    modelled: int = 0
    irrelevant: int = 0
    unknown: tuple[Line, ...] = ()
    remarks: tuple[Line, ...] = ()
    unread: int = 0
    collected: str | None = None

    @property
    def read(self) -> bool:
        """Whether there is a router in it: the template of a template engine has none."""
        return self.kind == "ios" or (self.kind == "template" and self.count.total > 0)

    @property
    def count(self) -> LineCount:
        """The file's lines as numbers."""
        return LineCount(self.modelled, self.irrelevant, len(self.unknown), self.unread)


class Problem(msgspec.Struct, frozen=True, gc=False):
    """Something of the snapshot that is missing or could not be used.

    ``kind`` ``host`` is a host without a configuration (it did not answer, its file is cut short or cannot be read), or with a
    stale one (it did not answer the last time): the snapshot is then incomplete. ``show`` is a show command, ``file`` a file's
    state. ``reason`` completes a sentence that begins with the host or file.
    """

    kind: Literal["host", "show", "file"]
    host: str
    file: str
    reason: str

    @property
    def subject(self) -> str:
        """What the problem is with: a collected host (its file lies in a folder), or a file."""
        return self.host if not self.file or (self.kind == "host" and "/" in self.file) else self.file


class Coverage(msgspec.Struct, frozen=True):
    """Every file of a snapshot, in the snapshot's order, and what is missing from it."""

    hosts: tuple[FileCoverage, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def ios(self) -> tuple[FileCoverage, ...]:
        """The files that were read as IOS configurations."""
        return tuple(f for f in self.hosts if f.read)

    @property
    def not_ios(self) -> tuple[FileCoverage, ...]:
        """The files that are something else, or that could not be read."""
        return tuple(f for f in self.hosts if not f.read)

    @property
    def other_systems(self) -> tuple[FileCoverage, ...]:
        """The files that were read and are something else."""
        unread = {problem.file for problem in self.unread}
        return tuple(f for f in self.not_ios if f.file not in unread)

    @property
    def unread(self) -> tuple[Problem, ...]:
        """The hosts without a configuration, and those whose configuration is stale."""
        return tuple(problem for problem in self.problems if problem.kind == "host")

    @property
    def collected(self) -> tuple[str, str] | None:
        """The ages of the oldest and the youngest configuration that was collected; None when none was."""
        times = [entry.collected for entry in self.hosts if entry.collected]
        return (min(times), max(times)) if times else None

    @property
    def total(self) -> LineCount:
        """The lines of all IOS files together, and the unread ones of pages of notes."""
        return add(f.count if f.read else LineCount(unread=f.unread) for f in self.hosts)


def add(counts: Iterable[LineCount]) -> LineCount:
    """The sum of ``counts``."""
    modelled = irrelevant = unknown = unread = 0
    for count in counts:
        modelled += count.modelled
        irrelevant += count.irrelevant
        unknown += count.unknown
        unread += count.unread
    return LineCount(modelled, irrelevant, unknown, unread)
