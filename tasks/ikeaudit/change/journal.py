"""The journal of a change: one JSON object a line, on the disk before what it tells of happens.

A line that is about to be sent is written and synced first, its reply after it came. Whatever stops the process, the journal
says what each router may have received; :mod:`ikeaudit.change.progress` reads that out of it. Keys stand in it as tokens.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from ikeaudit.model.errors import InputError, StateUnknownError
from ikeaudit.parsing.plain_files import read_plain, require_plain

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
]
"""``arming``, ``renewing``, ``send``, ``testing``, ``confirming``, ``saving``, ``reverting`` and ``closing`` come before the
deed, the others after.

``renewed``: the net acts later than it would have; ``arrived``: the router runs what the plan predicts; ``reverted``: it runs
what it ran before; ``lost``: that could not be established; ``observed``: sessions, routing neighbours and counters then;
``closed``: the copy of its earlier configuration is gone from the router; ``end`` carries the result of the run.
"""


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


class Journal:
    """An append-only file, mode 0600; every entry is on the disk when ``record`` returns."""

    def __init__(self, path: Path) -> None:
        """Open or begin the journal at ``path``. Raises InputError when it cannot be written."""
        self.path = path
        problem = ""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.path.lexists(path):
                require_plain(path)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            problem = (error.strerror or "unknown reason").lower()
        if problem:
            raise InputError(f"The journal {path} cannot be written: {problem}.")
        self.entries: list[Entry] = list(read_journal(path))
        self._mend()

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
        """Append an entry and sync it to the disk. Raises StateUnknownError when the disk does not take it."""
        entry = Entry(
            number=len(self.entries) + 1,
            at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            event=event,
            router=router,
            step=step,
            line=line,
            text=text,
            data=data,
        )
        problem = ""
        try:
            os.write(self._handle, msgspec.json.encode(entry) + b"\n")
            os.fsync(self._handle)
        except OSError as error:
            problem = (error.strerror or "unknown reason").lower()
        if problem:
            raise StateUnknownError(f"The journal {self.path} cannot be written any more: {problem}.")
        self.entries.append(entry)
        return entry

    def close(self) -> None:
        """Close the file; the journal stays readable."""
        with suppress(OSError):
            os.close(self._handle)

    def _mend(self) -> None:
        """End an entry that a crash cut in the middle, so that the next one stands on a line of its own."""
        size = os.lseek(self._handle, 0, os.SEEK_END)
        if size and os.pread(self._handle, 1, size - 1) != b"\n":
            os.write(self._handle, b"\n")


def read_journal(path: Path) -> Iterator[Entry]:
    """The entries of a journal, oldest first; a line that a crash cut off is passed over."""
    try:
        content = read_plain(path)
    except OSError:
        return
    for raw in content.splitlines():
        with suppress(msgspec.MsgspecError):
            yield msgspec.json.decode(raw, type=Entry)
