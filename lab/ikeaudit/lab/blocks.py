"""Blocks of a running configuration: a top-level line with what is indented below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Block:
    """``header`` as printed; ``children`` without their indent."""

    header: str
    children: tuple[str, ...]

    def first(self, pattern: str) -> re.Match[str] | None:
        """The first child that ``pattern`` matches from its start."""
        return next((m for m in (re.match(pattern, child) for child in self.children) if m), None)


def blocks(text: str, prefix: str) -> Iterator[Block]:
    """The blocks of ``text`` whose header starts with ``prefix``, in order."""
    header: str | None = None
    children: list[str] = []
    for line in text.splitlines():
        if line[:1] == " ":
            if header is not None:
                children.append(line.strip(" "))
            continue
        if header is not None:
            yield Block(header, tuple(children))
        header, children = (line if line.startswith(prefix) else None), []
    if header is not None:
        yield Block(header, tuple(children))


def binding(text: str, label: str, local_interface: str | None) -> tuple[str, ...]:
    """The lines whose change tears the SAs of the tunnel end ``label`` down at once (CHANGE-TEARDOWN).

    ``label`` is ``Tunnel1`` or ``GigabitEthernet0/0 CM 10``. Empty when the interface or the map entry does not exist.
    """
    name, *entry = label.split()
    found: list[str] = []
    for block in blocks(text, "interface "):
        interface = block.header.split(maxsplit=1)[1].split()[0]
        if interface == name:
            found += [c for c in block.children if c.startswith(("tunnel ", "crypto map ", "shutdown"))]
            if entry and f"crypto map {entry[0]}" not in block.children:
                return ()
            if not entry and not any(c.startswith("tunnel protection ") for c in block.children):
                return ()
        elif interface == local_interface:
            found += [c for c in block.children if c.startswith(("ip address ", "ipv6 address ", "shutdown"))]
    if entry:
        headers = [b.header for b in blocks(text, f"crypto map {entry[0]} {entry[1]} ")]
        if not headers:
            return ()
        found += headers
    return tuple(found)
