"""Route-maps, as far as address translation refers to them (NAT-BEFORE-MAP)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter
from typing import TypeAlias

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.words import slot
from ikeaudit.model import RouteMap, RouteMapEntry
from ikeaudit.parsing.operands import interface_name

Lines: TypeAlias = Iterable[tuple[int, str]]
Sequence: TypeAlias = tuple[int, str, Lines]
"""The line of a header, the words behind the name, and the lines below."""

_LANGUAGE = LANGUAGES["route-map"]
_ADDRESS, _INTERFACE = "route-map/match-ip-address", "route-map/match-interface"
_CONDITIONS = {slot(_ADDRESS).split()[0], slot("route-map/continue")}
"""First words of all that decides which packets an entry is for."""


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
        text = " ".join(text.split())
        found = _LANGUAGE.known(text)
        kind, named = ("", []) if found is None or found.negated else (found.row.id, found.args.get("rest", "").split())
        if kind == _INTERFACE:
            interfaces += [interface_name(name) for name in named]
        elif kind == _ADDRESS and named and named[0] != "prefix-list":
            acls += named
        elif text.partition(" ")[0] in _CONDITIONS:
            others.append(number)
    sequence = next((int(word) for word in words if word.isdigit()), 10)
    return RouteMapEntry(
        line, sequence, "deny" if "deny" in words else "permit", tuple(acls), tuple(interfaces), tuple(others)
    )
