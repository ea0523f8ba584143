"""Words that are nearly others: typing errors, and words cut short."""

from __future__ import annotations

from functools import lru_cache

_SHORT = 3


@lru_cache(maxsize=8192)
def near(word: str, target: str) -> bool:
    """Whether ``word`` is ``target`` with one letter dropped, doubled, changed or two swapped, or only its beginning."""
    if word == target:
        return False
    if target.startswith(word):
        return True
    if abs(len(word) - len(target)) > 1 or len(word) < _SHORT:
        return False
    head = 0
    while head < min(len(word), len(target)) and word[head] == target[head]:
        head += 1
    mine, other = word[head:], target[head:]
    return (
        mine[1:] == other  # one more
        or mine == other[1:]  # one less
        or mine[1:] == other[1:]  # another
        or (len(mine) > 1 and mine[:2] == other[1::-1] and mine[2:] == other[2:])  # swapped
    )
