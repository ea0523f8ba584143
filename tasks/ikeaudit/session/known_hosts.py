"""SSH host keys: those that are known, what a router's key is beside them, and the file that remembers new ones.

The file is one of OpenSSH (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): names may be patterns, hashed, or have a port, and a line
may revoke a key. The user's own files count as well, but are never written to.
"""

from __future__ import annotations

import hmac
import os
import re
import threading
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ikeaudit.model.errors import InputError
from ikeaudit.session.failure import SessionError
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain_text, why
from ikeaudit.snapshot.private_files import open_private, write_private

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.configuration import Config

FILE = "known_hosts"
"""The name of the file in a workspace."""

_HASHED = "|1|"
_SETTING = "ikeaudit_known_hosts"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """One line of a file: ``names`` as they stand there, the ``kind`` of key and its ``blob``.

    ``marker`` is empty, ``@revoked`` or ``@cert-authority``; ``at`` is ``FILE, line N``.
    """

    names: tuple[str, ...]
    kind: str
    blob: bytes
    marker: str = ""
    at: str = ""

    @property
    def fingerprint(self) -> str:
        """As ssh-keygen prints it: ``SHA256:...``."""
        return fingerprint(self.blob)

    @property
    def line(self) -> str:
        """The line as it is written."""
        marker = f"{self.marker} " if self.marker else ""
        return f"{marker}{','.join(self.names)} {self.kind} {b64encode(self.blob).decode()}\n"

    def belongs_to(self, name: str) -> bool:
        """Whether the line speaks of ``name``, as :func:`spelt` gives it."""
        found = False
        for pattern in self.names:
            if _fits(pattern.removeprefix("!"), name):
                if pattern.startswith("!"):
                    return False
                found = True
        return found


def fingerprint(blob: bytes) -> str:
    """The fingerprint of a public key, as ssh-keygen prints it."""
    return f"SHA256:{b64encode(sha256(blob).digest()).decode().rstrip('=')}"


def spelt(host: str, port: int) -> str:
    """How OpenSSH names a host: the port only where it is not 22."""
    return host.lower() if port == 22 else f"[{host.lower()}]:{port}"


def spelt_out(given: str) -> str:
    """As :func:`spelt`, of what a person types: ``R1.example``, ``192.0.2.1:2222``, ``[2001:db8::1]:22``, ``2001:db8::1``."""
    bracketed = re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:]+):(\d+)", given.strip())
    if bracketed is None:
        return spelt(given.strip(), 22)
    host, port = bracketed[1] or bracketed[3], bracketed[2] or bracketed[4] or "22"
    return spelt(host, int(port))


def read_keys(text: str, source: str) -> tuple[list[KnownKey], list[int]]:
    """The keys in a file of OpenSSH or in what ssh-keyscan prints, and the numbers of lines that are neither key nor remark."""
    keys: list[KnownKey] = []
    strange: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        marker = words.pop(0) if words[0].startswith("@") else ""
        try:
            names, kind, coded = words[:3]
            blob = b64decode(coded, validate=True)
        except (ValueError, NotBase64):
            strange.append(number)
            continue
        if marker not in ("", "@revoked", "@cert-authority") or blob[4 : 4 + len(kind)] != kind.encode():
            strange.append(number)
            continue
        listed = tuple(name if name.startswith(_HASHED) else name.lower() for name in names.split(","))
        keys.append(KnownKey(listed, kind, blob, marker, f"{source}, line {number}"))
    return keys, strange


@dataclass
class KnownHosts:
    """The keys in ``file``, which takes new ones, and in ``beside``, which are only read; ``strict``: no new ones are taken.

    ``news`` is what to tell of the new ones, by ``where``. Without ``file`` new keys are remembered as long as the process
    lives. For use by several threads at once.
    """

    file: Path | None = None
    strict: bool = False
    beside: Sequence[Path] = ()
    news: dict[str, str] = field(default_factory=dict)
    _keys: list[KnownKey] = field(default_factory=list)
    _plain: dict[str, list[KnownKey]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of_user(cls, file: Path | None = None, *, strict: bool = False) -> KnownHosts:
        """``file`` beside what the user and the machine know.

        :raises InputError: when ``file`` is there and cannot be read.
        """
        return cls(file, strict, (Path.home() / ".ssh" / "known_hosts", Path("/etc/ssh/ssh_known_hosts")))

    def __post_init__(self) -> None:
        for path in self.beside:
            self.read_beside(path)
        if self.file is not None:
            self._add(self.ours())

    def __reduce__(self) -> tuple[object, ...]:
        """Another process reads the files itself."""
        return type(self), (self.file, self.strict, self.beside)

    def ours(self) -> list[KnownKey]:
        """The keys in the file itself, in its order.

        :raises InputError: when it is there and cannot be read.
        """
        return read_file(self.file)[0] if self.file is not None and self.file.exists() else []

    def read_beside(self, path: Path) -> None:
        """Know the keys in another file too, if it can be read."""
        try:
            self._add(read_file(path)[0])
        except InputError:
            return

    def kinds(self, host: str, port: int) -> tuple[str, ...]:
        """The kinds of keys that are known of a host, so that it is asked for one of those."""
        return tuple(key.kind for key in self._of(spelt(host, port)) if not key.marker)

    def check(self, where: str, host: str, port: int, kind: str, blob: bytes, *, strict: bool = False) -> str | None:
        """Nothing when the key is known; of a new one, which is remembered, what to tell.

        As OpenSSH does, a key is right when any line has it, and known without its port too.

        :raises SessionError: ``host-key`` for a changed or revoked key, and where ``strict`` for a new one.
        """
        name = spelt(host, port)
        known = self._of(name)
        shown = f"{kind} {fingerprint(blob)}"
        if any(key.marker == "@revoked" and key.blob == blob for key in known):
            raise SessionError("host-key", f"{where} shows a host key that is revoked ({shown}).")
        plain = [key for key in known if not key.marker]
        if any(key.blob == blob for key in [*plain, *self._of(host.lower())] if not key.marker):
            return None
        if plain:
            own = self.file is not None and plain[-1].at.startswith(str(self.file))
            forget = f"ikeaudit hostkeys forget '{name}'" if own else f"ssh-keygen -R '{name}'"
            raise SessionError(
                "host-key",
                f"{where} shows another host key ({shown}) than the one known from {plain[-1].at} ({plain[-1].fingerprint}): "
                f"it may not be the router. Where its key was replaced, `{forget}`.",
            )
        if self.strict or strict:
            raise SessionError(
                "host-key",
                f"{where} shows a host key that is not known ({shown}), and new keys are refused; "
                "`ikeaudit hostkeys import -` takes it from what ssh-keyscan prints.",
            )
        at = f"{self.file}, new" if self.file else ""
        self.add([KnownKey((name,), kind, blob, at=at)])
        self.news[where] = f"first contact: host key {shown}" + (f", recorded in {self.file}" if self.file else "")
        return self.news[where]

    def add(self, keys: Iterable[KnownKey]) -> None:
        """Remember ``keys``, in the file where there is one.

        :raises InputError: when it cannot be written to.
        """
        keys = list(keys)
        with self._lock:
            self._add(keys)
            if self.file is None:
                return
            try:
                handle = open_private(self.file, os.O_WRONLY | os.O_APPEND)
                with os.fdopen(handle, "ab") as out:
                    out.write("".join(key.line for key in keys).encode())
            except OSError as error:
                raise InputError(f"{self.file} cannot be written to ({why(error)}).") from None

    def forget(self, name: str) -> list[KnownKey]:
        """Take ``name``, as :func:`spelt` gives it, out of the file; the lines that are gone.

        :raises InputError: when the file cannot be written.
        """
        keys = self.ours()
        gone = [key for key in keys if key.belongs_to(name)]
        if gone and self.file is not None:
            kept = (key.line for key in keys if not key.belongs_to(name))
            try:
                write_private(self.file, "".join(kept).encode())
            except OSError as error:
                raise InputError(f"{self.file} cannot be written ({why(error)}).") from None
        return gone

    def _add(self, keys: Iterable[KnownKey]) -> None:
        for key in keys:
            if any(set(name) & set("*?!|") for name in key.names):
                self._keys.append(key)
            for name in key.names:
                self._plain.setdefault(name, []).append(key)

    def _of(self, name: str) -> list[KnownKey]:
        return [key for key in (*self._plain.get(name, ()), *self._keys) if key.belongs_to(name)]


def read_file(path: Path) -> tuple[list[KnownKey], list[int]]:
    """As :func:`read_keys`, of a file.

    :raises InputError: when it cannot be read.
    """
    try:
        return read_keys(read_plain_text(path, LARGEST_BY_HAND), str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else "it is no text"
        raise InputError(f"{path} cannot be read ({reason}).") from None


def _fits(pattern: str, name: str) -> bool:
    if pattern.startswith(_HASHED):
        return _hashed_as(pattern, name)
    if "*" not in pattern and "?" not in pattern:
        return pattern == name
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), name) is not None


def _hashed_as(pattern: str, name: str) -> bool:
    try:
        salt, digest = (b64decode(part, validate=True) for part in pattern[len(_HASHED) :].split("|"))
    except (ValueError, NotBase64):
        return False
    return hmac.compare_digest(hmac.digest(salt, name.encode(), "sha1"), digest)


def known_hosts(nornir: Nornir, workspace: Path, *, strict: bool = False) -> None:
    """Judge the host keys of all sessions that ``nornir`` opens by the workspace's file, which takes new ones, and the user's.

    :raises InputError: when the workspace's file cannot be read.
    """
    nornir.config.user_defined[_SETTING] = KnownHosts.of_user(workspace / FILE, strict=strict)


def known_hosts_of(config: Config) -> KnownHosts:
    """Those of :func:`known_hosts`, else the user's own."""
    known: KnownHosts = config.user_defined.get(_SETTING) or KnownHosts.of_user()
    return known


def listed(keys: Iterable[KnownKey]) -> Iterator[str]:
    """One line for each key, for people."""
    for key in keys:
        names = ",".join("(hashed)" if name.startswith(_HASHED) else name for name in key.names)
        yield f"{names}  {key.kind}  {key.fingerprint}{f'  {key.marker}' if key.marker else ''}"
