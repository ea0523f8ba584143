"""What a whole fleet costs: how ``check`` grows, what it costs again after a night, memory, and ``explain`` of a pair.

``python bench/fleet.py 1000 4000`` takes fleets of these sizes, as ``bench/run.py fleet`` does those of $FLEET. All of it is
CPU seconds of processes of their own, workers included; a second run has the cache that the first one left.
"""

import json
import math
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from targets import Ratio

SIZES = (1000, 10_000)
"""What the targets are about, and a tenth of it."""
CHANGED = 0.01
"""The share of routers that change in a night."""

START = "import ikeaudit.api.audit, ikeaudit.hazards, ikeaudit.report.formats.as_json"
"""What ``check`` imports before it reads anything."""


_LAUNCH = """
import json, resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
"""Runs a command and says what it cost; a process of its own, as what is forked off a large one counts as large as that."""


class Cost(NamedTuple):
    """CPU seconds with those of the workers, and megabytes of the largest process."""

    seconds: float
    megabytes: float


def _run(command: Sequence[str], workspace: Path) -> Cost:
    environment = {**os.environ, "IKEAUDIT_WORKSPACE": str(workspace)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    launch = [sys.executable, "-c", _LAUNCH, *command]
    done = subprocess.run(launch, env=environment, stdout=subprocess.PIPE, check=True)
    code, seconds, megabytes = json.loads(done.stdout)
    if code not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return Cost(seconds, megabytes)


def _check(folder: Path, workspace: Path, out: Path, *more: str) -> Cost:
    program = str(Path(sys.executable).with_name("ikeaudit"))
    format_ = out.suffix.removeprefix(".")
    return _run([program, "check", str(folder), "--format", format_, "--output", str(out), *more], workspace)


def _write(folder: Path, routers: int) -> None:
    import fleets

    folder.mkdir()
    fleets.write(folder, fleets.fleet(routers, seed=1, kind="mix"))


def _warm(place: Path) -> None:
    """Every module compiled, so that no measured run does it."""
    _write(place / "few", 3)
    _check(place / "few", place / "none", place / "few.json", "--no-cache", "--jobs", "1")


def _change(folder: Path, chance: random.Random, *, tunnels: bool) -> None:
    """What a night changes: a line that matters to tunnels where a router has it, or one that no rule looks at."""
    files = sorted(folder.rglob("*.cfg"))
    for number, file in enumerate(chance.sample(files, max(1, round(len(files) * CHANGED)))):
        text = file.read_text(encoding="utf-8")
        matters = "crypto isakmp policy 10\n", f"crypto isakmp policy 10\n lifetime {20000 + number}\n"
        harmless = "\nend\n", f"\nsnmp-server location rack {number}\nend\n"
        was, then = matters if tunnels and matters[0] in text else harmless
        file.write_text(text.replace(was, then, 1), encoding="utf-8")
    time.sleep(3.5)  # what was changed just now is read in any case, which is no night


def _untimed(file: Path) -> bytes:
    """A document without its time."""
    document = json.loads(file.read_bytes())
    document["time"] = ""
    return json.dumps(document).encode()


def measure(console: Console, sizes: Sequence[int] = SIZES) -> list[Ratio]:
    """Measure all, print the table, and return the ratios."""
    small, large = min(sizes), max(sizes)
    costs: dict[str, Cost] = {}
    with TemporaryDirectory() as name:
        place = Path(name)
        workspaces = {kind: place / kind for kind in ("none", "kept")}
        folders = {size: place / f"fleet-{size}" for size in (small, large)}
        for size, folder in folders.items():
            _write(folder, size)
        out = [place / f"{number}.json" for number in range(4)]
        _warm(place)
        start = _run([sys.executable, "-c", START], workspaces["none"])
        costs[f"{small} routers"] = _check(folders[small], workspaces["none"], out[0], "--no-cache", "--jobs", "1")
        costs[f"{large} routers"] = _check(folders[large], workspaces["none"], out[0], "--no-cache", "--jobs", "1")
        workspaces["kept"].mkdir(mode=0o700)
        subprocess.run(
            [sys.executable, "-c", "from ikeaudit.snapshot.workspace import Workspace; Workspace.open()"],
            env={**os.environ, "IKEAUDIT_WORKSPACE": str(workspaces["kept"])},
            check=True,
        )
        costs[f"{large}, all processors, first"] = _check(folders[large], workspaces["kept"], out[1])
        page = _check(folders[large], workspaces["kept"], place / "page.html")
        costs[f"{large}, the page"] = page
        costs[f"{large}, again"] = _check(folders[large], workspaces["kept"], out[2])
        shutil.copytree(folders[large], place / "night before")
        _change(folders[large], random.Random(1), tunnels=False)  # noqa: S311 - no secret
        costs[f"{large}, {CHANGED:.0%} with idle lines changed"] = _check(folders[large], workspaces["kept"], out[3])
        _change(folders[large], random.Random(2), tunnels=True)  # noqa: S311 - no secret
        costs[f"{large}, {CHANGED:.0%} changed"] = _check(folders[large], workspaces["kept"], out[3])
        pair = _pair(out[3])
        program = str(Path(sys.executable).with_name("ikeaudit"))
        command = [program, "explain", str(folders[large]), *pair, "--format", "json"]
        costs[f"explain a pair of {large}"] = _run(command, workspaces["kept"])
        hub = max(folders[large].rglob("*.cfg"), key=lambda file: file.stat().st_size).stem
        explained = [program, "explain", str(folders[large]), hub, "--format", "json"]
        costs[f"explain a hub of {large}"] = _run(explained, workspaces["kept"])
        _check(place / "night before", workspaces["kept"], out[3])
        before = ("--against", str(place / "night before"))
        costs[f"{large}, against the night before"] = _check(folders[large], workspaces["kept"], out[3], *before)
        if len({_untimed(file) for file in out[1:3]}) > 1:
            raise SystemExit("a second check says something else than the first")
    table = Table(f"a fleet (load {os.getloadavg()[0]:.1f})", "CPU s", "MB")
    for what, cost in costs.items():
        table.add_row(what, f"{cost.seconds:.2f}", f"{cost.megabytes:.0f}")
    console.print(table)
    return [*_ratios(costs, start, small, large)]


def _pair(document: Path) -> Sequence[str]:
    """Two routers of the fleet that a check named together."""
    for finding in json.loads(document.read_bytes())["findings"]:
        if len(finding["hosts"]) > 1:
            return [str(host) for host in finding["hosts"][:2]]
    raise SystemExit("no finding is about two routers")


def _ratios(costs: Mapping[str, Cost], start: Cost, small: int, large: int) -> list[Ratio]:
    few, many = costs[f"{small} routers"], costs[f"{large} routers"]
    first = costs[f"{large}, all processors, first"].seconds
    grown = math.log((many.seconds - start.seconds) / (few.seconds - start.seconds)) / math.log(large / small)
    further = (many.seconds - few.seconds) / (large - small) * (10_000 - large)
    each = (many.megabytes - few.megabytes) * 1024 / (large - small)
    return [
        Ratio(f"check: exponent from {small:,} to {large:,} routers", grown, 1.05, False),
        Ratio("check: CPU s for 10,000 routers", many.seconds + further, 40, seconds=True),
        Ratio(f"check: MB of memory for {large:,} routers", many.megabytes, 1000 * large / 10_000, False),
        Ratio("check: kB of memory for each more router", each, 20, False),
        *(
            Ratio(f"{what}: MB of memory", costs[cost].megabytes, 1000, False)
            for what, cost in (
                (f"the page of {large:,} routers", f"{large}, the page"),
                (f"two nights of {large:,} routers compared", f"{large}, against the night before"),
            )
        ),
        Ratio("second check, nothing changed: times faster", first / costs[f"{large}, again"].seconds, 15, True),
        Ratio(
            f"second check, idle lines of {CHANGED:.0%} changed: times faster",
            first / costs[f"{large}, {CHANGED:.0%} with idle lines changed"].seconds,
            15,
            True,
        ),
        Ratio(
            f"second check, {CHANGED:.0%} changed: times faster",
            first / costs[f"{large}, {CHANGED:.0%} changed"].seconds,
            15,
            True,
        ),
        Ratio(
            f"explain a pair of {large:,} routers, warm: CPU s",
            costs[f"explain a pair of {large}"].seconds,
            1,
            seconds=True,
        ),
    ]


if __name__ == "__main__":
    import pace

    pace.alone(lambda console: measure(console, [int(size) for size in sys.argv[1:]] or SIZES))
