"""What hazards that look at one router at a time said of it before, while it and all its peers are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from ikeaudit.fleet.memo import Memo
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts


class Told(Protocol):
    """What the hazards ``asked``, by code, say of one router; nothing for one of them that is not in ``told``."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The codes of the hazards."""

    @property
    def told(self) -> dict[str, tuple[Any, ...]]:
        """What they say."""


class ToldBefore:
    """What is known of ``routers`` by a ``memo``, and what it is to keep.

    A detector for one router goes by its facts: the router itself, its ends, and its peers with the routers and ends there.
    All of these make the place where its answers are. Answers are sorted by hazard once, so that one that has nothing to say
    of thousands of known routers costs nothing.
    """

    def __init__(self, memo: Memo | None) -> None:
        self._memo = memo
        self._places: dict[int, bytes | None] = {}
        self._known: dict[int, Told] = {}
        self._told: dict[str, dict[int, tuple[Any, ...]]] = {}
        self._asked: dict[tuple[str, ...], list[int]] = {}
        self._fresh: dict[int, dict[str, tuple[Any, ...]]] = {}

    def of_all(
        self,
        routers: Sequence[RouterFacts],
        code: str,
        detect: Callable[[RouterFacts], Iterable[Any]],
        type_: Callable[..., Told],
    ) -> Iterator[Any]:
        """What the hazard of that code says of each of ``routers``, which are the same each time: as before, else what
        ``detect`` finds; it is kept as a ``type_``."""
        memo = self._memo
        if memo is None:
            for facts in routers:
                yield from detect(facts)
            return
        self._look_up(memo, routers, type_)
        told = dict(self._told.get(code, ()))
        for place in self._open(code):
            found = tuple(detect(routers[place]))
            self._fresh.setdefault(place, {})[code] = found
            if found:
                told[place] = found
        for place in sorted(told):
            yield from told[place]

    def of_some(
        self,
        routers: Sequence[RouterFacts],
        code: str,
        ask: Callable[[RouterFacts], Sequence[Any]],
        type_: Callable[..., Told],
    ) -> Iterator[tuple[RouterFacts, Sequence[Any]]]:
        """Those of ``routers``, which are the same each time, of which ``ask`` finds something, with that.

        A router of which it found nothing before is not asked about again; that is kept by ``code`` as a ``type_``.
        """
        memo = self._memo
        if memo is None:
            yield from ((facts, found) for facts in routers if (found := ask(facts)))
            return
        self._look_up(memo, routers, type_)
        for place in self._open(code):
            if found := ask(routers[place]):
                yield routers[place], found
            else:
                self._fresh.setdefault(place, {})[code] = ()

    def _open(self, code: str) -> list[int]:
        """The places of routers of which it is not known what ``code`` stands for, or that something was found."""
        return sorted(at for asked, some in self._asked.items() if code not in asked for at in some)

    def _look_up(self, memo: Memo, routers: Sequence[RouterFacts], type_: Callable[..., Told]) -> None:
        """Ask for all that is known of each router, once."""
        if len(self._places) == len(routers):
            return
        for at, facts in enumerate(routers):
            place = self._places[at] = _place(memo, facts)
            known = memo.found(place, type_) if place is not None else None  # type: ignore[arg-type]
            self._asked.setdefault(known.asked if known is not None else (), []).append(at)
            if known is not None:
                self._known[at] = known
                for code in known.told.keys() & {*known.asked}:
                    self._told.setdefault(code, {})[at] = known.told[code]

    def keep(self, type_: Callable[..., Told]) -> None:
        """Keep what was found, once all hazards were asked."""
        for at, found in self._fresh.items():
            place = self._places[at]
            if self._memo is not None and place is not None:
                known = self._known.get(at)
                asked, told = (known.asked, known.told) if known is not None else ((), {})
                told = {**told, **{code: some for code, some in found.items() if some}}
                self._memo.keep(place, type_((*asked, *found), told))


def _place(memo: Memo, facts: RouterFacts) -> bytes | None:
    several = (*facts.peers, *facts.idle_peers)
    far = dict.fromkeys(peer.far_rules.router.name for peer in several if peer.far_rules is not None)
    peers, idle = list(_told(facts.peers)), list(_told(facts.idle_peers))
    return memo.place("router", (facts.name, *far), facts.ends, peers, idle)


def _told(peers: Iterable[Peer]) -> Iterator[tuple[object, ...]]:
    """All that makes each peer, the far router by its name."""
    for peer in peers:
        far = peer.far_rules.router.name if peer.far_rules is not None else None
        yield far, peer.end, peer.address, peer.far, peer.prefix, peer.guessed
