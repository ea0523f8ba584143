"""Making the card of a router: which addresses it holds, and which it names anywhere."""

from __future__ import annotations

import re
from collections.abc import Collection

from ikeaudit.fleet.dmvpn import next_hop_servers
from ikeaudit.hazards.facts.psk import psks
from ikeaudit.ios.quads import ipv4_number
from ikeaudit.model import Router, parse_address
from ikeaudit.model.remembered import Remembered
from ikeaudit.selection import RouterRules
from ikeaudit.snapshot.card import Card, Spelt, spelt
from ikeaudit.witness.nhrp import nhrp_peers
from ikeaudit.witness.observed import observed_sas


def card_of(router: Router) -> Card:
    """The card of one router, of which the lines that no rule looks at may be left out."""
    rules = RouterRules(router)
    ends = (*rules.endpoints, *rules.unapplied, *rules.clients, *rules.key_servers, *rules.unread_ends)
    named = {*_written(router), *(spelt(end.peer) for end in ends if end.peer is not None)}
    sas = {(spelt(sa.local), spelt(sa.remote)) for sa in observed_sas(rules)} if router.shows.has_state else set()
    named.update(spelt(peer.nbma) for peer in nhrp_peers(rules))
    shared = (own.address for interface in router.interfaces for own in interface.addresses if own.role == "fhrp")
    servers = (outer for interface in router.interfaces for _, outer in next_hop_servers(interface.tunnel))
    return Card(
        holds=_ordered({*map(spelt, rules.addresses.all())}),
        names=_ordered(named),
        state=router.shows.has_state,
        ends=_ordered({spelt(end.local.address) for end in ends if end.local.address is not None}),
        shared=_ordered({*map(spelt, shared)}),
        servers=_ordered({*map(spelt, servers)}),
        seeking=_ordered({spelt(e.peer) for e in ends if e.peer is not None and e.local.address is None}),
        waiting=_ordered({spelt(e.local.address) for e in ends if e.peer is None and e.local.address is not None}),
        sas=tuple(sorted(sas, key=str)),
        called=tuple(sorted({psk.target.removeprefix("host ").lower() for psk in psks(router) if not psk.prefixes})),
        fqdn=rules.fqdn.lower(),
    )


def _written(router: Router) -> set[Spelt]:
    """The addresses in lines that may be about others: no access lists, no own addresses."""
    lines = dict(enumerate(router.lines, router.first_line))
    for interface in router.interfaces:
        for held in interface.addresses:
            lines.pop(held.line, None)
    return set().union(*_IN_LINES.of({*lines.values()}))


def _named(line: str) -> tuple[Spelt, ...]:
    """The addresses that a line names which is no entry of an access list."""
    found: list[Spelt] = []
    if (line.count(".") > 2 or ":" in line) and " permit " not in line and " deny " not in line:
        found += (number for quad in _QUADS.findall(line) if (number := ipv4_number(quad)) is not None)
        words = (word for word in _COLONS.findall(line) if word.count(":") > 1) if ":" in line else ()
        found += (spelt(address) for word in words if (address := parse_address(word)) is not None)
    return tuple(found)


_IN_LINES = Remembered(_named)


def _ordered(addresses: Collection[Spelt]) -> tuple[Spelt, ...]:
    numbers = [address for address in addresses if isinstance(address, int)]
    texts = [address for address in addresses if isinstance(address, str)] if len(numbers) < len(addresses) else []
    return (*sorted(numbers), *sorted(texts))


_QUADS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_COLONS = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*")
