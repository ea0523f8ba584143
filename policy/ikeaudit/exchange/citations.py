"""The lines behind a verdict, kept as they were cited and put together when somebody reads them.

A hub may match a thousand peers in one profile, and the verdict on each of them cites all of these statements. They are one
piece, the same for all, so that a verdict costs the same however many others there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import TypeAlias

from ikeaudit.model import Evidence

Piece: TypeAlias = tuple[Evidence, ...]
"""Lines that were cited together."""


class Citations:
    """Lines in the order in which they were cited, each once; equal to others of the same lines, whatever their pieces."""

    __slots__ = ("_later", "_pieces")

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self._pieces = tuple(piece for piece in pieces if piece)
        self._later: Callable[[], Iterable[Piece]] | None = None

    @classmethod
    def later(cls, make: Callable[[], Iterable[Piece]]) -> Citations:
        """Lines that are looked for when somebody reads them."""
        made = cls()
        made._later = make
        return made

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The lines as they were cited."""
        if self._later is not None:
            self._pieces = tuple(piece for piece in self._later() if piece)
            self._later = None
        return self._pieces

    @classmethod
    def joined(cls, several: Iterable[Citations]) -> Citations:
        """The lines of one after the other; a piece that many have is looked at once."""
        return cls({id(piece): piece for one in several for piece in one.pieces}.values())

    @property
    def lines(self) -> Piece:
        """All of them, put together anew each time."""
        return tuple(dict.fromkeys(chain.from_iterable(self.pieces)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Citations):
            return NotImplemented
        return self.pieces == other.pieces or self.lines == other.lines

    def __hash__(self) -> int:
        # The first line alone: equal ones have it in common, and reading all of them is what is not to be done.
        return hash(self.pieces[0][0]) if self.pieces else 0

    def __repr__(self) -> str:
        return f"Citations({self.lines!r})"
