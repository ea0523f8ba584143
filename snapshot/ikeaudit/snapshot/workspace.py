"""The workspace: the folder that holds what must stay private, first of all the fingerprint key."""

from __future__ import annotations

import difflib
import os
import secrets
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import keepable
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain, why
from ikeaudit.snapshot.private_files import create_private, make_folder, tighten

ENVIRONMENT = "IKEAUDIT_WORKSPACE"
"""The environment variable that names the workspace folder."""

FOLDER = ".ikeaudit"
"""The workspace in the current folder, when the environment names none."""

KEY_FILE = "fingerprint.key"
"""The file that holds the fingerprint key: 64 hexadecimal digits."""

SETTINGS_FILE = "settings.toml"
"""The file, if there is one, that says which free text the owner keeps: ``keep = ["interface description"]``."""

_KEY_BYTES = 32
_PATIENCE = 25


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace. ``path`` is its folder; ``lasting`` is False when the key lives only as long as the process."""

    path: Path
    fingerprinter: Fingerprinter
    lasting: bool = True

    @classmethod
    def open(cls, path: Path | None = None, *, required: bool = True) -> Workspace:
        """Opens the workspace at ``path``, else ``$IKEAUDIT_WORKSPACE``, else ``.ikeaudit`` in the current folder.

        The folder (mode 0700) and its key (0600) are made on first use; of several processes that do so at once, all end
        up with one key. InputError when the folder cannot be made or read, or the key is damaged. With ``required`` False a
        folder that cannot be made is no error: the key then lives as long as the process, enough to read configurations.
        """
        folder = path or Path(os.environ.get(ENVIRONMENT) or FOLDER)
        try:
            _make_private(folder)
            key = _read_key(folder / KEY_FILE) or _create_key(folder / KEY_FILE)
        except OSError as error:
            if not required and not (folder / KEY_FILE).exists():
                return cls(folder, Fingerprinter(secrets.token_bytes(_KEY_BYTES)), lasting=False)
            raise InputError(
                f"the workspace {folder} cannot be used ({why(error)}): "
                f"set {ENVIRONMENT} to a folder that you may write to, or change to one"
            ) from None
        return cls(folder, Fingerprinter(key, _kept(folder)))

    def folder(self, name: str) -> Path:
        """The private sub-folder ``name``, made when it is missing; InputError when it cannot be."""
        try:
            _make_private(self.path / name)
        except OSError as error:
            raise InputError(f"the folder {self.path / name} cannot be made ({why(error)})") from None
        return self.path / name


def _kept(folder: Path) -> frozenset[str]:
    """The commands whose free text the settings of a workspace keep; InputError when they say anything else."""
    file = folder / SETTINGS_FILE
    try:
        said = tomllib.loads(read_plain(file, LARGEST_BY_HAND).decode("utf-8"))
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise InputError(f"the settings {file} cannot be read ({why(error)})") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the settings {file} are no TOML ({error})") from None
    keep = said.pop("keep", [])
    if said or not isinstance(keep, list) or not all(isinstance(name, str) for name in keep):
        raise InputError(f"the settings {file} may say one thing: keep = [...], with commands whose free text is kept")
    for name in keep:
        if name not in keepable():
            near = difflib.get_close_matches(name, keepable(), 3) or ["interface description"]
            raise InputError(
                f"the settings {file} keep {name!r}, which has no free text; for example: {', '.join(near)}"
            )
    return frozenset(keep)


def _make_private(folder: Path) -> None:
    make_folder(folder)
    tighten(folder)


def _read_key(file: Path) -> bytes | None:
    try:
        text = read_plain(file, LARGEST_BY_HAND).strip()
        for _ in range(_PATIENCE):
            if text:
                break
            time.sleep(0.02)  # another process has made the file and not yet written it
            text = read_plain(file, LARGEST_BY_HAND).strip()
    except FileNotFoundError:
        return None
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise InputError(
            f"the fingerprint key {file} is damaged (it should be {2 * _KEY_BYTES} hexadecimal digits): restore it, or remove "
            "it and collect again, because earlier snapshots cannot be compared with a new key"
        )
    with suppress(OSError):
        tighten(file)
    return key


def _create_key(file: Path) -> bytes:
    """Makes the key file, whole or not at all; the key of whichever process came first."""
    create_private(file, secrets.token_bytes(_KEY_BYTES).hex().encode("ascii") + b"\n")
    key = _read_key(file)
    if key is None:
        raise FileNotFoundError(2, "the key file vanished", str(file))
    return key
