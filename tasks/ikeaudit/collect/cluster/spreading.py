"""Work spread over the workers of a Dask cluster, as :mod:`ikeaudit.snapshot.workers` spreads it over processes.

Shares of it are handed out as workers have room. A worker that ends has its share done by another; who is slow holds up nobody:
when the others have nothing left, they do its share as well, and who is first counts. What no worker does is done here. Each
item has one answer, in its order.
"""

from __future__ import annotations

import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from statistics import median
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import uuid4

import msgspec

from ikeaudit.collect.cluster.scheduler import Client, Ended, Future, address_of, join
from ikeaudit.collect.cluster.share import Share, do_share, read_done
from ikeaudit.collect.cluster.workers import Workers, unfit_to_work
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.own_code import own_code
from ikeaudit.snapshot.travelling import Travelling

T = TypeVar("T")
R = TypeVar("R")

LARGEST = 32
"""Items of a share: what is lost when a worker ends is done again."""

_BYTES = 2**20
"""A share is full with so many."""

_LOOK = 1.0
"""Seconds between two looks at who is there."""

_LATE = 2.0
"""Seconds after which a share may be late; it is when others took a third of its time."""

_ATTEMPTS = 3
"""How often a share is handed out that workers give back; one whose worker ends is done again by Dask itself."""

_HERE = "the rest is done by this process"


class Cluster:
    """An :class:`~ikeaudit.snapshot.travelling.Elsewhere`: the scheduler at ``runner``, ``dask://HOST:PORT``.

    Its workers need the fingerprint ``key`` and this program; ``tell`` is told in a sentence of what does not go as it should.
    ``patience`` is how many seconds work waits when no worker is there any more.

    :raises InputError: when ``runner`` names no scheduler.
    """

    def __init__(self, runner: str, key: Fingerprinter, tell: Callable[[str], None], patience: float = 10.0) -> None:
        address_of(runner)
        self._runner, self._key, self._tell, self._patience = runner, key, tell, patience
        self._told: set[str] = set()

    def require(self) -> None:
        """See that the cluster is there, before anything is begun.

        :raises InputError: when no scheduler answers, it would have to be spoken to in clear, or no worker is fit.
        """
        client, workers = self._joined()
        workers.close()
        client.close()

    def spread(self, work: Callable[[T], R], items: Sequence[T]) -> Callable[[], Iterator[R]] | None:
        """What begins the work, and gives its answers in the order of ``items``; None for work that does not travel.

        It raises InputError as :meth:`require` does.
        """
        if not isinstance(work, Travelling):
            return None
        travelling: Travelling[T, R] = work
        return lambda: self._answers(travelling, items)

    def _answers(self, work: Travelling[T, R], items: Sequence[T]) -> Iterator[R]:
        if not items:
            return
        client, workers = self._joined()
        try:
            yield from _Spread(client, workers, work, items, self._once, self._patience)
        finally:
            workers.close()
            client.close()

    def _joined(self) -> tuple[Client, Workers]:
        client = join(self._runner)
        workers = Workers(client, "do this work", lambda found: unfit_to_work(found, self._key))
        try:
            workers.begin()
        except BaseException as error:
            workers.close()
            client.close()
            if isinstance(error, RefusedError):
                raise InputError(str(error)) from None
            raise
        for one in workers.unfit:
            self._once(f"Worker without work: {one}.")
        return client, workers

    def _once(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell(sentence)


class _Share(NamedTuple):
    """Items by their numbers, as they travel; ``attempt`` counts how often workers gave them back."""

    numbers: tuple[int, ...]
    contents: tuple[bytes, ...]
    attempt: int = 0


class _Out(NamedTuple):
    """A share that was handed to the cluster at the time ``begun``, for those ``workers`` to do."""

    future: Future
    share: _Share
    workers: frozenset[str]
    begun: float


class _Spread(Generic[T, R]):
    """The answers, once; what came of items whose turn is not yet is in ``_found``: None for those that are done here."""

    def __init__(
        self,
        client: Client,
        workers: Workers,
        work: Travelling[T, R],
        items: Sequence[T],
        tell: Callable[[str], None],
        patience: float,
    ) -> None:
        self._client, self._workers, self._work, self._items = client, workers, work, items
        self._tell, self._patience = tell, patience
        self._size = max(1, min(LARGEST, -(-len(items) // (4 * max(1, workers.places(None))))))
        self._packed = 0
        self._waiting: deque[_Share] = deque()
        self._out: dict[str, _Out] = {}
        self._found: dict[int, bytes | None] = {}
        self._ended = Ended()
        self._took: list[float] = []
        self._looked = self._fit_at = time.monotonic()
        self._over, self._useless = False, 0
        self._run = uuid4().hex[:8]

    def __iter__(self) -> Iterator[R]:
        try:
            for number, item in enumerate(self._items):
                self._step(0.0)
                while number not in self._found and not self._over:
                    self._step(_LOOK)
                content = self._found.pop(number, None)
                answer = self._work.taken(item, content) if content else None
                self._useless += answer is None and content is not None
                yield self._work(item) if answer is None else answer
            if self._useless:
                self._tell(f"{self._useless} answers of workers were of no use; that work was done by this process.")
        finally:
            with suppress(Exception):
                self._client.cancel([out.future for out in self._out.values()], force=True)

    def _step(self, patience: float) -> None:
        """Hand out what workers have room for, and take what arrived, waiting so many seconds for it."""
        if self._over:
            return
        self._hand_out()
        for future in self._ended.arrived(patience):
            self._take(future)
        if time.monotonic() - self._looked >= _LOOK:
            self._look()

    def _hand_out(self) -> None:
        """A share in work and one in hand for each place of a worker."""
        while not self._over and (places := self._workers.places(None)) and len(self._out) < 2 * places:
            share = self._next() or (self._late() if len(self._out) < places else None)
            if share is None:
                return
            self._submit(share)

    def _next(self) -> _Share | None:
        if self._waiting:
            return self._waiting.popleft()
        numbers: list[int] = []
        contents: list[bytes] = []
        while self._packed < len(self._items) and len(numbers) < self._size and sum(map(len, contents)) < _BYTES:
            content = self._work.sent(self._items[self._packed])
            if content is None:
                self._found[self._packed] = None
            else:
                numbers.append(self._packed)
                contents.append(content)
            self._packed += 1
        return _Share(tuple(numbers), tuple(contents)) if numbers else None

    def _late(self) -> _Share | None:
        """The share that is out for longest, where that is much longer than others took, and it is out only once."""
        limit = time.monotonic() - max(_LATE, 3 * median(self._took or [_LATE]))
        once = [out for out in self._out.values() if sum(one.share is out.share for one in self._out.values()) == 1]
        first = min(once, key=lambda out: out.begun, default=None)
        return first.share if first is not None and first.begun < limit else None

    def _submit(self, share: _Share) -> None:
        fit = self._workers.fit(None)
        content = msgspec.msgpack.encode(Share(there=self._work.there, code=own_code(), items=share.contents))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Dask's of a share that is large: a part of a fleet may be
                future = self._client.submit(
                    do_share, content, key=f"ikeaudit-work-{self._run}-{uuid4().hex[:12]}", workers=[*fit], pure=False
                )
            self._ended.watch(future)
        except Exception as error:  # noqa: BLE001 - what a cluster raises may hold anything; its kind is told
            self._end(error)
            return
        self._out[future.key] = _Out(future, share, frozenset(fit), time.monotonic())

    def _take(self, future: Future) -> None:
        """What a worker made of a share: answers, or a reason to do it again."""
        out = self._out.pop(future.key, None)
        if out is None:
            return
        share, problem = out.share, ""
        try:
            done = read_done(future.result(), len(share.numbers))
            problem = done.refusal
        except Exception as error:  # noqa: BLE001 - what a cluster raises may hold anything; its kind is told
            problem = type(error).__name__
        future.release()
        if not problem:
            self._took.append(time.monotonic() - out.begun)
            self._settle(share, done.answers)
        elif any(one.share is share for one in self._out.values()):
            return  # another worker has it, too
        elif problem == "KilledWorker":
            self._tell(
                "One worker of the cluster after the other ended over a share of the work; it is done by this process."
            )
            self._settle(share, [None] * len(share.numbers))
        elif share.attempt + 1 < _ATTEMPTS:
            self._waiting.append(share._replace(attempt=share.attempt + 1))
        else:
            self._tell(f"Workers of the cluster gave a share of the work back ({problem}); it is done by this process.")
            self._settle(share, [None] * len(share.numbers))

    def _settle(self, share: _Share, answers: Sequence[bytes | None]) -> None:
        """Put the answers where their turn is waited for; whoever else has that share may leave it."""
        self._found.update(zip(share.numbers, answers, strict=True))
        for out in [out for out in self._out.values() if out.share is share]:
            self._leave(out)

    def _leave(self, out: _Out) -> None:
        del self._out[out.future.key]
        with suppress(Exception):
            out.future.cancel(force=True)

    def _look(self) -> None:
        """See who is there: shares of workers that are gone wait for others, and without any it is over."""
        before = {*self._workers.fit(None)}
        try:
            self._workers.look()
        except Exception as error:  # noqa: BLE001 - what a cluster raises may hold anything; its kind is told
            self._end(error)
            return
        self._looked = time.monotonic()
        fit = {*self._workers.fit(None)}
        for address in sorted(before - fit):
            self._tell(f"The worker {address} of the cluster is gone; its share is done by others.")
        for out in [*self._out.values()]:
            if out.future.status == "pending" and out.workers.isdisjoint(fit):
                self._leave(out)
                if not any(one.share is out.share for one in self._out.values()):
                    self._waiting.append(out.share)
        if fit:
            self._fit_at = self._looked
        elif self._looked - self._fit_at >= self._patience:
            self._end(None)

    def _end(self, error: Any) -> None:
        self._over = True
        self._tell(
            f"No worker of the cluster is left; {_HERE}."
            if error is None
            else f"The cluster ended ({type(error).__name__}); {_HERE}."
        )
