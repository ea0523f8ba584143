"""The graph of a fleet's tunnels: who is reached through whom, and which tunnels back each other up (CHANGE-FAR-FIRST).

Of single configurations it needs the LANs behind their tunnels, and whether a router is managed through one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from ikeaudit.model import Interface, IPAddress, Router, StaticRoute
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Direction
from ikeaudit.selection import RouterRules

if TYPE_CHECKING:
    Digraph: TypeAlias = nx.DiGraph[str]
    Graph: TypeAlias = nx.Graph[str]
    from ikeaudit.exchange import Exchange
    from ikeaudit.fleet import Fleet
    from ikeaudit.model import StaticRoute


SITE_ROUTERS = 4
"""Routers on one LAN that are taken for one site; a LAN with more of them carries management or transit."""


def sites(rules: Iterable[RouterRules]) -> tuple[frozenset[str], ...]:
    """Pairs and small groups of routers with a LAN behind their tunnels in common, whose tunnels so back each other up.

    The LAN must be in the VRF that the tunnels of each lead to, and no tunnel may start on it. Equal prefixes with equal
    addresses are a plan that was used twice, not one LAN.
    """
    found: dict[tuple[str | None, object], dict[str, IPAddress]] = {}
    for own in rules:
        for vrf, network, address in _lans(own):
            found.setdefault((vrf, network), {})[own.router.name] = address
    return tuple(
        frozenset(members)
        for members in found.values()
        if 2 <= len(members) <= SITE_ROUTERS and len(set(members.values())) == len(members)
    )


def _lans(rules: RouterRules) -> Iterable[tuple[str | None, object, IPAddress]]:
    """The VRF, network and own address of every LAN that the router's tunnels lead to."""
    ends = rules.endpoints
    if not ends:
        return
    router = rules.router
    outer = {end.local.interface for end in ends}
    tunnels = {interface.name: interface for interface in router.interfaces if interface.tunnel is not None}
    inside = {tunnels[end.interface].vrf for end in ends if end.interface in tunnels}
    if any(end.kind == "crypto-map" for end in ends):
        inside |= {None, *(profile.vrf for profile in router.isakmp_profiles)}
    for interface in router.interfaces:
        if interface.tunnel is not None or interface.name in outer or interface.shutdown:
            continue
        if interface.vrf not in inside or interface.name.startswith(("Loopback", "Virtual-Template")):
            continue
        for own in interface.addresses:
            if own.prefix is not None and own.prefix.contiguous and not own.prefix.is_host and own.role == "primary":
                yield interface.vrf, own.prefix.network, own.address


def managed_through(router: Router) -> dict[str, StaticRoute]:
    """The protected tunnels that all default routes of the default VRF leave by, each with a route (FL-MGMT-VIA-TUNNEL).

    Empty when one of them leaves otherwise, or when there is none: routes learnt by a protocol are not seen.
    """
    found: dict[str, StaticRoute] = {}
    for route in router.static_routes:
        if route.vrf is not None or route.prefix.length:
            continue
        interface = next((i for i in router.interfaces if _leaves_by(route, i)), None)
        if interface is None:
            return {}
        found.setdefault(interface.name, route)
    return found


def _leaves_by(route: StaticRoute, interface: Interface) -> bool:
    """Whether ``route`` leaves by ``interface``, a protected tunnel."""
    if interface.tunnel is None or interface.tunnel.protection is None or interface.vrf is not None:
        return False
    hop = route.next_hop
    return route.interface == interface.name or (
        hop is not None and any(own.prefix is not None and own.prefix.covers(hop) for own in interface.addresses)
    )


SMALL_SITE = 4
"""A site with more tunnels than this is a hub or part of a mesh rather than a site with a backup."""


class TunnelGraph:
    """Routers, and peers that no configuration describes, joined by tunnels.

    ``ends`` names the two nodes of every tunnel, ``tunnels`` the tunnels of every node.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._routers = frozenset(router.name for router in fleet.routers)
        self.ends: dict[str, tuple[str, str]] = {}
        self._tunnel_of: dict[Direction, str] = {}
        self._exposed: dict[str, dict[str, frozenset[str]]] = {}
        self._neighbours: dict[str, tuple[str, ...]] = {}
        self._at: dict[tuple[str, str], set[str]] = {}
        for exchange in fleet.exchanges:
            self._add(exchange)
        found: dict[str, set[str]] = {}
        for tunnel, ends in self.ends.items():
            for node in ends:
                found.setdefault(node, set()).add(tunnel)
        self.tunnels: dict[str, frozenset[str]] = {node: frozenset(own) for node, own in found.items()}

    def _add(self, exchange: Exchange) -> None:
        near, far = exchange.initiator, exchange.responder
        if far == near or (far is None and exchange.outcome == "not-initiated"):
            return  # an end that waits for callers nobody knows leads nowhere
        node = far if far is not None else f"peer {exchange.peer}"
        self.ends.setdefault(exchange.tunnel, (min(near, node), max(near, node)))
        self._tunnel_of[Direction.of(exchange)] = exchange.tunnel
        self._at.setdefault((near, exchange.initiator_interface), set()).add(exchange.tunnel)
        if far is not None and exchange.responder_interface is not None:
            self._at.setdefault((far, exchange.responder_interface), set()).add(exchange.tunnel)

    def known(self, node: str) -> bool:
        """Whether ``node`` is a router whose configuration is in the fleet."""
        return node in self._routers

    # -- neighbours ------------------------------------------------------------------------------------------------

    def tunnels_of(self, name: str) -> frozenset[str]:
        """The tunnels of a router; none for one without tunnels."""
        return self.tunnels.get(name, frozenset())

    def carried(self, directions: Iterable[Direction]) -> frozenset[str]:
        """The tunnels whose directions these are."""
        return frozenset(self._tunnel_of[d] for d in directions if d in self._tunnel_of)

    def far_end(self, tunnel: str, name: str) -> str:
        """The other end of ``tunnel``."""
        one, other = self.ends[tunnel]
        return other if one == name else one

    def neighbours(self, name: str, tunnels: Iterable[str] | None = None) -> tuple[str, ...]:
        """The nodes at the other ends of a router's tunnels (of those given), sorted."""
        if tunnels is not None:
            return tuple(sorted({self.far_end(tunnel, name) for tunnel in self.tunnels_of(name).intersection(tunnels)}))
        if name not in self._neighbours:
            self._neighbours[name] = tuple(sorted({self.far_end(tunnel, name) for tunnel in self.tunnels_of(name)}))
        return self._neighbours[name]

    def alone_together(self, name: str) -> str | None:
        """The one neighbour of a router whose own one neighbour it is."""
        others = self.neighbours(name)
        return others[0] if len(others) == 1 and self.neighbours(others[0]) == (name,) else None

    # -- who comes first -------------------------------------------------------------------------------------------

    @cached_property
    def through(self) -> dict[str, dict[str, StaticRoute]]:
        """The routers that are managed through tunnels: the tunnels of each, with the default route that says so."""
        found = {}
        for router in self._fleet.routers:
            routes = managed_through(router) if router.static_routes else {}
            own = {t: route for name, route in routes.items() for t in self._at.get((router.name, name), ())}
            if own:
                found[router.name] = own
        return found

    @cached_property
    def ranks(self) -> dict[str, int]:
        """How many routers, one behind the other, must be done before each node; those far out have 0.

        A router that is managed through a tunnel comes before the other end of it; else the end farther out, in a layer that
        is peeled off the graph earlier, comes before the other.
        """
        before: Digraph = nx.DiGraph()
        before.add_nodes_from(self.tunnels)
        for tunnel, (one, other) in self.ends.items():
            via = [tunnel in self.through.get(node, {}) for node in (one, other)]
            weight = (not via[0], not via[1]) if via[0] != via[1] else (self._layer(one), self._layer(other))
            if weight[0] != weight[1]:
                before.add_edge(*((one, other) if weight[0] < weight[1] else (other, one)))
        bundled = nx.condensation(before)  # routers that are managed through each other share a rank
        return {
            node: rank
            for rank, generation in enumerate(nx.topological_generations(bundled))
            for bundle in generation
            for node in bundled.nodes[bundle]["members"]
        }

    def rank(self, name: str) -> int:
        """The rank of a node; 0 for a router without tunnels."""
        return self.ranks.get(name, 0)

    def far_ends_first(self, names: Collection[str]) -> tuple[str, ...]:
        """``names`` in the order in which they are changed: by rank, then those with fewer tunnels, then by name."""
        return tuple(sorted(names, key=lambda name: (self.rank(name), len(self.tunnels_of(name)), name)))

    # -- what backs up what ----------------------------------------------------------------------------------------

    @cached_property
    def _site_of(self) -> dict[str, str]:
        """The site of every node, called after the first of its routers."""
        shared: Graph = nx.Graph()
        shared.add_nodes_from(self.tunnels)
        rules = [self._fleet.rules(r.name) for r in self._fleet.routers if r.name in self.tunnels]
        for members in sites(rules):
            nx.add_path(shared, sorted(members))
        return {node: min(members) for members in nx.connected_components(shared) for node in members}

    def site(self, name: str) -> str:
        """The site of a node."""
        return self._site_of.get(name, name)

    @cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """The routers of every site."""
        found: dict[str, set[str]] = {}
        for node, site in self._site_of.items():
            found.setdefault(site, set()).add(node)
        return {site: frozenset(nodes) for site, nodes in found.items()}

    @cached_property
    def _layers(self) -> dict[str, int]:
        """The layer of every site: leaves are peeled off first, what they hang on later."""
        graph: Graph = nx.Graph()
        for one, other in self.ends.values():
            if self._site_of[one] != self._site_of[other]:
                graph.add_edge(self._site_of[one], self._site_of[other])
        return dict(nx.onion_layers(graph)) if graph else {}

    def _layer(self, node: str) -> int:
        return self._layers.get(self._site_of[node], 0)

    @cached_property
    def paths(self) -> dict[str, frozenset[str]]:
        """For every site with several ways out, the tunnels that back each other up.

        These are the tunnels that lead inwards or to the site's equals. A site with up to :data:`SMALL_SITE` tunnels may have
        its hubs farther out than it lies itself, in a fleet that does not show much of them: of such a site all tunnels count
        but those to spokes that have another hub. A router that waits for callers is a hub, however few they are.
        """
        found = {}
        for site, members in self.members.items():
            if site not in self._routers:
                continue
            own = {t for node in members for t in self.tunnels[node]}
            beyond = {t: self._beyond(t, site) for t in own if len({self._site_of[node] for node in self.ends[t]}) > 1}
            small = len(beyond) <= SMALL_SITE and self._listening.isdisjoint(members)
            paths = frozenset(
                tunnel
                for tunnel, far in beyond.items()
                if self._layer(far) >= self._layers[site] or (small and not self._spoke(far))
            )
            if len(paths) > 1:
                found[site] = paths
        return found

    def _spoke(self, node: str) -> bool:
        """Whether a node has several ways inwards and nobody farther out."""
        others = self.neighbours(node)
        return len(others) > 1 and all(self._layer(other) >= self._layer(node) for other in others)

    @cached_property
    def _listening(self) -> frozenset[str]:
        """The routers with an interface that only waits for callers; a DMVPN spoke's also calls its hubs."""
        calling = {(end.router, end.interface) for end in self._fleet.endpoints if not end.accepts_any}
        waiting = {(end.router, end.interface) for end in self._fleet.endpoints if end.accepts_any}
        return frozenset(router for router, _ in waiting - calling)

    def _beyond(self, tunnel: str, site: str) -> str:
        one, other = self.ends[tunnel]
        return other if self._site_of[one] == site else one

    @cached_property
    def guarding(self) -> dict[str, tuple[str, ...]]:
        """For every tunnel the sites of which it is one of several paths."""
        found = by_key((tunnel, site) for site, tunnels in self.paths.items() for tunnel in tunnels)
        return {tunnel: tuple(sorted(own)) for tunnel, own in found.items()}

    def exposed_by(self, name: str) -> dict[str, frozenset[str]]:
        """The sites that a change of a router puts at stake from outside: the paths of each that end at it."""
        if name not in self._exposed:
            found: dict[str, set[str]] = {}
            for tunnel in self.tunnels_of(name):
                for site in self.guarding.get(tunnel, ()):
                    if name not in self.members[site]:
                        found.setdefault(site, set()).add(tunnel)
            self._exposed[name] = {site: frozenset(found[site]) for site in sorted(found)}
        return self._exposed[name]

    def allowed(self, site: str) -> int:
        """How many of a site's paths may be changed in one wave: one of a small site's, half of a larger one's."""
        count = len(self.paths[site])
        return 1 if count <= SMALL_SITE else count // 2
