"""Time in the lab: a minute of the routers can be made shorter than a minute of the tests."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(2025, 3, 1, 2, 0, 0, tzinfo=UTC)
"""What ``show clock`` says when a lab starts: fixed, so that output can be compared."""


class Alarm(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> None:
        """Make it not happen."""


class LabClock(Protocol):
    """Seconds as the routers count them."""

    def now(self) -> float:
        """Seconds since the lab started."""

    def real(self, seconds: float) -> float:
        """How long ``seconds`` of the lab take in reality."""

    def call_later(self, seconds: float, action: Callable[[], None]) -> Alarm:
        """Call ``action`` when ``seconds`` of the lab have passed."""


def date_of(clock: LabClock) -> datetime:
    """The date and time of day that a router under ``clock`` believes in."""
    return EPOCH + timedelta(seconds=clock.now())


def clock_text(clock: LabClock) -> str:
    """The present time as IOS writes it in its remarks: ``02:00:00 UTC Sat Mar 1 2025``."""
    now = date_of(clock)
    return f"{now:%H:%M:%S} UTC {now:%a} {now:%b} {now.day} {now.year}"


class LoopClock:
    """The clock of a running lab: real time, a lab minute taking ``minute_seconds`` seconds of it."""

    def __init__(self, minute_seconds: float = 60.0) -> None:
        if minute_seconds <= 0:
            raise ValueError("a lab minute must take longer than no time at all")
        self._scale = minute_seconds / 60.0
        self._start = time.monotonic()
        self._loop: asyncio.AbstractEventLoop | None = None

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Alarms go off on ``loop`` from here on."""
        self._loop = loop

    def now(self) -> float:
        """Seconds since the lab started."""
        return (time.monotonic() - self._start) / self._scale

    def real(self, seconds: float) -> float:
        """How long ``seconds`` of the lab take in reality."""
        return seconds * self._scale

    def call_later(self, seconds: float, action: Callable[[], None]) -> Alarm:
        """Call ``action`` on the lab's loop; to be used on that loop only."""
        if self._loop is None:
            raise RuntimeError("the lab's clock is not running yet")
        return self._loop.call_later(self.real(seconds), action)
