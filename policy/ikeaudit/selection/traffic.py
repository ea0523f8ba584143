"""What becomes of traffic before a crypto map sees it (NAT-BEFORE-MAP, ACL-BACKWARDS, ACL-NETMASK)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from ikeaudit.model import AclEntry, Interface, IPAddress, Prefix, Router
from ikeaudit.selection.endpoint import Endpoint
from ikeaudit.selection.local import Addresses
from ikeaudit.selection.proxies import Proxy, protocol_of
from ikeaudit.selection.taking_over import take_over
from ikeaudit.selection.translation import Part, Taken, Translation, common, decided, is_netmask, minus

_ANY = Prefix(4, 0, 0)
_NATTED = ("inside", "enable")
_LONGEST = 512
"""In lists of more lines than that it is not worked out what a line is left of some traffic."""


class Fate(msgspec.Struct, frozen=True):
    """What becomes of the traffic that one line of a crypto access list names.

    ``seen`` by the crypto map; ``translated`` before, or in ``part``; ``backwards``: on its way to a network on this side;
    ``netmask``: the line matches by the last octets, because a netmask stands for the wildcard; ``denied``: by lines before it;
    ``taken``: by an entry of the map before this one (MAP-FIRST-FIT); ``open``: nobody can tell. ``lines`` decide it.
    """

    kind: Literal["seen", "part", "translated", "backwards", "netmask", "denied", "taken", "open"] = "seen"
    lines: tuple[int, ...] = ()


class _Naming(NamedTuple):
    """An entry whose list names some traffic, with its line and the list's."""

    sequence: int
    lines: tuple[int, ...]
    peers: frozenset[IPAddress | str | None]


class _First:
    """The lines of a crypto map's lists by what they name, each with the first entry that has it."""

    def __init__(self, router: Router, name: str | None) -> None:
        lists = {acl.name: acl for acl in router.acls}
        self._by_masks: dict[tuple[int, int, int], dict[tuple[int, int, str], _Naming]] = {}
        for entry in (e for m in router.crypto_maps if m.name == name for e in m.entries):
            acl = lists.get(entry.acl.name) if entry.acl is not None else None
            if acl is None or acl.unread or not entry.peers or entry.kind != "ipsec-isakmp":
                continue
            if any(line.action != "permit" for line in acl.entries):
                continue
            for line in acl.entries:
                source, destination = line.source, line.destination
                if source is None or destination is None or line.source_ports or line.destination_ports:
                    continue
                table = self._by_masks.setdefault((source.version, source.mask, destination.mask), {})
                named = (source.value & source.mask, destination.value & destination.mask, protocol_of(line))
                peers = frozenset(peer.address or peer.hostname for peer in entry.peers)
                table.setdefault(named, _Naming(entry.sequence, (entry.line, line.line), peers))

    def taking(self, sequence: int, end: Endpoint, proxy: Proxy) -> tuple[int, ...]:
        """The lines of an entry for other peers before ``sequence``, and of its list, that name all of ``proxy``."""
        source, destination = proxy.source, proxy.destination
        for (version, near, far), table in self._by_masks.items():
            if version == source.version and not near & ~source.mask and not far & ~destination.mask:
                for protocol in dict.fromkeys(("ip", proxy.protocol)):
                    found = table.get((source.value & near, destination.value & far, protocol))
                    if found is not None and found.sequence < sequence and not {end.peer, end.peer_name} & found.peers:
                        return found.lines
        return ()


class Traffic:
    """Where the traffic of one router comes from and goes to, and what becomes of it on the way."""

    def __init__(self, router: Router, addresses: Addresses, earlier: Traffic | None = None) -> None:
        """``earlier``: that of another version of the router, of which is taken over what has not changed."""
        self._router = router
        self._addresses = addresses
        self._known: dict[tuple[str, str | None, Proxy], Fate] = {}
        self._first: dict[str | None, _First] = {}
        self._nearby: dict[tuple[str, str | None], list[tuple[Interface, Prefix, int]]] = {}
        self._denied: dict[str | None, tuple[AclEntry, ...]] = {}
        if earlier is not None:
            take_over(self, router, earlier, earlier._router, _WORKED_OUT_OF)

    @cached_property
    def _inside_vrfs(self) -> dict[str, str | None]:
        return {profile.name: profile.vrf for profile in self._router.isakmp_profiles}

    def fate(self, end: Endpoint, proxy: Proxy) -> Fate:
        """What becomes of the traffic of ``proxy`` on its way to the crypto map entry ``end``; into tunnels it is routed."""
        interface = self._addresses.interface(end.interface.split()[0])
        if end.kind != "crypto-map" or interface is None:
            return Fate()
        vrf = self._inside_vrfs.get(end.isakmp_profile or "") or interface.vrf
        before = self._before(end, proxy)
        if before is not None:
            return before
        key = (interface.name, vrf, proxy)
        if key not in self._known:
            self._known[key] = self._told(interface, vrf, proxy)
        return self._known[key]

    def _before(self, end: Endpoint, proxy: Proxy) -> Fate | None:
        """What lines and entries before that of ``proxy`` make of its traffic; nothing where some of it comes through."""
        if not (proxy.source.contiguous and proxy.destination.contiguous):
            return None
        entries = self._denying(end.acl)
        part = (proxy.source, proxy.destination)
        if entries and all(taken is None for _, taken in decided(entries, part, proxy)):
            saying = (
                e.line
                for e in entries
                if e.action == "deny" and common((e.source or _ANY, e.destination or _ANY), part)
            )
            return Fate("denied", tuple(filter(None, (proxy.line, *saying))))
        if end.crypto_map not in self._first:
            self._first[end.crypto_map] = _First(self._router, end.crypto_map)
        lines = self._first[end.crypto_map].taking(int(end.interface.split()[-1]), end, proxy)
        return Fate("taken", (proxy.line, *lines)) if lines else None

    @cached_property
    def _read(self) -> dict[str, tuple[AclEntry, ...]]:
        """The lines of the access lists that make sense as a whole."""
        return {acl.name: acl.entries for acl in reversed(self._router.acls) if not acl.unread}

    def _denying(self, name: str | None) -> tuple[AclEntry, ...]:
        """The lines of a list with a line that denies; nothing for one without, and for a very long one."""
        if name not in self._denied:
            entries = self._read.get(name, ()) if name is not None else ()
            denies = len(entries) <= _LONGEST and any(entry.action == "deny" for entry in entries)
            self._denied[name] = entries if denies else ()
        return self._denied[name]

    def inside_of(self, tunnel: Interface) -> list[tuple[Fate, Prefix]]:
        """The networks inside of the translation, with what becomes of their traffic into ``tunnel``, which is its outside.

        That is traffic to what static routes lead into the tunnel, or to anything where there is none.
        """
        near = self._near(tunnel, tunnel.vrf)
        own = [address.prefix for address in tunnel.addresses if address.prefix is not None]
        there = [
            route.prefix
            for route in self._router.static_routes
            if route.interface == tunnel.name
            or any(p.covers(route.next_hop) for p in own if route.next_hop is not None)
        ]
        return [
            (self._translated(tunnel, tunnel.vrf, Proxy("ip", network, far, line=line), near), network)
            for one, network, line in near
            for far in (there or [_ANY])
            if line and one.nat == "inside" and network.version == 4
        ]

    def _told(self, outside: Interface, vrf: str | None, proxy: Proxy) -> Fate:
        if is_netmask(proxy.source) or is_netmask(proxy.destination):
            return Fate("netmask", (proxy.line,))
        if not (proxy.source.contiguous and proxy.destination.contiguous):
            return Fate()
        if proxy.protocol == "gre" and any(proxy.source.covers(own.address) for own in outside.addresses):
            return Fate()  # what the router sends itself comes in by no interface
        near = self._near(outside, vrf)
        there, lines = [proxy.destination], []
        for _, network, line in near:
            if line and network.overlaps(proxy.destination):
                there = [left for one in there for _, left in minus((_ANY, one), (_ANY, network))]
                lines.append(line)
        if not there and not any(network.overlaps(proxy.source) for _, network, _ in near):
            return Fate("backwards", (proxy.line, *lines))
        return self._translated(outside, vrf, proxy, near) if self._router.nat_rules else Fate()

    def _translated(
        self, outside: Interface, vrf: str | None, proxy: Proxy, near: list[tuple[Interface, Prefix, int]]
    ) -> Fate:
        translation = Translation(self._router, outside, vrf)
        found: set[Taken | None] = set()
        lines = [proxy.line]
        for part, sure in self._inside(outside, vrf, proxy, near):
            if sure is False:
                found.add(None)
                continue
            for _, taken, decisive in translation.pieces(part, proxy):
                found.add(taken if taken is None or sure else "open")
                lines += decisive
        if found <= {None}:
            return Fate()
        kind = "open" if "open" in found else "translated" if found == {"all"} else "part"
        return Fate(kind, tuple(dict.fromkeys(lines)))  # type: ignore[arg-type]

    def _inside(
        self, outside: Interface, vrf: str | None, proxy: Proxy, near: list[tuple[Interface, Prefix, int]]
    ) -> Iterator[tuple[Part, bool | None]]:
        """The traffic in parts, each with whether it comes in by an interface that is inside of the translation.

        What comes from no network known to be on this side may come by any interface: None where these differ, and nothing
        where some of the traffic is known.
        """
        rest: list[Part] = [(proxy.source, proxy.destination)]
        for one, network, _ in sorted(near, key=lambda known: -known[1].length):
            known = (network, proxy.destination)
            for part in rest:
                if network.overlaps(part[0]):
                    yield (max(part[0], network, key=lambda prefix: prefix.length), part[1]), one.nat in _NATTED
            rest = [left for part in rest for left in minus(part, known)]
        ways = {one.nat in _NATTED for one in self._ways(outside, vrf) if one.nat != "outside"}
        if len(ways) == 1 or rest == [(proxy.source, proxy.destination)]:
            for part in rest:
                yield part, None if len(ways) > 1 else True in ways

    def _ways(self, outside: Interface, vrf: str | None) -> list[Interface]:
        """The interfaces that traffic to the crypto map's may come in by."""
        own = [
            one for one in self._router.interfaces if one.name != outside.name and one.vrf == vrf and not one.shutdown
        ]
        return [one for one in own if one.unnumbered or one.addressing != "none"]

    def _near(self, outside: Interface, vrf: str | None) -> list[tuple[Interface, Prefix, int]]:
        """As :meth:`_near_to`, worked out once for all lines of the crypto maps on an interface."""
        key = outside.name, vrf
        if key not in self._nearby:
            self._nearby[key] = list(self._near_to(outside, vrf))
        return self._nearby[key]

    def _near_to(self, outside: Interface, vrf: str | None) -> Iterator[tuple[Interface, Prefix, int]]:
        """The networks on this side with their interfaces; the line of a connected one, 0 for one routed statically."""
        connected = []
        for one in self._ways(outside, vrf):
            for own in one.addresses:
                if own.prefix is not None and own.prefix.contiguous:
                    connected.append((one, own.prefix.network))
                    yield one, own.prefix.network, own.line
        for route in self._router.static_routes:
            hop = route.next_hop
            ways = (
                one
                for one, network in (connected if route.vrf == vrf else ())
                if one.name == route.interface or (route.interface is None and hop is not None and network.covers(hop))
            )
            way = next(ways, None)
            if way is not None:
                yield way, route.prefix, 0


_WORKED_OUT_OF = {
    "_inside_vrfs": ("isakmp_profiles",),
    "_known": ("interfaces", "static_routes", "acls", "route_maps", "nat_rules"),
    "_first": ("crypto_maps", "acls"),
    "_nearby": ("interfaces", "static_routes"),
    "_denied": ("acls",),
    "_read": ("acls",),
}
"""The parts of a router that each thing is worked out of, and nothing else."""
