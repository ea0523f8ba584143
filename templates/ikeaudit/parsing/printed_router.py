"""The reader for a running-config just as IOS prints it: by indentation and exact words, in one pass over its lines.

Whatever does not look printed (a header that no table knows, a command of a lost section, a ``no`` that takes back what
stands above it) makes it give up; the general slicer (:mod:`ikeaudit.parsing.sections`) then cuts the text up first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ikeaudit.model import Router
from ikeaudit.parsing.bound import MARGINS, TAKING, bare, leaves, passed
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import Context
from ikeaudit.parsing.kinds import LOOSE, Header
from ikeaudit.parsing.reader import finished, read_leaf
from ikeaudit.parsing.redact.headers import misspelt
from ikeaudit.parsing.section import NotPrintedError, SectionReader

_INSIDE = " !"
_DEPTH = 2
_END = "end"


def read_printed(lines: Sequence[str], empty: Router, context: Context) -> Router | None:
    """``empty`` with all that ``lines``, from the first of a file on, say; None when they were not just printed so.

    The ledger of ``context`` is of no use, then.
    """
    reader = _Reader(lines, context)
    try:
        printed = reader.read()
    except NotPrintedError:
        return None
    return finished(reader.drafts, empty, context, reader.admitting) if printed else None


class _Reader:
    """What was met so far: ``headers`` of sections, ``leaves`` without one, and in ``denying`` where the lines of sections
    with a ``no`` begin and end, with what they may take back."""

    __slots__ = ("admitting", "context", "denying", "drafts", "headers", "leaves", "lines")

    def __init__(self, lines: Sequence[str], context: Context) -> None:
        self.lines = lines
        self.context = context
        self.drafts = Drafts()
        self.headers: list[Header] = []
        self.leaves: list[str] = []
        self.denying: list[tuple[int, int, list[str]]] = []
        self.admitting: set[str] = set()

    def read(self) -> bool:
        """Everything, section by section; False when the text does not look printed."""
        lines, drafts, context = self.lines, self.drafts, self.context
        sections = SectionReader(drafts, context, printed=True)
        starts = [at for at, raw in enumerate(lines) if raw and raw[0] not in _INSIDE]
        ends = [*starts[1:], len(lines)]
        if any(map(bare, lines[: starts[0]])):
            return False
        for at, end in zip(starts, ends, strict=True):
            text, header, begin, leaf, odd = MARGINS[lines[at]]
            if header is not None:
                self.headers.append(header)
                if header.kind.name == "acl":
                    if not self._take_list(header, at, end):
                        return False
                elif denied := sections.read(header, at + 1, begin, enumerate(lines[at + 1 : end], at + 2)):
                    self.denying.append((at + 1, end, denied))
            elif text == _END:
                if end < len(lines) or any(map(bare, lines[at + 1 :])):
                    return False
            elif odd:
                return False
            elif leaf is None:
                if not self._pass(at + 1, end):
                    return False
            elif end > at + 1 and any(map(bare, lines[at + 1 : end])):
                return False
            else:
                self.leaves.append(text)
                read_leaf(leaf, text, at + 1, drafts, context)
        return not self._takes_back()

    def _take_list(self, header: Header, at: int, end: int) -> bool:
        """An access list, which is read when something refers to it; False when another section's line is in it."""
        lines = [(number, text) for number, raw in enumerate(self.lines[at + 1 : end], at + 2) if (text := bare(raw))]
        self.drafts.lists.take(header, at + 1, lines)
        if header.row.opens not in LOOSE:
            return not any(leaves(text) for _, text in lines)
        mode = header.kind.language.mode.name
        return not any(leaves(text) or passed(text) is None or misspelt(text, mode) is not None for _, text in lines)

    def _pass(self, start: int, end: int) -> bool:
        """A section that tunnels do not depend on; False when it holds what looks like a line of another."""
        for found in map(passed, self.lines[start:end]):
            if found is None:
                return False
            if found:
                self.admitting.add(found)
        return True

    def _takes_back(self) -> bool:
        """Whether a ``no`` line may take back one that stands elsewhere in the text."""
        removed = [text for text in self.leaves if text.startswith(TAKING)]
        if removed and (_undoes(self.leaves) or _undoes((*removed, *(header.text for header in self.headers)))):
            return True
        if not self.denying:
            return False
        names = {(header.kind.name, header.name) for header in self.headers}
        return len(names) < len(self.headers) or any(
            _may_undo(self.lines[start:end], denied) and _undoes(filter(None, map(bare, self.lines[start:end])))
            for start, end, denied in self.denying
        )


def _may_undo(lines: Sequence[str], denied: Iterable[str]) -> bool:
    """Whether what is ``denied`` stands in a section's lines without ``no``, too; told with little effort and false alarms."""
    text = "\n".join(lines)
    return any(text.count(f" {words}") > text.count(f"no {words}") for words in denied)


def _undoes(texts: Iterable[str]) -> bool:
    """Whether one of some lines says ``no`` to what another begins with."""
    starts: set[str] = set()
    taken: list[str] = []
    for text in texts:
        if text.startswith(TAKING):
            taken.append(text.partition(" ")[2])
        else:
            words = text.split(" ", _DEPTH)
            starts.update(" ".join(words[:size]) for size in range(1, _DEPTH + 1))
    return any(" ".join(command.split(" ", _DEPTH)[:_DEPTH]) in starts for command in taken)
