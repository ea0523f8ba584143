"""What of a router is looked up by others: which addresses it holds, and which it names anywhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from ipaddress import IPv4Address
from typing import TypeAlias

import msgspec

from ikeaudit.model import IPAddress

Spelt: TypeAlias = int | str
"""An address: IPv4 as its number, IPv6 as text."""


class Card(msgspec.Struct, frozen=True, array_like=True):
    """The addresses that a router ``holds``, and those that its configuration, or its state, ``names`` elsewhere.

    Addresses in access lists do not count: nobody is called by them. ``state``: it tells of associations. ``ends`` are the own
    addresses of its tunnel ends, ``shared`` those that it has by HSRP, VRRP or GLBP, ``servers`` the outer ones of its next-hop
    servers. ``seeking`` are the peers of ends whose own address is not known, ``waiting`` the own addresses of ends that know
    no peer's. ``sas`` are the associations in its state, by both ends. ``called`` are the names by which it has keys for
    others, ``fqdn`` is its own, in small letters.
    """

    holds: tuple[Spelt, ...] = ()
    names: tuple[Spelt, ...] = ()
    state: bool = False
    ends: tuple[Spelt, ...] = ()
    shared: tuple[Spelt, ...] = ()
    servers: tuple[Spelt, ...] = ()
    seeking: tuple[Spelt, ...] = ()
    waiting: tuple[Spelt, ...] = ()
    sas: tuple[tuple[Spelt, Spelt], ...] = ()
    called: tuple[str, ...] = ()
    fqdn: str = ""


def spelt(address: IPAddress) -> Spelt:
    """An address as a card has it."""
    return int(address) if isinstance(address, IPv4Address) else str(address)


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
