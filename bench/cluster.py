"""What a router costs each part of a cluster that collects: CPU of worker, scheduler and collector, bytes, and memory.

A scheduler and two workers on loopback read the lab's routers, which have a spoke's 12 kB and think 50 ms before each answer.
CPU seconds are those of the processes, whatever else the machine does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from capacity import COLLECTOR, SCHEDULER, SIZE, WORKER
from collecting import routers
from dask_cluster import Cluster
from dask_cluster import cluster as started
from slow_routers import PASSWORD
from targets import Ratio

from ikeaudit.collect import collect_fleet
from ikeaudit.collect.cluster.runner import DaskRunner
from ikeaudit.collect.folder import SnapshotFolder
from ikeaudit.session import Credentials, Keychain, Limits, known_hosts
from ikeaudit.snapshot.workspace import Workspace

WORKERS = 2
THREADS = 50
LIMITS = Limits(connect=120.0, idle=120.0)
LOGINS = {"IKEAUDIT_USERNAME": "lab", "IKEAUDIT_PASSWORD": PASSWORD}

MEMORY = "megabytes of a worker at its most"


def measure(count: int) -> list[Ratio]:
    """Figures of a collection of ``count`` routers; none has a target but that nobody is lost."""
    with (
        TemporaryDirectory() as name,
        routers(count, spokes=True) as nornir,
        cluster(Path(name)) as (running, workspace),
    ):
        run = nornir.with_runner(DaskRunner(running.runner, THREADS))
        known_hosts(run, workspace.path)
        folder = SnapshotFolder(Path(name) / "snapshot", workspace.fingerprinter)
        before = spent(running)
        found = collect_fleet(run, Keychain(Credentials()), folder, folder=folder.path, limits=LIMITS)
        after = spent(running)
        size = sum(file.stat().st_size for file in folder.path.rglob("*") if file.is_file())
        memory = max(_peak(worker.pid) for worker in running.workers)
    each = [(late - early) * 1000 / count for early, late in zip(before, after, strict=True)]
    lost = sum(host.status != "collected" for host in found.hosts)
    return [
        Ratio(f"routers of {count} that were not read", lost, 0, noise=0.0),
        Ratio(WORKER, each[1]),
        Ratio(SCHEDULER, each[0]),
        Ratio(COLLECTOR, each[2]),
        Ratio(SIZE, size / count),
        Ratio(MEMORY, memory),
    ]


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[Cluster, Workspace]]:
    """A cluster in ``folder``, and the workspace whose key its workers have."""
    workspace = Workspace.open(folder / "workspace")
    workspace.export_key(folder / "key")
    with started(folder / "cluster", environment=LOGINS) as running:
        for number in range(WORKERS):
            Workspace.import_key(folder / "key", folder / f"w{number}")
            running.add(folder / f"w{number}")
        running.wait(WORKERS)
        yield running, workspace


def spent(running: Cluster) -> tuple[float, float, float]:
    """CPU seconds so far of the scheduler, of all workers, and of this process."""
    workers = sum(_cpu(worker.pid) for worker in running.workers)
    return _cpu(running.scheduler.pid), workers, _cpu(os.getpid())


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
