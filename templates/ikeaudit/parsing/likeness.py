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
    return len(word) >= _SHORT and abs(len(word) - len(target)) <= 1 and _one_edit(word, target)


def _one_edit(word: str, target: str) -> bool:
    """Whether :func:`edits` says one, of two words that are not the same."""
    at = next((n for n, (one, other) in enumerate(zip(word, target, strict=False)) if one != other), None)
    if at is None:
        return True  # one is the other with a letter more
    if len(word) == len(target):
        swapped = word[at : at + 2] == target[at : at + 2][::-1]
        return word[at + 1 :] == target[at + 1 :] or (swapped and word[at + 2 :] == target[at + 2 :])
    return word[at:] == target[at + 1 :] if len(word) < len(target) else word[at + 1 :] == target[at:]


def edits(word: str, target: str) -> int:
    """How many letters were dropped, added or changed, or swapped with the next, to make ``target`` into ``word``."""
    rows = [list(range(len(target) + 1))]
    for i, letter in enumerate(word):
        row = [i + 1]
        for j, other in enumerate(target):
            least = min(rows[-1][j + 1] + 1, row[-1] + 1, rows[-1][j] + (letter != other))
            if i and j and (letter, word[i - 1]) == (target[j - 1], other):
                least = min(least, rows[-2][j - 1] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]
