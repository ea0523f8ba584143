"""What it costs to plan: both strategies at several sizes, and how it grows; CPU seconds of this process.

The exponent is the slope between the smallest and the largest size: 1 is in proportion, 2 with the square. What a large fleet
costs is told as a router costs at the largest size. ``SIZES`` in the environment names other numbers of routers than a hundred
and two hundred, such as ``SIZES=100,300,1000``.
"""

from __future__ import annotations

import math
import os
import resource
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import fleets
from dual_hub import HUBS, dual_hub_fleet, hub_text, outer, spoke_name, spoke_text
from reading import KEY
from rich.console import Console
from rich.table import Table
from targets import Ratio

from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.strategies import find_strategy

WHEN = datetime(2026, 1, 1)


def star(routers: int) -> Fleet:
    """One hub and its spokes, a tunnel each, two keyrings at the hub."""
    hub, other = HUBS.items()
    texts = {hub[0]: hub_text(hub[0], routers - 1)}
    for number in range(1, routers):
        name, text = spoke_name(number), spoke_text(number)
        texts[name] = _without(text, other[1])
    key = Fingerprinter(KEY)
    found: list[Router] = []
    for name, text in texts.items():
        (parsed,) = parse_configs(text, file=f"{name}.cfg", fingerprinter=key)
        assert parsed.router is not None
        found.append(parsed.router)
    return Fleet(found)


def _without(text: str, peer: str) -> str:
    """A spoke's text without the sections of its tunnel to ``peer``, which are those with the number 2."""
    kept, taken = [], True
    for line in text.splitlines():
        if not line.startswith(" "):
            taken = not line.endswith(("keyring K2", "profile P2", "profile IP2", "Tunnel2"))
        if taken:
            kept.append(line)
    assert peer not in "\n".join(kept)
    return "\n".join([*kept, ""])


def regions(routers: int) -> Fleet:
    """Hubs and spokes of which fifty at a time have something to do with each other, 12 kB a spoke."""
    key = Fingerprinter(KEY)
    found: list[Router] = []
    for made in fleets.fleet(routers, kind="spoke12", region=50):
        (parsed,) = parse_configs(made.text, file=f"{made.name}.cfg", fingerprinter=key)
        assert parsed.router is not None
        found.append(parsed.router)
    return Fleet(found)


def _plan(fleet: Fleet, strategy: str) -> tuple[float, PlannedChange]:
    started = time.process_time()
    change = make_plan(fleet, find_strategy(strategy), change_id="CHG-1", created=WHEN)
    return time.process_time() - started, change


class Case(NamedTuple):
    """What is planned, the fleet by its size and the strategy, and what it may cost: ``seconds`` for so many routers."""

    fleet: Callable[[int], Fleet]
    strategy: str
    routers: int
    seconds: float | None


EXPONENT = 1.1
"""What it may grow with."""


def _two_hubs(routers: int) -> Fleet:
    return dual_hub_fleet(routers - len(HUBS))


CASES: Mapping[str, Case] = {
    "single-keyring, two hubs": Case(_two_hubs, "single-keyring", 1000, 25),
    "single-keyring, regions": Case(regions, "single-keyring", 1000, 25),
    "ikev2, two hubs": Case(_two_hubs, "ikev2", 300, 20),
    "ikev2, one hub": Case(star, "ikev2", 500, 20),
}


def measure(console: Console) -> list[Ratio]:
    """Plan all, print the table, and return the exponents beside their targets."""
    sizes = sorted(map(int, os.environ.get("SIZES", "100,200").split(",")))
    table = Table("planning", "routers", "CPU s", "ms a router", "steps", "waves", "proof, MB", "memory, MB")
    ratios = []
    for name, case in CASES.items():
        took = {}
        for size in sizes:
            took[size], change = _plan(case.fleet(size), case.strategy)
            proof = sum(len(change.files[file]) for file in change.files if file.startswith("proof"))
            table.add_row(
                name,
                f"{size:,}",
                f"{took[size]:.1f}",
                f"{took[size] / size * 1000:.0f}",
                f"{len(change.plan.steps):,}",
                str(len(change.plan.waves)),
                f"{proof / 1e6:.1f}",
                f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}",
            )
        if len(sizes) > 1:
            grows = math.log(took[sizes[-1]] / took[sizes[0]]) / math.log(sizes[-1] / sizes[0])
            ratios.append(
                Ratio(f"plan {name}: exponent from {sizes[0]:,} to {sizes[-1]:,} routers", grows, EXPONENT, False)
            )
        seconds = took[sizes[-1]] / sizes[-1] * case.routers
        ratios.append(
            Ratio(
                f"plan {name}: CPU s for {case.routers:,} routers, as a router costs",
                seconds,
                case.seconds,
                seconds=True,
            )
        )
    console.print(table)
    console.print(
        f"The outer address of the last spoke is {outer(sizes[-1])}; a fleet of that size has one hub or two.\n"
    )
    return ratios
