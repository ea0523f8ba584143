"""What hazards that look at one router at a time said of it before, while it and all its peers are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
    """What is known of routers by a ``memo``, and what it is to keep.

    A detector for one router goes by its facts: the router itself, its ends, and its peers with the routers and ends there.
    All of these make the place where its answers are.
    """

    def __init__(self, memo: Memo | None) -> None:
        self._memo = memo
        self._known: dict[str, tuple[bytes | None, Told | None]] = {}
        self._fresh: dict[str, dict[str, tuple[Any, ...]]] = {}

    def of(
        self, facts: RouterFacts, code: str, detect: Callable[[], Iterable[Any]], type_: Callable[..., Told]
    ) -> Iterable[Any]:
        """What the hazard of that code says of a router: as before, else what ``detect`` finds; it is kept as a ``type_``."""
        memo = self._memo
        if memo is None:
            return detect()
        if facts.name not in self._known:
            place = _place(memo, facts)
            self._known[facts.name] = place, memo.found(place, type_) if place is not None else None  # type: ignore[arg-type]
        place, known = self._known[facts.name]
        if known is not None and code in known.asked:
            return known.told.get(code, ())
        found = tuple(detect())
        if place is not None:
            self._fresh.setdefault(facts.name, {})[code] = found
        return found

    def keep(self, type_: Callable[..., Told]) -> None:
        """Keep what was found, once all hazards were asked."""
        for name, found in self._fresh.items():
            place, _ = self._known[name]
            if self._memo is not None and place is not None:
                self._memo.keep(place, type_(tuple(found), {code: some for code, some in found.items() if some}))


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
