"""The lines of a log, one after the other: a file, a pipe, standard input, or a file that somebody still writes to."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from ikeaudit.snapshot.plain_files import UnfitFileError, require_plain
from ikeaudit.snapshot.text_files import NotTextError, encoding_of

LONGEST = 65536
"""Bytes of a line that are looked at: no router prints as many, and a file without an end of line must not fill memory."""
SAMPLE = 65536
POLL = 0.25
"""Seconds between two looks at a file that grows."""


def open_log(path: Path) -> BinaryIO:
    """``path`` for reading: a regular file of any size, or a pipe.

    Raises UnfitFileError for a folder or a device, OSError when it cannot be opened.
    """
    mode = path.stat().st_mode
    if not stat.S_ISFIFO(mode) and not stat.S_ISREG(mode):
        require_plain(path)
    return path.open("rb")


def lines_of(stream: BinaryIO, name: str) -> Iterator[str]:
    """The lines of ``stream`` in whatever encoding it is; UnfitFileError, naming it ``name``, when it is no text."""
    first = stream.read(SAMPLE)
    encoding = _encoding(first, name)
    if encoding.startswith(_WIDE):
        yield from _wide_lines(stream, first, encoding)
    else:
        for line in _raw_lines(stream, first):
            yield line.decode(encoding, "replace")


_WIDE = ("utf-16", "utf-32")
"""Encodings in which an end of line is more than one byte."""


def _encoding(sample: bytes, name: str) -> str:
    try:
        return encoding_of(sample)
    except NotTextError as error:
        raise UnfitFileError(22, str(error), name) from None


def _wide_lines(stream: BinaryIO, first: bytes, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    piece, rest = first, ""
    while piece:
        *whole, rest = (rest + decoder.decode(piece)).split("\n")
        yield from whole
        rest = rest[:LONGEST]
        piece = stream.read(LONGEST)
    if rest:
        yield rest


def _raw_lines(stream: BinaryIO, first: bytes) -> Iterator[bytes]:
    """The lines of ``first`` and what follows in ``stream``; of one that is too long, the beginning."""
    rest = first
    while rest:
        *whole, rest = rest.split(b"\n")
        yield from whole
        if len(rest) > LONGEST:
            yield rest[:LONGEST]
            rest = _skipped(stream)
            continue
        more = stream.read(LONGEST)
        if not more:
            if rest:
                yield rest
            return
        rest += more


def _skipped(stream: BinaryIO) -> bytes:
    """What comes behind the end of the line that ``stream`` stands in."""
    while piece := stream.read(LONGEST):
        _, end, rest = piece.partition(b"\n")
        if end:
            return rest
    return b""


class Followed:
    """A file that grows: its lines as they are written, through rotation and truncation."""

    def __init__(self, path: Path, *, wait: Callable[[float], None]) -> None:
        self._path, self._wait = path, wait

    def lines(self) -> Iterator[str | None]:
        """Every line that is whole; None whenever nothing more is there for now. Only what ``wait`` raises ends it.

        Raises UnfitFileError when it is no text, OSError when it cannot be opened at first. A file that is gone is waited for.
        """
        require_plain_to_follow(self._path)
        stream: BinaryIO = self._path.open("rb")
        try:
            sample = stream.read(SAMPLE)
            encoding = _encoding(sample, str(self._path))
            decoder = codecs.getincrementaldecoder(encoding)("replace")
            rest = decoder.decode(sample)
            while True:
                *whole, rest = rest.split("\n")
                yield from whole
                rest = rest[:LONGEST]
                piece = stream.read(LONGEST)
                if piece:
                    rest += decoder.decode(piece)
                    continue
                yield None
                self._wait(POLL)
                fresh = self._moved(stream)
                if fresh is not None:
                    if rest:
                        yield rest
                    stream.close()
                    stream, rest = fresh, ""
                    decoder.reset()
        finally:
            stream.close()

    def _moved(self, stream: BinaryIO) -> BinaryIO | None:
        """What took the place of ``stream``, or ``stream`` from its beginning where it was cut; None while it grows."""
        here = os.fstat(stream.fileno())
        try:
            there = self._path.stat()
        except OSError:
            return None  # moved away, and not begun anew yet
        if (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino) or there.st_size < stream.tell():
            try:
                return self._path.open("rb") if stat.S_ISREG(there.st_mode) else None
            except OSError:
                return None
        return None


def require_plain_to_follow(path: Path) -> None:
    """Raise UnfitFileError when ``path`` is no regular file, OSError when it is not there."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnfitFileError(22, "no regular file, and only such a file can be followed", str(path))
