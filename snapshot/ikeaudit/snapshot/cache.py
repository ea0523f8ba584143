"""What was worked out before, kept in the workspace: pure results by the content that they were worked out from.

A row is found by a keyed hash (BLAKE2b under a key derived from the workspace's) of all that its value depends on: the
program's own code, the fingerprint key's settings, and every byte that was read. Its value is compressed JSON of redacted
models, and no key is in it; it is sealed with another keyed hash over its place and its bytes. Whatever does not open, does not
decode, or was written by another version is simply not there: the work is done again. Nobody has to clear it: what was not used
for longest goes first once it is larger than :data:`LARGEST`.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path

from ikeaudit.snapshot.own_code import AUDIT, code_of
from ikeaudit.snapshot.packing import Squeezed
from ikeaudit.snapshot.private_files import is_shared, open_private
from ikeaudit.snapshot.workspace import Workspace

FILE = "cache.sqlite"
"""The file in the workspace's folder ``cache``."""

LARGEST = 2 * 2**30
"""Bytes of values that are kept."""

_SCHEMA = 1
_DAY = 86400


class Cache:
    """Values by keys; a cache that cannot be used keeps nothing and finds nothing, and nobody is told."""

    def __init__(self, workspace: Workspace | None, largest: int = LARGEST) -> None:
        """The cache of a workspace; one that keeps nothing for None, and where the workspace does not last."""
        self._largest = largest
        self._connection: sqlite3.Connection | None = None
        self._file = Path()
        self._key = b""
        if workspace is not None and workspace.lasting:
            seed = workspace.fingerprinter.derived("cache")
            self._key = blake2b(_code(), key=seed).digest()
            self._file = workspace.path / "cache" / FILE
            self._connection = self._opened()

    @property
    def used(self) -> bool:
        """Whether anything can be found, or kept."""
        return self._connection is not None

    def key(self, kind: str, *parts: bytes) -> bytes:
        """The key of a value that depends on ``parts``, and on the code."""
        mac = blake2b(kind.encode(), key=self._key, digest_size=24, person=b"place")
        for part in parts:
            mac.update(len(part).to_bytes(8, "big"))
            mac.update(part)
        return mac.digest()

    def found(self, keys: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Those of ``keys`` that a sound value is kept of, each with that."""
        if self._connection is None:
            return
        try:
            for key in keys:
                row = self._connection.execute("SELECT seal, value FROM kept WHERE key = ?", (key,)).fetchone()
                if row is not None and (value := self._unsealed(key, *row)) is not None:
                    yield key, value
        except sqlite3.Error as error:
            self._give_up(error)

    def get(self, key: bytes) -> bytes | None:
        """The value of one key, None where there is none that is sound."""
        return next((value for _, value in self.found((key,))), None)

    def keep(self, values: Mapping[bytes, bytes], used: Sequence[bytes] = ()) -> None:
        """Keep ``values``, compressed already or not, and remember that the values of ``used`` keys were of use."""
        if self._connection is None or not (values or used):
            return
        today = int(time.time()) // _DAY
        rows = ((key, today, *self._sealed(key, value)) for key, value in values.items())
        try:
            with self._connection as connection:
                connection.executemany("INSERT OR REPLACE INTO kept (key, day, seal, value) VALUES (?, ?, ?, ?)", rows)
                some = ((today, key, today) for key in used)
                connection.executemany("UPDATE kept SET day = ? WHERE key = ? AND day < ?", some)
            if values:
                self._shrink(self._connection)
        except sqlite3.Error as error:
            self._give_up(error)

    def again(self) -> Cache:
        """The same cache by a connection of its own: for a process that was forked from this one."""
        other = copy(self)
        if other._connection is not None:
            other._connection = other._opened()
        return other

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _sealed(self, key: bytes, value: bytes) -> tuple[bytes, bytes]:
        packed = value if isinstance(value, Squeezed) else Squeezed.of(value)
        return self._seal(key, packed), packed

    def _seal(self, key: bytes, packed: bytes) -> bytes:
        return blake2b(key + packed, key=self._key, digest_size=16, person=b"seal").digest()

    def _unsealed(self, key: bytes, seal: object, packed: object) -> bytes | None:
        if not isinstance(seal, bytes) or not isinstance(packed, bytes):
            return None
        if not compare_digest(seal, self._seal(key, packed)):
            return None
        try:
            return zlib.decompress(packed)
        except zlib.error:
            return None

    def _shrink(self, connection: sqlite3.Connection) -> None:
        """Let go of what was not used for longest, of one day what was kept first, until a tenth is free again."""
        (pages,), (each,) = (connection.execute(f"PRAGMA {what}").fetchone() for what in ("page_count", "page_size"))
        if pages * each <= self._largest:
            return  # the file as a whole is no larger; to add up what is in it, all of it is gone through
        (size,) = connection.execute("SELECT coalesce(sum(length(value)), 0) FROM kept").fetchone()
        if size <= self._largest:
            return
        with connection:
            rows = connection.execute("SELECT rowid, length(value) FROM kept ORDER BY day, rowid").fetchall()
            for rowid, length in rows:
                if size <= self._largest * 9 // 10:
                    break
                connection.execute("DELETE FROM kept WHERE rowid = ?", (rowid,))
                size -= length
        connection.execute("VACUUM")

    def _opened(self) -> sqlite3.Connection | None:
        """The file, made anew where it is no cache of ours; None where that cannot be."""
        for _ in range(2):
            try:
                os.close(open_private(self._file, os.O_RDWR))
                if not _is_ours(self._file):
                    raise sqlite3.DatabaseError("not ours")
                return self._connected()
            except (sqlite3.DatabaseError, ValueError) as error:
                if _is_busy(error):
                    return None
                self._discard()
            except OSError:
                self._discard()
        return None

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=2.0)
        try:
            connection.execute(
                "PRAGMA synchronous = OFF"
            )  # what is lost is worked out again, what is torn is told by its seal
            connection.execute(
                "CREATE TABLE IF NOT EXISTS kept (key BLOB UNIQUE NOT NULL, day INTEGER NOT NULL, seal BLOB NOT NULL, "
                "value BLOB NOT NULL)"
            )
            (schema,) = connection.execute("PRAGMA user_version").fetchone()
            if schema not in (0, _SCHEMA):
                raise sqlite3.DatabaseError("another schema")
            if not schema:
                connection.execute(f"PRAGMA user_version = {_SCHEMA}")
            connection.execute("SELECT key, day, seal FROM kept LIMIT 1").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def _discard(self) -> None:
        """Take away what lies in the place of the cache: a file, or a link to one."""
        for name in (FILE, f"{FILE}-journal", f"{FILE}-wal", f"{FILE}-shm"):
            with suppress(OSError):
                self._file.with_name(name).unlink()

    def _give_up(self, error: sqlite3.Error) -> None:
        """Do without the file now; where it is damaged, or the disk is full, it goes, and the next time there is a new one."""
        with suppress(sqlite3.Error):
            self.close()
        self._connection = None
        if not _is_busy(error):
            self._discard()


def _is_busy(error: Exception) -> bool:
    """Whether somebody else is writing just now."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _is_ours(file: Path) -> bool:
    """Whether a file is a regular one of this user, and for nobody else; in a folder that a group shares, of that group."""
    found = file.lstat()
    if not stat.S_ISREG(found.st_mode):
        return False
    if is_shared(file.parent):
        return not found.st_mode & 0o007
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _code() -> bytes:
    """A hash of the code that results depend on, with what it runs on."""
    return blake2b(f"{_SCHEMA} {sys.version}".encode() + code_of(AUDIT)).digest()
