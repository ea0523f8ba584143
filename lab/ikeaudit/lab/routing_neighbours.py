"""Which routing neighbours a lab router has: both ends speak the protocol on a tunnel that carries traffic.

The lab learns no routes; neighbours are here because a change must not lose any. They come and go with the tunnel's SA.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from ikeaudit.lab.blocks import Block, blocks
from ikeaudit.lab.router import LabRouter
from ikeaudit.lab.sa import Sa
from ikeaudit.model import parse_address

_PROCESS = re.compile(r"router (eigrp|ospf|bgp) (\d+)")


@dataclass(frozen=True, slots=True)
class Link:
    """A tunnel that carries traffic: its interface and address here, the other router with its own."""

    interface: str
    address: IPv4Address
    far: LabRouter
    far_interface: str
    far_address: IPv4Address
    since: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour on a link; ``process`` is the AS or process number of this side, ``router_id`` the neighbour's."""

    process: str
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
            yield Link(sa.interface, near[sa.interface], far, other.interface, there[other.interface], sa.since)


def neighbours(router: LabRouter, protocol: str) -> Iterator[Neighbour]:
    """The EIGRP or OSPF neighbours (``eigrp``, ``ospf``)."""
    near = _speakers(router.running_text, protocol)
    for link in links(router):
        there = _speakers(link.far.running_text, protocol)
        for (process, interface), area in near.items():
            if interface != link.interface:
                continue
            same = [p for (p, i), a in there.items() if i == link.far_interface and a == area]
            if (process in same) if protocol == "eigrp" else same:
                yield Neighbour(process, link, router_id(link.far.running_text))


def bgp_peers(router: LabRouter) -> list[tuple[str, str, float | None]]:
    """Address, AS and the time at which it came up (None: down) of each configured BGP neighbour."""
    own = _bgp(router.running_text)
    if own is None:
        return []
    number, peers = own
    up: dict[str, float] = {}
    for link in links(router):
        other = _bgp(link.far.running_text)
        if other is not None and other[1].get(str(link.address)) == number:
            up[str(link.far_address)] = link.since
    found = []
    for address, remote in peers.items():
        since = up.get(address)
        if since is not None and not any(_bgp_number(link.far) == remote for link in links(router)):
            since = None
        found.append((address, remote, since))
    return found


def bgp_number(router: LabRouter) -> str | None:
    """The router's own AS, None when it does not speak BGP."""
    return _bgp_number(router)


def addresses(text: str) -> dict[str, IPv4Address]:
    """The IPv4 address of each interface that is not shut down."""
    found: dict[str, IPv4Address] = {}
    for block in blocks(text, "interface "):
        match = block.first(r"ip address (\d+\.\d+\.\d+\.\d+) ")
        if match and "shutdown" not in block.children:
            found[block.header.split()[1]] = IPv4Address(match[1])
    return found


def router_id(text: str) -> str:
    """The highest loopback address, else the highest address."""
    own = addresses(text)
    loops = [address for name, address in own.items() if name.startswith("Loopback")]
    return str(max(loops or own.values(), default=IPv4Address("0.0.0.0")))  # noqa: S104


def _owner(router: LabRouter, sa: Sa) -> LabRouter | None:
    address = parse_address(sa.remote)
    return router.world.owner(address) if router.world is not None and address is not None else None


def _speakers(text: str, protocol: str) -> dict[tuple[str, str], str]:
    """Process number and interface of each active interface of a protocol, with its OSPF area (empty for EIGRP)."""
    found: dict[tuple[str, str], str] = {}
    own = addresses(text)
    for block in blocks(text, f"router {protocol} "):
        match = _PROCESS.match(block.header)
        if match is None:
            continue
        for network, area in _networks(block):
            for name, address in own.items():
                if address in network and not _passive(block, name):
                    found[match[2], name] = area
    if protocol == "ospf":
        for block in blocks(text, "interface "):
            at = block.first(r"ip ospf (\d+) area (\S+)")
            if at and block.header.split()[1] in own:
                found[at[1], block.header.split()[1]] = at[2]
    return found


def _networks(block: Block) -> Iterator[tuple[IPv4Network, str]]:
    for child in block.children:
        words = child.split()
        if words[:1] != ["network"] or len(words) < 2:
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


def _passive(block: Block, name: str) -> bool:
    if f"no passive-interface {name}" in block.children:
        return False
    return f"passive-interface {name}" in block.children or "passive-interface default" in block.children


def _bgp(text: str) -> tuple[str, dict[str, str]] | None:
    for block in blocks(text, "router bgp "):
        peers = {}
        for child in block.children:
            match = re.match(r"neighbor (\d+\.\d+\.\d+\.\d+) remote-as (\d+)", child)
            if match:
                peers[match[1]] = match[2]
        return block.header.split()[2], peers
    return None


def _bgp_number(router: LabRouter) -> str | None:
    own = _bgp(router.running_text)
    return own[0] if own is not None else None
