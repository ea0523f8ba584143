"""The slicer for a running-config just as IOS prints it: by indentation and exact words, at a fraction of the cost.

Whatever does not look printed (a header that no table knows, a command of a lost section, a ``no`` that takes back what
stands above it) makes it give up, and the general slicer (:mod:`ikeaudit.parsing.sections`) reads the text instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ikeaudit.ios.language import GLOBAL
from ikeaudit.parsing.kinds import header_found, is_cut
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess import is_stray
from ikeaudit.parsing.sections import LEAVES, Block, Sliced

_FREE = "description "
_DEPTH = 2
_LEAVING = ("crypto ", "interface ")
_SUSPECT = "cie"
_new = tuple.__new__
_stray = lru_cache(maxsize=1 << 12)(is_stray)


def slice_printed(text: str) -> Sliced | None:
    """The sections and global commands of ``text``; None when the general slicer has to look at it."""
    slicer = _Slicer()
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw:
            continue
        first = raw[0]
        if first == " ":
            line = raw.strip()
            if not line or line[0] == "!":
                continue
            if "  " in line and not line.startswith(_FREE):
                line = " ".join(line.split())
            lines = slicer.lines
            if line[0] in _SUSPECT and (line == "exit" or line.startswith(_LEAVING)) and not slicer.belongs(line):
                return None
            if lines is not None:
                lines.append(_new(Line, (number, 1, line, None, None, ())))
            elif not slicer.skipping or _stray(line):
                return None
        elif first != "!" and not slicer.take(number, " ".join(raw.split()) if "  " in raw else raw.rstrip()):
            return None
    return None if slicer.takes_back() else slicer.out


class _Slicer:
    """The section that is open: its ``lines`` are kept, looked at in vain (``skipping``), or not expected at all."""

    __slots__ = ("block", "lines", "out", "skipping")

    def __init__(self) -> None:
        self.out = Sliced(printed=True)
        self.block: Block | None = None
        self.lines: list[Line] | None = None
        self.skipping = False

    def belongs(self, text: str) -> bool:
        """Whether a line that may leave the section that is open is one of its commands."""
        return self.block is not None and text != "exit" and self.block.kind.language.match(text) is not None

    def take(self, number: int, text: str) -> bool:
        """Place a line without indentation; False when it does not look printed."""
        self.lines, self.skipping = None, False
        if text == "end":
            self.out.ended = True
            return True
        found = GLOBAL.remembered[text]
        if found is None or self.out.ended:
            return False
        row = found.row
        if row.section is not None and not found.negated:
            header = header_found(found, text)
            if header is None:
                return False
            self.block = Block(header, Line(number, 0, text))
            self.lines = self.block.lines
            self.out.blocks.append(self.block)
        elif row.bears != "other" or row.id in LEAVES:
            self.out.globals.append(Line(number, 0, text))
        elif row.plain and (is_cut(GLOBAL, text) or _stray(text)):
            return False
        else:
            self.skipping = True
        return True

    def takes_back(self) -> bool:
        """Whether a ``no`` line may take back one that stands elsewhere in the text."""
        if _undoes(line.text for line in self.out.globals):
            return True
        removed = [line.text for line in self.out.globals if line.text.startswith(("no ", "default "))]
        if removed and _undoes((*removed, *(block.header.text for block in self.out.blocks))):
            return True
        again = len({(block.kind.name, block.name) for block in self.out.blocks}) < len(self.out.blocks)
        if again:
            return any(_negations(block) for block in self.out.blocks)
        return any(_negations(block) and _undoes(line.text for line in block.lines) for block in self.out.blocks)


def _negations(block: Block) -> bool:
    return any(line.text.startswith(("no ", "default ")) for line in block.lines)


def _undoes(texts: Iterable[str]) -> bool:
    """Whether one of some lines says ``no`` to what another begins with."""
    starts: set[str] = set()
    taken: list[str] = []
    for text in texts:
        if text.startswith(("no ", "default ")):
            taken.append(text.partition(" ")[2])
        else:
            words = text.split(" ", _DEPTH)
            starts.update(" ".join(words[:size]) for size in range(1, _DEPTH + 1))
    return any(" ".join(command.split(" ", _DEPTH)[:_DEPTH]) in starts for command in taken)
