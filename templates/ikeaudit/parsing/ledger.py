"""The ledger: what became of each line that tunnels depend on.

The tables of IOS say of each command whether it is modelled or known not to matter; a builder may find that the operands of
a modelled one make no sense. What is left is unknown, and lowers the verdicts that depend on its object.
"""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.ios.command import ObjectKind
from ikeaudit.model import UnknownLine


class Ledger:
    """Accounts for the crypto-relevant lines of one router, by their numbers; each line is told once.

    ``also`` are the numbers of what was wrapped, by that of the line which it was appended to.
    """

    __slots__ = ("_unknown", "also", "doubted", "irrelevant", "modelled", "remarks")

    def __init__(self, also: Mapping[int, tuple[int, ...]] | None = None) -> None:
        self.also = also or {}
        self.modelled = 0
        """How many lines of the file the model holds, or is known to hold nothing of."""
        self.irrelevant = 0
        """How many are known not to matter."""
        self.remarks: dict[int, str] = {}
        self._unknown: dict[int, UnknownLine] = {}
        self.doubted: set[int] = set()
        """The headers of which a builder took what it could, because they are cut short."""

    def use(self, line: int) -> None:
        """The line became part of the model, or is known to change nothing there."""
        self.modelled += 1 + len(self.also.get(line, ()))

    def harmless(self, line: int) -> None:
        """The line is known not to matter."""
        self.irrelevant += 1 + len(self.also.get(line, ()))

    def miss(self, line: int, kind: ObjectKind, name: str = "") -> None:
        """The line is not understood; ``kind`` and ``name`` are the object that it stands in."""
        for number in (line, *self.also.get(line, ())):
            self._unknown[number] = UnknownLine(number, kind, name)

    def remark(self, line: int, text: str) -> None:
        """Something about a line that the user should know, though it was read."""
        self.remarks[line] = text

    def unknown(self) -> tuple[UnknownLine, ...]:
        """What is not understood, in the order of the file."""
        return tuple(self._unknown[number] for number in sorted(self._unknown))
