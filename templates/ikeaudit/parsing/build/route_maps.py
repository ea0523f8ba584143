"""Route-maps, as far as address translation refers to them (NAT-BEFORE-MAP)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter
from typing import TypeAlias

from ikeaudit.model import RouteMap, RouteMapEntry
from ikeaudit.parsing.operands import interface_name

Lines: TypeAlias = Iterable[tuple[int, str]]
Sequence: TypeAlias = tuple[int, str, Lines]
"""The line of a header, the words behind the name, and the lines below."""


def route_maps(written: Mapping[str, Iterable[Sequence]], names: Collection[str]) -> tuple[RouteMap, ...]:
    """The route-maps of these ``names``; ``written`` holds of each its headers, a line and words, with their lines."""
    found = []
    for name, sections in written.items():
        if name in names:
            entries = [entry for line, words, lines in sections if (entry := _entry(line, words.split(), lines))]
            found.append(RouteMap(name, tuple(sorted(entries, key=attrgetter("sequence")))))
    return tuple(found)


def _entry(line: int, words: list[str], lines: Lines) -> RouteMapEntry:
    """``[permit|deny] [SEQUENCE]`` behind the name, and its conditions."""
    acls: list[str] = []
    interfaces: list[str] = []
    others: list[int] = []
    for number, text in lines:
        match text.split():
            case ["match", "ip", "address", first, *more] if first != "prefix-list":
                acls += [first, *more]
            case ["match", "interface", *named]:
                interfaces += [interface_name(name) for name in named]
            case ["match", *_] | ["continue", *_]:
                others.append(number)
    sequence = next((int(word) for word in words if word.isdigit()), 10)
    return RouteMapEntry(
        line, sequence, "deny" if "deny" in words else "permit", tuple(acls), tuple(interfaces), tuple(others)
    )
