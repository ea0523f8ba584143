"""How fast the machine is just now, beside the one on which targets in seconds were set: the drift of a machine is no progress.

Targets in seconds were set where ciscoconfparse2 read a spoke of 12 kB in :data:`THERE` seconds of CPU. It reads spokes before
and after each part that has such targets; these are then stretched, or shortened, by as much as it is slower here, or quicker.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from reading import Peer, peers
from rich.console import Console
from spoke import spoke
from targets import Ratio, show

THERE = 0.0106
"""CPU seconds of ciscoconfparse2 for a spoke of 12 kB on the machine on which the targets were set (version 0.9.18)."""
SPOKES, ROUNDS = 30, 3


def beside(seconds: Sequence[float], spokes: int = SPOKES) -> float:
    """By how many times slower it is here, from what rounds of reading so many spokes took: the median of them."""
    return statistics.median(seconds) / spokes / THERE


def paced(part: Callable[[], Sequence[Ratio]]) -> list[Ratio]:
    """What a part of the bench measured, its targets in CPU seconds beside the pace of the machine before and after it."""
    with TemporaryDirectory() as folder:
        peer = Peer(peers(), Path(folder))
        try:
            texts = [spoke(number) for number in range(SPOKES)]
            peer.cost(texts[:5])
            rounds = [peer.cost(texts) for _ in range(ROUNDS)]
            found = part()
            rounds += [peer.cost(texts) for _ in range(ROUNDS)]
        finally:
            peer.close()
    pace = beside(rounds)
    return [one._replace(pace=pace) if one.seconds else one for one in found]


def alone(part: Callable[[Console], Sequence[Ratio]]) -> None:
    """Measure one part, show it, and end the program: with 1 where a target is missed."""
    console = Console()
    ratios = paced(lambda: part(console))
    show(console, ratios)
    sys.exit("Targets are missed." if not all(ratio.met for ratio in ratios) else 0)
