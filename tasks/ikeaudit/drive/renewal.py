"""Setting timers anew while many tunnels are tested: no timer of IOS runs longer than 120 minutes (CHANGE-REVERT).

``configure revert timer N`` gives a pending change N minutes from now, a second ``reload in N`` replaces the first. As
long as the tests go well the nets are moved ahead of them; when the process dies, each acts at its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from ikeaudit.drive import safety
from ikeaudit.drive.device import Device
from ikeaudit.drive.safety import Safety, SafetyError


class NetUp(Protocol):
    """A net that is up: on which router, since when, for how many minutes."""

    @property
    def name(self) -> str: ...

    @property
    def armed_at(self) -> str | None: ...

    @property
    def minutes(self) -> int: ...


class Record(Protocol):
    """Notes that a net is about to be set anew, or was."""

    def __call__(
        self, event: Literal["renewing", "renewed"], router: str, *, safety: Safety, minutes: int
    ) -> object: ...


@dataclass(eq=False, repr=False)
class Renewal:
    """The nets of one run; ``up`` tells those that are up now, ``minutes`` how many each router is to have.

    ``minute`` is how many seconds one lasts there.
    """

    devices: Mapping[str, Device]
    up: Callable[[], Iterable[NetUp]]
    record: Record
    minutes: Callable[[str], int]
    minute: float
    say: Callable[[str], None]
    _possible: bool = field(default=True, init=False)

    def look(self, nets: Mapping[str, Safety]) -> None:
        """Set all ``nets`` anew once one of them is half over; a router that cannot do that keeps the one that it has.

        :raises SessionError: when a router does not answer.
        """
        up = [net for net in self.up() if net.name in nets]
        if not self._possible or not any(self._left(net) < net.minutes / 2 for net in up):
            return
        for name in (net.name for net in up):
            minutes = self.minutes(name)
            self.record("renewing", name, safety=nets[name], minutes=minutes)
            try:
                safety.renew(self.devices[name], nets[name], minutes)
            except SafetyError as error:
                self._possible = False
                self.say(f"{error} The tests go on under the timers that run.")
                return
            self.record("renewed", name, safety=nets[name], minutes=minutes)
            self.say(f"{name}: {minutes} minutes anew, because there is more to test")

    def _left(self, net: NetUp) -> float:
        """The minutes, as long as the router's are, until a net acts."""
        passed = datetime.now(UTC) - datetime.fromisoformat(net.armed_at or "")
        return net.minutes - passed.total_seconds() / self.minute
