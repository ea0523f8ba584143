"""How far long work has come, on a terminal: routers read, parts audited, tunnels replayed, hazards asked, steps proved."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import chain
from time import monotonic
from typing import TypeVar

from ikeaudit.model.watching import watching

T = TypeVar("T")

PATIENCE = 0.5
"""Seconds before anything is shown."""


def shown() -> AbstractContextManager[None]:
    """Shows on standard error, while it lasts, how far the work has come; nothing where that is no terminal."""
    return watching(_bar if sys.stderr.isatty() else None)


def _bar(title: str, items: Sequence[T], /) -> Iterable[T]:
    start, left = monotonic(), iter(items)
    for at, item in enumerate(left):
        if monotonic() - start > PATIENCE:
            yield from _drawn(title, chain((item,), left), at, len(items))
            return
        yield item


def _drawn(title: str, left: Iterable[T], at: int, total: int) -> Iterator[T]:
    """What is ``left`` of ``total`` items from place ``at`` on, with a bar that goes away after the last."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from ikeaudit.report.screen import screen

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, completed=at)
        for item in left:
            yield item
            bar.advance(task)
