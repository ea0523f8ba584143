"""What lines were found to be: most lines of a fleet stand in many configurations, and are looked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Found = TypeVar("Found")

MANY = 20_000
"""Lines that are remembered at most, with those of one configuration."""


class Remembered(dict[str, Found], Generic[Found]):
    """By the line what ``find`` found it to be. ``find`` must go by nothing but the line."""

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[str], Found]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, line: str) -> Found:
        found = self[line] = self._find(line)
        return found

    def of(self, lines: Iterable[str]) -> list[Found]:
        """What each of the lines of one configuration was found to be."""
        if len(self) > MANY:
            self.clear()
        return [*map(self.__getitem__, lines)]
