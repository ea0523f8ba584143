"""Snapshots of several collectors put together, so that a tunnel between two sites has both its ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.snapshot.dated import LATEST, RUN_FILE, Run, read_run, utc, write_run
from ikeaudit.snapshot.host_meta import META_FILE, HostMeta, read_meta
from ikeaudit.snapshot.plain_files import why
from ikeaudit.snapshot.private_files import is_draft, make_folder
from ikeaudit.snapshot.writing import keep_host


class Chosen(msgspec.Struct, frozen=True):
    """A host that more than one snapshot has: ``taken`` is the one whose reading is the newest, ``left`` are the others."""

    host: str
    taken: str
    left: tuple[str, ...]


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the snapshots: ``hosts`` by the snapshot that they were taken from.

    ``damaged`` are host folders that say nothing of themselves, which were left out; ``unfinished`` are snapshots whose
    collection did not come to its end.
    """

    hosts: dict[str, int]
    chosen: tuple[Chosen, ...]
    damaged: tuple[str, ...]
    unfinished: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing was missing from any of them."""
        return not self.damaged and not self.unfinished


def merge(snapshots: Sequence[Path], out: Path) -> Merged:
    """Put the hosts of ``snapshots`` into ``out``, a folder that is made, and private; of a host in several the newest.

    ``latest`` is meant where a snapshot is a folder of dated ones. Nothing is read anew or written in clear: host folders are
    copied as they are.

    :raises InputError: when one of them is no snapshot, is named twice, or ``out`` holds something or cannot be written.
    :raises RefusedError: when they were not all made with one fingerprint key, since the keys of one cannot be compared with
        those of another: every tunnel between them would look as if its ends had different keys.
    """
    places = [_place(path) for path in snapshots]
    if len({place.resolve() for place in places}) < len(places):
        raise InputError("A snapshot is named twice.")
    found: dict[str, list[tuple[Path, Path, HostMeta]]] = {}
    damaged: list[str] = []
    for place in places:
        for folder in _host_folders(place):
            try:
                meta = read_meta(folder)
            except ValueError as error:
                damaged.append(f"{folder} ({META_FILE} {error})")
                continue
            found.setdefault(folder.name, []).append((place, folder, meta))
    _require_one_key([entry for entries in found.values() for entry in entries])
    _require_room(out)
    names = tuple(entries[0][2].host for entries in found.values())
    write_run(out, Run(started=utc(datetime.now(UTC)), hosts=names))
    counts, chosen = dict.fromkeys(map(str, places), 0), []
    for entries in found.values():
        place, folder, meta = max(entries, key=_newest)
        keep_host(out, folder, meta)
        counts[str(place)] += 1
        if len(entries) > 1:
            chosen.append(Chosen(meta.host, str(place), tuple(str(one) for one, _, _ in entries if one != place)))
    (out / RUN_FILE).unlink(missing_ok=True)
    unfinished = tuple(str(place) for place in places if read_run(place) is not None)
    return Merged(hosts=counts, chosen=tuple(chosen), damaged=tuple(damaged), unfinished=unfinished)


def _newest(entry: tuple[Path, Path, HostMeta]) -> tuple[bool, str]:
    """A configuration beats the word that there is none; then the later reading."""
    meta = entry[2]
    return meta.status == "collected", meta.known or ""


def _place(path: Path) -> Path:
    try:
        if path.is_dir() and not _host_folders(path) and (path / LATEST).is_dir():
            path = (path / LATEST).resolve()
        if path.is_dir() and _host_folders(path):
            return path
    except OSError as error:
        raise InputError(f"{path} cannot be read ({why(error)}).") from None
    raise InputError(f"{path} is no snapshot: a folder that was collected is wanted.")


def _host_folders(path: Path) -> list[Path]:
    return [entry for entry in sorted(path.iterdir()) if not is_draft(entry.name) and (entry / META_FILE).is_file()]


def _require_one_key(entries: Sequence[tuple[Path, Path, HostMeta]]) -> None:
    keys: dict[str | None, tuple[Path, str]] = {}
    for place, _, meta in entries:
        keys.setdefault(meta.key_id, (place, meta.host))
    if len(keys) > 1:
        (one, (first, host)), (other, (second, stranger)) = list(keys.items())[:2]
        raise RefusedError(
            f"The snapshots were made with different fingerprint keys ({host} in {first}: {one or 'not said'}; "
            f"{stranger} in {second}: {other or 'not said'}), so their keys cannot be compared: carry the key of one "
            "collector to the others (`ikeaudit workspace` says which is used) and collect again."
        )


def _require_room(out: Path) -> None:
    try:
        make_folder(out)
        taken = next(out.iterdir(), None)
    except OSError as error:
        raise InputError(f"{out} cannot be made ({why(error)}); name another folder with --out.") from None
    if taken is not None:
        raise InputError(f"{out} is not empty ({taken.name}); name a new folder with --out.")
