"""Standard streams that nobody may be listening to any more: closed, a full disk, a terminal that was lost.

A message on standard error that cannot be written is left out, and stops nothing: half of a change would be worse than silence.
An answer on standard output that cannot be written is an error, once, which names it.
"""

from __future__ import annotations

import io
import os
import select
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

ANSWER = "standard output"
"""What an error calls the stream that the answer could not be written to."""


class _Raw(io.RawIOBase):
    """Writes to an open file of the process; ``gone`` is the error by which nothing can be written any more.

    Whoever began the process may have made the file one that does not wait until its reader takes something: then this does,
    for so many seconds, and leaves the message out.
    """

    patience: float | None = 1.0

    def __init__(self, number: int) -> None:
        self._number = number
        self.gone: OSError | None = None

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        while self.gone is None:
            try:
                return os.write(self._number, data)
            except BlockingIOError:
                if not select.select((), (self._number,), (), self.patience)[1]:
                    break
            except OSError as error:
                self.lost(error)
        return memoryview(data).nbytes

    def lost(self, error: OSError) -> None:
        """Nothing can be written any more."""
        self.gone = error


class _Answer(_Raw):
    """Standard output: that it is lost is told once, and all of it waits until its reader takes it."""

    patience = None

    def lost(self, error: OSError) -> None:
        super().lost(error)
        raise OSError(error.errno, error.strerror, ANSWER) from None


def steady() -> None:
    """Make the streams of this process so.

    A stream that was closed when it began is opened on nothing, or the next file that is opened would take its place, and
    messages would be written into that: into a journal, for instance.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):  # no answer can be written to the second
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        sys.stdout = _text(_Answer(1), sys.stdout)
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        sys.stderr = _text(_Raw(2), sys.stderr, errors="backslashreplace")


def _text(raw: _Raw, before: TextIO | None = None, errors: str | None = None) -> io.TextIOWrapper:
    """A stream of text, as the one before it was."""
    lines = raw.isatty() or errors is not None
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=getattr(before, "encoding", None) or "utf-8",
        errors=errors or getattr(before, "errors", None),
        line_buffering=lines,
    )


def answer_lost() -> OSError | None:
    """Why standard output takes nothing any more; None while it does, and where it is not one of these."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.gone if isinstance(raw, _Answer) else None


def give_up_answer() -> None:
    """From now on what is written to standard output goes nowhere."""
    raw = _Raw(1)
    raw.gone = answer_lost() or BrokenPipeError()
    sys.stdout = _text(raw)
