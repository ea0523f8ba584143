"""The logging buffer of a lab router."""

from __future__ import annotations

from collections.abc import Callable

from ikeaudit.lab.clock import LabClock, date_of


def stamp(clock: LabClock) -> str:
    """The time stamp of a log line: ``*Mar  1 02:00:00.000``."""
    now = date_of(clock)
    return f"*{now:%b} {now.day:>2} {now:%H:%M:%S}.{now.microsecond // 1000:03d}"


class LogBuffer:
    """What ``show logging`` prints, oldest first; ``listeners`` hear every line as it is written (terminal monitor)."""

    def __init__(self, clock: LabClock, room: int = 5_000) -> None:
        self._clock = clock
        self._room = room
        self.lines: list[str] = []
        self.listeners: list[Callable[[str], None]] = []

    def write(self, *texts: str) -> None:
        """Log each text under the present time."""
        for text in texts:
            line = f"{stamp(self._clock)}: {text}"
            self.lines.append(line)
            for listener in tuple(self.listeners):
                listener(line)
        del self.lines[: -self._room]

    def clear(self) -> None:
        """Forget everything."""
        self.lines.clear()
