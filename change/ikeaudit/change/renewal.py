"""Setting timers anew while many tunnels are tested: no timer of IOS runs longer than 120 minutes (CHANGE-REVERT).

``configure revert timer N`` gives a pending change N minutes from now, a second ``reload in N`` replaces the first. As
long as the tests go well the nets are moved ahead of them; when the process dies, each acts at its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ikeaudit.change import safety
from ikeaudit.change.device import Device
from ikeaudit.change.journal import RouterProgress, progress_of
from ikeaudit.change.journal_file import Journal
from ikeaudit.change.safety import Safety, SafetyError


class Renewal:
    """The nets of one run; ``minutes`` tells each router's, ``minute`` is how many seconds one lasts there."""

    def __init__(
        self,
        devices: Mapping[str, Device],
        journal: Journal,
        minutes: Callable[[str], int],
        minute: float,
        say: Callable[[str], None],
    ) -> None:
        self._devices = devices
        self._journal = journal
        self._minutes = minutes
        self._minute = minute
        self._say = say
        self._possible = True

    def look(self, nets: Mapping[str, Safety]) -> None:
        """Set all ``nets`` anew once one of them is half over; a router that cannot do that keeps the one that it has.

        :raises SessionError: when a router does not answer.
        """
        up = [p for p in progress_of(self._journal.entries).routers.values() if p.acts_at is not None]
        up = [p for p in up if not p.confirming and p.name in nets]
        if not self._possible or not any(self._left(p) < p.minutes / 2 for p in up):
            return
        for name in (p.name for p in up):
            minutes = self._minutes(name)
            self._journal.record("renewing", name, safety=nets[name], minutes=minutes)
            try:
                safety.renew(self._devices[name], nets[name], minutes)
            except SafetyError as error:
                self._possible = False
                self._say(f"{error} The tests go on under the timers that run.")
                return
            self._journal.record("renewed", name, safety=nets[name], minutes=minutes)
            self._say(f"{name}: {minutes} minutes anew, because there is more to test")

    def _left(self, progress: RouterProgress) -> float:
        """The minutes, as long as the router's are, until a net acts."""
        passed = datetime.now(UTC) - datetime.fromisoformat(progress.armed_at or "")
        return progress.minutes - passed.total_seconds() / self._minute
