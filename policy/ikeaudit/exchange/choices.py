"""Every reading of the rules: one replay is run once for each combination of answers to the questions left open.

A replay asks :meth:`Choices.pick` wherever the sources leave something open (C-1, U-1). The first option is the primary
reading. :func:`explore` runs the replay for every combination and tells which answers each run took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Literal, TypeVar

import msgspec

Weight = Literal["primary", "weak", "tie", "unknown"]
"""``weak``: a less likely reading; ``tie``: an order that IOS does not promise; ``unknown``: a fact that nobody has."""

T = TypeVar("T")
R = TypeVar("R")

MAX_RUNS = 256
"""Combinations looked at for one direction; past that the last questions keep their primary answers."""


class Option(Generic[T]):
    """One answer: its value, the words that describe the reading, and its weight unless it is the first."""

    __slots__ = ("value", "weight", "words")

    def __init__(self, value: T, words: str, weight: Weight = "weak") -> None:
        self.value = value
        self.words = words
        self.weight = weight


class Answer(msgspec.Struct, frozen=True, gc=False):
    """An answer taken in a run."""

    index: int
    count: int
    words: str
    weight: Weight


class Choices:
    """The answers of one run: those scripted first, then the primary ones."""

    def __init__(self, script: tuple[int, ...] = ()) -> None:
        self._script = script
        self.taken: list[Answer] = []

    @property
    def primary(self) -> bool:
        """Whether this run gives the primary answers only: the one whose transcript is shown."""
        return not self._script

    def pick(self, options: Sequence[Option[T]]) -> T:
        """The value of the option that this run takes; a single option is no question."""
        if len(options) == 1:
            return options[0].value
        at = len(self.taken)
        index = self._script[at] if at < len(self._script) else 0
        option = options[index]
        self.taken.append(Answer(index, len(options), option.words, option.weight if index else "primary"))
        return option.value


def explore(replay: Callable[[Choices], R]) -> Iterator[tuple[R, tuple[Answer, ...]]]:
    """Run ``replay`` for every combination of answers, the primary reading first."""
    pending: list[tuple[int, ...]] = [()]
    for run in range(MAX_RUNS):
        if run >= len(pending):
            return
        script = pending[run]
        choices = Choices(script)
        result = replay(choices)
        taken = tuple(choices.taken)
        yield result, taken
        for at in range(len(script), len(taken)):
            prefix = tuple(decision.index for decision in taken[:at])
            pending += [(*prefix, other) for other in range(1, taken[at].count)]
