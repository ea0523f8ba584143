"""What a fix is: lines for some routers that a generator thinks of, and what the replay then says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from ikeaudit.ios.language import GLOBAL
from ikeaudit.model import Router
from ikeaudit.remediation.plan import Direction

Block: TypeAlias = tuple[str, ...]
"""A line of global mode, or one that opens a section with the lines to type there."""
LEAVING = "exit"
"""What is typed to leave a section."""


class Change(msgspec.Struct, frozen=True):
    """What might mend a cause: ``blocks`` by router, ``title`` in words, as an order to somebody.

    ``detour`` is below 0 for what puts right the very slip that is wrong, and above 0 for what would work without mending
    what is wrong, or takes away what others may want; that comes last. ``around`` says what then stays as it is.
    """

    title: str
    blocks: Mapping[str, tuple[Block, ...]]
    detour: int = 0
    around: str = ""

    def size(self, healthy: Mapping[str, int]) -> tuple[int, int, int, int]:
        """How much it changes: a slip put right first, what goes round the fault last; one router before two, the odd one out
        before one whose other tunnels come up (``healthy``, by router), few lines before many."""
        lines = sum(len(block) for blocks in self.blocks.values() for block in blocks)
        return self.detour, len(self.blocks), sum(healthy.get(host, 0) for host in self.blocks), lines

    def commands(self, host: str) -> tuple[str, ...]:
        """What is typed on ``host`` in global mode; sections are left with ``exit``."""
        return tuple(
            line
            for block in self.blocks[host]
            for line in (*block, *((LEAVING,) if len(block) > 1 and opens(block[0]) else ()))
        )


def opens(line: str) -> bool:
    """Whether a line of global mode opens a section."""
    found = GLOBAL.match(line)
    return found is not None and not found.negated and found.row.opens is not None


def change(title: str, *blocks: tuple[Router, Iterable[str]], detour: int = 0, around: str = "") -> Change:
    """A change of some routers, a block each."""
    found: dict[str, tuple[Block, ...]] = {}
    for router, lines in blocks:
        found[router.name] = (*found.get(router.name, ()), tuple(lines))
    return Change(title, found, detour, around)


def together(changes: Iterable[Change]) -> Change:
    """All of them as one, what they have in common once."""
    titles: dict[str, None] = {}
    found: dict[str, dict[Block, None]] = {}
    some = tuple(changes)
    for one in some:
        titles[one.title] = None
        for host, blocks in one.blocks.items():
            found.setdefault(host, {}).update(dict.fromkeys(blocks))
    around = "; ".join(dict.fromkeys(one.around for one in some if one.around))
    every = {host: tuple(blocks) for host, blocks in found.items()}
    detours = [one.detour for one in some] or [0]
    return Change("; ".join(titles), every, max(detours) if max(detours) > 0 else min(detours), around)


class Left(msgspec.Struct, frozen=True):
    """A direction that a fix does not bring up, and why not."""

    direction: Direction
    why: str


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """What the replay says of mending one cause.

    ``proved``: ``commands``, by router, make the finding go away and nothing worse; ``rollback`` takes them back.
    ``brings_up`` are the directions that fail today and come up then, in every reading; ``leaves_down`` those of the cause
    that do not; ``around`` says what is wrong and stays so, where the change only goes round it. Else ``reason`` says why
    there is no such change; ``tried`` tells that some was replayed.
    """

    proved: bool
    title: str = ""
    commands: Mapping[str, tuple[str, ...]] = {}
    rollback: Mapping[str, tuple[str, ...]] = {}
    brings_up: tuple[Direction, ...] = ()
    leaves_down: tuple[Left, ...] = ()
    around: str = ""
    reason: str = ""
    tried: bool = True

    def text(self, advice: str) -> str:
        """What to do, in a sentence; ``advice`` is the hazard's, which stands where nothing was found against it."""
        if self.proved:
            return f"{self.title}." + (f" That goes round the fault: {self.around}." if self.around else "")
        return f"No single change mends this: {self.reason}." if self.tried else advice
