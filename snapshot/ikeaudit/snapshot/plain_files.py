"""The one way in which files that somebody else may have put there are read: regular files only, up to a stated size.

A link to an endless device, a pipe that nobody writes to, or a disk image in the place of a plan or a configuration would
otherwise take all memory or never come to an end.
"""

import errno
import stat
from pathlib import Path

LARGEST = 256 * 2**20
"""Bytes up to which a file is read: a configuration, show output, a plan, a journal."""

LARGEST_BY_HAND = 16 * 2**20
"""Bytes up to which a file is read that a person writes: YAML, a page, a key."""

_KINDS = (
    (stat.S_ISDIR, errno.EISDIR, "a folder, no regular file"),
    (stat.S_ISFIFO, errno.EINVAL, "a pipe, no regular file"),
    (stat.S_ISSOCK, errno.EINVAL, "a socket, no regular file"),
    (stat.S_ISCHR, errno.EINVAL, "a device, no regular file"),
    (stat.S_ISBLK, errno.EINVAL, "a device, no regular file"),
)


class UnfitFileError(OSError):
    """A file that is not read; ``strerror`` says why in words that follow "cannot be read:", ``filename`` names it."""


def require_plain(path: Path, limit: int = LARGEST) -> None:
    """Raise UnfitFileError when ``path`` is no regular file or larger than ``limit`` bytes, OSError when it is not there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise UnfitFileError(errno.ENOENT, "a link that leads nowhere", str(path)) from None
        raise
    for is_kind, number, why in _KINDS:
        if is_kind(found.st_mode):
            raise UnfitFileError(number, why, str(path))
    if found.st_size > limit:
        raise UnfitFileError(errno.EFBIG, f"larger than {limit // 2**20} MB", str(path))


def read_plain(path: Path, limit: int = LARGEST) -> bytes:
    """What ``path`` holds; raises like :func:`require_plain`."""
    require_plain(path, limit)
    return path.read_bytes()


def read_plain_text(path: Path, limit: int = LARGEST) -> str:
    """What ``path`` holds, a text in UTF-8 with ``\\n`` as its line end; UnicodeDecodeError when it is none."""
    return read_plain(path, limit).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def why(error: OSError) -> str:
    """The reason of ``error``, fit to stand in a sentence."""
    reason = error.strerror or type(error).__name__
    return reason if isinstance(error, UnfitFileError) else reason.lower()
