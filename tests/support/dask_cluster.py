"""A Dask cluster on loopback: a scheduler and workers, each a process of its own, which end with the block."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PATIENCE = 60.0

SLOW = """
import time
from pathlib import Path
import msgspec
from ikeaudit.collect.cluster import worker
from ikeaudit.snapshot import sending
really = vars(worker).setdefault("really", worker.collect_host)  # a preload is read twice
reads = vars(sending).setdefault("reads", sending.read_there)
def wait(name):
    Path({begun!r}).open("a").write(name + chr(10))
    time.sleep({seconds})
def late(*given, **more):
    wait(given[1].name)
    return really(*given, **more)
def late_there(content):
    wait(msgspec.msgpack.decode(content)[2])
    return reads(content)
worker.collect_host = late
sending.read_there = late_there
"""
"""A preload that makes a worker slow, so many seconds before each router that it collects or reads from a snapshot, and puts
down which routers it began with."""


FAILING = """
from pathlib import Path
from ikeaudit.collect.cluster import worker
def fails(*given, **more):
    raise RuntimeError(Path({said!r}).read_text())
worker.collect_host = fails
"""
"""A preload with which reading a router fails in a way that nobody thought of, its text being a secret.

Dask copies a preload into the worker's folder, so that the secret stands elsewhere."""


ENDING = """
import os
import msgspec
from ikeaudit.collect.cluster import worker
from ikeaudit.snapshot import sending
really = vars(worker).setdefault("really", worker.collect_host)
reads = vars(sending).setdefault("reads", sending.read_there)
def ends(*given, **more):
    return os._exit(1) if given[1].name == {name!r} else really(*given, **more)
def ends_there(content):
    return os._exit(1) if msgspec.msgpack.decode(content)[2] == {name!r} else reads(content)
worker.collect_host = ends
sending.read_there = ends_there
"""
"""A preload with which one router ends the worker that reads it."""


OTHER = """
from ikeaudit.collect.cluster import worker
worker.own_code = lambda: "another"
"""
"""A preload with which a worker says that it runs another version of ikeaudit."""


@dataclass
class Cluster:
    """A running cluster; ``logs`` are the files that its processes write to."""

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    tls: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def runner(self) -> str:
        """As ``--runner`` takes it."""
        return f"dask://{self.address.partition('://')[2]}"

    @property
    def logs(self) -> str:
        """Everything that scheduler and workers said."""
        return "".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log")))

    def add(
        self,
        workspace: Path,
        *,
        environment: Mapping[str, str] | None = None,
        resources: str = "",
        slow: float = 0.0,
        says: str = "",
        ends_at: str = "",
        other_version: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start one more worker, with a workspace of its own; it takes ``slow`` seconds more, or fails and ``says`` so, or
        ``ends_at`` a router, or is of an ``other_version``."""
        number = len(self.workers)
        given = [
            *_dask("worker"),
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--name",
            f"w{number}",
        ]
        given += ["--local-directory", str(self.folder / f"w{number}"), *self.tls]
        given += ["--resources", resources] if resources else []
        if slow or says or ends_at or other_version:
            preload = self.folder.parent / f"preload{number}.py"
            said = self.folder.parent / f"said{number}"
            said.write_text(says)
            slowly = SLOW.format(seconds=slow, begun=str(self.folder / f"w{number}.begun"))
            ending, failing = ENDING.format(name=ends_at), FAILING.format(said=str(said))
            preload.write_text(OTHER if other_version else failing if says else ending if ends_at else slowly)
            given += ["--preload", str(preload)]
        env = {**os.environ, **self.environment, **(environment or {}), "IKEAUDIT_WORKSPACE": str(workspace)}
        with (self.folder / f"w{number}.log").open("wb") as log:
            self.workers.append(subprocess.Popen(given, env=env, stdout=log, stderr=log, cwd=self.folder))
        return self.workers[-1]

    def begun(self, number: int) -> list[str]:
        """The routers that the slow worker of that number began to read."""
        file = self.folder / f"w{number}.begun"
        return file.read_text().split() if file.exists() else []

    def wait(self, count: int) -> None:
        """Until ``count`` workers have joined."""
        until = time.monotonic() + _PATIENCE
        while self.logs.count("Registered to:") < count:
            assert time.monotonic() < until, self.logs
            time.sleep(0.1)


@contextmanager
def cluster(
    folder: Path,
    *,
    tls: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Cluster]:
    """A scheduler on loopback; workers are added. ``environment`` is that of workers, ``settings`` that of the scheduler."""
    folder.mkdir(parents=True, exist_ok=True)
    found = folder / "scheduler.json"
    given = [*_dask("scheduler"), "--port", "0", "--no-dashboard", "--scheduler-file", str(found)]
    given += ["--host", "tls://127.0.0.1", *tls] if tls else ["--host", "tcp://127.0.0.1"]
    processes = []
    with (folder / "scheduler.log").open("wb") as log:
        env = {**os.environ, **(settings or {})}
        processes.append(subprocess.Popen(given, env=env, stdout=log, stderr=log, cwd=folder))
    made = None
    try:
        until = time.monotonic() + _PATIENCE
        while not found.exists() or not found.read_text():
            assert time.monotonic() < until and processes[0].poll() is None, (folder / "scheduler.log").read_text()
            time.sleep(0.05)
        made = Cluster(folder, json.loads(found.read_text())["address"], processes[0], tls, environment or {})
        yield made
    finally:
        processes += made.workers if made is not None else []
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
        for process in processes:
            process.wait()


def all_of_scheduler(dask_scheduler: Any) -> bytes:
    """Everything that a scheduler knows of its tasks: arguments, states, events, and what was logged."""
    tasks = [(repr(task), pickle.dumps(task.run_spec)) for task in dask_scheduler.tasks.values()]
    events = [[*topic.events] for topic in dask_scheduler._broker._topics.values()]
    return repr((tasks, events, [*dask_scheduler.transition_log])).encode()


def all_of_worker(dask_worker: Any) -> bytes:
    """The results that a worker holds, its tasks, and what was logged."""
    held = [pickle.dumps(value) for value in dask_worker.data.values()]
    state = dask_worker.state
    tasks = [(repr(task), pickle.dumps(task.run_spec)) for task in state.tasks.values()]
    return repr((held, tasks, [*state.log])).encode()


def is_profiling(dask_worker: Any) -> bool:
    """Whether Dask looks at a worker's threads all the time."""
    found = [dask_worker.periodic_callbacks[name] for name in ("profile", "profile-cycle")]
    return any(callback.is_running() for callback in found)


def _dask(what: str) -> list[str]:
    return [sys.executable, "-m", "dask", what]
