"""What a fix is: lines for some routers that a generator thinks of, and what the replay then says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from ikeaudit.model import Router
from ikeaudit.remediation.plan import Direction

Block: TypeAlias = tuple[str, ...]
"""A line of global mode, or one that opens a section with the lines to type there."""


class Change(msgspec.Struct, frozen=True):
    """What might mend a cause: ``blocks`` by router, ``title`` in words, as an order to somebody.

    ``detour`` is above 0 for what would work without mending what is wrong; that comes last.
    """

    title: str
    blocks: Mapping[str, tuple[Block, ...]]
    detour: int = 0

    @property
    def size(self) -> tuple[int, int, int]:
        """How much it changes: what goes round the fault last, one router before two, few lines before many."""
        return self.detour, len(self.blocks), sum(len(block) for blocks in self.blocks.values() for block in blocks)

    def commands(self, host: str) -> tuple[str, ...]:
        """What is typed on ``host`` in global mode; sections are left with ``exit``."""
        return tuple(line for block in self.blocks[host] for line in (*block, *(("exit",) if len(block) > 1 else ())))


def change(title: str, *blocks: tuple[Router, Iterable[str]], detour: int = 0) -> Change:
    """A change of some routers, a block each."""
    found: dict[str, tuple[Block, ...]] = {}
    for router, lines in blocks:
        found[router.name] = (*found.get(router.name, ()), tuple(lines))
    return Change(title, found, detour)


def together(changes: Iterable[Change]) -> Change:
    """All of them as one, what they have in common once."""
    titles: dict[str, None] = {}
    found: dict[str, dict[Block, None]] = {}
    detour = 0
    for one in changes:
        detour = max(detour, one.detour)
        titles[one.title] = None
        for host, blocks in one.blocks.items():
            found.setdefault(host, {}).update(dict.fromkeys(blocks))
    return Change("; ".join(titles), {host: tuple(blocks) for host, blocks in found.items()}, detour)


class Left(msgspec.Struct, frozen=True):
    """A direction that a fix does not bring up, and why not."""

    direction: Direction
    why: str


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """What the replay says of mending one cause.

    ``proved``: ``commands``, by router, make the finding go away and nothing worse; ``rollback`` takes them back.
    ``brings_up`` are the directions that fail today and come up then, in every reading; ``leaves_down`` those of the cause
    that do not. Else ``reason`` says why there is no such change; ``tried`` tells that some was replayed.
    """

    proved: bool
    title: str = ""
    commands: Mapping[str, tuple[str, ...]] = {}
    rollback: Mapping[str, tuple[str, ...]] = {}
    brings_up: tuple[Direction, ...] = ()
    leaves_down: tuple[Left, ...] = ()
    reason: str = ""
    tried: bool = True

    def text(self, advice: str) -> str:
        """What to do, in a sentence; ``advice`` is the hazard's, which stands where nothing was found against it."""
        if self.proved:
            return f"{self.title}."
        return f"No single change mends this: {self.reason}." if self.tried else advice
