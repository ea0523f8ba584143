"""What a ``check`` by a cluster costs each part of it, beside one in one process.

A scheduler and two workers on loopback read a snapshot of regions of 200 routers, and audit each. CPU seconds are those of
the processes, whatever else the machine does; what a process pays once (starting, importing Dask) is not counted. The command's
share of the work is what the cluster can never take from it: its target is what limits how many workers are of use.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import fleets
from cluster import cluster, spent
from targets import Ratio

from ikeaudit.api import check, load, to_json
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.writing import write_snapshot_host

SHARE = 0.2
"""The most that the command may have left to do, beside doing all itself."""


def measure(count: int) -> list[Ratio]:
    """Figures of a snapshot of ``count`` routers."""
    with TemporaryDirectory() as name, cluster(Path(name)) as (running, workspace):
        folder = Path(name) / "snapshot"
        _write(folder, count, workspace.fingerprinter)

        def said(runner: str | None) -> str:
            document = to_json(check(load(folder, workspace=workspace.path, runner=runner)))
            return re.sub(r'"time":"[^"]*"', "", document)

        said(running.runner)  # what is paid once
        start = time.process_time()
        alone = said(None)
        here = time.process_time() - start
        before = spent(running)
        differs = said(running.runner) != alone
        after = spent(running)
    scheduler, worker, command = ((late - early) * 1000 / count for early, late in zip(before, after, strict=True))
    return [
        Ratio(f"a check of {count} routers that says something else by a cluster", differs, 0, noise=0.0),
        Ratio("CPU ms of one process for each router", here * 1000 / count),
        Ratio("CPU ms of a worker for each router", worker),
        Ratio("CPU ms of the scheduler for each router", scheduler),
        Ratio("CPU ms of the command for each router", command),
        Ratio("CPU of the command, beside that of one process", command * count / 1000 / here, SHARE, noise=0.2),
    ]


def _write(folder: Path, count: int, key: Fingerprinter) -> None:
    configs = folder.with_name("configs")
    configs.mkdir()
    fleets.write(configs, fleets.fleet(count, seed=1, kind="mix"))
    shows = {"show clock": "*10:00:00.1 UTC Mon Nov 30 2026\n"}
    for file in configs.glob("*.cfg"):
        text = f"{file.read_text().rstrip().removesuffix('end')}end\n"
        write_snapshot_host(folder, file.stem, text, shows, {}, fingerprinter=key, collected="2026-11-30T10:00:00Z")
