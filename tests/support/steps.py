"""How often each line of ikeaudit runs: whether work grows with what there is to do, or with its square, without a clock."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

SLACK = 60
"""So often a line may run more than it should: beginnings, and what there are only a few of."""


def steps(run: Callable[[], object]) -> Counter[str]:
    """How often each line of ikeaudit runs while ``run`` does, as ``fleet/pairing.py:90``; each turn of a loop counts."""
    found: Counter[str] = Counter()

    def look(frame: FrameType, event: str, _: object) -> Any:
        _, inside, name = frame.f_code.co_filename.partition("/ikeaudit/")
        if not inside:
            return None
        if event == "line":
            found[f"{name}:{frame.f_lineno}"] += 1
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        run()
    finally:
        sys.settrace(before)
    return found


def squares(small: Counter[str], large: Counter[str], times: int) -> dict[str, tuple[int, int]]:
    """The lines that run far more than ``times`` as often where there is ``times`` as much to do, with both counts.

    A line that looks through all of N for each of N runs ``times * times`` as often; a sort a little more than ``times``.
    """
    return {line: (small[line], count) for line, count in large.items() if count > small[line] * times * 1.5 + SLACK}
