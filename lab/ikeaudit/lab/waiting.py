"""The faults that wait in one router; what a fault is, :mod:`ikeaudit.lab.faults` says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from ikeaudit.lab.talk import Talk


class Waits(Protocol):
    """A fault that waits for a typed line; ``shell`` is the session (:class:`~ikeaudit.lab.shell.Shell`), handed through."""

    def due(self, shell: Any, line: str) -> bool:
        """Whether the fault strikes at ``line``."""

    def around(self, shell: Any, line: str, work: Talk) -> Talk:
        """What happens in place of ``work``, the talk that would answer the line."""


class Waiting:
    """All that waits in a router, in the order of arming."""

    def __init__(self) -> None:
        self._faults: list[Waits] = []

    def add(self, *faults: Waits) -> None:
        """Arm ``faults``; they strike in the order of arming when several are due at one line."""
        self._faults.extend(faults)

    def clear(self) -> None:
        """Disarm everything."""
        self._faults.clear()

    def __iter__(self) -> Iterator[Waits]:
        return iter(self._faults)

    def wrap(self, shell: Any, line: str, work: Talk) -> Talk:
        """``work`` as it goes under the faults that are due at ``line``."""
        for fault in [f for f in self._faults if f.due(shell, line)]:
            work = fault.around(shell, line, work)
        return work
