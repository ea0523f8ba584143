"""Work spread over processes: what many routers need one by one is done by as many processes as there are processors.

A process is a fork of this one, so that it has all that was read before; it hands back what it found through a pipe of its own,
and what was asked first comes back first, whoever is quicker. Of one that dies this process does the work itself.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, NamedTuple, NoReturn, TypeVar

from ikeaudit.snapshot.travelling import Elsewhere

T = TypeVar("T")
R = TypeVar("R")

_SIZE = struct.Struct("<Q")
_RAISED = (1 << 64) - 1
"""In the place of the size of an answer: this process is to do it again, and will see the same error."""


def all_cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _silent(_sentence: str) -> None:
    """Tells nobody."""


class Workers(NamedTuple):
    """How many processes may be used; ``tell`` is told in a sentence when one of them died.

    ``elsewhere`` are other machines, which do what may travel.
    """

    processes: int = 1
    tell: Callable[[str], None] = _silent
    elsewhere: Elsewhere | None = None

    def spread(self, work: Callable[[T], R], items: Sequence[T], *, least: int = 2) -> Sequence[R]:
        """``work`` of each of ``items``, in their order, to be gone through once.

        With fewer items than ``least``, with other threads about, and where processes cannot be forked, it is done in this one.
        ``work`` may not change anything that lasts, and what it returns must be fit for pickle. It does not return for an item
        before that is asked for, or, in another process, some time before. Work that travels
        (:mod:`~ikeaudit.snapshot.travelling`) is done elsewhere, where there is such a place, however little it is.
        """
        if self.elsewhere is not None and (there := self.elsewhere.spread(work, items)) is not None:
            return _Spread(items, there)
        count = min(self.processes, len(items))
        alone = count < 2 or len(items) < least or not hasattr(os, "fork") or threading.active_count() > 1
        return _Spread(items, lambda: map(work, items) if alone else _forked(work, items, count, self.tell))


class _Worker(NamedTuple):
    pid: int
    answers: BinaryIO


class _Spread(Sequence[R]):
    """The answers, as a sequence whose length is known beforehand: a watch shows how far the work has come."""

    def __init__(self, items: Sequence[object], answers: Callable[[], Iterator[R]]) -> None:
        self._count, self._answers = len(items), answers

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: object) -> NoReturn:
        raise TypeError("answers come in their order, once")

    def __iter__(self) -> Iterator[R]:
        return self._answers()


def _forked(work: Callable[[T], R], items: Sequence[T], count: int, tell: Callable[[str], None]) -> Iterator[R]:
    workers: list[_Worker | None] = []
    try:
        for number in range(count):
            workers.append(_begun(work, items[number::count], workers))
        for at, item in enumerate(items):
            worker = workers[at % count]
            answer = _answer(worker) if worker is not None else None
            if worker is not None and answer is None:
                workers[at % count] = None
                how = _ended(worker)
                tell(f"A worker process {how}; its share is done by this process.")
            if not answer:
                yield work(item)
            else:
                yield pickle.loads(answer)  # noqa: S301 - written by a fork of this process, into its own pipe
    finally:
        for worker in filter(None, workers):
            worker.answers.close()
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(worker.pid, 0)


def _begun(work: Callable[[T], R], items: Sequence[T], others: Sequence[_Worker | None]) -> _Worker:
    """A process that does ``items``, one after the other."""
    reading, writing = os.pipe()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    pid = os.fork()
    if pid:
        os.close(writing)
        return _Worker(pid, os.fdopen(reading, "rb"))
    status = 1
    try:
        os.close(reading)
        for other in filter(None, others):
            os.close(other.answers.fileno())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with os.fdopen(writing, "wb") as pipe:
            _do(work, items, pipe)
        status = 0
    finally:
        os._exit(status)


def _do(work: Callable[[T], R], items: Sequence[T], pipe: BinaryIO) -> None:
    for item in items:
        try:
            answer = pickle.dumps(work(item), pickle.HIGHEST_PROTOCOL)
        except Exception:  # noqa: BLE001 - whatever it is, the first process meets it again
            pipe.write(_SIZE.pack(_RAISED))
        else:
            pipe.write(_SIZE.pack(len(answer)))
            pipe.write(answer)
        pipe.flush()


def _answer(worker: _Worker) -> bytes | None:
    """The next answer of a worker: nothing in it where the work raised an error; None when the worker is gone."""
    head = worker.answers.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    size = _SIZE.unpack(head)[0]
    if size == _RAISED:
        return b""
    answer = worker.answers.read(size)
    return answer if len(answer) == size else None


def _ended(worker: _Worker) -> str:
    """How a worker that is gone has ended, in words."""
    worker.answers.close()
    _, status = os.waitpid(worker.pid, 0)
    if os.WIFSIGNALED(status):
        return f"was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended with code {os.waitstatus_to_exitcode(status)}"
