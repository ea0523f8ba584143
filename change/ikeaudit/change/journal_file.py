"""The file of a journal: one JSON object a line, on the disk before what it tells of happens.

A line that is about to be sent is written and synced first, its reply after it came. Whatever stops the process, the journal
says what each router may have received; :mod:`ikeaudit.change.journal` reads that out of it. Keys stand in it as tokens.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from ikeaudit.change.journal import (
    Entry,
    Event,
    Progress,
    Reading,
    ending,
    entries_in,
    line_of,
    progress_told,
    reading_of,
)
from ikeaudit.model.errors import InputError, StateUnknownError
from ikeaudit.snapshot.plain_files import UnfitFileError, read_plain, require_plain, why
from ikeaudit.snapshot.private_files import open_private

INCOMPLETE = "journal.incomplete"
"""The empty file beside a journal that could not be written any more; a full disk still takes it."""

RESERVE = "journal.reserve"
"""The file beside a journal that keeps room for what is still to be written; it is given up when the disk is full."""

_TAIL = 1024 * 1024
"""Bytes at its end in which its last line begins."""


class Journal:
    """An append-only file, mode 0600; every entry is on the disk when ``record`` returns, unless it ``keeps_going``.

    ``failure`` says why the disk did not take an entry, empty as long as it took all.
    """

    def __init__(self, path: Path, *, keep_going: bool = False, aside: bool = False) -> None:
        """Open or begin the journal at ``path``.

        ``keep_going``: for the way back, which must not depend on the disk: where no journal can be written, the entries are
        kept in memory alone. ``aside``: what stands there and cannot be read as a journal is moved out of the way.

        :raises InputError: when it cannot be written, and need be.
        """
        self.path = path
        self.failure = ""
        self._keeps_going = keep_going
        self._pending = b""
        self._handle = -1
        if aside:
            _move_aside(path)
        problem = ""
        try:
            if os.path.lexists(path):
                require_plain(path)
            self._handle = open_private(path, os.O_RDWR | os.O_APPEND)
        except OSError as error:
            problem = why(error)
        if problem and not keep_going:
            raise InputError(f"The journal {path} cannot be written: {problem}.")
        self.failure = problem
        self.entries: list[Entry] = list(read_journal(path))
        self._last = max((entry.number for entry in self.entries), default=0)
        self._size = self._there()
        if self._marker.exists() and self.entries and not problem:
            self._settle()

    def record(
        self,
        event: Event,
        router: str | None = None,
        *,
        step: int | None = None,
        line: str | None = None,
        text: str | None = None,
        **data: Any,
    ) -> Entry:
        """Append an entry and sync it to the disk. What stands there when Ctrl-C or a lost terminal ends that, is found.

        :raises StateUnknownError: when the disk does not take it, for the first time and unless the journal keeps going; what
            the entry announces must not be done then.
        """
        self._take_up()
        entry = Entry(
            number=self._last + 1,
            at=now(),
            event=event,
            router=router,
            step=step,
            line=line,
            text=text,
            data=data,
        )
        raw = self._pending + line_of(entry)
        problem = self._write(raw)
        if problem:
            self.failure = self.failure or problem
            self._mark()
            if not self._keeps_going:
                self._keeps_going = True
                raise StateUnknownError(f"The journal {self.path} cannot be written any more: {problem}.")
            self._pending = raw
        elif self._pending:
            self._all_written()
        self._note(entry)
        return entry

    def _note(self, entry: Entry) -> None:
        """Know of an entry, which is on the disk, or pending."""
        self.entries.append(entry)
        self._last = entry.number
        self._size = self._there()

    def _take_up(self) -> None:
        """Note what is on the disk and was not noted: whoever wrote it was interrupted right then."""
        noted = self.entries[-1].number if self.entries else 0
        self._last = max(self._last, noted)
        size = self._there()
        if size <= self._size:
            return
        with suppress(OSError):
            tail = os.pread(self._handle, size - self._size, self._size)
            if self._pending and self._pending in tail:
                self._all_written()
            for entry in entries_in(tail):
                if entry.number > noted:
                    self._note(entry)

    def _all_written(self) -> None:
        """The disk has all entries again."""
        with suppress(OSError):
            self._marker.unlink(missing_ok=True)
        self._pending = b""

    def _there(self) -> int:
        """The size of the file; 0 where there is none."""
        try:
            return os.fstat(self._handle).st_size
        except OSError:
            return 0

    def keep_going(self) -> None:
        """From now on a disk that takes no entry stops nothing: entries are kept in memory, and written once it takes them."""
        self._keeps_going = True

    def reserve(self, size: int) -> str:
        """Keep ``size`` bytes of the disk for entries to come, until it is closed; why that does not work, empty if it does."""
        problem = ""
        try:
            handle = open_private(self._reserve)
            try:
                os.posix_fallocate(handle, 0, size)
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            self._give_up()
            problem = why(error)
        return problem

    def close(self) -> None:
        """Close the file; the journal stays readable."""
        self._give_up()
        with suppress(OSError):
            os.close(self._handle)

    def forget(self) -> None:
        """When not even the first entry of a run was taken, and nothing done: leave no sign of it, and no empty file."""
        with suppress(OSError):
            self._marker.unlink(missing_ok=True)
            if os.fstat(self._handle).st_size == 0:
                self.path.unlink()

    @property
    def _reserve(self) -> Path:
        return self.path.with_name(RESERVE)

    def _give_up(self) -> bool:
        """Give the room that was kept back to the disk; whether there was any."""
        with suppress(OSError):
            self._reserve.unlink()
            return True
        return False

    @property
    def _marker(self) -> Path:
        return self.path.with_name(INCOMPLETE)

    def _mark(self) -> None:
        """Leave a sign that the journal lacks what happened from here on."""
        with suppress(OSError):
            os.close(open_private(self._marker))

    def _settle(self) -> None:
        """Put the doubt that a marker stands for into the journal itself, at its place."""
        entry = self.entries.pop()
        raw = line_of(msgspec.structs.replace(entry, number=self._last + 1, at=now()))
        if not self._write(raw):
            self._last += 1
            with suppress(OSError):
                self._marker.unlink(missing_ok=True)
        self.entries.append(entry)
        self._size = self._there()

    def _write(self, raw: bytes) -> str:
        """Bring ``raw`` to the disk, into the room that was kept if need be; why that did not work, empty when it did."""
        problem = self._written(raw)
        return self._written(raw) if problem and self._give_up() else problem

    def _written(self, raw: bytes) -> str:
        """Bring ``raw`` to the disk, all of it or nothing; why that did not work, empty when it did."""
        size = -1
        try:
            size = os.lseek(self._handle, 0, os.SEEK_END)
            raw = _ending(self._handle, size) + raw
            while raw:
                written = os.write(self._handle, raw)
                if written <= 0:
                    return "it takes nothing"
                raw = raw[written:]
            os.fsync(self._handle)
        except OSError as error:
            if size >= 0:
                with suppress(OSError):
                    os.ftruncate(self._handle, size)
            return why(error)
        return ""


def read_journal(path: Path) -> Iterator[Entry]:
    """The entries of a journal, oldest first, and ``damaged`` where a line cannot be read or is missing."""
    yield from read_whole(path).entries


def read_whole(path: Path) -> Reading:
    """A journal with what is wrong with it; never raises for what stands in its place."""
    try:
        content = _content(path)
    except FileNotFoundError:
        return Reading(problem="it is not there", there=False)
    except OSError as error:
        return Reading(problem=f"it cannot be read: {why(error)}")
    return reading_of(content, incomplete=path.with_name(INCOMPLETE).exists())


def progress_at(path: Path) -> Progress:
    """What the journal at ``path`` says; never raises, whatever stands there."""
    return progress_told(read_whole(path))


def _ending(handle: int, size: int) -> bytes:
    """What a file lacks at its end before another line can follow; a line that a crash cut off is marked as that."""
    return ending(os.pread(handle, _TAIL, max(0, size - _TAIL)).rpartition(b"\n")[2])


def _content(path: Path) -> bytes:
    """What stands in a plain file; a folder, a device, a pipe or a link to nothing in its place is an OSError."""
    if path.is_dir():
        raise UnfitFileError(errno.EISDIR, "a folder is in its place", str(path))
    if path.is_symlink() and not path.exists():
        raise UnfitFileError(errno.ENOENT, "it is a link to nothing", str(path))
    return read_plain(path)


def _move_aside(path: Path) -> None:
    """Make room for a journal where something stands that is none; it is kept under another name."""
    reading = read_whole(path)
    if not reading.there or not reading.problem:
        return
    for number in range(1, 1000):
        target = path.with_name(f"{path.name}.unreadable-{number}")
        if not os.path.lexists(target):
            with suppress(OSError):
                path.rename(target)
            return


def now() -> str:
    """The moment, as the journal writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
