"""Why a router is in its wave, in words."""

from collections.abc import Collection, Iterable, Sequence

from ikeaudit.remediation.plan import Wave
from ikeaudit.remediation.waves.graph import TunnelGraph
from ikeaudit.remediation.waves.packing import Piece

_NAMED = 3
"""Names before ``and n more``."""


class Words:
    """Explains the waves of one plan."""

    def __init__(self, graph: TunnelGraph, waves: Sequence[Sequence[Piece]]) -> None:
        self._graph = graph
        self._waves = waves
        self._changing = [n for n, pieces in enumerate(waves, 1) if any(p.kind != "cleanup" for p in pieces)]
        firsts = {
            kind: next((n for n in self._changing if any(p.kind in kind for p in waves[n - 1])), 0)
            for kind in (("beside",), ("routers", "tunnels"))
        }
        self._canaries = frozenset(firsts.values()) - {0}
        self._rivals: dict[str, dict[str, list[str]]] = {}
        self._waves_of: dict[str, list[int]] = {}
        self._switched: dict[str, int] = {}
        for number in self._changing:
            for piece in waves[number - 1]:
                self._switched.update(dict.fromkeys(piece.tunnels, number))
                for name in piece.routers:
                    own = self._waves_of.setdefault(name, [])
                    if number not in own:
                        own.append(number)

    def title(self, number: int) -> str:
        """What a wave is, in one or two words."""
        if number not in self._changing:
            return "clean-up"
        kinds = {piece.kind for piece in self._waves[number - 1]}
        if kinds == {"base"}:
            return "hubs"
        if len(self._changing) == 1:
            return "all at once"
        if number in self._canaries:
            return "canary"
        if kinds == {"beside"}:
            return "far ends"
        last = max(piece.rank for piece in self._waves[number - 1] if piece.kind != "additive")
        return "far ends" if last == 0 else "near ends"

    def reasons(self, wave: Wave, seconds: int, longest: int) -> dict[str, str]:
        """Of every router of ``wave`` why it is there.

        ``seconds`` is what its longest group may take, ``longest`` a timer's limit in minutes.
        """
        found = {}
        for place, name in enumerate(wave.routers, 1):
            (*pieces,) = (piece for piece in self._waves[wave.number - 1] if name in piece.routers)
            parts = [f"place {place} of {len(wave.routers)}", *self._parts(wave, name, pieces)]
            if seconds > longest * 60 and name == wave.routers[-1]:
                parts.append(
                    f"testing everything may take {seconds // 60} minutes, and no timer runs longer than {longest}: "
                    "it is set anew while the tests go on"
                )
            found[name] = "; ".join(parts)
        return found

    def _parts(self, wave: Wave, name: str, pieces: Sequence[Piece]) -> Iterable[str]:
        if any(piece.kind == "additive" for piece in pieces):
            yield "first a group of its own that adds what nothing uses yet"
            pieces = [piece for piece in pieces if piece.kind != "additive"]
        if pieces[0].kind == "cleanup":
            yield "clean-up of what nothing uses any more, after all switches"
            return
        if pieces[0].kind in ("base", "beside"):
            yield from self._of_new(wave, name, pieces[0])
            yield from self._apart(wave, name)
            return
        if wave.number in self._canaries and len(self._changing) > 1:
            count = _tunnels(len(self._waves[wave.number - 1][-1].tunnels))
            yield f"canary: with {count} it has the least at stake of those far out and shows first what goes wrong"
        if pieces[0].kind == "tunnels":
            yield from self._of_tunnels(name, pieces)
        else:
            yield from self._of_router(wave, name, pieces[0])
        yield from self._managed(wave, name)
        yield from self._apart(wave, name)

    def _of_tunnels(self, name: str, pieces: Sequence[Piece]) -> Iterable[str]:
        own = self._graph.tunnels_of(name)
        switched = own.intersection(tunnel for piece in pieces for tunnel in piece.tunnels)
        others = _listed(self._graph.neighbours(name, switched))
        yield f"{_tunnels(len(switched))} to {others} switched at both ends"
        paths = self._graph.paths.get(self._graph.site(name), frozenset())
        if len(paths) > 1 and any(paths <= piece.tunnels for piece in pieces):
            every = "both" if len(paths) == 2 else f"all {len(paths)}"
            yield f"{every} paths at once, because they can only be switched together"
        later = own.difference(switched)
        if later and name not in self._graph.exposed_by(name):
            when = {self._switched[t] for t in later if t in self._switched}
            if when:
                yield f"{'another' if len(later) == 1 else f'{len(later)} more'} in {_waves(when)}"

    def _of_new(self, wave: Wave, name: str, piece: Piece) -> Iterable[str]:
        calling = [n for n in self._graph.neighbours(name) if n in self._waves_of]
        if piece.kind == "base":
            when = {number for n in calling for number in self._waves_of[n] if number > wave.number}
            yield "adds what nothing uses yet" + (f", before those that will call it in {_waves(when)}" if when else "")
            return
        if wave.number in self._canaries:
            yield "canary: the first whose new tunnels come up, and are tested"
        earlier = [n for n in calling if min(self._waves_of[n]) < wave.number]
        yield "adds tunnels" + (f" to {_listed(earlier)}, ready by then," if earlier else "") + " beside the old ones"

    def _of_router(self, wave: Wave, name: str, piece: Piece) -> Iterable[str]:
        if len(piece.routers) > 1:
            others = _listed([other for other in piece.routers if other != name])
            yield f"together with {others}, the other end of {_tunnels(len(piece.tunnels), all_=True)}"
            return
        graph, rank = self._graph, self._graph.rank(name)
        if not graph.tunnels_of(name):
            yield "no tunnel of it is known"
            return
        nearer = [n for n in graph.neighbours(name) if graph.rank(n) > rank]
        farther = [n for n in graph.neighbours(name) if graph.rank(n) < rank and n in self._waves_of]
        if nearer:
            when = {number for n in nearer for number in self._waves_of.get(n, ())}
            yield f"far end of {_listed(nearer)}" + (f", changed in {_waves(when)}" if when - {wave.number} else "")
        if farther:
            when = {number for n in farther for number in self._waves_of[n]}
            yield f"after its {_count(len(farther), 'far end')} in {_waves(when)}"
        if not nearer and not farther:
            yield _tunnels(len(graph.tunnels_of(name)))
        paths = graph.paths.get(graph.site(name), frozenset())
        if 1 < len(paths) == len(paths & piece.tunnels):
            every = "both" if len(paths) == 2 else f"all {len(paths)}"
            yield f"{every} paths hang on this one change, so they are tested one by one and no other end changes now"

    def _managed(self, wave: Wave, name: str) -> Iterable[str]:
        through = self._graph.through.get(name, {})
        if through:
            ends = _listed(sorted({self._graph.far_end(tunnel, name) for tunnel in through}))
            yield f"managed through its tunnel to {ends}, which is why it comes before that"
        if name in wave.timers:
            yield f"timer {wave.timers[name]} minutes"

    def _apart(self, wave: Wave, name: str) -> Iterable[str]:
        """The router that must not be changed in the same wave, because some sites would have both paths at stake."""
        if name not in self._rivals:
            self._rivals[name] = self._sharing_sites(name)
        here = set(wave.routers)
        found = {other: sites for other, sites in self._rivals[name].items() if other not in here}
        if found:
            other, sites = max(found.items(), key=lambda item: (len(item[1]), item[0]))
            yield f"apart from {other}, because {_listed(sites)} {'has' if len(sites) == 1 else 'have'} paths through both"

    def _sharing_sites(self, name: str) -> dict[str, list[str]]:
        """The other changed routers at which sites that a change of ``name`` exposes have paths, each with those sites."""
        found: dict[str, list[str]] = {}
        for site in self._graph.exposed_by(name):
            members = self._graph.members[site]
            ends = {end for tunnel in self._graph.paths[site] for end in self._graph.ends[tunnel]}
            for other in ends.difference(members, {name}):
                if other in self._waves_of:
                    found.setdefault(other, []).append(site)
        return found


def _listed(names: Collection[str]) -> str:
    """A few names, and how many more there are."""
    shown = sorted(names)[:_NAMED]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _tunnels(count: int, *, all_: bool = False) -> str:
    if all_:
        return "its only tunnel" if count == 1 else f"all its {count} tunnels"
    return _count(count, "tunnel")


def _waves(numbers: Collection[int]) -> str:
    """``wave 3``, ``waves 2 and 5`` or ``waves 2 to 9``."""
    found = sorted(numbers)
    if len(found) == 1:
        return f"wave {found[0]}"
    return f"waves {found[0]} {'and' if len(found) == 2 else 'to'} {found[-1]}"
