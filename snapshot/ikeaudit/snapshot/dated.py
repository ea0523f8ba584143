"""Snapshots that follow each other: dated folders with a link to the latest, and what says that one is not finished."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE
from ikeaudit.snapshot.plain_files import LARGEST, read_plain, why
from ikeaudit.snapshot.private_files import point, write_private

LATEST = "latest"
RUN_FILE = ".collection.json"
"""Lies in a snapshot while a collection fills it, and when that was interrupted."""

_STAMP = "%Y%m%dT%H%M%SZ"
_DATED = re.compile(r"\d{8}T\d{6}Z(?:-\d+)?")
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A collection that has not come to its end: when it began, and of which hosts of the inventory."""

    started: str
    hosts: tuple[str, ...]


def utc(moment: datetime) -> str:
    """``2025-03-01T02:00:00Z``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_run(folder: Path) -> Run | None:
    """The collection that was interrupted in the snapshot ``folder``; None when it came to its end, or cannot be read."""
    try:
        return msgspec.json.decode(read_plain(folder / RUN_FILE, LARGEST), type=Run)
    except (OSError, msgspec.DecodeError):
        return None


def write_run(folder: Path, run: Run) -> None:
    """Put down ``run`` in the snapshot ``folder``; InputError when that is not possible."""
    try:
        write_private(folder / RUN_FILE, msgspec.json.encode(run))
    except OSError as error:
        raise InputError(f"the snapshot {folder} cannot be written to ({why(error)})") from None


def dated_folder(parent: Path, now: datetime) -> Path:
    """A folder in ``parent`` called after the moment, which is not there yet; so that names sort by time."""
    stem = parent / now.astimezone(UTC).strftime(_STAMP)
    number = 2
    folder = stem
    while folder.exists():
        folder = stem.with_name(f"{stem.name}-{number}")
        number += 1
    return folder


def latest_of(parent: Path) -> Path | None:
    """The folder that ``latest`` leads to; None when there is none. InputError where no dated folders can be kept."""
    link = parent / LATEST
    if any(parent.glob(f"*/{META_FILE}")):
        raise InputError(f"{parent} is a snapshot itself; name another folder with --out, or leave out --dated")
    if os.path.lexists(link) and not link.is_symlink():
        raise InputError(f"{link} is no link of ours; name another folder with --out")
    return link.resolve() if link.is_dir() else None


def make_latest(folder: Path) -> None:
    """Let ``latest`` beside ``folder`` lead to it, in one step."""
    try:
        point(folder.parent / LATEST, folder.name)
    except OSError as error:
        raise InputError(f"{folder.parent / LATEST} cannot be made to lead to {folder.name} ({why(error)})") from None


def interrupted_in(parent: Path) -> Path | None:
    """The newest dated folder in ``parent``, when its collection was interrupted."""
    try:
        dated = [entry for entry in parent.iterdir() if _DATED.fullmatch(entry.name) and entry.is_dir()]
    except OSError:
        return None
    newest = max(dated, key=lambda entry: _order(entry.name), default=None)
    return newest if newest is not None and read_run(newest) is not None else None


def snapshots_in(path: Path) -> tuple[Path, ...]:
    """``path``, if it is a snapshot; of a folder whose sub-folders are, as nightly collections leave it, those, by name.

    Links such as ``latest`` lead to one of them and are passed over. InputError for what is neither.
    """
    try:
        if not path.is_dir() or _holds_hosts(path):
            return (path,)
        folders = [entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
        found = [entry for entry in folders if not entry.is_symlink() and _holds_hosts(entry)]
    except OSError as error:
        raise InputError(f"{path} cannot be read ({why(error)})") from None
    if not found:
        raise InputError(
            f"{path} is neither a snapshot with the routers' state nor a folder of such snapshots: expected folders of hosts "
            f"with {CONFIG_FILE} and {META_FILE}, or folders that hold those."
        )
    return tuple(sorted(found))


def _holds_hosts(folder: Path) -> bool:
    """Whether collected hosts lie in ``folder``, or it is one itself."""
    return any((folder / name).is_file() or any(folder.glob(f"*/{name}")) for name in (META_FILE, CONFIG_FILE))


def _order(name: str) -> tuple[str, int]:
    stamp, _, number = name.partition("-")
    return stamp, int(number or 1)


def parse_age(text: str) -> timedelta:
    """``90m``, ``12h``, ``2d``; InputError for anything else."""
    match = _AGE.fullmatch(text.strip())
    try:
        if match is not None and float(match[1]) > 0:
            return timedelta(**{_UNITS[match[2]]: float(match[1])})
    except OverflowError:
        pass
    raise InputError(f"--since: {text!r} is no age; write a number with m, h or d (minutes, hours, days), as in 12h.")
