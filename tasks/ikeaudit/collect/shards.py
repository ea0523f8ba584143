"""A large collection divided among processes, one for each core: Python runs one thread at a time, and SSH is arithmetic.

Each process reads its routers and writes them; what comes back are outcomes. Credentials and the fingerprint key go to it by a
pipe, in memory. A process ends when its parent hangs up, what it is writing being finished first.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, cast

from nornir.core import Nornir
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.state import GlobalState
from nornir.plugins.runners import ThreadedRunner

from ikeaudit.collect.outcome import HostOutcome
from ikeaudit.session import silence_libraries

if TYPE_CHECKING:
    from multiprocessing.context import SpawnContext

    from nornir.core.configuration import Config
    from nornir.core.inventory import Host, Inventory
    from nornir.core.task import AggregatedResult, MultiResult, Result, Task

    from ikeaudit.collect.task import CollectHosts

SMALLEST = 50
"""Routers for which a process is worth its start."""


@dataclass(frozen=True, slots=True)
class _Shard:
    """What one process is to do."""

    inventory: Inventory
    config: Config
    workers: int
    task: CollectHosts

    def __repr__(self) -> str:
        return f"Shard({len(self.inventory.hosts)} hosts)"


def shards_of(nornir: Nornir, task: CollectHosts) -> tuple[bytes, ...]:
    """The work for each process, as it is handed over; none where one process is enough, or something cannot be handed over."""
    names = list(nornir.inventory.hosts)
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    count = min(cores, len(names) // SMALLEST)
    if count < 2 or not isinstance(nornir.runner, ThreadedRunner):
        return ()
    workers = -(-nornir.runner.num_workers // count)
    parts = [set(names[number::count]) for number in range(count)]
    try:
        return tuple(
            pickle.dumps(
                _Shard(nornir.filter(lambda host, part=part: host.name in part).inventory, nornir.config, workers, task)
            )
            for part in parts
        )
    except Exception:  # noqa: BLE001 - an inventory plugin or a writer may hold anything; then one process does it all
        return ()


@contextmanager
def running(shards: tuple[bytes, ...]) -> Iterator[Iterator[HostOutcome]]:
    """Outcomes as they come, from processes that run meanwhile. One that is killed leaves its hosts without an outcome.

    They are begun with a copy of this process where that has no threads yet, which is quicker than starting anew.
    """
    if shards:
        import_module("ikeaudit.session.ssh")  # once for all of them
    copied = threading.active_count() == 1 and sys.platform == "linux"
    context = cast("SpawnContext", get_context("fork" if copied else "spawn"))
    lines: list[Connection] = []
    children = []
    try:
        for shard in shards:
            ours, theirs = context.Pipe()
            child = context.Process(target=_work, args=(theirs, (ours, *lines) if copied else ()), daemon=True)
            child.start()
            theirs.close()
            lines.append(ours)
            children.append(child)
            ours.send_bytes(shard)
        yield _outcomes(lines)
    finally:
        for line in lines:
            line.close()
        for child in children:
            child.join(timeout=30)


def _outcomes(lines: Sequence[Connection]) -> Iterator[HostOutcome]:
    left = set(lines)
    while left:
        for line in cast("list[Connection]", wait(list(left))):
            try:
                yield line.recv()
            except EOFError:
                left.discard(line)


class _Teller:
    """Sends each outcome to the parent; a Nornir processor."""

    def __init__(self, line: Connection) -> None:
        self._line, self._one = line, threading.Lock()

    def task_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        """One more host is done."""
        with self._one:
            self._line.send(result[0].result)

    def task_started(self, task: Task) -> None:
        """Nothing to tell."""

    def task_completed(self, task: Task, result: AggregatedResult) -> None:
        """The line ends with the process."""

    def task_instance_started(self, task: Task, host: Host) -> None:
        """Hosts are told of when they are done."""

    def subtask_instance_started(self, task: Task, host: Host) -> None:
        """There are no subtasks."""

    def subtask_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        """There are no subtasks."""


def _work(line: Connection, copies: Sequence[Connection]) -> None:
    """A process: one shard, outcomes on ``line``; ``copies`` of its parent's ends would keep lines open."""
    for copy in copies:
        copy.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    shard: _Shard = pickle.loads(line.recv_bytes())  # noqa: S301 - from our own parent
    threading.Thread(target=_until_hung_up, args=(line, shard.task.stop), daemon=True).start()
    silence_libraries()
    ConnectionPluginRegister.auto_register()
    nornir = Nornir(
        inventory=shard.inventory,
        config=shard.config,
        data=GlobalState(),
        runner=ThreadedRunner(num_workers=shard.workers),
    )
    collect: Callable[[Task], Result] = shard.task
    nornir.with_processors([_Teller(line)]).run(task=collect, name=shard.task.name, on_failed=True)
    os._exit(0)  # the thread that listens would wait for ever


def _until_hung_up(line: Connection, stop: Callable[[], None]) -> None:
    try:
        line.recv_bytes()
    except (EOFError, OSError):
        stop()
        os._exit(1)
