"""Which routers of a plan have nothing to do with each other, so that each such part is proven by itself.

Two routers belong together when one calls an address of the other, holds a key or a match line for one, or has a next-hop
server in common with it; when a line that is typed on one names an address that is the other's, or that the other calls; when
a step on one waits for a step on the other or announces something of it; and when both are carried out as one. More is joined
than need be: what stands apart must never meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
import networkx as nx

from ikeaudit.fleet import Fleet, NatMap
from ikeaudit.fleet.dmvpn import next_hop_servers, prefixes_of
from ikeaudit.model import IPAddress, parse_address
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Step
from ikeaudit.selection import RouterRules

if TYPE_CHECKING:
    from typing import TypeAlias

    Graph: TypeAlias = nx.Graph[str | IPAddress]

_ADDRESS = re.compile(r"[0-9A-Fa-f.:]*[0-9A-Fa-f][.:][0-9A-Fa-f.:]*")
"""What may be an address of either version within a line."""


class Component(msgspec.Struct, frozen=True):
    """Routers that may notice each other's changes, sorted, and the steps on them, in their order."""

    routers: tuple[str, ...]
    steps: tuple[Step, ...]


def components(fleet: Fleet, steps: Sequence[Step], together: Iterable[Sequence[str]] = ()) -> tuple[Component, ...]:
    """The parts that ``steps`` fall into, in the order of their first steps; routers without steps that they reach included.

    ``together`` are routers that are not to be parted for other reasons.
    """
    graph: Graph = nx.Graph()
    graph.add_nodes_from(router.name for router in fleet.routers)
    nat = NatMap(fleet.translations)
    callers: dict[IPAddress, set[str]] = {}
    for router in fleet.routers:
        for address in _named(fleet.rules(router.name)):
            callers.setdefault(address, set()).add(router.name)
            graph.add_edges_from((router.name, owner) for owner in _owners(fleet, nat, address))
        for interface in router.interfaces:
            graph.add_edges_from((router.name, outer) for _, outer in next_hop_servers(interface.tunnel))
    graph.add_edges_from(fleet.spoke_pairs)
    for names in together:
        nx.add_path(graph, names)
    router_of = {step.number: step.router for step in steps}
    known = {router.name for router in fleet.routers}
    seen: set[tuple[str, str]] = set()
    for step in steps:
        for announcement in step.announce:
            graph.add_edge(step.router, router_of.get(announcement.until, step.router))
            ends = {name for d in announcement.directions for name in (d.initiator, d.responder)} & known
            graph.add_edges_from((step.router, name) for name in ends if name is not None)
        for word in _words((*step.commands, *step.rollback)):
            if (step.router, word) in seen:
                continue
            seen.add((step.router, word))
            typed = parse_address(word)
            if typed is not None:
                others = (*_owners(fleet, nat, typed), *callers.get(typed, ()))
                graph.add_edges_from((step.router, other) for other in others)
    place = {node: at for at, members in enumerate(nx.connected_components(graph)) for node in members}
    members_of = by_key((place[router.name], router.name) for router in fleet.routers)
    parts = by_key((place[step.router], step) for step in steps)
    return tuple(Component(tuple(members_of[at]), tuple(own)) for at, own in parts.items())


def _named(rules: RouterRules) -> Iterator[IPAddress]:
    """The addresses of other routers that a configuration names."""
    for end in (*rules.endpoints, *rules.clients, *rules.unapplied, *rules.unread_ends):
        if end.peer is not None:
            yield end.peer
    yield from (prefix.address for prefix in prefixes_of(rules.router) if prefix.is_host)


def _owners(fleet: Fleet, nat: NatMap, address: IPAddress) -> Iterator[str]:
    """The routers that hold ``address``, or what is behind it."""
    for one in dict.fromkeys((address, nat.reaches(address))):
        if one is not None:
            yield from (router.name for router, _ in fleet.owners(one))


def _words(lines: Iterable[str]) -> Iterator[str]:
    """What may be an address in ``lines``, each once."""
    yield from dict.fromkeys(word for line in lines for word in _ADDRESS.findall(line))
