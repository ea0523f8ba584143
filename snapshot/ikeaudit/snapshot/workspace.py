"""The workspace: the folder that holds what must stay private, first of all the fingerprint key.

It is found by where one stands (:func:`place_of_workspace`), and made only by what writes into it. A team shares one that
was made for its group: ``install -d -g GROUP -m 2770 FOLDER``, named by ``$IKEAUDIT_WORKSPACE``; what is made in it is the
group's as well.
"""

from __future__ import annotations

import difflib
import os
import secrets
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain, why
from ikeaudit.snapshot.private_files import create_private, is_shared, make_folder, tighten

ENVIRONMENT = "IKEAUDIT_WORKSPACE"
"""The environment variable that names the workspace folder."""

FOLDER = ".ikeaudit"
"""The workspace of a folder and all below it, when the environment names none."""

DATA = "XDG_DATA_HOME"
"""The environment variable that names the folder for users' data; ``~/.local/share`` else."""

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
    def open(cls, path: Path | None = None, *, required: bool = True, create: bool = True) -> Workspace:
        """Opens the workspace at ``path``, else the one that :func:`place_of_workspace` finds.

        The folder (mode 0700) and its key (0600) are made on first use, unless ``create`` is False, for who only looks: then
        nothing is made, and the key of one that is not there lives as long as the process, enough to read configurations. Of
        several processes that make it at once, all end up with one key. InputError when the folder cannot be made or read, or
        the key is damaged. With ``required`` False a folder that cannot be made or found is no error either.
        """
        folder: Path | None = None
        try:
            folder = path or place_of_workspace()
            if create:
                _make_private(folder)
            key = _read_key(folder / KEY_FILE) or (_create_key(folder / KEY_FILE) if create else None)
        except (OSError, InputError) as error:
            if not required and (folder is None or not (folder / KEY_FILE).exists()):
                key = None
            elif folder is None or not isinstance(error, OSError):
                raise
            else:
                raise InputError(
                    f"the workspace {folder} cannot be used ({why(error)}): "
                    f"set {ENVIRONMENT} to a folder that you may write to"
                ) from None
        if key is None:
            return cls(folder or Path(FOLDER), Fingerprinter(secrets.token_bytes(_KEY_BYTES)), lasting=False)
        assert folder is not None, "a key was read in it"
        return cls(folder, Fingerprinter(key, _kept(folder)))

    def require_key_of(self, key_id: str | None, what: str) -> None:
        """Raise RefusedError when ``what`` (``The plan x``) was made with the key of another workspace, called ``key_id``."""
        if key_id is not None and key_id != self.fingerprinter.key_id:
            here = f"that of {self.path} is {self.fingerprinter.key_id}" if self.lasting else f"{self.path} has none"
            raise RefusedError(
                f"{what} was made in another workspace: its fingerprint key is {key_id}, and {here}; set {ENVIRONMENT} to the "
                "workspace that it was made in, or make it anew in this one."
            )

    def export_key(self, file: Path) -> None:
        """Write the fingerprint key to ``file``, mode 0600, for :meth:`import_key` elsewhere.

        :raises RefusedError: when there is no lasting key, and when ``file`` is there already: no key is ever overwritten.
        :raises InputError: when the file cannot be written.
        """
        if not self.lasting:
            raise RefusedError(f"The workspace {self.path} has no fingerprint key yet; the first collection makes one.")
        if os.path.lexists(file):
            raise RefusedError(f"{file} is there already; name a new file.")
        try:
            create_private(file, read_plain(self.path / KEY_FILE, LARGEST_BY_HAND))
        except OSError as error:
            raise InputError(f"{file} cannot be written ({why(error)}).") from None

    @classmethod
    def import_key(cls, file: Path, path: Path | None = None) -> tuple[Workspace, bool]:
        """Make the key in ``file`` that of the workspace at ``path`` (else the one found); whether it is new there, too.

        :raises InputError: when ``file`` holds no fingerprint key or cannot be read, or the workspace cannot be used.
        :raises RefusedError: when the workspace has another key: its snapshots and plans could not be used any more.
        """
        try:
            key = _read_key(file, keep=True)
        except OSError as error:
            raise InputError(f"{file} cannot be read ({why(error)}).") from None
        if key is None:
            raise InputError(f"{file} does not exist.")
        folder = path or place_of_workspace()
        try:
            _make_private(folder)
            had = _read_key(folder / KEY_FILE)
            if had is None:
                create_private(folder / KEY_FILE, key.hex().encode("ascii") + b"\n")
        except OSError as error:
            raise InputError(f"the workspace {folder} cannot be used ({why(error)})") from None
        opened = cls.open(folder)
        if opened.fingerprinter.key_id != Fingerprinter(key).key_id:
            raise RefusedError(
                f"The workspace {folder} has another fingerprint key ({opened.fingerprinter.key_id}), with which its snapshots "
                f"and plans were made: name a new folder with {ENVIRONMENT} and import into that."
            )
        return opened, had is None

    def folder(self, name: str) -> Path:
        """The private sub-folder ``name``, made when it is missing; InputError when it cannot be."""
        try:
            _make_private(self.path / name)
        except OSError as error:
            raise InputError(f"the folder {self.path / name} cannot be made ({why(error)})") from None
        return self.path / name


def place_of_workspace() -> Path:
    """Where the workspace is, or would be: ``$IKEAUDIT_WORKSPACE``; else the nearest ``.ikeaudit`` from the current folder
    upwards; else ``ikeaudit`` in the folder for the user's data.

    :raises InputError: when the nearest one belongs to somebody else, or others can write to it: they would choose the key; and
        when there is neither a current folder nor a home.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named).absolute()
    try:
        here = Path.cwd()
        data = Path(os.environ.get(DATA) or "")
        data = data if data.is_absolute() else Path.home() / ".local" / "share"
    except (OSError, RuntimeError):
        raise InputError(
            f"the current folder is gone, or this user has no home: set {ENVIRONMENT} to the workspace"
        ) from None
    for folder in (here, *here.parents):
        found = folder / FOLDER
        if os.path.lexists(found):
            _refuse_foreign(found)
            return found
    return data / "ikeaudit"


def _refuse_foreign(found: Path) -> None:
    problem = ""
    try:
        owners = {found.lstat().st_uid, found.stat().st_uid}
        if owners != {os.geteuid()}:
            problem = "belongs to somebody else"
        elif not found.is_dir():
            problem = "is no folder"
        elif found.stat().st_mode & 0o022:
            problem = "can be written to by others"
    except OSError as error:
        problem = f"cannot be read ({why(error)})"
    if problem:
        raise InputError(
            f"{found} {problem}, so it is not taken as the workspace: set {ENVIRONMENT} to a folder of yours, or to one that "
            "your team shares on purpose"
        )


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
    if keep:
        from ikeaudit.parsing.redact import keepable  # and all that is known of what may be kept
    for name in keep:
        if name not in keepable():
            near = difflib.get_close_matches(name, keepable(), 3) or ["interface description"]
            raise InputError(
                f"the settings {file} keep {name!r}, which has no free text; for example: {', '.join(near)}"
            )
    return frozenset(keep)


def _make_private(folder: Path) -> None:
    make_folder(folder)
    if not is_shared(folder):
        tighten(folder)


def _read_key(file: Path, *, keep: bool = False) -> bytes | None:
    """The key in ``file``, None when there is no such file; unless ``keep``, a file that others can read is taken from them."""
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
    if not keep and not is_shared(file.parent):
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
