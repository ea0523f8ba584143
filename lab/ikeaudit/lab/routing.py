"""Where a packet of a lab router goes: which tunnel end takes it, or the plain network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ikeaudit.model import AclEntry, Interface, IPAddress, Prefix, Router, StaticRoute
from ikeaudit.selection import Endpoint, RouterRules

_NAME = re.compile(r"([A-Za-z-]+)\s*(\d.*)?")


@dataclass(frozen=True, slots=True)
class Path:
    """The way of a packet: over protected tunnel ends (tried in order), in the clear over ``interface``, or nowhere."""

    kind: Literal["protected", "clear", "none"]
    endpoints: tuple[Endpoint, ...] = ()
    interface: str | None = None


NOWHERE = Path("none")


def find_interface(router: Router, name: str) -> Interface | None:
    """The interface that ``name`` means; its letters may be cut short (``lo0``, ``gi0/1``)."""
    typed = _NAME.fullmatch(name)
    if typed is None:
        return None
    for interface in router.interfaces:
        own = _NAME.fullmatch(interface.name)
        if own and own[2] == typed[2] and own[1].lower().startswith(typed[1].lower()):
            return interface
    return None


def path(rules: RouterRules, source: IPAddress | None, destination: IPAddress, vrf: str | None = None) -> Path:
    """The way from ``source`` (None: the outgoing interface's own address) to ``destination`` in ``vrf``.

    Connected networks first, then static routes by longest prefix; what no route knows leaves in the clear, because a
    configuration does not say which routes are learnt (ROUTE-NULL0). A crypto map takes what its access list permits.
    """
    router = rules.router
    exit_name, hop = _exit(router, destination, vrf)
    if exit_name == "Null0":
        return NOWHERE
    interface = rules.addresses.interface(exit_name)
    if interface is not None and interface.tunnel is not None:
        return _over_tunnel(rules, interface, hop or destination)
    for endpoint in rules.endpoints:
        if endpoint.kind != "crypto-map" or not _permitted(router, endpoint, source, destination):
            continue
        if interface is None or interface.name == endpoint.interface.split()[0]:
            same = tuple(e for e in rules.endpoints if e.interface == endpoint.interface)
            return Path("protected", same)
    return Path("clear", interface=exit_name)


def _over_tunnel(rules: RouterRules, interface: Interface, hop: IPAddress) -> Path:
    if interface.shutdown:
        return NOWHERE
    ends = tuple(e for e in rules.endpoints if e.interface == interface.name)
    maps = interface.tunnel.nhrp_maps if interface.tunnel is not None else ()
    mapped = {mapping.nbma for mapping in maps if mapping.tunnel == hop and mapping.nbma is not None}
    ends = tuple(e for e in ends if e.peer in mapped) or ends  # of a cloud, the router that NHRP names
    if ends:
        return Path("protected", ends)
    return Path("clear", interface=interface.name)


def _exit(router: Router, destination: IPAddress, vrf: str | None) -> tuple[str | None, IPAddress | None]:
    """The outgoing interface, and the next hop when a route names one."""
    hop: IPAddress | None = None
    target = destination
    for _ in range(4):
        connected = _connected(router, target, vrf)
        if connected is not None:
            return connected, hop
        route = _best_route(router, target, vrf)
        if route is None:
            return None, hop
        if route.interface is not None:
            return route.interface, route.next_hop or hop
        if route.next_hop is None:
            return None, hop
        hop = target = route.next_hop
    return None, hop


def _connected(router: Router, address: IPAddress, vrf: str | None) -> str | None:
    best: tuple[int, str] | None = None
    for interface in router.interfaces:
        if interface.vrf != vrf or interface.shutdown:
            continue
        for own in interface.addresses:
            prefix = own.prefix
            if prefix is not None and prefix.contiguous and prefix.covers(address):
                best = max(best or (-1, ""), (prefix.length, interface.name))
    return best[1] if best else None


def _best_route(router: Router, address: IPAddress, vrf: str | None) -> StaticRoute | None:
    fitting = [route for route in router.static_routes if route.vrf == vrf and route.prefix.covers(address)]
    return max(fitting, key=lambda route: route.prefix.length, default=None)


def _permitted(router: Router, endpoint: Endpoint, source: IPAddress | None, destination: IPAddress) -> bool:
    acl = next((acl for acl in router.acls if acl.name == endpoint.acl), None)
    for entry in acl.entries if acl is not None else ():
        if _matches(entry, source, destination):
            return entry.action == "permit"
    return False


def _matches(entry: AclEntry, source: IPAddress | None, destination: IPAddress) -> bool:
    def inside(prefix: Prefix | None, address: IPAddress | None) -> bool:
        return prefix is not None and address is not None and prefix.covers(address)

    return (
        entry.protocol in ("ip", "icmp", "ipv6")
        and inside(entry.source, source)
        and inside(entry.destination, destination)
    )
