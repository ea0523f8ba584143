"""The collector in a pause: it looks at nothing by itself, and a sweep gives back what is of no use any more."""

from __future__ import annotations

import gc
import weakref

from ikeaudit.parsing.gc_pause import gc_paused, sweep


class Ring:
    """Something that holds itself, as the lines of a configuration hold each other."""

    def __init__(self) -> None:
        self.own = self


def test_a_sweep_gives_back_what_was_made_in_the_pause() -> None:
    with gc_paused():
        ring = weakref.ref(Ring())
        assert ring() is not None
        sweep()
        assert ring() is None
    assert gc.isenabled()


def test_what_an_earlier_sweep_left_is_given_back_by_one_that_goes_further() -> None:
    with gc_paused():
        made = Ring()
        ring = weakref.ref(made)
        sweep()
        del made
        sweep()
        assert ring() is not None, "it is not looked at twice"
        sweep(further=True)
        assert ring() is None


def test_outside_of_a_pause_the_collector_does_as_it_likes() -> None:
    with gc_paused():
        ring = weakref.ref(Ring())
    threshold = gc.get_threshold()
    gc.set_threshold(0)
    try:
        sweep(further=True)
        assert ring() is not None
    finally:
        gc.set_threshold(*threshold)
