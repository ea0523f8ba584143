"""What a router printed, from readings that its own broadcasts broke into.

A message that comes in the middle of a line leaves two halves, one that comes between two lines leaves two lines, and they
look the same. ``CUT`` at the beginning of a line says that the line may belong to the one before it. It is settled by a second
reading that was broken elsewhere, or by somebody who knows what the lines mean; otherwise the reading is worth nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ikeaudit.parsing.volatile import stable_lines
from ikeaudit.session.noise import CUT

Apart: TypeAlias = Callable[[Sequence[str], str], bool]
"""Whether a line is certainly one of its own, given the lines above it."""


def never(above: Sequence[str], line: str) -> bool:
    """Nothing is known of the lines."""
    return False


def settle(replies: Sequence[str], apart: Apart = never) -> str | None:
    """The text that the last of ``replies`` certainly shows, alone or with one before it; None when none is certain."""
    last = replies[-1]
    if CUT not in last:
        return last
    return next(
        (text for text in (_agreed(last, other, apart) for other in (last, *replies[:-1])) if text is not None), None
    )


def _agreed(one: str, other: str, apart: Apart) -> str | None:
    """What both show: where one was broken the other was not, or ``apart`` knows; lines that vary are those of ``one``."""
    first, second = one.split("\n"), other.split("\n")
    out: list[str] = []
    i = j = 0
    while i < len(first) and j < len(second):
        line, twin = first[i].lstrip(CUT), second[j].lstrip(CUT)
        if first[i] != line and second[j] != twin and not _certain(out, line, apart):
            return None
        i, j = i + 1, j + 1
        while len(line) < len(twin) and i < len(first) and first[i].startswith(CUT) and twin.startswith(line):
            line, i = line + first[i].lstrip(CUT), i + 1
        while len(twin) < len(line) and j < len(second) and second[j].startswith(CUT) and line.startswith(twin):
            twin, j = twin + second[j].lstrip(CUT), j + 1
        if line != twin and stable_lines(f"{line}\n{twin}"):
            return None
        out.append(line)
    return "\n".join(out) if i == len(first) and j == len(second) else None


def _certain(above: Sequence[str], line: str, apart: Apart) -> bool:
    before = next((text for text in reversed(above) if text.strip()), "")
    return not before or not line.strip() or apart(above, line)
