"""Work that other machines can do: bytes without keys go there, bytes come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar, runtime_checkable

T = TypeVar("T")
R = TypeVar("R")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


@runtime_checkable
class Travelling(Protocol[T_contra, R_co]):
    """Work that may be done on another machine, one item after the other, with the same answers as here.

    ``there`` names what does it there: ``MODULE:NAME`` of a function of ours that takes what :meth:`sent` gives, and gives what
    :meth:`taken` takes, and is not empty. It does without anything of this process; where it raises an error, the item is done
    here.
    """

    there: str

    def __call__(self, item: T_contra, /) -> R_co:
        """Do it here."""

    def sent(self, item: T_contra, /) -> bytes | None:
        """What travels of an item, in which no key may be; None for one that is to be done here."""

    def taken(self, item: T_contra, answer: bytes, /) -> R_co | None:
        """The answer, as it is had here; None for one that is no answer to ``item``, which is done here then."""


class Elsewhere(Protocol):
    """Other machines that work for this one."""

    def spread(self, work: Callable[[T], R], items: Sequence[T]) -> Callable[[], Iterator[R]] | None:
        """What begins the work and gives its answers in the order of ``items``; None for work that does not travel.

        Whatever becomes of the others, each item has one answer: what they do not do is done here.
        """
