"""Access lists on interfaces, as far as they drop what IKE and IPsec send (FILTER-IN).

Only lists for what comes in count: what a router sends itself passes those for what goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from ikeaudit.model import AclEntry, IPAddress, Prefix, Router
from ikeaudit.selection.local import LocalEnd
from ikeaudit.selection.routing import Routing

Packet = Literal["udp 500", "udp 4500", "esp", "ahp"]

_PROTOCOLS = {"udp": ("udp", "17"), "esp": ("esp", "50"), "ahp": ("ahp", "51")}
_EVERY = ("ip", "ipv6")
_PORTS = {"isakmp": 500, "non500-isakmp": 4500}


class Filter(msgspec.Struct, frozen=True):
    """An access list that drops a packet: the interface, the list, the line that binds it and the one that decides.

    ``line`` is 0 where nothing fits and the end of the list drops it.
    """

    interface: str
    acl: str
    binding: int
    line: int


def dropping(router: Router, routing: Routing, end: LocalEnd, far: IPAddress | None, packet: Packet) -> Filter | None:
    """The list that surely drops ``packet`` from ``far`` to ``end``; None where none does, or nobody can tell."""
    if far is None or end.address is None:
        return None
    name = _arrival(router, routing, end, far)
    interface = routing.interface(name)
    bound = (interface.traffic_filter6 if far.version == 6 else interface.traffic_filter) if interface else None
    acl = routing.acl(bound.name) if bound is not None else None
    if interface is None or bound is None or acl is None or not acl.entries or interface.inspected:
        return None
    line = _dropped_by(routing.entries_for(acl, far), packet, far, end.address)
    return Filter(interface.name, acl.name, bound.line, line) if line is not None else None


def _arrival(router: Router, routing: Routing, end: LocalEnd, far: IPAddress) -> str | None:
    """The interface that packets of ``far`` come in by: the one called, or the one on the way to it for a loopback."""
    if end.interface is not None and not end.interface.startswith(("Loopback", "Tunnel")):
        return end.interface
    return routing.way_out(end.fvrf, far) if not routing.learns else None


def _dropped_by(entries: Iterable[AclEntry], packet: Packet, source: IPAddress, destination: IPAddress) -> int | None:
    """The line that drops a packet, 0 for the end of the list; None where it passes, or may pass."""
    for entry in entries:
        fits = _fits(entry, packet, source, destination)
        if entry.action == "permit" and fits is not False:
            return None
        if fits:
            return entry.line
    return 0


def _fits(entry: AclEntry, packet: Packet, source: IPAddress, destination: IPAddress) -> bool | None:
    """Whether an entry fits a packet; None where the configuration does not tell."""
    protocol, _, port = packet.partition(" ")
    if entry.protocol.startswith("object"):
        return None
    if entry.protocol not in (*_EVERY, *_PROTOCOLS[protocol]):
        return False
    ends = (_covers(entry.source, source), _covers(entry.destination, destination))
    ports = (
        [_port_fits(said, int(port)) for said in (entry.source_ports, entry.destination_ports) if said] if port else []
    )
    if False in ends or False in ports:
        return False
    return None if entry.narrowed or None in ends or None in ports else True


def _covers(prefix: Prefix | None, address: IPAddress) -> bool | None:
    return None if prefix is None else prefix.covers(address)


def _port_fits(said: str, port: int) -> bool | None:
    """Whether ``eq isakmp``, ``range 500 4500`` and the like hold ``port``; names of other services do not."""
    operator, *words = said.split()
    numbers = [int(word) if word.isdigit() else _PORTS.get(word, -1) for word in words]
    if operator in ("eq", "neq"):
        return (port in numbers) == (operator == "eq")
    if -1 in numbers:
        return None
    if operator == "range":
        return numbers[0] <= port <= numbers[1]
    return port > numbers[0] if operator == "gt" else port < numbers[0]
