"""The parts of a snapshot that have nothing to do with each other: who looks at one never has the routers of all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ikeaudit.fleet import Fleet
from ikeaudit.model import IPAddress, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.model.watching import watched
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.snapshot.audit_memo import AuditMemo
from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.card import Spelt, spelt
from ikeaudit.snapshot.parting import batches, parts_of
from ikeaudit.snapshot.workers import Workers

if TYPE_CHECKING:
    from ikeaudit.fleet import Translation
    from ikeaudit.snapshot import loading

T = TypeVar("T")

Part = tuple[str, ...]
"""The names of some routers, in their order, that have nothing to do with any others."""


class Parts:
    """The parts of what was ``read``; what was worked out is looked for in a cache, and work is spread over workers."""

    def __init__(
        self,
        read: loading.Snapshot,
        nat: tuple[Translation, ...],
        cache: Cache | None = None,
        workers: Workers | None = None,
    ) -> None:
        self._read, self._nat = read, nat
        self._cache, self._workers = cache or Cache(None), workers or Workers()

    @cached_property
    def all(self) -> list[Part]:
        """Every part."""
        return parts_of(self._read.cards, self._nat)

    @cached_property
    def batches(self) -> list[Part]:
        """Every part, small ones put together."""
        return batches(self.all)

    @cached_property
    def _of(self) -> dict[str, Part]:
        return {name: part for part in self.all for name in part}

    def of(self, hosts: Iterable[str]) -> Part:
        """All that may have to do with ``hosts``, which are among them; names that are no router's do not count."""
        return tuple(sorted({name for host in hosts for name in self._of.get(host, ())}))

    def knowing(self, address: IPAddress) -> Part:
        """All that may have to do with who holds ``address``, or calls it. With translations that may be anybody."""
        if self._nat:
            return tuple(sorted(self._of))
        return self.of(self._who_knows.get(spelt(address), ()))

    def holding(self, address: IPAddress) -> set[str]:
        """The routers that hold ``address``, or another one that is seen by it behind a translation."""
        inside = (one.inside for one in self._nat if one.outside == address)
        return {name for held in (address, *inside) for name in self._who_holds.get(spelt(held), ())}

    @cached_property
    def _who_knows(self) -> dict[Spelt, list[str]]:
        cards = self._read.cards.items()
        return by_key((one, name) for name, card in cards for one in {*card.holds, *card.names, *card.ends})

    @cached_property
    def _who_holds(self) -> dict[Spelt, list[str]]:
        return by_key((address, name) for name, card in self._read.cards.items() for address in card.holds)

    def fleet(self, part: Iterable[str], *, steps: bool = False, of: Collection[str] | None = None) -> Fleet:
        """The routers of a part as a fleet; ``steps`` and ``of`` as there."""
        return Fleet(self._read.made([*part]), self._nat, steps=steps, of=of)

    @contextmanager
    def known(self, part: Iterable[str]) -> Iterator[Fleet]:
        """The same, while it may ask for exchanges that are known from before."""
        there = {*part}.intersection(self._of)
        cache = self._cache.again()  # this may be another process
        memo = AuditMemo(cache, self._read.matter, self._read.still) if cache.used else None
        try:
            yield Fleet(self._read.made(sorted(there)), self._nat, memo=memo)
        finally:
            cache.close()

    def told(self, work: Callable[[Fleet], T]) -> Iterable[T]:
        """``work`` of each batch of parts, the exchanges of which tell their steps, by several processes."""

        def of_one(part: Part) -> T:
            with gc_paused():
                return work(self.fleet(part, steps=True))

        return self.spread("parts drawn", of_one, self.batches)

    def spread(self, title: str, work: Callable[[Part], T], parts: Sequence[Part]) -> Iterable[T]:
        """``work`` of each of ``parts``, by several processes, told to a watch under ``title``."""
        return watched(title, self._workers.spread(work, parts))

    def routers(self) -> Iterator[Router]:
        """Every router, one after the other; none of them stays here."""
        return self._read.made(sorted(self._of))

    def router(self, host: str) -> Router | None:
        """One router; None where there is none of that name."""
        return next(self._read.made([host])) if host in self._of else None

    def is_as_in(self, other: Parts, host: str) -> bool:
        """Whether a router is here all that it is in another snapshot, as far as an audit goes."""
        if host not in self._of or host not in other._of or self._nat != other._nat:
            return False
        matter = self._read.matter(host)
        return matter is not None and matter == other._read.matter(host)

    def has_the_lines_of(self, other: Parts, host: str) -> bool:
        """Whether every line of a router is as in another snapshot."""
        return self.is_as_in(other, host) and self._texts[host] == other._texts[host]

    @cached_property
    def _texts(self) -> dict[str, str]:
        """By router the digest of its text without keys."""
        return {one.name: one.text for one in self._read.names}
