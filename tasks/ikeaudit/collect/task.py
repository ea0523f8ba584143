"""The Nornir task: one router read, written and forgotten; its result holds counts and reasons only.

Nornir keeps results, logs task arguments at INFO and the traceback of an exception at ERROR. So the task has no arguments,
raises nothing, and returns a :class:`HostOutcome`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import msgspec
from nornir.core import Nornir
from nornir.core.inventory import Host
from nornir.core.task import Result, Task

from ikeaudit.collect.commands import LAST_CHANGE, CommandStatus, last_change
from ikeaudit.collect.outcome import HostOutcome
from ikeaudit.collect.reading import Reading, read_router, read_state
from ikeaudit.model.errors import IkeauditError
from ikeaudit.session import Keychain, Limits, Reason, SessionError, session, where
from ikeaudit.session.failure import classify
from ikeaudit.session.known_hosts import known_hosts_of
from ikeaudit.snapshot.dated import utc
from ikeaudit.snapshot.host_meta import UNREAD, WEAK_WAYS

TASK_NAME = "collect"


class HostWriter(Protocol):
    """Where readings go. It redacts before it writes."""

    def write(self, host: str, reading: Reading, details: Mapping[str, str]) -> None:
        """Put a reading into the snapshot."""

    def write_state(self, host: str, reading: Reading, moment: str) -> str | None:
        """Put the state that was read beside the configuration that is there; when that was read."""

    def write_failure(self, host: str, reason: str, details: Mapping[str, str]) -> str | None:
        """Put into the snapshot that the host failed; when what is there of it was known last, None when nothing is."""

    def confirm(self, host: str, moment: str) -> str | None:
        """Put into the snapshot that what is there of the host is still so; when it was read."""


@dataclass(frozen=True, slots=True, repr=False)
class CollectHosts:
    """The task for ``nornir.run``; credentials travel inside it, because Nornir writes arguments down.

    ``changes`` says of hosts when their configurations were changed last: those that still say so are asked nothing else.
    ``tolerant``: refused show commands are no failure. ``state_only``: only the state is read.
    """

    keys: Keychain
    writer: HostWriter
    limits: Limits
    changes: Mapping[str, str]
    tolerant: bool = False
    state_only: bool = False
    name: str = TASK_NAME

    def __call__(self, task: Task) -> Result:
        """Read one host."""
        change = self.changes.get(task.host.name)
        outcome = collect_host(
            task.nornir,
            task.host,
            self.keys,
            self.writer,
            self.limits,
            change,
            tolerant=self.tolerant,
            state_only=self.state_only,
        )
        return Result(host=task.host, result=outcome, failed=outcome.status == "failed")

    def stop(self) -> None:
        """Let nothing more be written, where the writer knows how."""
        getattr(self.writer, "shut", lambda: None)()


def collect_host(
    nornir: Nornir,
    host: Host,
    keys: Keychain,
    writer: HostWriter,
    limits: Limits,
    change: str | None = None,
    *,
    tolerant: bool = False,
    state_only: bool = False,
) -> HostOutcome:
    """Read one host and write it; whatever goes wrong is in the outcome.

    ``change`` is when its configuration was changed last, as far as ``writer`` knows: when the router still says so, nothing
    else is asked. None asks for everything. ``tolerant``: refused show commands are no failure. ``state_only``: the state alone
    is asked for.
    """
    started = time.monotonic()
    stamp = utc(datetime.now(UTC))
    reading, failure = _read(nornir, host, keys, limits, change, state_only=state_only)
    seconds = round(time.monotonic() - started, 2)
    if reading is None:
        error = failure or SessionError("internal", f"{where(host)}: nothing was read.")
        news = known_hosts_of(nornir.config).news.get(where(host))
        outcome = HostOutcome(
            host=host.name,
            status="failed",
            reason=error.reason,
            message=str(error),
            seconds=seconds,
            notices=(news,) if news else (),
        )
    else:
        reason, missing = _missing(reading, tolerant=tolerant)
        outcome = HostOutcome(
            host=host.name,
            status="partial" if missing else "collected",
            reason=reason,
            message=f"{where(host)}: {missing}." if missing else None,
            hostname=reading.name,
            seconds=seconds,
            commands=reading.status,
            notices=reading.notices,
            unchanged=reading.status.keys() == {LAST_CHANGE},
        )
    return _write(host, reading, outcome, writer, stamp)


def _missing(reading: Reading, *, tolerant: bool) -> tuple[Reason | None, str]:
    """Why a reading is not whole: the reason, and the words for it; None and nothing where it is."""
    unread = _having(reading.status, "not-read")
    refused = "" if tolerant else _having(reading.status, "refused")
    why = "messages broke into every reply" if reading.failure == "cut" else "the session broke"
    words = [f"{why}; not read: {unread}"] if unread else []
    words += [f"this account may not use {refused} (--tolerate-refused takes that)"] if refused else []
    return reading.failure or ("not-authorised" if refused else None), "; ".join(words)


def _having(commands: Mapping[str, CommandStatus], status: CommandStatus) -> str:
    return ", ".join(command for command, found in commands.items() if found == status)


def _read(
    nornir: Nornir, host: Host, keys: Keychain, limits: Limits, change: str | None, *, state_only: bool
) -> tuple[Reading | None, SessionError | None]:
    failure: SessionError | None = None
    try:
        with session(host, nornir.config, keys.of(host), limits) as terminal:
            if change is not None and last_change(terminal.run(LAST_CHANGE)) == change:
                return Reading(name=terminal.name, status={LAST_CHANGE: "read"}, notices=terminal.notices), None
            return (read_state if state_only else read_router)(terminal), None
    except SessionError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 - one host must not stop the others; the text is dropped
        failure = classify(error, where=where(host))
    return None, failure


def _write(host: Host, reading: Reading | None, outcome: HostOutcome, writer: HostWriter, stamp: str) -> HostOutcome:
    details = {"collected": stamp}
    if outcome.reason is not None:
        details["reason"] = outcome.reason

    def write() -> str | None:
        if reading is None:
            return writer.write_failure(host.name, outcome.message or "", details)
        if not reading.config and not outcome.unchanged:
            return writer.write_state(host.name, reading, stamp)
        if outcome.unchanged:
            return writer.confirm(host.name, stamp)
        writer.write(host.name, reading, details | _notes(outcome, reading))
        return stamp

    return settled(outcome, write)


def settled(outcome: HostOutcome, write: Callable[[], str | None]) -> HostOutcome:
    """``outcome`` after ``write``, which returns when what the snapshot now has was read; whatever goes wrong is told in it."""
    cause, read, unread = "", None, outcome.status == "failed"
    try:
        read = write()
    except IkeauditError as error:
        cause = str(error)
    except OSError as error:
        cause = (error.strerror or "the disk did not take it").lower()
    except Exception as error:  # noqa: BLE001 - its text may quote the configuration; only its kind is told
        cause = type(error).__name__
    if not cause:
        return msgspec.structs.replace(outcome, read=read)
    message = outcome.message if unread else f"{outcome.host} was read but could not be written: {cause}."
    return HostOutcome(
        host=outcome.host,
        status="failed",
        reason=outcome.reason if unread else "not-written",
        message=message,
        hostname=outcome.hostname,
        seconds=outcome.seconds,
    )


def _notes(outcome: HostOutcome, reading: Reading) -> dict[str, str]:
    """What ``meta.json`` says of a host beside its files."""
    notes = {"hostname": outcome.hostname or ""}
    if reading.ways:
        notes[WEAK_WAYS] = ", ".join(reading.ways)
    for status in UNREAD:
        commands = _having(outcome.commands, status)
        if commands:
            notes[status] = commands
    return notes
