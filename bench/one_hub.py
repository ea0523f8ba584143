"""What one hub with very many spokes costs to read, to replay and to audit, and how that grows with them; CPU seconds.

``python bench/one_hub.py 1000 5000`` takes so many spokes.
"""

from __future__ import annotations

import math
import sys
import time

import fleets
from reading import KEY
from rich.console import Console
from rich.table import Table
from targets import Ratio

SIZES = (1000, 4000)
SPOKES = 5000
"""For so many a target is set."""


def _cost(spokes: int) -> float:
    from ikeaudit.fleet import Fleet
    from ikeaudit.hazards import audit
    from ikeaudit.parsing import parse_configs
    from ikeaudit.parsing.fingerprint import Fingerprinter

    texts, key = [*fleets.one_hub(spokes)], Fingerprinter(KEY)
    started = time.process_time()
    read = [config for one in texts for config in parse_configs(one.text, file=one.name, fingerprinter=key)]
    fleet = Fleet([config.router for config in read if config.router is not None])
    if len(fleet.exchanges) != 2 * spokes or not all(one.holds for one in fleet.exchanges):
        raise SystemExit("a tunnel of the hub is not up")
    audit(fleet)
    return time.process_time() - started


def measure(console: Console, sizes: list[int]) -> list[Ratio]:
    """Measure an IKEv2 hub, print the table, and return the ratios."""
    _cost(50)  # what is looked up once for all
    took = {size: min(_cost(size) for _ in range(2 if size < SPOKES // 2 else 1)) for size in sorted(sizes)}
    table = Table("spokes of one IKEv2 hub", "CPU s", "ms a spoke")
    for size, seconds in took.items():
        table.add_row(f"{size:,}", f"{seconds:.2f}", f"{seconds / size * 1000:.2f}")
    console.print(table)
    small, large = min(took), max(took)
    ratios = [
        Ratio(f"check: CPU s for one IKEv2 hub and {SPOKES:,} spokes", took[large] / large * SPOKES, 10, seconds=True),
    ]
    if small < large:
        grows = math.log(took[large] / took[small]) / math.log(large / small)
        ratios.append(Ratio(f"check: exponent from {small:,} to {large:,} spokes", grows, 1.05, False))
    return ratios


if __name__ == "__main__":
    import pace

    pace.alone(lambda console: measure(console, [int(size) for size in sys.argv[1:]] or [*SIZES]))
