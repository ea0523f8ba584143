"""What of a router is looked up by others: which addresses it holds, and which it names anywhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from ipaddress import IPv4Address
from typing import TypeAlias

import msgspec

from ikeaudit.ios.quads import ipv4_number
from ikeaudit.model import IPAddress, Router, parse_address
from ikeaudit.selection import RouterRules

Spelt: TypeAlias = int | str
"""An address: IPv4 as its number, IPv6 as text."""


class Card(msgspec.Struct, frozen=True, array_like=True):
    """The addresses that a router ``holds``, and those that its configuration ``names``; ``state``: it tells of associations.

    Addresses in access lists do not count: nobody is called by them.
    """

    holds: tuple[Spelt, ...] = ()
    names: tuple[Spelt, ...] = ()
    state: bool = False


def card_of(router: Router) -> Card:
    """The card of one router."""
    holds = {_spelt(address) for address in RouterRules(router).addresses.all()}
    names: set[Spelt] = set()
    for line in router.lines:
        if " permit " in line or " deny " in line:
            continue
        names.update(n for found in _QUADS.findall(line) if (n := ipv4_number(found)) is not None)
        if ":" in line:
            for word in _COLONS.findall(line):
                address = parse_address(word.partition("/")[0])
                if address is not None:
                    names.add(_spelt(address))
    return Card(_ordered(holds), _ordered(names - holds), router.shows.has_state)


def _spelt(address: IPAddress) -> Spelt:
    return int(address) if isinstance(address, IPv4Address) else str(address)


def _ordered(addresses: Collection[Spelt]) -> tuple[Spelt, ...]:
    return tuple(sorted(addresses, key=lambda address: (isinstance(address, str), str(address))))


_QUADS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_COLONS = re.compile(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:/\d+)?")


def concerned(pair: Collection[str], cards: Mapping[str, Card]) -> set[str]:
    """The routers of which one of ``pair`` names an address, or that name one of theirs, or hold the same: with whom they may
    have to do, and a few more."""
    held = {address for name in pair for address in cards[name].holds}
    wanted = held.union(*(cards[name].names for name in pair))
    return {
        name
        for name, card in cards.items()
        if not wanted.isdisjoint(card.holds) or not held.isdisjoint(card.names) or name in pair
    }
