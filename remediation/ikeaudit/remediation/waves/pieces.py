"""What cannot be torn apart: steps that go into one wave together, with the tunnels that they put to the test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec
import networkx as nx

from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.strategies.interface import Draft
from ikeaudit.remediation.waves.graph import TunnelGraph

if TYPE_CHECKING:
    from typing import TypeAlias

    Graph: TypeAlias = nx.Graph[int | str]

Kind = Literal["routers", "tunnels", "additive", "base", "beside", "cleanup"]


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Steps that are carried out, or taken back, as one.

    ``drafts`` are places in the proposal. ``routers`` are those changed, far ends first; ``tunnels`` those that negotiate
    differently, or are meant not to, afterwards. ``rank`` is that of the farthest router. ``kind``: whole ``routers`` with
    all their steps, the two ends of ``tunnels``, the ``additive`` steps alone of a router that several groups of the wave
    need, a router that only gets something new beside what it has, called by others (``base``) or calling them (``beside``),
    or the ``cleanup`` that follows when all tunnels are switched.
    """

    routers: tuple[str, ...]
    drafts: tuple[int, ...]
    tunnels: frozenset[str]
    rank: int
    kind: Kind = "routers"


def router_pieces(
    graph: TunnelGraph, drafts: Mapping[int, Draft], kind: Literal["routers", "cleanup"] = "routers"
) -> list[Piece]:
    """A piece for every router with all its steps; two routers that only talk to each other are one."""
    own = by_key((draft.router, at) for at, draft in drafts.items())
    pieces = []
    for name in own:
        other = graph.alone_together(name)
        pair = other is not None and other in own
        if pair and other is not None and other < name:
            continue
        routers = (name, other) if pair and other is not None else (name,)
        pieces.append(
            _piece(
                graph,
                routers,
                [at for router in routers for at in own[router]],
                frozenset().union(*(graph.tunnels_of(router) for router in routers)),
                kind,
            )
        )
    return pieces


def new_pieces(graph: TunnelGraph, drafts: Mapping[int, Draft]) -> list[Piece]:
    """A piece for every router that only gets new tunnels beside those that it has, as in a second cloud (PLAN-IKEV2).

    Nothing that there is goes at stake, and a new tunnel comes up with its second end: nearer ends (hubs), which wait for
    callers, come before those far out, so that each of these can be tested at once.
    """
    own = by_key((draft.router, at) for at, draft in drafts.items())
    highest = max((graph.rank(name) for name in own), default=0)
    pieces = []
    for name, steps in own.items():
        called = any(graph.rank(other) < graph.rank(name) for other in graph.neighbours(name) if other in own)
        piece = _piece(graph, (name,), steps, frozenset(), "base" if called else "beside")
        pieces.append(msgspec.structs.replace(piece, rank=highest - piece.rank))
    return pieces


def tunnel_pieces(graph: TunnelGraph, drafts: Mapping[int, Draft]) -> list[Piece]:
    """A piece for every group of tunnels that can only be switched together: what their steps announce says which.

    A step that announces nothing for a known tunnel may concern every tunnel of its router.
    """
    joined: Graph = nx.Graph()
    carried = {at: _carried(graph, draft) for at, draft in drafts.items()}
    for at, tunnels in carried.items():
        joined.add_node(at)
        joined.add_edges_from((at, tunnel) for tunnel in tunnels)
    pieces = []
    for members in nx.connected_components(joined):
        steps = sorted(at for at in members if isinstance(at, int))
        tunnels = frozenset(t for t in members if isinstance(t, str))
        pieces.append(_piece(graph, tuple(drafts[at].router for at in steps), steps, tunnels, "tunnels"))
    return pieces


def _carried(graph: TunnelGraph, draft: Draft) -> frozenset[str]:
    announced = graph.carried(d for a in draft.announce for d in a.directions)
    return announced or graph.tunnels_of(draft.router)


def _piece(
    graph: TunnelGraph, routers: Iterable[str], drafts: Sequence[int], tunnels: frozenset[str], kind: Kind
) -> Piece:
    order = graph.far_ends_first(frozenset(routers))
    return Piece(
        routers=order,
        drafts=tuple(sorted(drafts)),
        tunnels=tunnels,
        rank=min(graph.rank(name) for name in order),
        kind=kind,
    )


def with_additive(
    graph: TunnelGraph, waves: Sequence[Sequence[Piece]], additive: Mapping[int, Draft]
) -> list[list[Piece]]:
    """``waves`` with the additive steps of every router in, or before, the first piece that it is in.

    They join that piece, and are taken back with it, unless more pieces of the same wave rest on them: then they are a piece
    of their own right before it, which stands when a tunnel after it fails.
    """
    waiting = by_key((draft.router, at) for at, draft in additive.items())
    found = []
    for pieces in waves:
        uses = Counter(name for piece in pieces for name in piece.routers)
        wave: list[Piece] = []
        for piece in pieces:
            own = [name for name in piece.routers if uses[name] > 1 and name in waiting]
            wave += [_piece(graph, (name,), waiting.pop(name), frozenset(), "additive") for name in own]
            more = [at for name in piece.routers for at in waiting.pop(name, ())]
            wave.append(msgspec.structs.replace(piece, drafts=tuple(sorted((*more, *piece.drafts)))))
        found.append(wave)
    return found
