"""Pieces into waves: a canary, far ends first, never two paths of one site, a limited size (CHANGE-FAR-FIRST)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ikeaudit.remediation.waves.graph import SMALL_SITE, TunnelGraph
from ikeaudit.remediation.waves.pieces import Piece

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
