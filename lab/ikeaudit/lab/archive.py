"""``archive``, ``configure replace`` and the revert timer of a lab router (CHANGE-REVERT, CHANGE-WINDOW)."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from ikeaudit.ios.words import slot
from ikeaudit.lab.clock import Alarm, LabClock, date_of
from ikeaudit.lab.configuration import Replaced
from ikeaudit.lab.memory import DiskFullError, Flash, LogBuffer

NO_ARCHIVE = "%Turn config archive on before using Rollback Confirmed Change"
NOT_PENDING = "%No Rollback Confirmed Change pending"
ALREADY_PENDING = "%Rollback Confirmed Change: a change is pending already, confirm or revert it first"

WARNING = (
    "Rollback Confirmed Change: Rollback will begin in one minute.\n"
    'Enter "configure confirm" if you wish to keep what you\'ve configured\n\n'
)
"""What every session is shown one minute before a revert timer fires, wherever its cursor stands."""

_ARCHIVE = re.compile(rf"^{slot('global/archive')}\n((?: .*\n)*)", re.M)
_PATH = re.compile(rf"^ +{slot('archive/path')} (\S+)", re.M)
_MAXIMUM = re.compile(rf"^ +{slot('archive/maximum')} (\d+)", re.M)


class RefusedByRouterError(Exception):
    """IOS answers with the text of this error instead of doing it."""


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """The ``archive`` block: ``path`` None when it is missing."""

    path: str | None
    maximum: int


def archive_settings(running: str) -> ArchiveSettings:
    """What the running configuration says about the archive."""
    block = _ARCHIVE.search(running)
    body = block[1] if block else ""
    path = _PATH.search(body)
    maximum = _MAXIMUM.search(body)
    return ArchiveSettings(path[1] if path else None, int(maximum[1]) if maximum else 10)


@dataclass(slots=True)
class Pending:
    """An armed revert: the file it returns to, its length in minutes, the moment it fires."""

    url: str
    minutes: int
    user: str
    deadline: float
    alarms: list[Alarm]


class Archive:
    """Saved configurations of one router, and the change that waits to be confirmed."""

    def __init__(
        self,
        clock: LabClock,
        flash: Flash,
        log: LogBuffer,
        running: Callable[[], str],
        replace: Callable[[str], Replaced],
        broadcast: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._clock = clock
        self._flash = flash
        self._log = log
        self._running = running
        self._replace = replace
        self._broadcast = broadcast
        self._number = 0
        self.saved: list[str] = []
        self.pending: Pending | None = None

    @property
    def settings(self) -> ArchiveSettings:
        """The ``archive`` block of the running configuration."""
        return archive_settings(self._running())

    def next_name(self) -> str:
        """The file that the next ``archive config`` writes; empty without a path."""
        path = self.settings.path
        if path is None:
            return ""
        now = date_of(self._clock)
        return f"{path}{now:%b}-{now.day:0>2}-{now:%H-%M-%S}.{now.microsecond // 1000:03d}-{self._number}"

    def save(self) -> str:
        """Archive the running configuration and return the file. Raises RefusedByRouterError."""
        name = self.next_name()
        if not name:
            raise RefusedByRouterError(NO_ARCHIVE)
        try:
            self._flash.write(name, self._running())
        except DiskFullError:
            raise RefusedByRouterError(f"%Error opening {name} (No space left on device)") from None
        self._number += 1
        self.saved.append(name)
        while len(self.saved) > self.settings.maximum:
            self._flash.delete(self.saved.pop(0))
        return name

    def arm(self, minutes: int, user: str) -> str:
        """Arm the revert timer; returns what IOS prints. Raises RefusedByRouterError."""
        if self.settings.path is None:
            raise RefusedByRouterError(NO_ARCHIVE)
        if self.pending is not None:
            raise RefusedByRouterError(ALREADY_PENDING)
        url = self.save()
        seconds = minutes * 60.0
        self.pending = Pending(url, minutes, user, self._clock.now() + seconds, self._alarms(seconds))
        self._log.write(
            f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_BACKUP: Backing up current running config to {url}",
            f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_START_ABSTIMER: User: {user}: Scheduled to rollback to config {url} "
            f"in {minutes} minutes",
        )
        return f"Rollback Confirmed Change: Backing up current running config to {url}\n\n"

    def restart(self, minutes: int) -> None:
        """Give the pending change ``minutes`` from now. Raises RefusedByRouterError when none is pending."""
        pending = self._take()
        seconds = minutes * 60.0
        pending.minutes, pending.deadline = minutes, self._clock.now() + seconds
        pending.alarms = self._alarms(seconds)
        self.pending = pending

    def confirm(self) -> None:
        """Keep what was changed. Raises RefusedByRouterError when nothing is pending."""
        pending = self._take()
        self._log.write(
            f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_CONFIRM: User: {pending.user}: Confirm the configuration change"
        )

    def revert_now(self) -> str:
        """Return to the configuration saved at arming; returns what IOS prints. Raises RefusedByRouterError."""
        pending = self._take()
        return self._roll(pending.url)

    def fire(self) -> None:
        """The timer has run out: roll back. Does nothing when no change is pending."""
        if self.pending is not None:
            pending = self._take()
            with contextlib.suppress(RefusedByRouterError):  # the log says so
                self._roll(pending.url)

    def forget(self) -> None:
        """A restart of the router loses the pending change and its timer."""
        if self.pending is not None:
            self._take()

    def replace(self, url: str, *, listing: bool = False) -> str:
        """``configure replace``; returns what IOS prints. ``listing`` adds the commands.

        Raises RefusedByRouterError when the file is missing, or when commands of it are refused time and again.
        """
        text = self._flash.read(url)
        if text is None:
            raise RefusedByRouterError(
                f"%Error: the replace config file {url} could not be opened: No such file or directory"
            )
        done = self._replace(text)
        listed = ""
        for number, commands in enumerate(done.passes if listing else (), 1):
            lines = "".join(f"{command}\n" for command in commands)
            listed += f"!Pass {number}\n\n!List of Rollback Commands:\n{lines}end\n\n"
        if not done.complete:
            failed = "".join(f"{command}\n" for command in done.failed)
            raise RefusedByRouterError(
                f"{listed}Rollback aborted after {len(done.passes)} passes\n"
                f"The following commands are failed to apply to the IOS image.\n********\n{failed}********\n"
            )
        return f"{listed}Total number of passes: {len(done.passes)}\nRollback Done\n\n"

    def rollback_timer(self) -> str:
        """``show archive config rollback timer``."""
        if self.pending is None:
            return f"{NOT_PENDING}\n"
        left = max(0, int(self.pending.deadline - self._clock.now()))
        return (
            f"Timer type: absolute timer\nTimer value: {self.pending.minutes} min\n"
            f"Timer state: running\nTime to rollback: {left // 60} minutes {left % 60} seconds\n"
            f"User: {self.pending.user}\nRollback config: {self.pending.url}\n"
        )

    def _alarms(self, seconds: float) -> list[Alarm]:
        """The timer, and its warning one minute before, which comes at once where there is no more than that."""
        warning = self._clock.call_later(max(0.0, seconds - 60.0), self._warn)
        return [self._clock.call_later(seconds, self.fire), warning]

    def _take(self) -> Pending:
        if self.pending is None:
            raise RefusedByRouterError(NOT_PENDING)
        pending, self.pending = self.pending, None
        for alarm in pending.alarms:
            alarm.cancel()
        return pending

    def _warn(self) -> None:
        if self.pending is not None:
            self._log.write(
                "%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_WARNING_ABSTIMER: System will rollback to config "
                f'{self.pending.url} in one minute. Enter "configure confirm" if you wish to keep what you\'ve configured'
            )
            self._broadcast(WARNING)

    def _roll(self, url: str) -> str:
        self._log.write(f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_START: Start rolling to: {url}")
        try:
            return f"Rollback Confirmed Change: rolling to:{url}\n\n{self.replace(url)}"
        except RefusedByRouterError as refusal:
            self._log.write(f"%ARCHIVE_DIFF-3-ROLLBK_FAILED: Rollback to {url} failed: {str(refusal).splitlines()[0]}")
            raise
