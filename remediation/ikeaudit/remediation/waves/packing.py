"""Pieces, which cannot be torn apart, into waves: a canary, far ends first, never two paths of one site (CHANGE-FAR-FIRST).

A piece is steps that go into one wave together, with the tunnels that they put to the test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec
import networkx as nx

from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.strategies.contract import Draft
from ikeaudit.remediation.waves.graph import SMALL_SITE, TunnelGraph

if TYPE_CHECKING:
    Graph: TypeAlias = nx.Graph[int | str]
    from typing import TypeAlias


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
    graph: TunnelGraph, waves: Sequence[Sequence[Piece]], drafts: list[Draft], additive: Iterable[int]
) -> list[list[Piece]]:
    """``waves`` with the ``additive`` steps of every router in, or before, the first piece that needs them.

    Of a step that has shares every piece gets its own, which is put at the end of ``drafts``. Those steps join that piece, and
    are taken back with it, unless more pieces of the same wave rest on them: then all that the wave needs is a piece of its
    own right before it, which stands when a tunnel after it fails.
    """
    store = _Store(drafts, additive)
    found = []
    for pieces in waves:
        needs = [by_key((drafts[at].router, drafts[at].needs) for at in piece.drafts) for piece in pieces]
        own = [{name: _all(found[name]) for name in piece.routers} for piece, found in zip(pieces, needs, strict=True)]
        of_router = by_key((name, wanted) for each in own for name, wanted in each.items())
        joint = {name for name, wanted in of_router.items() if len(wanted) > 1 and store.joint(name, wanted)}
        wave: list[Piece] = []
        for piece, wants in zip(pieces, own, strict=True):
            for name in (name for name in piece.routers if name in joint):
                joint.remove(name)
                steps = [at for _, at in store.take(name, _all(of_router[name]))]
                wave += [_piece(graph, (name,), steps, frozenset(), "additive")] if steps else []
            more = sorted(step for name, wanted in wants.items() for step in store.take(name, wanted))
            wave.append(msgspec.structs.replace(piece, drafts=(*(at for _, at in more), *piece.drafts)))
        found.append(wave)
    return found


def _all(needs: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*needs)


class _Store:
    """The additive steps that are not yet in a piece, by router."""

    def __init__(self, drafts: list[Draft], additive: Iterable[int]) -> None:
        self._drafts = drafts
        self._waiting = by_key((drafts[at].router, at) for at in additive)
        self._everything = {
            name: _all(needs) for name, needs in by_key((draft.router, draft.needs) for draft in drafts).items()
        }
        self._made: dict[int, set[object]] = {}

    def joint(self, name: str, wanted: Sequence[frozenset[str]]) -> bool:
        """Whether some of several pieces on a router rest on the same step, or the same object of one."""
        for at in self._waiting.get(name, ()):
            shares = self._drafts[at].shares
            if shares is None:
                return True
            made = self._made.get(at, set())
            uses = Counter(named for own in wanted for named in shares.named(own) - made)
            if any(count > 1 for count in uses.values()):
                return True
        return False

    def take(self, name: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
        """What is not made yet and ``wanted`` rests on, as places in the proposal and in the drafts."""
        found = []
        for at in self._waiting.get(name, [])[:]:
            shares, made = self._drafts[at].shares, self._made.setdefault(at, set())
            if shares is None or (wanted == self._everything[name] and not made):
                found.append((at, at))
                self._waiting[name].remove(at)
                continue
            draft = shares.of(wanted, frozenset(made)) if wanted else None
            made |= shares.named(wanted)
            if draft is not None:
                found.append((at, len(self._drafts)))
                self._drafts.append(draft)
        return found


WAVE_SIZE = 25
"""Routers in one wave, when nobody says otherwise."""


class Load:
    """One wave while it is filled."""

    def __init__(self, graph: TunnelGraph) -> None:
        self._graph = graph
        self.pieces: list[Piece] = []
        self.routers: set[str] = set()
        self._touched: dict[str, set[str]] = {}
        self._exposing: list[Mapping[str, frozenset[str]]] = []

    def takes(self, piece: Piece, size: int) -> bool:
        """Whether ``piece`` may join: the wave stays within ``size`` and every site keeps a path that is left alone."""
        if self.pieces and len(self.routers.union(piece.routers)) > size:
            return False
        mine: dict[str, set[str]] = {}
        for site, paths in self._touches(piece):
            there = self._at_stake(site)
            if not there:
                continue
            mine.setdefault(site, set(there)).update(paths)
            if len(mine[site]) > self._graph.allowed(site):
                return False
        return True

    def add(self, piece: Piece) -> None:
        """Put ``piece`` into the wave."""
        for site, paths in self._by_tunnels(piece):
            self._touched.setdefault(site, set()).update(paths)
        for name in piece.routers:
            if name not in self.routers and self._graph.exposed_by(name):
                self._exposing.append(self._graph.exposed_by(name))
        self.pieces.append(piece)
        self.routers.update(piece.routers)

    def _at_stake(self, site: str) -> set[str]:
        """The paths of ``site`` that the wave touches so far."""
        return self._touched.get(site, set()).union(*(paths.get(site, ()) for paths in self._exposing))

    def _touches(self, piece: Piece) -> Iterator[tuple[str, frozenset[str]]]:
        """The sites with several paths, and those of them that ``piece`` touches in addition to what the wave does already.

        A change on a router puts all its tunnels at stake, seen from their other ends; for its own site only those count that
        the piece is about. Of a large site (a mesh) a router whose one keyring serves more paths than a wave may touch is not
        held against itself: it could not be changed in any wave otherwise.
        """
        yield from self._by_tunnels(piece)
        for name in piece.routers:
            if name not in self.routers:
                yield from self._graph.exposed_by(name).items()

    def _by_tunnels(self, piece: Piece) -> Iterator[tuple[str, frozenset[str]]]:
        own: dict[str, set[str]] = {}
        for tunnel in piece.tunnels:
            for site in self._graph.guarding.get(tunnel, ()):
                own.setdefault(site, set()).add(tunnel)
        for site, paths in own.items():
            small = len(self._graph.paths[site]) <= SMALL_SITE or len(paths) <= self._graph.allowed(site)
            if small or not self._graph.members[site].intersection(piece.routers):
                yield site, frozenset(paths)


def packed(graph: TunnelGraph, pieces: Iterable[Piece], size: int) -> list[list[Piece]]:
    """The waves: first the canary alone, then rank by rank every piece in the first wave that takes it.

    What only adds something comes before what changes something: hubs, then a canary of those that call them, and the rest.

    A rank begins in the last wave of the rank before, so that far ends are in the same wave or an earlier one. Clean-ups
    begin when everything else is done, in a wave of their own.
    """
    every = sorted(pieces, key=lambda piece: stake(graph, piece))
    changing = [piece for piece in every if piece.kind in ("routers", "tunnels")]
    adding = [piece for piece in every if piece.kind == "beside"]
    loads: list[Load] = []
    _fill(graph, loads, [piece for piece in every if piece.kind == "base"], size)
    for one in (adding, changing):
        _fill(graph, loads, one[:1], size)
        _fill(graph, loads, one[1:], size)
    _fill(graph, loads, [piece for piece in every if piece.kind == "cleanup"], size)
    return [load.pieces for load in loads]


def _fill(graph: TunnelGraph, loads: list[Load], pieces: Sequence[Piece], size: int) -> None:
    """Put ``pieces`` into waves after those that there are; full waves are not looked at again."""
    open_: list[Load] = []
    rank = 0
    for piece in pieces:
        if piece.rank > rank:
            rank, open_ = piece.rank, [load for load in open_ if load is loads[-1]]
        load = next((load for load in open_ if load.takes(piece, size)), None)
        if load is None:
            load = Load(graph)
            loads.append(load)
            open_.append(load)
        load.add(piece)
        if len(load.routers) >= size:
            open_.remove(load)


def stake(graph: TunnelGraph, piece: Piece) -> tuple[int, int, int, tuple[str, ...], tuple[str, ...]]:
    """What sorts pieces: far out first, then few tunnels, then few tunnels besides; the first has the least at stake."""
    besides = sum(len(graph.tunnels_of(name)) for name in piece.routers)
    return piece.rank, len(piece.tunnels), besides, piece.routers, tuple(sorted(piece.tunnels))
