"""What a lab router keeps: files, with an end to their room, and its log."""

import re
from collections.abc import Callable

from ikeaudit.lab.clock import LabClock, date_of

_URL = re.compile(r"(?:(?:bootflash|flash|disk0|system|nvram):)?/*(?P<name>.*)", re.S)


class DiskFullError(Exception):
    """The file does not fit."""


def file_name(url: str) -> str:
    """The file that ``flash:NAME``, ``bootflash:/NAME`` or a bare ``NAME`` means."""
    match = _URL.fullmatch(url)
    return match["name"] if match else url


class Flash:
    """Files of one router; ``capacity`` in bytes."""

    def __init__(self, capacity: int = 64_000_000) -> None:
        self.capacity = capacity
        self._files: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The files, oldest first."""
        return tuple(self._files)

    @property
    def free(self) -> int:
        """Bytes left."""
        return max(0, self.capacity - sum(len(text.encode()) for text in self._files.values()))

    def read(self, url: str) -> str | None:
        """The text of a file, None when there is no such file."""
        return self._files.get(file_name(url))

    def write(self, url: str, text: str) -> None:
        """Store ``text``. Raises DiskFullError when it does not fit, and keeps what was there."""
        name = file_name(url)
        old = len(self._files.get(name, "").encode())
        if len(text.encode()) > self.free + old:
            raise DiskFullError(name)
        self._files[name] = text

    def delete(self, url: str) -> bool:
        """Remove a file; False when there was none."""
        return self._files.pop(file_name(url), None) is not None


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
