"""A clock of the lab that only moves when it is told to: for tests of the shell without a network."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

from ikeaudit.lab.clock import Alarm


class _ManualAlarm:
    def __init__(self, action: Callable[[], None]) -> None:
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        self.action = None


class ManualClock:
    """Time stands still but for ``advance``."""

    def __init__(self) -> None:
        self._now = 0.0
        self._queue: list[tuple[float, int, _ManualAlarm]] = []
        self._count = itertools.count()

    def now(self) -> float:
        """Seconds that ``advance`` has let pass."""
        return self._now

    def real(self, seconds: float) -> float:
        """Nothing takes time under this clock."""
        return 0.0

    def call_later(self, seconds: float, action: Callable[[], None]) -> Alarm:
        """Call ``action`` once ``advance`` has moved ``seconds`` ahead."""
        alarm = _ManualAlarm(action)
        heapq.heappush(self._queue, (self._now + seconds, next(self._count), alarm))
        return alarm

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass, and do what falls due on the way."""
        end = self._now + seconds
        while self._queue and self._queue[0][0] <= end:
            self._now, _, alarm = heapq.heappop(self._queue)
            if alarm.action is not None:
                alarm.action()
        self._now = end
