"""Numbers that tell the order of a list's things, and that most of them keep in a later version of the list."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from ikeaudit.model.versions import differing

Thing = TypeVar("Thing")


class Places(NamedTuple, Generic[Thing]):
    """Things in their order, each with a number; numbers grow, and need not follow each other."""

    things: tuple[Thing, ...] = ()
    numbers: tuple[int, ...] = ()

    def later(
        self, things: tuple[Thing, ...]
    ) -> tuple[Places[Thing], tuple[tuple[int, Thing], ...], tuple[tuple[int, Thing], ...]]:
        """The places of another version of the list, the things that are no more at theirs, and those that are there now.

        What stands at the end of both versions keeps its number unless something has come before it.
        """
        start, gone, come = differing(self.things, things)
        end = start + len(gone)
        if come and len(gone) != len(come) and end < len(self.things):
            end, gone, come = len(self.things), self.things[start:], things[start:]
        if len(gone) == len(come):
            numbers = self.numbers[start:end]
        else:
            first = self.numbers[start - 1] + 1 if start else 0
            numbers = tuple(range(first, first + len(come)))
        places = Places(things, self.numbers[:start] + numbers + self.numbers[end:])
        return places, tuple(zip(self.numbers[start:end], gone, strict=True)), tuple(zip(numbers, come, strict=True))
