"""The ledger: what became of each line that tunnels depend on.

A line enters once, when it is sliced. A builder that used it says so; what no builder used is looked up in the table of
known and harmless commands; what is left is unknown and lowers the verdicts that depend on its object.
"""

from __future__ import annotations

from collections.abc import Iterable

from ikeaudit.model import UnknownKind, UnknownLine
from ikeaudit.parsing.lines import Line


class Ledger:
    """Accounts for the crypto-relevant lines of one router."""

    def __init__(self) -> None:
        self._entered: dict[int, tuple[Line, UnknownKind, str]] = {}
        self._used: set[int] = set()
        self._harmless: set[int] = set()
        self.remarks: dict[int, str] = {}

    def enter(self, line: Line, kind: UnknownKind, name: str = "") -> None:
        """A relevant line, and the object it stands in."""
        self._entered[line.number] = (line, kind, name)

    def use(self, line: int) -> None:
        """A builder turned the line into the model, or understood that it changes nothing there."""
        self._used.add(line)

    def doubt(self, line: int) -> None:
        """A builder could not make sense of the line after all."""
        self._used.discard(line)

    def harmless(self, line: int) -> None:
        """The line is known not to matter."""
        self._harmless.add(line)

    def remark(self, line: int, text: str) -> None:
        """Something about a line that the user should know, though it was read."""
        self.remarks[line] = text

    def pending(self) -> Iterable[tuple[Line, UnknownKind, str]]:
        """Lines that no builder used."""
        return [
            entry
            for number, entry in self._entered.items()
            if number not in self._used and number not in self._harmless
        ]

    def unknown(self) -> tuple[UnknownLine, ...]:
        """What is not understood, in the order of the file."""
        found = {
            number: UnknownLine(number, kind, name)
            for line, kind, name in self.pending()
            for number in (line.number, *line.also)
        }
        return tuple(found[number] for number in sorted(found))

    def counts(self) -> tuple[int, int]:
        """How many lines of the file were modelled, and how many are known and irrelevant."""
        used = harmless = 0
        for number, (line, _, _) in self._entered.items():
            size = 1 + len(line.also)
            if number in self._used:
                used += size
            elif number in self._harmless:
                harmless += size
        return used, harmless
