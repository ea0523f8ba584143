"""Reading one router: thin steps over a terminal, with the checks that tell a whole configuration from a part of one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ikeaudit.collect.apart import printed_apart
from ikeaudit.collect.commands import (
    RUNNING_CONFIG,
    SHOW_COMMANDS,
    STATE_COMMANDS,
    VERSION,
    CommandStatus,
    is_ios,
    status,
)
from ikeaudit.ios.words import slot
from ikeaudit.session import Reason, SessionError, Terminal

_HOSTNAME = re.compile(rf"^(?:{slot('global/hostname')}|switchname) (\S+)", re.MULTILINE)
_RELEASE = re.compile(rf"^{slot('global/version')} \d", re.MULTILINE)
_ATTEMPTS = 2


@dataclass(slots=True, repr=False)
class Reading:
    """What one router said, as it said it: holds keys in clear, so it stays in memory and its text shows none of it.

    ``notices`` and ``ways`` are those of its :class:`~ikeaudit.session.Terminal`; ``failure`` is why a command was not read.
    """

    config: str = ""
    shows: dict[str, str] = field(default_factory=dict)
    status: dict[str, CommandStatus] = field(default_factory=dict)
    name: str = ""
    notices: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    failure: Reason | None = None

    def __repr__(self) -> str:
        return f"Reading({self.name}, {len(self.status)} commands)"


def read_router(terminal: Terminal) -> Reading:
    """Everything that a snapshot holds of one router.

    A show command that the router does not know or allow is noted and passed over. When the session breaks after the
    configuration was read, the rest is noted as not read.

    :raises SessionError: when the device is not IOS or its running-config cannot be had whole.
    """
    reading = Reading(notices=terminal.notices, ways=terminal.ways)
    version = terminal.read(VERSION)
    reading.status[VERSION] = status(version)
    if reading.status[VERSION] == "read":
        reading.shows[VERSION] = version
    if not is_ios(version) and reading.status[VERSION] != "refused":
        raise SessionError("not-ios", f"{terminal.where} is no IOS router: its show version does not name Cisco IOS.")
    reading.config = read_running_config(terminal)
    if VERSION not in reading.shows and not _RELEASE.search(reading.config):
        raise SessionError("not-ios", f"{terminal.where} may be no IOS router: it refuses `{VERSION}`.")
    reading.status[RUNNING_CONFIG] = "read"
    reading.name = hostname(reading.config)
    alive = True
    for command in SHOW_COMMANDS[1:]:
        alive = alive and _read_show(terminal, command, reading)
        reading.status.setdefault(command, "not-read")
    return reading


def read_state(terminal: Terminal) -> Reading:
    """The state of one router and nothing else, fast: its running-config is not read, only when it was changed last.

    :raises SessionError: when the session breaks before anything was read.
    """
    reading = Reading(notices=terminal.notices, ways=terminal.ways, name=terminal.name)
    alive = True
    for command in STATE_COMMANDS:
        alive = alive and _read_show(terminal, command, reading)
        reading.status.setdefault(command, "not-read")
    if not reading.shows:
        raise SessionError(reading.failure or "not-authorised", f"{terminal.where}: none of its state could be read.")
    return reading


def read_running_config(terminal: Terminal, *, idle: float | None = None) -> str:
    """The whole running-config, in clear, its last line ``end``; read once more when it seems cut.

    ``idle`` is the longest silence in seconds, the terminal's own when left out.

    :raises SessionError: ``cut`` when it has no final ``end`` twice, or messages broke into it every time; ``not-authorised``
        when the account may not see it.
    """
    for _ in range(_ATTEMPTS):
        text = terminal.read(RUNNING_CONFIG, complete=has_end, apart=printed_apart, idle=idle)
        if status(text) != "read":
            raise SessionError("not-authorised", f"{terminal.where}: this account may not read the running-config.")
        if has_end(text):
            if not hostname(text):
                raise SessionError(
                    "not-authorised", f"{terminal.where}: this account sees only a part of the running-config."
                )
            return text
    raise SessionError(
        "cut", f"{terminal.where}: the running-config came without its final `end`, twice; it is not complete."
    )


def hostname(config: str) -> str:
    """The name that a running-config gives its router; empty where it gives none."""
    found = _HOSTNAME.search(config)
    return found[1] if found else ""


def has_end(text: str) -> bool:
    """Whether the last line that says anything is ``end`` (PERF "Silent truncation")."""
    return text.rstrip().rpartition("\n")[2].rstrip() == "end"


def _read_show(terminal: Terminal, command: str, reading: Reading) -> bool:
    """Read one show command into ``reading``; whether the session is still good."""
    try:
        text = terminal.read(command)
    except SessionError as error:
        reading.failure = error.reason
        return error.reason == "cut"
    reading.status[command] = status(text)
    if reading.status[command] == "read":
        reading.shows[command] = text
    return True
