"""The fault matrix of a change window: every fault that a night may bring, in every phase that it may strike in.

The tests and ``ikeaudit rehearse`` both run it; the README's table is made from it. A case is a fault, a moment of a phase, and
the router that is struck.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ikeaudit.lab.faults import (
    CONFIG_LINE,
    AlreadyExists,
    ConnectionLost,
    DiskFull,
    Fault,
    PromptChanged,
    Reboot,
    Refused,
    RevertRefused,
    SecondOperator,
    SlowReply,
    SyslogBurst,
    TimerFires,
)

STAGES = ("connect", "arm", "send", "verify", "confirm", "save")
"""The phases of a change, in their order."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the phase ``stage``: the first line typed that ``on`` matches, once one was typed that ``since`` matches.

    ``place`` chooses among configuration lines: 0 the first of all that the router is sent, 1 the last.
    """

    stage: str
    on: str
    since: str | None = None
    place: float = 0.0

    def of(self, lines: int) -> dict[str, Any]:
        """When a fault strikes (the arguments of one) on a router that is sent ``lines`` configuration lines."""
        return {"on": self.on, "since": self.since, "after": round(self.place * max(0, lines - 1))}


_ARMING = "^configure terminal revert|^reload in"

PHASES: dict[str, Moment] = {
    "login": Moment("connect", "^terminal width"),
    "read": Moment("connect", "^show running-config"),
    "sessions": Moment("connect", "^show crypto session"),
    "timer": Moment("connect", "^show archive config rollback"),
    "files": Moment("arm", "^dir"),
    "backup": Moment("arm", "^copy"),
    "arm": Moment("arm", _ARMING),
    "armed": Moment("arm", "^show archive config rollback", since=_ARMING),
    "enter": Moment("send", "^configure terminal$"),
    "first line": Moment("send", CONFIG_LINE),
    "middle line": Moment("send", CONFIG_LINE, place=0.5),
    "last line": Moment("send", CONFIG_LINE, place=1.0),
    "read back": Moment("verify", "^show running-config", since=CONFIG_LINE),
    "clear": Moment("verify", "^clear crypto"),
    "ping": Moment("verify", "^ping"),
    "look": Moment("verify", "^show crypto (isakmp|ikev2) sa"),
    "compare": Moment("verify", "^show interfaces", since="^ping"),
    "read again": Moment("confirm", "^show running-config", since="^ping"),
    "confirm": Moment("confirm", "^configure confirm"),
    "confirmed": Moment("confirm", "^show archive config rollback", since="^configure confirm"),
    "last read": Moment("save", "^show running-config", since="^configure confirm"),
    "save": Moment("save", "^write memory"),
}
"""Moments, by the line typed by the change at which a fault strikes."""

SLOW = 5.0
"""Seconds by which a slow reply comes late; the change must be told to wait for less."""

FAULTS: dict[str, Callable[[dict[str, Any]], tuple[Fault, ...]]] = {
    "connection lost, line not carried out": lambda at: (ConnectionLost(**at),),
    "connection lost, line carried out": lambda at: (ConnectionLost(**at, carried_out=True),),
    "router restarts": lambda at: (Reboot(**at, seconds=30),),
    "line refused as invalid": lambda at: (Refused(**at),),
    "line refused as existing already": lambda at: (AlreadyExists(**at),),
    "reply slower than the timeout": lambda at: (SlowReply(**at, seconds=SLOW),),
    "log lines in the middle of the reply": lambda at: (SyslogBurst(**at),),
    "another prompt": lambda at: (PromptChanged(**at),),
    "timer fires early": lambda at: (TimerFires(**at),),
    "refused, and its roll-back too": lambda at: (Refused(**at), RevertRefused(on="^configure revert", times=9)),
    "disk full": lambda at: (DiskFull(**at),),
    "second operator": lambda at: (SecondOperator(**at, commands=(SECOND_OPERATOR,)),),
}
"""Faults that strike a router, by name."""

SECOND_OPERATOR = "snmp-server location here"
"""What the second operator types."""

KILLED = "process killed"
"""The fault that strikes the change itself: ``kill -9`` of its process."""


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of the matrix on one router; ``phase`` is a name in ``PHASES``."""

    fault: str
    phase: str
    router: str

    def faults(self, lines: int) -> tuple[Fault, ...]:
        """What to arm on the router, which is sent ``lines`` configuration lines; nothing for ``KILLED``."""
        return FAULTS[self.fault](self.moment(lines)) if self.fault != KILLED else ()

    def moment(self, lines: int) -> dict[str, Any]:
        """When it strikes, as the arguments of a :class:`~ikeaudit.lab.faults.Fault`."""
        return PHASES[self.phase].of(lines)

    def __str__(self) -> str:
        return f"{self.fault}, {self.phase}, {self.router}"


def every_case(routers: Iterable[str]) -> list[Case]:
    """The whole matrix on ``routers``."""
    names = tuple(routers)
    return [Case(fault, phase, name) for fault in (*FAULTS, KILLED) for phase in PHASES for name in names]


def some_cases(routers: Iterable[str]) -> list[Case]:
    """Each fault at least once, each phase once, where they do the most harm; spread over ``routers``."""
    names = tuple(routers)
    return [Case(fault, phase, names[number % len(names)]) for number, (fault, phase) in enumerate(_WORST, 1)]


_WORST = (
    ("connection lost, line not carried out", "login"),
    ("another prompt", "read"),
    ("log lines in the middle of the reply", "sessions"),
    ("second operator", "timer"),
    ("connection lost, line not carried out", "files"),
    ("disk full", "backup"),
    ("reply slower than the timeout", "arm"),
    (KILLED, "armed"),
    ("second operator", "enter"),
    ("line refused as existing already", "first line"),
    ("refused, and its roll-back too", "middle line"),
    ("connection lost, line carried out", "last line"),
    ("log lines in the middle of the reply", "read back"),
    ("router restarts", "clear"),
    ("timer fires early", "ping"),
    (KILLED, "look"),
    ("connection lost, line carried out", "compare"),
    ("timer fires early", "read again"),
    ("line refused as invalid", "confirm"),
    ("router restarts", "confirmed"),
    (KILLED, "last read"),
    ("disk full", "save"),
)
