"""What a router's lines are cut into: stretches of sections, and what stands outside of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ikeaudit.parsing.kinds import Header, Kind
from ikeaudit.parsing.lines import Line


@dataclass
class Block:
    """One stretch of one section: what its header says, the header's line, then its commands."""

    opened: Header
    header: Line
    lines: list[Line] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """The kind of section."""
        return self.opened.kind

    @property
    def name(self) -> str:
        """The name of the object, as reports call it."""
        return self.opened.name


@dataclass
class Sliced:
    """A router cut up: blocks in order of appearance, global commands, lines that look as if they had lost their section,
    and remarks (line, text) on what was put where it belongs."""

    blocks: list[Block] = field(default_factory=list)
    globals: list[Line] = field(default_factory=list)
    strays: list[Line] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    ended: bool = False
