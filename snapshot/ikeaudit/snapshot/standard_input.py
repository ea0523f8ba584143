"""Standard input, which may be closed (``<&-``, a scheduler): then Python has none."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from typing import BinaryIO

from ikeaudit.snapshot.plain_files import UnfitFileError

NAME = "standard input"


def standard_input() -> BinaryIO:
    """Standard input as bytes; UnfitFileError when it is closed, or open for writing only."""
    if sys.stdin is None:
        raise UnfitFileError(errno.EBADF, "it is closed", NAME)
    stream = sys.stdin.buffer
    if _write_only(stream):
        raise UnfitFileError(errno.EBADF, "it is open for writing only", NAME)
    return stream


def _write_only(stream: BinaryIO) -> bool:
    try:
        return fcntl.fcntl(stream.fileno(), fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
    except (OSError, ValueError):  # no file
        return False


def at_a_terminal() -> bool:
    """Whether somebody can be asked: standard input and standard error are a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
