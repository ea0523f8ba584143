"""Parsing makes many objects, keeps all of them and no cycles: the garbage collector would only look at them in vain."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """No collection inside the block; nested and concurrent blocks are harmless."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def sweep(*, further: bool = False) -> None:
    """In a pause, give back what was made since the last sweep and is of no use any more.

    Nothing is looked at twice, so that sweeping often costs no more than once.

    ``further``: what the sweeps since the last one that went further have left is looked at once more.
    """
    if not gc.isenabled():
        gc.collect(1 if further else 0)
