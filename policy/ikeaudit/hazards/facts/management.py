"""Where the people and programs that manage a router are, as far as its configuration says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import Interface, IPAddress, StaticRoute, parse_address


class Station(msgspec.Struct, frozen=True):
    """An address that manages the router, in the VRF it is reached through; ``what`` it is, from ``line``."""

    address: IPAddress
    vrf: str | None
    what: str
    line: int


class Way(msgspec.Struct, frozen=True):
    """A protected tunnel that packets leave by, and the line of the route (0 where the tunnel's own network is meant)."""

    interface: Interface
    line: int


_ADDRESS = r"(?P<address>[0-9a-fA-F:.]{3,45})"
_LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("syslog", re.compile(rf"logging (?:host )?(?:ipv6 )?{_ADDRESS}(?: .*?vrf (?P<vrf>\S+))?")),
    ("SNMP", re.compile(rf"snmp-server host {_ADDRESS}(?: vrf (?P<vrf>\S+))?")),
    ("TACACS+", re.compile(rf"tacacs-server host {_ADDRESS}")),
    ("RADIUS", re.compile(rf"radius-server host {_ADDRESS}")),
    ("AAA", re.compile(rf" +(?:address ipv[46]|server-private) {_ADDRESS}")),
)


_ANY = re.compile(
    r"logging |snmp-server host |tacacs-server |radius-server | +(?:address ipv|server-private |access-class )"
)
"""What every line of interest begins with, to pass over the others quickly."""


def stations(facts: RouterFacts) -> Iterator[Station]:
    """Hosts that get the router's logs and traps, its AAA servers, and the hosts and networks that its lines admit."""
    router = facts.router
    acls = {acl.name: acl for acl in router.acls}
    for number, text in enumerate(router.lines, router.first_line):
        if _ANY.match(text) is None:
            continue
        for what, pattern in _LINES:
            found = pattern.match(text)
            address = parse_address(found["address"]) if found is not None else None
            if found is not None and address is not None:
                yield Station(address, found.groupdict().get("vrf"), what, number)
        admitted = re.match(r" +access-class (\S+) in", text)
        acl = acls.get(admitted[1]) if admitted is not None else None
        for entry in acl.entries if acl is not None else ():
            if entry.action == "permit" and entry.source is not None and entry.source.length:
                yield Station(entry.source.network.address, None, "remote access", number)


def way_to(facts: RouterFacts, address: IPAddress, vrf: str | None) -> Way | None:
    """The protected tunnel that the longest static route or connected network leads through; None when it is none."""
    best: tuple[int, Way | None] | None = None
    for interface in facts.router.interfaces:
        for own in interface.addresses:
            if interface.vrf == vrf and own.prefix is not None and own.prefix.covers(address):
                best = _longer(best, own.prefix.length, Way(interface, 0) if _protected(interface) else None)
    for route in facts.router.static_routes:
        if route.vrf == vrf and route.prefix.length and route.prefix.covers(address):
            tunnel = leaving_by(facts, route)
            best = _longer(best, route.prefix.length, Way(tunnel, route.line) if tunnel is not None else None)
    return best[1] if best is not None else None


def leaving_by(facts: RouterFacts, route: StaticRoute) -> Interface | None:
    """The protected tunnel that a route leaves by; None when it leaves by something else."""
    for interface in facts.router.interfaces:
        if not _protected(interface) or interface.vrf != route.vrf:
            continue
        hop = route.next_hop
        if route.interface == interface.name:
            return interface
        if hop and any(own.prefix is not None and own.prefix.covers(hop) for own in interface.addresses):
            return interface
    return None


def _protected(interface: Interface) -> bool:
    return interface.tunnel is not None and interface.tunnel.protection is not None and not interface.shutdown


def _longer(best: tuple[int, Way | None] | None, length: int, way: Way | None) -> tuple[int, Way | None]:
    """The longer of two matches; of equal ones the way that is no tunnel."""
    if best is None or length > best[0] or (length == best[0] and way is None):
        return length, way
    return best
