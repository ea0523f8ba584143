"""Reading the text files that users have: any encoding, any line ends, and a clear reason where a file is no text."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

from ikeaudit.snapshot.plain_files import read_plain, why

_SAMPLE = 65536
_BINARY_SHARE = 0.05
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\b\a\v\x03\x1b\x00"))
"""What a text does not hold."""
_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-zip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NotTextError(Exception):
    """The file cannot be read as text; the message is the reason, fit to follow the file's name and a colon."""


def read_text(path: Path) -> str:
    """The text of ``path``; NotTextError with the reason when it cannot be read or is no text.

    Nothing is lost: what is not valid in its encoding is read byte by byte. Lines end in ``\\n``, as many as an editor shows.
    """
    return text_of(lambda: read_plain(path))


def text_of(read: Callable[[], bytes]) -> str:
    """The text that ``read`` reads, which raises OSError where it cannot; NotTextError as :func:`read_text`."""
    try:
        return decode(read())
    except OSError as error:
        raise NotTextError(f"cannot be read ({why(error)})") from None


def decode(content: bytes) -> str:
    """``content`` as text; NotTextError with the reason when it is no text."""
    for magic, kind in _PACKED:
        if content.startswith(magic):
            raise NotTextError(f"is compressed ({kind}); unpack it first")
    if found := _ENDLESS.search(content):
        number = content.count(b"\n", 0, found.start()) + 1
        raise NotTextError(f"is no configuration: line {number} is longer than a million characters")
    return _lines(_decode(content))


def encoding_of(sample: bytes) -> str:
    """The encoding of a text that begins with ``sample``; NotTextError with the reason when it is no text."""
    for magic, kind in _PACKED:
        if sample.startswith(magic):
            raise NotTextError(f"is compressed ({kind}); unpack it first")
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if guess := _unmarked_utf16(sample):
        return guess
    controls = _controls(sample)
    if controls > _BINARY_SHARE * len(sample) or sample.count(0) > 0.01 * len(sample) + 8:
        raise NotTextError("is binary, not text")
    return "utf-8"


_ENDLESS = re.compile(rb"[^\r\n]{1000001}")
"""A line that no router prints; certificates and banners have lines of less than a hundred."""


def _decode(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    sample = content[:_SAMPLE]
    if guess := _unmarked_utf16(sample):
        return content.decode(guess, "replace")
    controls = _controls(sample)
    nulls = content.count(0)
    if controls > _BINARY_SHARE * len(sample) or nulls > 0.01 * len(sample) + 8:
        raise NotTextError("is binary, not text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if controls + nulls > 8 and error.start < _SAMPLE:
            raise NotTextError("is binary, not text") from None
        return content.decode("latin-1")


def _controls(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, _CONTROLS))


def _unmarked_utf16(sample: bytes) -> str | None:
    """UTF-16 without its mark shows in every other byte being zero."""
    half = len(sample) // 2
    if half < 8:
        return None
    if sample[1::2].count(0) > 0.9 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.9 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _lines(text: str) -> str:
    """``text`` with ``\\r`` alone as its line end turned into ``\\n``; with ``\\r\\n`` it stays as it is."""
    return text.replace("\r", "\n") if "\n" not in text else text
