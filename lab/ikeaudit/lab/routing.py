"""Where a packet of a lab router goes (which tunnel end takes it, or the plain network), and its routing neighbours.

The lab learns no routes; neighbours are here because a change must not lose any. They come and go with the tunnel's SA. Both
ends speak the protocol on a tunnel that carries traffic.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from ikeaudit.ios.words import slot, starts
from ikeaudit.lab.blocks import Block, blocks, objects
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.sa import Sa
from ikeaudit.model import AclEntry, Interface, IPAddress, Prefix, Router, StaticRoute, parse_address
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


_OSPF_AREA = re.compile(r"(\d+) area (\S+)")


_ROUTER, _INTERFACE = starts("global/router", "global/interface")
_NETWORK, _NEIGHBOR, _PASSIVE = map(slot, ("router/network", "router/neighbor", "router/passive-interface"))
_AS, _LEFT = slot("router/autonomous-system"), slot("vrf/exit-address-family")
_FAMILY = re.compile(rf"{slot('router/address-family')} ipv4(?: unicast)?(?: vrf (\S+))?(?: {_AS} (\d+))?$")
_PEER = re.compile(rf"{_NEIGHBOR} (\d+\.\d+\.\d+\.\d+) remote-as (\d+)")


@dataclass(frozen=True, slots=True)
class Link:
    """A tunnel that carries traffic: its interface, VRF and address here, the other router with its own."""

    interface: str
    vrf: str | None
    address: IPv4Address
    far: LabRouter
    far_interface: str
    far_vrf: str | None
    far_address: IPv4Address
    since: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour on a link; ``process`` is the AS or process number of this side, ``named`` the name of its EIGRP process if
    it has one, ``router_id`` the neighbour's."""

    process: str
    named: str | None
    link: Link
    router_id: str


def links(router: LabRouter) -> Iterator[Link]:
    """The tunnels of a router over which packets go both ways now."""
    seen: set[tuple[str, str]] = set()
    for sa in router.sas:
        other = sa.far
        far = _owner(router, sa)
        key = (sa.interface, sa.remote)
        if not sa.ipsec or other is None or not other.ipsec or far is None or key in seen:
            continue
        near, there = addresses(router.running_text), addresses(far.running_text)
        if sa.interface in near and other.interface in there:
            seen.add(key)
            yield Link(
                sa.interface,
                vrfs(router.running_text).get(sa.interface),
                near[sa.interface],
                far,
                other.interface,
                vrfs(far.running_text).get(other.interface),
                there[other.interface],
                sa.since,
            )


def neighbours(router: LabRouter, protocol: str) -> Iterator[Neighbour]:
    """The EIGRP or OSPF neighbours (``eigrp``, ``ospf``) in all VRFs."""
    near = _speakers(router.running_text, protocol)
    for link in links(router):
        there = _speakers(link.far.running_text, protocol)
        for mine in near:
            same = [s for s in there if s.interface == link.far_interface and s.area == mine.area]
            if protocol == "eigrp":
                same = [s for s in same if s.process == mine.process]
            if mine.interface == link.interface and same:
                yield Neighbour(mine.process, mine.named, link, router_id(link.far.running_text))


def bgp_peers(router: LabRouter, *, in_vrfs: bool = False) -> list[tuple[str, str, float | None]]:
    """Address, AS and the time at which it came up (None: down) of each configured BGP neighbour.

    Those of the default VRF, or (``in_vrfs``) those of all others.
    """
    own = _bgp(router.running_text)
    if own is None:
        return []
    number, peers = own
    up: dict[tuple[str | None, str], tuple[str, float]] = {}
    for link in links(router):
        other = _bgp(link.far.running_text)
        if other is not None and other[1].get((link.far_vrf, str(link.address))) == number:
            up[link.vrf, str(link.far_address)] = (other[0], link.since)
    found = []
    for (vrf, address), remote in peers.items():
        number_there, since = up.get((vrf, address), (None, None))
        if (vrf is not None) is in_vrfs:
            found.append((address, remote, since if number_there == remote else None))
    return found


def bgp_number(router: LabRouter) -> str | None:
    """The router's own AS, None when it does not speak BGP."""
    own = _bgp(router.running_text)
    return own[0] if own is not None else None


def addresses(text: str) -> dict[str, IPv4Address]:
    """The IPv4 address of each interface that is not shut down."""
    found: dict[str, IPv4Address] = {}
    for block in blocks(text, _INTERFACE):
        address = block.value("ip-address", "address")
        if address and "shutdown" not in block.children:
            found[block.header.split()[1]] = IPv4Address(address)
    return found


def vrfs(text: str) -> dict[str, str]:
    """The VRF of each interface that is in one."""
    found = {}
    for block in blocks(text, _INTERFACE):
        vrf = block.value("vrf-forwarding", "vrf")
        if vrf:
            found[block.header.split()[1]] = vrf
    return found


def vrf_names(text: str) -> list[str]:
    """The VRFs that are defined, in their order."""
    return [block.args["name"] for command in ("vrf-definition", "ip-vrf") for block in objects(text, command)]


def router_id(text: str) -> str:
    """The highest loopback address, else the highest address."""
    own = addresses(text)
    loops = [address for name, address in own.items() if name.startswith("Loopback")]
    return str(max(loops or own.values(), default=IPv4Address("0.0.0.0")))  # noqa: S104


def _owner(router: LabRouter, sa: Sa) -> LabRouter | None:
    address = parse_address(sa.remote)
    return router.world.owner(address) if router.world is not None and address is not None else None


@dataclass(frozen=True, slots=True)
class _Speaker:
    """An active interface of a routing process; ``area`` is empty for EIGRP."""

    process: str
    named: str | None
    interface: str
    area: str


def _speakers(text: str, protocol: str) -> list[_Speaker]:
    found: dict[_Speaker, None] = {}
    own, vrf_of = addresses(text), vrfs(text)
    for block in blocks(text, f"{_ROUTER}{protocol} "):
        words = block.header.split()
        name = None if words[2].isdigit() else words[2]
        vrf = words[4] if words[3:4] == ["vrf"] else None
        for family, lines in _families(block, vrf, words[2]):
            for network, area in _networks(lines):
                for interface, address in own.items():
                    if address in network and vrf_of.get(interface) == family.vrf and not _passive(lines, interface):
                        found[_Speaker(family.number, name, interface, area)] = None
    if protocol == "ospf":
        for block in blocks(text, _INTERFACE):
            areas = (_OSPF_AREA.match(rest) for rest in block.values("ip-ospf", "rest"))
            at = next((area for area in areas if area), None)
            if at and block.header.split()[1] in own:
                found[_Speaker(at[1], None, block.header.split()[1], at[2])] = None
    return list(found)


@dataclass(frozen=True, slots=True)
class _Family:
    vrf: str | None
    number: str


def _families(block: Block, vrf: str | None, number: str) -> Iterator[tuple[_Family, tuple[str, ...]]]:
    """The parts of a routing process: what stands outside of address families, and each of those."""
    parts: list[tuple[_Family, list[str]]] = [(_Family(vrf, number), [])]
    inside = False
    for child in block.children:
        match = _FAMILY.match(child)
        if match:
            parts.append((_Family(match[1], match[2] or number), []))
            inside = True
        elif child in (_LEFT, "!"):
            inside = inside and child == "!"
        elif inside and child.startswith(f"{_AS} "):
            parts[-1] = (_Family(parts[-1][0].vrf, child.split()[1]), parts[-1][1])
        else:
            parts[-1 if inside else 0][1].append(child)
    return ((family, tuple(lines)) for family, lines in parts)


def _networks(lines: tuple[str, ...]) -> Iterator[tuple[IPv4Network, str]]:
    for child in lines:
        words = child.split()
        if words[:1] != [_NETWORK] or len(words) < 2:
            continue
        area = words[words.index("area") + 1] if "area" in words else ""
        wildcard = words[2] if len(words) > 2 and words[2][0].isdigit() else _classful(words[1])
        try:
            yield IPv4Network(f"{words[1]}/{wildcard}", strict=False), area
        except ValueError:
            continue


def _classful(address: str) -> str:
    first = int(address.partition(".")[0])
    return "0.255.255.255" if first < 128 else "0.0.255.255" if first < 192 else "0.0.0.255"


def _passive(lines: tuple[str, ...], name: str) -> bool:
    if f"no {_PASSIVE} {name}" in lines:
        return False
    return f"{_PASSIVE} {name}" in lines or f"{_PASSIVE} default" in lines


def _bgp(text: str) -> tuple[str, dict[tuple[str | None, str], str]] | None:
    """The own AS, and that of each neighbour by VRF and address."""
    for block in blocks(text, f"{_ROUTER}bgp "):
        peers = {}
        for family, lines in _families(block, None, ""):
            for child in lines:
                match = _PEER.match(child)
                if match:
                    peers[family.vrf, match[1]] = match[2]
        return block.header.split()[2], peers
    return None
