"""Spokes of one DMVPN that may call each other (DMVPN-SPOKES, CALL-POSSIBLE, PLAN-IKEV2).

A spoke's configuration names its hubs only; whom else it calls it learns by NHRP when traffic needs it. It does so where the
hub redirects it and a spoke takes shortcuts, or where next hops are other spokes; where nothing makes them call each other
there is no such direction. They are kept apart from those that a configuration asks for.

``n`` spokes make ``n * (n - 1)`` directions. Up to :data:`SMALL` spokes all of them are looked at. In a larger cloud each
spoke is replayed with one other spoke for each class of addresses that its configuration tells apart (the same of its keys,
match lines and peer blocks cover them), in both directions. That grows with the configurations, not with the square of the
spokes (500 alike make 1,000 directions), and no entry for somebody special escapes it; any single pair can be asked for
(:meth:`Clouds.between`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import permutations
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from ikeaudit.fleet.nat import NatMap
from ikeaudit.ios.words import slot
from ikeaudit.model import Interface, IPAddress, Prefix, Router, Tunnel, same_key
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, RouterRules
from ikeaudit.selection.endpoint import Shortcut

_BGP = f"{slot('global/router')} bgp"

SMALL = 6
"""Spokes up to which every pair of a cloud is looked at."""


Server: TypeAlias = tuple[IPAddress | None, IPAddress]
"""A next-hop server: its tunnel address, None where it is ``dynamic``, and the outer one."""


class _Spoke(NamedTuple):
    """A spoke's waiting end, its next-hop servers and its tunnel.

    ``speaks`` is whether NHRP runs on its tunnel and what it sends gets to a hub; ``refused`` whether every hub refuses it for
    its ``ip nhrp authentication``; ``shortcut`` whether it takes shortcuts, None where its release does not tell; ``inside``
    are its tunnel's addresses, ``next_hops`` those of its static routes.
    """

    end: Endpoint
    servers: frozenset[Server]
    tunnel: Tunnel
    speaks: bool
    refused: bool
    shortcut: bool | None
    inside: frozenset[IPAddress]
    next_hops: frozenset[IPAddress]

    @property
    def kind(self) -> tuple[int | None, str]:
        """What else than servers a cloud has in common: tunnel key and mode."""
        return self.tunnel.key, self.tunnel.mode


class _Cloud(NamedTuple):
    """The spokes of one cloud, and what their hubs do that makes them call each other: ``redirect`` them, leave their next
    hops ``kept``, nothing (``none``), not even register them (``mute``); ``unseen`` where no hub is known. ``last`` is the last
    router of it."""

    spokes: tuple[_Spoke, ...]
    hubs: Literal["redirect", "kept", "none", "mute", "unseen"]
    last: str


class Clouds:
    """The DMVPNs of a fleet, as far as their spokes can call each other."""

    def __init__(self, rules: Mapping[str, RouterRules], nat: NatMap) -> None:
        self._rules = rules
        self._nat = nat

    @cached_property
    def calls(self) -> tuple[Endpoint, ...]:
        """The spokes' ends, each with the other spoke's address as its peer: what the module's text says is looked at."""
        return tuple(dict.fromkeys(self._looked_at))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The routers of :attr:`calls`, caller first."""
        return frozenset((call.router, other) for call, (other, _) in self._looked_at.items())

    @property
    def last(self) -> tuple[str, ...]:
        """Of each of :attr:`calls` the last router of its cloud, by which the calls are in order."""
        return tuple(last for _, last in self._looked_at.values())

    @cached_property
    def _looked_at(self) -> dict[Endpoint, tuple[str, str]]:
        """The calls that something makes spokes do, each with the router called and the last router of its cloud."""
        speaking = ((cloud, tuple(spoke for spoke in cloud.spokes if spoke.speaks)) for cloud in self.clouds)
        pairs = ((cloud, pair) for cloud, spokes in speaking for pair in self._pairs(spokes))
        found: dict[Endpoint, tuple[str, str]] = {}
        for cloud, (one, other) in pairs:
            call = self._call(cloud, one, other)
            if one.end.router != other.end.router and call.shortcut != "none":
                found[call] = other.end.router, found[call][1] if call in found else cloud.last
        return found

    def among(self, pairs: Collection[tuple[str, str]]) -> tuple[Endpoint, ...]:
        """The ends with which spokes of one cloud call each other, for ``pairs`` of routers, caller first."""
        found: dict[Endpoint, None] = {}
        for cloud in self.clouds:
            ends = by_key((spoke.end.router, spoke) for spoke in cloud.spokes)
            for one, other in sorted(pairs):
                for caller in ends.get(one, ()):
                    found.update((self._call(cloud, caller, called), None) for called in ends.get(other, ()))
        return tuple(found)

    def between(self, one: str, other: str) -> tuple[Endpoint, ...]:
        """The ends with which two routers call each other as spokes of one cloud; none when they are not."""
        pair = {one, other}
        return tuple(
            self._call(cloud, caller, called)
            for cloud in self.clouds
            for caller, called in permutations([spoke for spoke in cloud.spokes if spoke.end.router in pair], 2)
            if caller.end.router != called.end.router
        )

    @cached_property
    def clouds(self) -> tuple[_Cloud, ...]:
        """The spokes of each cloud with the ends that wait for anybody's call, in the order of the fleet.

        A spoke is a multipoint tunnel with a next-hop server whose outer address is known. Two spokes belong together when
        they have a server in common, by tunnel and outer address, and the same tunnel key. A router that others of the cloud
        call as their server is none.
        """
        found = [
            _Spoke(
                end,
                servers,
                interface.tunnel,
                interface.tunnel.nhrp_network is not None and self._arrives(interface.tunnel, servers),
                self._refused(interface.tunnel, servers),
                _takes_shortcuts(rules.router, interface.tunnel),
                frozenset(one.address for one in interface.addresses),
                frozenset(route.next_hop for route in rules.router.static_routes if route.next_hop is not None),
            )
            for rules in self._rules.values()
            for interface in rules.router.interfaces
            if interface.tunnel is not None
            and (servers := next_hop_servers(interface.tunnel))
            and (end := _waiting_end(rules, interface)) is not None
        ]
        groups = ((_without_servers(members), members) for members in _joined(found))
        return tuple(
            _Cloud(
                spokes,
                self._what_hubs_do({server for one in members for server in one.servers}),
                members[-1].end.router,
            )
            for spokes, members in groups
            if len(spokes) > 1
        )

    def _what_hubs_do(self, servers: Iterable[Server]) -> Literal["redirect", "kept", "none", "mute", "unseen"]:
        known = [hub for server in servers for hub in self._at(server)]
        hubs = [hub for hub in known if _registers(hub[1])]
        if known and not hubs:
            return "mute"
        if any(interface.tunnel is not None and interface.tunnel.redirect for _, interface in hubs):
            return "redirect"
        if any(interface.next_hops_kept or _speaks_bgp(router) for router, interface in hubs):
            return "kept"
        return "none" if hubs else "unseen"

    def _arrives(self, tunnel: Tunnel, servers: Iterable[Server]) -> bool:
        """Whether the tunnel of a server, or a server that is not known, has the tunnel key (DMVPN-CLOUDS)."""
        return any(hub is None or hub.key == tunnel.key for hub in self._tunnels_of(servers))

    def _refused(self, tunnel: Tunnel, servers: Iterable[Server]) -> bool:
        """Whether every server has another word for NHRP (DMVPN-SPOKES)."""
        return all(hub is not None and words_differ(tunnel, hub) for hub in self._tunnels_of(servers))

    def _tunnels_of(self, servers: Iterable[Server]) -> Iterator[Tunnel | None]:
        """The servers' tunnels, None for a server that is not known."""
        for server in servers:
            tunnels = [interface.tunnel for _, interface in self._at(server)]
            yield from tunnels or (None,)

    def _at(self, server: Server) -> Iterator[tuple[Router, Interface]]:
        """The tunnels that a server's addresses are those of; a tunnel without addresses is known by the outer one alone, if
        it is multipoint."""
        inner, outer = server[0], self._nat.reaches(server[1])
        for router, interface in self._hubs.get(outer, ()):
            inside = {one.address for one in interface.addresses}
            many = interface.tunnel is not None and interface.tunnel.multipoint
            if inner in inside or (many and (inner is None or not inside)):
                yield router, interface

    @cached_property
    def _hubs(self) -> dict[IPAddress | None, list[tuple[Router, Interface]]]:
        """The tunnels that a spoke's may lead to, by outer address: the multipoint ones, and those left as point-to-point."""
        found: dict[IPAddress | None, list[tuple[Router, Interface]]] = {}
        for rules in self._rules.values():
            ends: dict[tuple[str, bool], Endpoint] = {}
            for end in rules.endpoints:
                ends.setdefault((end.interface, end.accepts_any), end)
            for interface in rules.router.interfaces:
                if interface.tunnel is None or not interface.tunnel.mode.startswith("gre"):
                    continue
                there = ends.get((interface.name, interface.tunnel.multipoint))
                if there is not None:
                    found.setdefault(there.local.address, []).append((rules.router, interface))
        return found

    def _call(self, cloud: _Cloud, one: _Spoke, other: _Spoke) -> Endpoint:
        peer = self._nat.seen_as(other.end.local.address)
        name = None if peer is not None else f"spoke {other.end.router}"
        shortcut = _shortcut(cloud, one, other)
        lines = (*one.end.lines, one.tunnel.nhrp_authentication_line) if shortcut == "refused" else one.end.lines
        return msgspec.structs.replace(one.end, peer=peer, peer_name=name, shortcut=shortcut, lines=lines)

    def _pairs(self, spokes: tuple[_Spoke, ...]) -> Iterator[tuple[_Spoke, _Spoke]]:
        if len(spokes) <= SMALL:
            yield from permutations(spokes, 2)
            return
        partitions: dict[frozenset[Prefix], dict[object, list[int]]] = {}
        for position, spoke in enumerate(spokes):
            prefixes = frozenset(prefixes_of(self._rules[spoke.end.router].router))
            if prefixes not in partitions:
                partitions[prefixes] = self._classes(spokes, prefixes)
            for members in partitions[prefixes].values():
                other = next((m for m in members if m > position), members[0])
                if other == position:
                    continue  # the only one of its class
                yield spoke, spokes[other]
                yield spokes[other], spoke

    def _classes(self, spokes: tuple[_Spoke, ...], prefixes: Iterable[Prefix]) -> dict[object, list[int]]:
        """The spokes by which of ``prefixes`` cover their address, as seen from outside and as presented, and by their word."""
        networks: dict[tuple[int, int], set[int]] = {}
        for prefix in prefixes:
            networks.setdefault((prefix.version, prefix.mask), set()).add(prefix.value & prefix.mask)
        found: dict[object, list[int]] = {}
        for position, spoke in enumerate(spokes):
            inner = spoke.end.local.address
            covering = [_covering(networks, address) for address in (inner, self._nat.seen_as(inner))]
            found.setdefault((*covering, spoke.refused, _word(spoke.tunnel)), []).append(position)
        return found


def words_differ(one: Tunnel, other: Tunnel) -> bool:
    """Whether ``ip nhrp authentication`` of the two surely differs; a masked word is like any other."""
    if one.nhrp_authentication is None or other.nhrp_authentication is None:
        return bool(one.nhrp_authentication_line) != bool(other.nhrp_authentication_line)
    return same_key(one.nhrp_authentication, other.nhrp_authentication, same_router=False) is False


def _word(tunnel: Tunnel) -> str | None:
    """What tells a tunnel's word for NHRP from those that it surely differs from; None without one."""
    word = tunnel.nhrp_authentication
    if word is None or word.opaque:
        return "" if tunnel.nhrp_authentication_line else None
    return word.fingerprint


def _shortcut(cloud: _Cloud, one: _Spoke, other: _Spoke) -> Shortcut:
    """What makes ``one`` call ``other`` (DMVPN-SPOKES), open where a word for NHRP stands between them."""
    found = _asked(cloud, one, other)
    if found != "none" and (one.refused or other.refused or words_differ(one.tunnel, other.tunnel)):
        return "refused"
    return found


def _asked(cloud: _Cloud, one: _Spoke, other: _Spoke) -> Shortcut:
    """What makes ``one`` call ``other``: the one whose packet the hub redirects asks, the other one calls."""
    if cloud.hubs == "mute" or not (one.speaks and other.speaks):
        return "none"
    if not one.next_hops.isdisjoint(other.inside):
        return "both"
    if cloud.hubs != "redirect":
        return cloud.hubs
    if other.shortcut is None:
        return "open"
    if other.shortcut:
        return "both" if one.shortcut else "theirs"
    return "none" if one.shortcut is False else "ours"


def _registers(hub: Interface) -> bool:
    """Whether spokes can register at all at a tunnel: at one left as point-to-point nobody does but its one peer."""
    tunnel = hub.tunnel
    return tunnel is not None and tunnel.multipoint and tunnel.nhrp_network is not None and not hub.shutdown


def _takes_shortcuts(router: Router, tunnel: Tunnel) -> bool | None:
    """Whether a spoke takes shortcuts: as printed, else IOS-XE from 16.3 on does; None for a release that is not known."""
    release = re.match(r"(\d+)\.(\d+)", router.version or "")
    if tunnel.shortcut is not None or release is None:
        return tunnel.shortcut
    return (int(release[1]), int(release[2])) >= (16, 3)


def _speaks_bgp(router: Router) -> bool:
    """Whether BGP runs, which passes next hops on within one subnet."""
    return any(line.startswith(_BGP) for line in router.lines)


def _covering(
    networks: Mapping[tuple[int, int], set[int]], address: IPAddress | None
) -> tuple[tuple[int, int], ...] | None:
    """The networks, by mask, that hold ``address``; None for an address that is not known."""
    if address is None:
        return None
    value, version = int(address), address.version
    return tuple(
        (mask, value & mask)
        for (family, mask), values in networks.items()
        if family == version and value & mask in values
    )


def next_hop_servers(tunnel: Tunnel | None) -> frozenset[Server]:
    """A multipoint tunnel's next-hop servers: outer addresses from ``nbma``, or by the map for the server's tunnel address."""
    if tunnel is None or not tunnel.multipoint:
        return frozenset()
    servers = {mapping.tunnel for mapping in tunnel.nhrp_maps if mapping.nhs}
    return frozenset(
        (mapping.tunnel, mapping.nbma)
        for mapping in tunnel.nhrp_maps
        if mapping.nbma is not None and (mapping.nhs or (mapping.tunnel is not None and mapping.tunnel in servers))
    )


def prefixes_of(router: Router) -> Iterator[Prefix]:
    """Every prefix by which ``router`` tells one peer's address from another's."""
    for keyring in (router.default_keyring, *router.keyrings):
        yield from (key.prefix for key in keyring.keys if key.prefix is not None)
    for profile in router.isakmp_profiles:
        yield from (match.prefix for match in profile.matches if match.prefix is not None)
    for ring in router.ikev2.keyrings:
        for peer in ring.peers:
            yield from peer.addresses
            if peer.identity is not None and peer.identity.prefix is not None:
                yield peer.identity.prefix
    for own in router.ikev2.profiles:
        yield from (match.prefix for match in own.matches if match.prefix is not None)
    yield from (Prefix.of(block.address) for block in router.isakmp.peers if block.address is not None)
    yield from (Prefix.of(address) for mapping in router.host_mappings for address in mapping.addresses)


def _waiting_end(rules: RouterRules, interface: Interface) -> Endpoint | None:
    return next((end for end in rules.endpoints if end.interface == interface.name and end.accepts_any), None)


def _joined(spokes: Iterable[_Spoke]) -> list[list[_Spoke]]:
    """The spokes by cloud: one that has a server in common with two groups makes one group of them."""
    groups: list[tuple[frozenset[Server], list[_Spoke]]] = []
    for spoke in spokes:
        same = [g for g in groups if g[1][0].kind == spoke.kind and not g[0].isdisjoint(spoke.servers)]
        groups = [g for g in groups if g not in same]
        servers = spoke.servers.union(*(known for known, _ in same))
        groups.append((servers, [*(member for _, members in same for member in members), spoke]))
    return [members for _, members in groups]


def _without_servers(members: list[_Spoke]) -> tuple[_Spoke, ...]:
    servers = {nbma for member in members for _, nbma in member.servers}
    return tuple(member for member in members if member.end.local.address not in servers)
