"""Where two versions of a list differ, found without a look at each of its things: most of them are the very same."""

from __future__ import annotations

from typing import TypeVar

Thing = TypeVar("Thing")


def differing(was: tuple[Thing, ...], now: tuple[Thing, ...]) -> tuple[int, tuple[Thing, ...], tuple[Thing, ...]]:
    """How many things both versions begin with, and what stands in each between those and the things that both end with.

    Things that are equal count as the same. Where the versions share their objects, that costs no look at each of them.
    """
    if was is now:
        return len(was), (), ()
    start = _common(was, now)
    one, other = was[start:], now[start:]
    end = _common(one[::-1], other[::-1])
    return start, one[: len(one) - end], other[: len(other) - end]


def _common(one: tuple[Thing, ...], other: tuple[Thing, ...]) -> int:
    """How many things two lists begin with alike."""
    known, end = 0, min(len(one), len(other))
    if one[:end] == other[:end]:
        return end
    while end - known > 1:
        middle = (known + end) // 2
        if one[known:middle] == other[known:middle]:
            known = middle
        else:
            end = middle
    return known
