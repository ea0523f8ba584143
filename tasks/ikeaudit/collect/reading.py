"""Reading one router: thin steps over a terminal, with the checks that tell a whole configuration from a part of one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ikeaudit.collect.commands import RUNNING_CONFIG, SHOW_COMMANDS, VERSION, CommandStatus, is_ios, refused
from ikeaudit.session import SessionError, Terminal

_HOSTNAME = re.compile(r"^hostname \S", re.MULTILINE)
_ATTEMPTS = 2


@dataclass(slots=True, repr=False)
class Reading:
    """What one router said, as it said it: holds keys in clear, so it stays in memory and its text shows none of it."""

    config: str = ""
    shows: dict[str, str] = field(default_factory=dict)
    status: dict[str, CommandStatus] = field(default_factory=dict)
    name: str = ""

    def __repr__(self) -> str:
        return f"Reading({self.name}, {len(self.status)} commands)"


def read_router(terminal: Terminal) -> Reading:
    """Everything that a snapshot holds of one router.

    A show command that the router does not know is noted and passed over. When the session breaks after the configuration
    was read, the rest is noted as not read.

    :raises SessionError: when the device is not IOS or its running-config cannot be had whole.
    """
    reading = Reading(name=terminal.name)
    version = terminal.run(VERSION)
    if refused(version) or not is_ios(version):
        raise SessionError("not-ios", f"{terminal.where} is no IOS router: its show version does not name Cisco IOS.")
    reading.shows[VERSION] = version
    reading.status[VERSION] = "read"
    reading.config = read_running_config(terminal)
    reading.status[RUNNING_CONFIG] = "read"
    alive = True
    for command in SHOW_COMMANDS[1:]:
        alive = alive and _read_show(terminal, command, reading)
        if not alive:
            reading.status.setdefault(command, "not-read")
    return reading


def read_running_config(terminal: Terminal, *, idle: float | None = None) -> str:
    """The whole running-config, in clear, its last line ``end``; read once more when it seems cut.

    ``idle`` is the longest silence in seconds, the terminal's own when left out.

    :raises SessionError: ``cut`` when it has no final ``end`` twice, ``not-authorised`` when the account may not see it.
    """
    for _ in range(_ATTEMPTS):
        text = terminal.run(RUNNING_CONFIG, complete=has_end, idle=idle)
        if refused(text):
            raise SessionError("not-authorised", f"{terminal.where}: this account may not read the running-config.")
        if has_end(text):
            if not _HOSTNAME.search(text):
                raise SessionError(
                    "not-authorised", f"{terminal.where}: this account sees only a part of the running-config."
                )
            return text
    raise SessionError(
        "cut", f"{terminal.where}: the running-config came without its final `end`, twice; it is not complete."
    )


def has_end(text: str) -> bool:
    """Whether the last line that says anything is ``end`` (PERF "Silent truncation")."""
    return text.rstrip().rpartition("\n")[2].rstrip() == "end"


def _read_show(terminal: Terminal, command: str, reading: Reading) -> bool:
    """Read one show command into ``reading``; whether the session is still good."""
    try:
        text = terminal.run(command)
    except SessionError:
        return False
    if refused(text):
        reading.status[command] = "not-supported"
    else:
        reading.shows[command] = text
        reading.status[command] = "read"
    return True
