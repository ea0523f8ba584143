"""The capacity table of ``docs/performance.md``: what so many routers need, on paper, worked out from measured figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WORKER, SCHEDULER, COLLECTOR = (
    "CPU ms of a worker for each router",
    "CPU ms of the scheduler for each router",
    "CPU ms of the collector for each router",
)
SIZE = "bytes in the snapshot for each router"
"""How figures of the part ``cluster`` are called that the table is made of."""
FLEETS = (1_000, 10_000, 100_000, 1_000_000)
NIGHT = 8
"""Hours that a collection may take."""

HEADROOM = 0.6
"""The share of a core that is planned with: old routers cost a key exchange of 50 ms, and some do not answer."""


def table(kept: Mapping[str, Any]) -> str:
    """Rows for fleets up to a million routers; empty words where nothing was measured yet."""
    if "cluster" not in kept:
        return "Nothing was measured yet: `make bench`."
    found = {figure["name"]: figure["measured"] for figure in kept["cluster"]["figures"]}
    worker, scheduler, collector = (found[name] / 1000 for name in (WORKER, SCHEDULER, COLLECTOR))
    size = found[SIZE]
    an_hour = 3600 * HEADROOM / worker
    lines = [
        f"A worker (one core) reads {_round(an_hour)} routers an hour: {worker * 1000:.0f} ms of CPU each, planned with "
        f"{HEADROOM:.0%} of the core. A router is {size / 1000:.0f} kB of snapshot.",
        "",
        f"| routers | one worker | workers for {NIGHT} hours | collector, busy | scheduler, busy | snapshot | network |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for count in FLEETS:
        needed = max(1, -(-count // int(an_hour * NIGHT)))
        window = NIGHT * 3600
        lines.append(
            f"| {count:,} | {_time(count / an_hour)} | {needed:,} | {_share(count * collector / window)} | "
            f"{_share(count * scheduler / window)} | {_bytes(count * size)} | {_bytes(count * size / window)}/s |"
        )
    return "\n".join(lines)


def _round(value: float) -> str:
    digits = len(str(int(value))) - 2
    return f"{round(value, -digits):,.0f}"


def _time(hours: float) -> str:
    return f"{hours:.1f} hours" if hours >= 1 else f"{hours * 60:.1f} minutes"


def _share(value: float) -> str:
    return f"{value:.1%} of a core" if value >= 0.001 else "under 0.1%"


def _bytes(value: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} TB"
