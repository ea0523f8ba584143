"""What a slow machine changes in tests: how many labs go side by side, and how long a test may take before it is stopped.

Labs wait most of their time, so that many go side by side, but they have deadlines of a few seconds, as sessions with routers
have: too many at once on slow processors miss them.
"""

import time
from collections.abc import Callable

MOST, FEWEST = 8, 3
QUICK = 0.15
"""Seconds for a piece of work on the slowest machine on which the most of them meet their deadlines."""
PATIENCE = 6.0
"""By how much at most a test may take longer."""


def workers(seconds: float) -> int:
    """Labs side by side on a machine that takes so many seconds for the piece of work: the fewer the slower it is."""
    return max(FEWEST, min(MOST, int(MOST * QUICK / seconds)))


def patience(seconds: float) -> float:
    """By how many times longer a test may take on a machine that takes so many seconds for the piece of work."""
    return min(PATIENCE, max(1.0, seconds / QUICK))


def piece_of_work(clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds that it takes just now."""
    began, total = clock(), 0
    for number in range(1_000_000):
        total += number * number % 7
    return clock() - began


if __name__ == "__main__":
    print(workers(min(piece_of_work(time.process_time) for _ in range(3))))
