"""Long work that somebody may watch: what is gone through, one by one, is told to whoever set a watch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

T = TypeVar("T")


class Watch(Protocol):
    """Goes through ``items``, which ``title`` names (``routers read``), and takes note of each."""

    def __call__(self, title: str, items: Sequence[T], /) -> Iterable[T]:
        """``items``, in their order."""


_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


def watched(title: str, items: Sequence[T]) -> Iterable[T]:
    """``items``, told to the watch where there is one; what is gone through meanwhile is not."""
    watch = _WATCH.get()
    return items if watch is None else _alone(watch, title, items)


def _alone(watch: Watch, title: str, items: Sequence[T]) -> Iterator[T]:
    before = _WATCH.set(None)
    try:
        yield from watch(title, items)
    finally:
        _WATCH.reset(before)


@contextmanager
def watching(watch: Watch | None) -> Iterator[None]:
    """Set ``watch`` for what is done meanwhile; None: nobody looks."""
    before = _WATCH.set(watch)
    try:
        yield
    finally:
        _WATCH.reset(before)
