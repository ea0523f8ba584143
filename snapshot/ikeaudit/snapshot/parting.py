"""Which routers have nothing to do with each other, so that each part of a fleet can be audited without the others.

Two routers are in one part where an audit might look from one at the other: one of them names an address that the other holds;
both negotiate from one address, or have it as a virtual one; they have a next-hop server or an association in common; one
knows the other by name, may have mistyped its address, or translations lead from one to the other. In doubt they are together.
It is found by their cards alone; what routers have in common without that (keys, names of objects) hazards compare that look at
all (:mod:`ikeaudit.hazards.by_parts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address
from typing import Generic, TypeVar
from zlib import crc32

from ikeaudit.fleet import Translation
from ikeaudit.hazards.facts.one_slip import near
from ikeaudit.snapshot.card import Card, Spelt, spelt

Thing = TypeVar("Thing")

TOGETHER = 100
"""Routers up to which parts are put together: each has a cost of its own."""


def parts_of(cards: Mapping[str, Card], nat: Iterable[Translation] = ()) -> list[tuple[str, ...]]:
    """The names of routers, ``cards`` by name, that have to be audited together, part by part, each in alphabetical order."""
    translations = tuple(nat)
    hidden = {spelt(one.outside) for one in translations if one.kind == "pat"}
    if any(not hidden.isdisjoint(card.servers) for card in cards.values()):
        return [tuple(sorted(cards))]  # a server behind PAT may be any whose address is not known
    joined = _Joined(cards)
    same = _Joined(spelt(address) for one in translations for address in (one.inside, one.outside))
    for one in translations:
        same.join(spelt(one.inside), spelt(one.outside))
    _by_address(cards, same, joined)
    _by_what_is_common(cards, joined)
    _by_name(cards, joined)
    _by_slips(cards, joined)
    return sorted(tuple(sorted(names)) for names in joined.groups())


def together(*several: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Parts of ``several`` snapshots, those that have a router in common put together, each in alphabetical order."""
    parts = [part for some in several for part in some]
    joined = _Joined(name for part in parts for name in part)
    for part in parts:
        joined.join_all(part[0], [*part])
    return sorted(tuple(sorted(names)) for names in joined.groups())


def batches(parts: Sequence[Sequence[str]], together: int = TOGETHER) -> list[tuple[str, ...]]:
    """``parts`` of more than ``together`` routers, and smaller ones put together to about so many.

    Where a batch ends is told by the names at its end, so that a router more or less changes that one, and at most the next.
    """
    found: list[tuple[str, ...]] = []
    batch: list[str] = []
    for part in parts:
        if len(part) > together:
            found.append(tuple(part))
            continue
        batch += part
        if len(batch) >= together or (
            len(batch) * 2 >= together and crc32(part[0].encode("utf-8", "replace")) % 8 == 0
        ):
            found.append(tuple(sorted(batch)))
            batch = []
    return [*found, tuple(sorted(batch))] if batch else found


def _by_address(cards: Mapping[str, Card], same: _Joined[Spelt], joined: _Joined[str]) -> None:
    """Who names an address, with all who hold it, or negotiate from it."""
    at: dict[Spelt, list[str]] = {}
    for name, card in cards.items():
        for address in dict.fromkeys((*card.holds, *card.ends)):
            at.setdefault(same.first(address), []).append(name)
    for name, card in cards.items():
        for address in card.names:
            joined.join_all(name, at.get(same.first(address), []))


def _by_what_is_common(cards: Mapping[str, Card], joined: _Joined[str]) -> None:
    """Who has an address of a tunnel's end in common, be it as a virtual one, a next-hop server, or an association's ends."""
    negotiating = {address for card in cards.values() for address in card.ends}
    first: dict[object, str] = {}
    for name, card in cards.items():
        things: list[object] = [("end", address) for address in {*card.ends, *negotiating.intersection(card.shared)}]
        things += [("server", address) for address in card.servers]
        things += [frozenset(sa) for sa in card.sas]
        for thing in things:
            joined.join(name, first.setdefault(thing, name))


def _by_name(cards: Mapping[str, Card], joined: _Joined[str]) -> None:
    """Who has a key for a router by its name."""
    called: dict[str, list[str]] = {}
    for name, card in cards.items():
        for own in {name.lower(), card.fqdn}:
            called.setdefault(own, []).append(name)
    for name, card in cards.items():
        for word in card.called:
            joined.join_all(name, called.get(word, []))


def _by_slips(cards: Mapping[str, Card], joined: _Joined[str]) -> None:
    """Who calls, from an address that is not known, one that is one slip apart from that of an end that takes anybody."""
    waiting: dict[Spelt, list[str]] = {}
    seeking: dict[Spelt, list[str]] = {}
    for name, card in cards.items():
        for address in card.waiting:
            waiting.setdefault(address, []).append(name)
        for address in card.seeking:
            seeking.setdefault(address, []).append(name)
    nearly: dict[str, list[Spelt]] = {}
    for address in waiting:
        for word in _shortened(_words(address)):
            nearly.setdefault(word, []).append(address)
    for called, callers in seeking.items():
        text = _words(called)
        for address in {found for word in _shortened(text) for found in nearly.get(word, ())}:
            if near(text, _words(address)):
                for name in (*callers, *waiting[address]):
                    joined.join(callers[0], name)


def _shortened(word: str) -> Iterator[str]:
    """A word, and all that it is with one letter less: two that are one slip apart have one of these in common."""
    yield word
    yield from {word[:at] + word[at + 1 :] for at in range(len(word))}


def _words(address: Spelt) -> str:
    return str(IPv4Address(address)) if isinstance(address, int) else address


class _Joined(Generic[Thing]):
    """Things that were joined, each known by the one that stands for its group."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._above = {thing: thing for thing in things}

    def first(self, thing: Thing) -> Thing:
        """The one that stands for the group of ``thing``; itself where it is unknown."""
        above = self._above
        if thing not in above:
            return thing
        while (higher := above[thing]) != thing:
            above[thing] = thing = above[higher]
        return thing

    def join(self, one: Thing, other: Thing) -> None:
        """Make one group of those of two things."""
        self._above[self.first(one)] = self.first(other)

    def join_all(self, one: Thing, others: list[Thing]) -> None:
        """Make one group of those of all; ``others`` keeps the one that stands for them, so that nothing is done twice."""
        while len(others) > 1:
            self.join(others[0], others.pop())
        if others:
            self.join(one, others[0])

    def groups(self) -> Iterable[list[Thing]]:
        """All groups."""
        found: dict[Thing, list[Thing]] = {}
        for thing in self._above:
            found.setdefault(self.first(thing), []).append(thing)
        return found.values()
