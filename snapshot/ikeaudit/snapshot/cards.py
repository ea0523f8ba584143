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
    lines = [line for line in router.lines if " permit " not in line and " deny " not in line]
    quads = {*_QUADS.findall("\n".join(line for line in lines if line.count(".") > 2))}
    words = {*_COLONS.findall("\n".join(line for line in lines if line.count(":") > 1))}
    names: set[Spelt] = {number for quad in quads if (number := ipv4_number(quad)) is not None}
    names.update(_spelt(address) for word in words if (address := parse_address(word)) is not None)
    return Card(_ordered(holds), _ordered(names - holds), router.shows.has_state)


def _spelt(address: IPAddress) -> Spelt:
    return int(address) if isinstance(address, IPv4Address) else str(address)


def _ordered(addresses: Collection[Spelt]) -> tuple[Spelt, ...]:
    return tuple(sorted(addresses, key=lambda address: (isinstance(address, str), str(address))))


_QUADS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_COLONS = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*")


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
