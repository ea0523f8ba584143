"""Words that one slip of the finger makes of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest


def near(one: str, other: str) -> bool:
    """Whether two words are one letter too many, too few or another apart, or two neighbours swapped; capitals do not count."""
    one, other = one.lower(), other.lower()
    if one == other or abs(len(one) - len(other)) > 1:
        return one == other
    differ = [n for n, (a, b) in enumerate(zip_longest(one, other)) if a != b]
    first, last = differ[0], differ[-1]
    if len(one) != len(other):
        longer, shorter = sorted((one, other), key=len, reverse=True)
        return longer[:first] + longer[first + 1 :] == shorter
    swapped = last == first + 1 and (one[first], one[last]) == (other[last], other[first])
    return first == last or swapped


class Lookalikes:
    """Words, found by others that are one slip apart: the same as asking :func:`near` of each.

    Two such words have something in common: themselves, or what is left of them without one letter.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            for rest in _rests(word):
                self._places.setdefault(rest, []).append(place)

    def of(self, word: str) -> list[int]:
        """The places of the words that are near to ``word``, in their order."""
        found = {place for rest in _rests(word) for place in self._places.get(rest, ())}
        return [place for place in sorted(found) if near(word, self._words[place])]


def _rests(word: str) -> Iterator[str]:
    """A word in lower case, and what is left of it without each of its letters; each once."""
    word = word.lower()
    yield from {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}
