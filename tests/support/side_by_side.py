"""How many tests on virtual routers go side by side here: most of their time they wait, and on a slow machine they do less.

They have deadlines of a few seconds, as sessions with routers have: too many at once on slow processors miss them.
"""

import time

MOST, FEWEST = 8, 3
QUICK = 0.15
"""Seconds for a piece of work on the slowest machine on which the most of them meet their deadlines."""


def workers(seconds: float) -> int:
    """For a machine that takes so many seconds for the piece of work: the fewer the slower it is."""
    return max(FEWEST, min(MOST, int(MOST * QUICK / seconds)))


def _piece_of_work() -> float:
    began, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number * number % 7
    return time.process_time() - began


if __name__ == "__main__":
    print(workers(min(_piece_of_work() for _ in range(3))))
