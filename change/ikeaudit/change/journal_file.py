"""The journal of a change: one JSON object a line, on the disk before what it tells of happens.

A line that is about to be sent is written and synced first, its reply after it came. Whatever stops the process, the journal
says what each router may have received; :mod:`ikeaudit.change.progress` reads that out of it. Keys stand in it as tokens.

A line that cannot be read stands in ``entries`` as ``damaged``: what it said is not known, and nobody may go on as if it had
said nothing. Only a line that a crash cut off is passed over, because what it announced had not been done.
"""

from __future__ import annotations

import errno
import os
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from ikeaudit.model.errors import InputError, StateUnknownError
from ikeaudit.parsing.plain_files import UnfitFileError, read_plain, require_plain, why

Event = Literal[
    "begin",
    "compared",
    "backup",
    "arming",
    "armed",
    "renewing",
    "renewed",
    "send",
    "reply",
    "arrived",
    "testing",
    "tested",
    "held",
    "confirming",
    "confirmed",
    "saving",
    "saved",
    "failed",
    "reverting",
    "reverted",
    "lost",
    "observed",
    "closing",
    "closed",
    "end",
    "found",
    "damaged",
]
"""``arming``, ``renewing``, ``send``, ``testing``, ``confirming``, ``saving``, ``reverting`` and ``closing`` come before the
deed, the others after.

``renewed``: the net acts later than it would have; ``arrived``: the router runs what the plan predicts; ``reverted``: it runs
what it ran before; ``lost``: that could not be established; ``observed``: sessions, routing neighbours and counters then;
``closed``: the copy of its earlier configuration is gone from the router; ``end`` carries the result of the run; ``found``:
what the router was seen to run when the journal could not tell; ``damaged``: a line that may have been anything, or is missing.
"""

CUT = b" <cut>"
"""What ends a line that a crash cut off in the middle, once the next process has found it."""

INCOMPLETE = "journal.incomplete"
"""The empty file beside a journal that could not be written any more; a full disk still takes it."""

_TAIL = 1024 * 1024
"""Bytes at its end in which its last line begins."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the journal. ``line`` is the command with tokens in place of keys, ``step`` the plan's step number."""

    number: int
    at: str
    event: Event
    router: str | None = None
    step: int | None = None
    line: str | None = None
    text: str | None = None
    data: dict[str, Any] = {}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A journal as it was found: ``problem`` says in words why nothing can be told from it, empty when something can."""

    entries: tuple[Entry, ...] = ()
    problem: str = ""
    there: bool = True


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
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.path.lexists(path):
                require_plain(path)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            problem = why(error)
        if problem and not keep_going:
            raise InputError(f"The journal {path} cannot be written: {problem}.")
        self.failure = problem
        self.entries: list[Entry] = list(read_journal(path))
        self._last = max((entry.number for entry in self.entries), default=0)
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
        """Append an entry and sync it to the disk.

        :raises StateUnknownError: when the disk does not take it, for the first time and unless the journal keeps going; what
            the entry announces must not be done then.
        """
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
        raw = self._pending + msgspec.json.encode(entry) + b"\n"
        problem = self._write(raw)
        if problem:
            self.failure = self.failure or problem
            self._mark()
            if not self._keeps_going:
                self._keeps_going = True
                raise StateUnknownError(f"The journal {self.path} cannot be written any more: {problem}.")
            self._pending = raw
        elif self._pending:
            self._pending = b""
            with suppress(OSError):
                self._marker.unlink(missing_ok=True)
        self._last = entry.number
        self.entries.append(entry)
        return entry

    def keep_going(self) -> None:
        """From now on a disk that takes no entry stops nothing: entries are kept in memory, and written once it takes them."""
        self._keeps_going = True

    def close(self) -> None:
        """Close the file; the journal stays readable."""
        with suppress(OSError):
            os.close(self._handle)

    def forget(self) -> None:
        """When not even the first entry of a run was taken, and nothing done: leave no sign of it, and no empty file."""
        with suppress(OSError):
            self._marker.unlink(missing_ok=True)
            if os.fstat(self._handle).st_size == 0:
                self.path.unlink()

    @property
    def _marker(self) -> Path:
        return self.path.with_name(INCOMPLETE)

    def _mark(self) -> None:
        """Leave a sign that the journal lacks what happened from here on."""
        with suppress(OSError):
            os.close(os.open(self._marker, os.O_WRONLY | os.O_CREAT, 0o600))

    def _settle(self) -> None:
        """Put the doubt that a marker stands for into the journal itself, at its place."""
        entry = self.entries.pop()
        raw = msgspec.json.encode(msgspec.structs.replace(entry, number=self._last + 1, at=now())) + b"\n"
        if not self._write(raw):
            self._last += 1
            with suppress(OSError):
                self._marker.unlink(missing_ok=True)
        self.entries.append(entry)

    def _write(self, raw: bytes) -> str:
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
    if not content.strip(b"\0\r\n\t "):
        return Reading(problem="it holds nothing but zeros" if content.strip() else "it is empty")
    entries = list(_entries(content))
    if all(entry.event == "damaged" for entry in entries):
        return Reading(problem="it holds something else than the entries of a journal")
    if path.with_name(INCOMPLETE).exists():
        entries.append(
            Entry(number=entries[-1].number, at="", event="damaged", text="it could not be written any more")
        )
    return Reading(entries=tuple(entries))


def _entries(content: bytes) -> Iterator[Entry]:
    lines = content.split(b"\n")
    last = passed = 0
    for number, raw in enumerate(lines, 1):
        if not raw.strip() or raw.endswith(CUT):
            continue
        entry = _entry(raw)
        if entry is None and number == len(lines) and _cut_off(raw):
            continue
        if entry is None:
            passed += 1
            yield Entry(number=last + passed, at="", event="damaged", text=f"line {number} cannot be read")
            continue
        if entry.number != last + passed + 1 and last + passed:
            yield Entry(number=last, at="", event="damaged", text=f"line {number} is not the one that should follow")
        elif entry.number != last + passed + 1:
            yield Entry(number=last, at="", event="damaged", text="its beginning is missing")
        last, passed = max(last, entry.number), 0
        yield entry


def _entry(raw: bytes) -> Entry | None:
    """One line, when it is an entry whose values can be what they stand for."""
    try:
        entry = msgspec.json.decode(raw, type=Entry)
        at = datetime.fromisoformat(entry.at)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    data = entry.data
    minutes = data.get("minutes", 0)
    sound = (
        entry.number > 0
        and at.tzinfo is not None
        and 1970 <= at.year < 9000
        and type(minutes) is int
        and 0 <= minutes < 1_000_000
        and data.get("safety") in ("timer", "reload", None)
        and all(type(data.get(name)) in (int, type(None)) for name in ("wave", "group"))
        and all(type(data.get(name, "")) in (str, type(None)) for name in _TEXTS)
        and isinstance(data.get("routers", []), list)
        and (entry.router is not None or entry.event in _OF_THE_CHANGE)
    )
    return entry if sound else None


_TEXTS = ("change_id", "digest", "plan", "file", "after", "match", "result")
_OF_THE_CHANGE = ("begin", "end", "failed", "damaged")


def _cut_off(raw: bytes) -> bool:
    """Whether the last line of a file, which has no end, is the beginning of an entry."""
    start = b'{"number":'
    if raw[: len(start)] != start[: len(raw)] or b"\0" in raw:
        return False
    with suppress(UnicodeDecodeError):
        getincrementaldecoder("utf-8")().decode(raw)  # which may end in the middle of a character
        return True
    return False


def _ending(handle: int, size: int) -> bytes:
    """What a file lacks at its end before another line can follow; a line that a crash cut off is marked as that."""
    tail = os.pread(handle, _TAIL, max(0, size - _TAIL)).rpartition(b"\n")[2]
    if not tail:
        return b""
    return CUT + b"\n" if _entry(tail) is None and _cut_off(tail) else b"\n"


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
