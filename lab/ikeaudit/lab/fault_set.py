"""The fault matrix of a change window: every fault that a night may bring, in every phase that it may strike in.

The tests and ``ikeaudit rehearse`` both run it; the README's table is made from it. A case is a fault, a phase and the router
that is struck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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

PHASES: dict[str, str] = {
    "read": "^show running-config",
    "sessions": "^show crypto session",
    "timer": "^show archive config rollback",
    "files": "^dir",
    "backup": "^copy",
    "arm": "^configure terminal revert",
    "enter": "^configure terminal$",
    "line": CONFIG_LINE,
    "clear": "^clear crypto",
    "ping": "^ping",
    "look": "^show crypto (isakmp|ikev2) sa",
    "confirm": "^configure confirm",
    "save": "^write memory",
}
"""Phases by the line, typed by the change, at which a fault strikes."""

SLOW = 5.0
"""Seconds by which a slow reply comes late; the change must be told to wait for less."""

FAULTS: dict[str, Callable[[str], tuple[Fault, ...]]] = {
    "connection lost, line not carried out": lambda on: (ConnectionLost(on=on),),
    "connection lost, line carried out": lambda on: (ConnectionLost(on=on, carried_out=True),),
    "router restarts": lambda on: (Reboot(on=on, seconds=30),),
    "line refused as invalid": lambda on: (Refused(on=on),),
    "line refused as existing already": lambda on: (AlreadyExists(on=on),),
    "reply slower than the timeout": lambda on: (SlowReply(on=on, seconds=SLOW),),
    "log lines in the middle of the reply": lambda on: (SyslogBurst(on=on),),
    "another prompt": lambda on: (PromptChanged(on=on),),
    "timer fires early": lambda on: (TimerFires(on=on),),
    "refused, and its roll-back too": lambda on: (Refused(on=on), RevertRefused(on="^configure revert")),
    "disk full": lambda on: (DiskFull(on=on),),
    "second operator": lambda on: (SecondOperator(on=on, commands=(SECOND_OPERATOR,)),),
}
"""Faults that strike a router, by name."""

SECOND_OPERATOR = "snmp-server location here"
"""What the second operator types."""

KILLED = "process killed"
"""The fault that strikes the change itself: ``kill -9`` of its process."""


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of the matrix on one router."""

    fault: str
    phase: str
    router: str

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to arm on the router; nothing for ``KILLED``."""
        return FAULTS[self.fault](PHASES[self.phase]) if self.fault != KILLED else ()

    def __str__(self) -> str:
        return f"{self.fault}, {self.phase}, {self.router}"


def every_case(routers: Iterable[str]) -> list[Case]:
    """The whole matrix on ``routers``."""
    names = tuple(routers)
    return [Case(fault, phase, name) for fault in (*FAULTS, KILLED) for phase in PHASES for name in names]


def some_cases(routers: Iterable[str]) -> list[Case]:
    """Each fault once, and each phase at least once, spread over ``routers``."""
    names, phases = tuple(routers), tuple(PHASES)
    return [
        Case(fault, phases[(7 + 5 * number) % len(phases)], names[number % len(names)])
        for number, fault in enumerate((*FAULTS, KILLED))
    ]
