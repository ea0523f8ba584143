"""Which way a router sends its packets, as far as its configuration decides it (ROUTE-WAY).

Connected networks and static routes are all that a configuration tells. A router that learns routes may have others.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile
from typing import Literal

import msgspec

from ikeaudit.ios.words import beginning
from ikeaudit.model import AccessList, AclEntry, Interface, IPAddress, Prefix, Router, StaticRoute, parse_address
from ikeaudit.selection.endpoint import Endpoint
from ikeaudit.selection.lines_by_source import LinesBySource
from ikeaudit.selection.local import Addresses
from ikeaudit.selection.prefixes import PrefixIndex
from ikeaudit.selection.proxies import proposed
from ikeaudit.selection.taking_over import take_over

_GIVEN = beginning(
    "global/ipv6-router", "global/ip-default-gateway", "global/ip-default-network", "global/ip-local-policy"
)
_PROTOCOL = beginning("global/router")
_NETWORK, _NEIGHBOR = beginning("router/network"), beginning("router/neighbor")
_SPOKEN = beginning("interface/ip-ospf", "interface/ip-router", "interface/ip-rip")
"""What a protocol is switched on by at an interface."""
_STEERED = beginning("interface/ip-policy", "interface/ipv6-policy")
_DEPTH = 4


class Astray(msgspec.Struct, frozen=True):
    """What an end sends does not get to its peer, or does not pass its crypto map.

    ``itself``: the route to the peer leads into the tunnel itself; ``nowhere``: there is no route to the peer;
    ``unrouted``: none to the network behind it; ``round``: the route to that leads round the crypto map's interface;
    ``discarded``: it leads to Null0. ``lines`` are those of routes; ``sure`` is False for a router that learns routes.
    """

    kind: Literal["itself", "nowhere", "unrouted", "round", "discarded"]
    lines: tuple[int, ...]
    sure: bool


class Routing:
    """The routes of one router."""

    def __init__(self, router: Router, addresses: Addresses, earlier: Routing | None = None) -> None:
        """``earlier``: those of another version of the router, of which is taken over what has not changed."""
        self._router = router
        self._addresses = addresses
        self._by_source: dict[str, LinesBySource] = {}
        if earlier is not None:
            take_over(self, router, earlier, earlier._router, _WORKED_OUT_OF)

    def interface(self, name: str | None) -> Interface | None:
        """The interface of that name, or None."""
        return self._addresses.interface(name)

    def acl(self, name: str | None) -> AccessList | None:
        """The access list of that name, or None."""
        return self._acls.get(name) if name is not None else None

    @cached_property
    def _acls(self) -> dict[str, AccessList]:
        return {acl.name: acl for acl in reversed(self._router.acls)}

    def entries_for(self, acl: AccessList, source: IPAddress) -> Iterator[AclEntry]:
        """The lines of one of the router's lists that may fit packets from ``source``, in their order."""
        if acl.name not in self._by_source:
            self._by_source[acl.name] = LinesBySource(acl)
        return self._by_source[acl.name].of(source)

    @cached_property
    def learns(self) -> bool:
        """Whether there may be routes that the configuration does not show."""
        return self._given or any(map(_PROTOCOL.match, self._router.lines))

    @cached_property
    def _given(self) -> bool:
        """Whether routes come from somewhere else than a routing protocol."""
        given = any(one.addressing in ("dhcp", "negotiated") and not one.shutdown for one in self._router.interfaces)
        return given or self._router.truncated or any(map(_GIVEN.match, self._router.lines))

    def _learns_at(self, name: str | None) -> bool:
        """Whether routes may be learnt at interface ``name``: what is learnt elsewhere hardly leads to an outer address."""
        interface = self._addresses.interface(name)
        if self._given or interface is None or not any(own.role == "primary" for own in interface.addresses):
            return True
        lines, first = self._router.lines, interface.line - self._router.first_line + 1
        own = takewhile(lambda line: line.startswith(" "), lines[first:])
        if any(map(_SPOKEN.match, own)):
            return True
        return any(self._speaks_at(interface, *statement) for statement in self._statements)

    @cached_property
    def _statements(self) -> tuple[tuple[str, bool, list[str]], ...]:
        """The lines of routing protocols that say where they run: the protocol, whether it is a neighbour, the operands."""
        found, protocol = [], ""
        for line in self._router.lines:
            if not line.startswith((" ", "!")):
                protocol = "".join(line.split()[1:2]) if _PROTOCOL.match(line) else ""
            elif protocol and (begun := _NETWORK.match(line) or _NEIGHBOR.match(line)) and line[begun.end() :]:
                found.append((protocol, begun.re is _NEIGHBOR, line[begun.end() :].split()))
        return tuple(found)

    def _speaks_at(self, interface: Interface, protocol: str, neighbor: bool, words: list[str]) -> bool:
        """Whether a ``network`` or ``neighbor`` statement makes a protocol run at an interface, as far as it can be told."""
        said = parse_address(words[0])
        nets = [own.prefix for own in interface.addresses if own.prefix is not None]
        if said is None or not nets:
            return True
        if neighbor or protocol == "bgp":
            return neighbor and all(name == interface.name for _, name in self._holding(interface.vrf, said))
        wildcard = parse_address(words[1]) if len(words) > 1 else None
        if wildcard is not None:
            mask = ~int(wildcard) & 0xFFFFFFFF
        else:
            first = int(said) >> 24
            mask = 0 if not int(said) else 0xFF000000 if first < 128 else 0xFFFF0000 if first < 192 else 0xFFFFFF00
        return any((net.value ^ int(said)) & mask == 0 for net in nets)

    @cached_property
    def _steered(self) -> bool:
        """Whether policy routing may lead traffic where no route does."""
        return any(map(_STEERED.match, self._router.lines))

    @cached_property
    def _connected(self) -> dict[str | None, PrefixIndex]:
        """The networks on interfaces that are not shut down, by VRF; their places are those of the interfaces."""
        found: dict[str | None, PrefixIndex] = {}
        for place, interface in enumerate(self._router.interfaces):
            for own in interface.addresses if not interface.shutdown else ():
                if own.role in ("primary", "secondary"):
                    prefix = own.prefix if own.prefix is not None else Prefix.of(own.address, 0)
                    found.setdefault(interface.vrf, PrefixIndex()).add(place, prefix)
        return found

    def _holding(self, vrf: str | None, address: IPAddress) -> Iterator[tuple[int, str]]:
        """The interfaces with a connected network that holds ``address``, each with the length of that."""
        networks = self._connected.get(vrf)
        for place, length in networks.covering(address) if networks is not None else ():
            yield length, self._router.interfaces[place].name

    @cached_property
    def _given_routes(self) -> PrefixIndex:
        """The static routes of the default VRF, whether they stand or not."""
        found = PrefixIndex()
        for place, route in enumerate(self._router.static_routes):
            if route.vrf is None:
                found.add(place, route.prefix)
        return found

    @cached_property
    def _static(self) -> dict[tuple[str | None, int, int], dict[int, list[StaticRoute]]]:
        """The static routes that stand, by VRF, family, mask and network."""
        found: dict[tuple[str | None, int, int], dict[int, list[StaticRoute]]] = {}
        for route in self._router.static_routes:
            if not self._addresses.down(route.interface):
                network = route.prefix.network
                table = found.setdefault((route.vrf, network.version, network.mask), {})
                table.setdefault(network.value, []).append(route)
        return found

    def has_routes(self, vrf: str | None) -> bool:
        """Whether there is any static route in ``vrf``: an excerpt shows none."""
        return any(key[0] == vrf for key in self._static)

    def routes_to(self, vrf: str | None, destination: Prefix) -> tuple[StaticRoute, ...]:
        """The static routes to the most precise network that holds all of ``destination``."""
        masks = (key for key in self._static if key[0] == vrf and key[1] == destination.version)
        for key in sorted((k for k in masks if k[2] & ~destination.mask == 0), key=lambda k: -k[2].bit_count()):
            if routes := self._static[key].get(destination.value & key[2]):
                return tuple(routes)
        return ()

    def routed(self, vrf: str | None, address: IPAddress) -> bool:
        """Whether a static route leads to ``address``."""
        return bool(self.routes_to(vrf, Prefix.of(address)))

    def reaches(self, vrf: str | None, address: IPAddress) -> bool:
        """Whether a connected network or a static route holds ``address``."""
        return self._on_link(vrf, address) is not None or self.routed(vrf, address)

    def _on_link(self, vrf: str | None, address: IPAddress, least: int = 0) -> str | None:
        """The interface of the most precise connected network that holds ``address``, of ``least`` bits at least."""
        fits = [(length, name) for length, name in self._holding(vrf, address) if length >= least]
        return max(fits)[1] if fits else None

    def out(self, route: StaticRoute, depth: int = _DEPTH) -> str | None:
        """The interface that ``route`` leads out of; None where the configuration does not tell."""
        if route.interface is not None:
            known = route.interface == "Null0" or self._addresses.interface(route.interface) is not None
            return route.interface if known else None
        if route.next_hop is None or not depth or self._router.text(route.line).endswith(" global"):
            return None
        return self.way_out(route.vrf, route.next_hop, depth - 1)

    def way_out(self, vrf: str | None, address: IPAddress, depth: int = _DEPTH) -> str | None:
        """The interface that packets to ``address`` leave by; None where the configuration does not tell one."""
        routes = self.routes_to(vrf, Prefix.of(address))
        on_link = self._on_link(vrf, address, routes[0].prefix.length if routes else 0)
        if on_link is not None:
            return on_link
        ways = {self.out(route, depth) for route in routes}
        return ways.pop() if len(ways) == 1 else None

    def astray(self, end: Endpoint, *, told: bool = False) -> Astray | None:
        """Why what ``end`` sends gets nowhere, None where it may get there; ``told`` as for :meth:`out_of_reach`."""
        if end.peer is None:
            return None
        return self.out_of_reach(end, end.peer, told=told) or self._past_the_map(end)

    def out_of_reach(self, end: Endpoint, peer: IPAddress, *, told: bool = False) -> Astray | None:
        """Why nothing that ``end`` sends gets to ``peer``, None where it may get there.

        ``told`` says that the peer's configuration has a route to this router: where neither shows a route, they are excerpts.
        """
        own = self._into_itself(end, peer)
        if own is not None:
            return own
        shown = self.has_routes(end.fvrf) or (told and not self._router.static_routes)
        if shown and not self.reaches(end.fvrf, peer) and not self._learns_at(end.local.interface):
            return Astray("nowhere", (), sure=False)
        return None

    def _into_itself(self, end: Endpoint, peer: IPAddress) -> Astray | None:
        """Whether the routes to the peer lead into the tunnel that it is the peer of."""
        interface = self._addresses.interface(end.interface)
        if end.kind != "tunnel" or interface is None or interface.vrf != end.fvrf:
            return None
        routes = self.routes_to(end.fvrf, Prefix.of(peer))
        if not routes or self._on_link(end.fvrf, peer, routes[0].prefix.length) is not None:
            return None
        if any(route.tracked or self.out(route) != interface.name for route in routes):
            return None
        return Astray("itself", tuple(route.line for route in routes), sure=not self.learns)

    @cached_property
    def _profiles_with_vrf(self) -> frozenset[str]:
        """The ISAKMP profiles that name the VRF inside."""
        first = {profile.name: profile.vrf for profile in reversed(self._router.isakmp_profiles)}
        return frozenset(name for name, vrf in first.items() if vrf is not None)

    @cached_property
    def _reversing(self) -> frozenset[int]:
        """The lines of the crypto map entries that write the routes to their peers' networks by themselves."""
        return frozenset(e.line for m in self._router.crypto_maps for e in m.entries if e.reverse_route)

    @cached_property
    def _carrying(self) -> dict[str | None, set[str]]:
        """The interfaces that carry each crypto map."""
        found: dict[str | None, set[str]] = {}
        for interface in self._router.interfaces:
            for named in interface.crypto_maps:
                found.setdefault(named.name, set()).add(interface.name)
        return found

    def _past_the_map(self, end: Endpoint) -> Astray | None:
        """Whether none of the traffic of a crypto map entry leaves by an interface that carries the map."""
        place = self._addresses.interface(end.interface.split()[0])
        if end.kind != "crypto-map" or end.dynamic or place is None or place.vrf is not None or self._steered:
            return None
        if end.isakmp_profile in self._profiles_with_vrf or not self._reversing.isdisjoint(end.lines):
            return None
        carrying = self._carrying.get(end.crypto_map, set())
        traffic = proposed(end, self.acl(end.acl))
        told = [self._fate(one.destination, carrying) for one in traffic.entries]
        fates = [fate for fate in told if fate is not None]
        if not fates or traffic.unread or len(fates) < len(told):
            return None
        kinds, lines = {kind for kind, _ in fates}, tuple(line for _, own in fates for line in own)
        kind = min(kinds, key=("round", "discarded", "unrouted").index)
        if self.learns and kind != "round":
            return None
        return Astray(kind, tuple(dict.fromkeys(lines)), sure=not self.learns and kind != "unrouted")

    def _fate(
        self, destination: Prefix, carrying: set[str]
    ) -> tuple[Literal["round", "discarded", "unrouted"], tuple[int, ...]] | None:
        """What becomes of traffic to ``destination``; None where it may leave by one of the ``carrying`` interfaces."""
        routes = self.routes_to(None, destination)
        if None in self._connected and self._connected[None].meets(destination):
            return None
        if self._given_routes.meets(destination, above=destination.length):
            return None  # parts of it may go another way
        if not routes:
            return ("unrouted", ()) if self.has_routes(None) else None
        ways = {self.out(route) for route in routes}
        if None in ways or ways & carrying or any(route.tracked for route in routes):
            return None
        return "discarded" if ways == {"Null0"} else "round", tuple(route.line for route in routes)


_WORKED_OUT_OF = {
    "_by_source": ("acls",),
    "_acls": ("acls",),
    "learns": ("lines", "interfaces", "truncated"),
    "_given": ("lines", "interfaces", "truncated"),
    "_statements": ("lines",),
    "_steered": ("lines",),
    "_connected": ("interfaces",),
    "_given_routes": ("static_routes",),
    "_static": ("static_routes", "interfaces"),
    "_profiles_with_vrf": ("isakmp_profiles",),
    "_reversing": ("crypto_maps",),
    "_carrying": ("interfaces",),
}
"""The parts of a router that each thing is worked out of, and nothing else."""
