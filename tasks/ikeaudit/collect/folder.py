"""The snapshot folder that a collection fills: one folder per host, redacted text only, each with its own age."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from ikeaudit.collect.commands import last_change
from ikeaudit.collect.reading import Reading
from ikeaudit.model import SecretFacts
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import mask_line
from ikeaudit.snapshot.dated import RUN_FILE, Run, utc, write_run
from ikeaudit.snapshot.host_files import host_folder_name
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE, HostMeta, read_meta
from ikeaudit.snapshot.plain_files import read_plain, why
from ikeaudit.snapshot.private_files import is_draft, make_folder, remove_folder
from ikeaudit.snapshot.state_writing import RedactedState, facts_of, put_state, write_snapshot_state
from ikeaudit.snapshot.writing import (
    RedactedHost,
    keep_host,
    put_host,
    write_failed_host,
    write_snapshot_host,
)


class _Gate:
    """Lets those in who write, side by side, until it is shut; shutting it waits for those inside."""

    def __init__(self) -> None:
        self._changed, self._inside, self._open = threading.Condition(), 0, True

    def __reduce__(self) -> tuple[type[_Gate], tuple[()]]:
        """Another process has its own."""
        return _Gate, ()

    @contextmanager
    def passing(self) -> Iterator[bool]:
        """Whether one may write within the block."""
        with self._changed:
            may = self._open
            self._inside += may
        try:
            yield may
        finally:
            with self._changed:
                self._inside -= may
                self._changed.notify_all()

    def shut(self) -> None:
        """Let nobody in any more."""
        with self._changed:
            self._open = False
            self._changed.wait_for(lambda: not self._inside)


class SnapshotFolder:
    """A :class:`~ikeaudit.collect.task.HostWriter` over a folder, which is made when a collection begins, mode 0700.

    ``before`` is the snapshot that this one follows; what it has of hosts that are not read now is taken over from it. When
    it is left out, what lies in ``path`` already is what was before.

    :raises InputError: when ``path`` is a file, cannot be read, or holds something else than a snapshot.
    """

    def __init__(self, path: Path, fingerprinter: Fingerprinter, *, before: Path | None = None) -> None:
        self.path = path
        self._fingerprinter = fingerprinter
        self._gate = _Gate()
        _require_snapshot(path)
        self._earlier = (_hosts_of(before) if before is not None else {}) | _hosts_of(path)

    @property
    def fingerprinter(self) -> Fingerprinter:
        """What makes the fingerprints in it."""
        return self._fingerprinter

    def begin(self, known: Collection[str], hosts: Collection[str], started: str) -> None:
        """Put down that a collection of ``hosts`` begins; ``known`` are all hosts of the inventory.

        :raises InputError: when the folder cannot be made, and when the snapshot has hosts and not one of them is in the
            inventory: it is another fleet's.
        """
        strangers = [meta.host for name, (_, meta) in self._earlier.items() if name not in _folder_names(known)]
        if strangers and len(strangers) == len(self._earlier):
            raise InputError(
                f"The snapshot {self.path} is of other routers ({', '.join(strangers[:3])}"
                f"{', ...' if len(strangers) > 3 else ''}): none of them is in the inventory; name another folder with --out."
            )
        try:
            make_folder(self.path)
        except OSError as error:
            raise _cannot_go(self.path, why(error)) from None
        write_run(self.path, Run(started=started, hosts=tuple(hosts)))

    def end(self, known: Collection[str]) -> tuple[str, ...]:
        """Remove the hosts that are not among ``known``, those of the inventory, and what says of a collection; the hosts."""
        names = _folder_names(known)
        left = {name: (folder, meta) for name, (folder, meta) in self._earlier.items() if name not in names}
        for name, (folder, meta) in left.items():
            try:
                if folder.parent == self.path:
                    remove_folder(folder)
            except OSError as error:
                raise InputError(f"{meta.host} left the inventory and {self.path / name} cannot be removed.") from error
        (self.path / RUN_FILE).unlink(missing_ok=True)
        return tuple(sorted(meta.host for _, meta in left.values()))

    def shut(self) -> None:
        """Let nothing more be written: what is being written is finished first."""
        self._gate.shut()

    def write(self, host: str, reading: Reading, details: Mapping[str, str]) -> None:
        """Redact ``reading`` and put it in place of what was there of ``host``."""
        with self._gate.passing() as may:
            if may:
                write_snapshot_host(
                    self.path,
                    host,
                    reading.config,
                    reading.shows,
                    {name: text for name, text in details.items() if name != "collected"},
                    fingerprinter=self._fingerprinter,
                    collected=details.get("collected"),
                )

    def put(self, redacted: RedactedHost) -> str | None:
        """Put what another process read and redacted in place of what was there of its host; when it was read."""
        with self._gate.passing() as may:
            if may:
                put_host(self.path, redacted)
        return redacted.record.collected

    def write_state(self, host: str, reading: Reading, moment: str) -> str | None:
        """Redact the state that was read and put it beside what is there of ``host``; when its configuration was read.

        :raises InputError: when the snapshot has no configuration of it.
        """
        folder, earlier = self._configured(host)
        with self._gate.passing() as may:
            if may:
                write_snapshot_state(
                    self.path, folder, earlier, reading.shows, fingerprinter=self._fingerprinter, read=moment
                )
        return earlier.collected

    def facts_beside(self, host: str) -> Mapping[str, SecretFacts]:
        """What is known of the keys of ``host``, of which another process is to read and redact the state.

        :raises InputError: as :meth:`write_state` does.
        """
        return facts_of(self._configured(host)[1], self._fingerprinter)

    def put_state(self, host: str, state: RedactedState) -> str | None:
        """Put the state that another process read and redacted beside what is there of ``host``; when its configuration was
        read.

        :raises InputError: when the snapshot has no configuration of it.
        """
        folder, earlier = self._configured(host)
        with self._gate.passing() as may:
            if may:
                put_state(self.path, folder, earlier, state)
        return earlier.collected

    def _configured(self, host: str) -> tuple[Path, HostMeta]:
        """The folder of a host of which there is a configuration, and what is said of it."""
        folder, earlier = self._earlier.get(host_folder_name(host), (None, None))
        if folder is None or earlier is None or earlier.status != "collected":
            raise InputError("there is no configuration of it in the snapshot; collect it without --state-only first")
        return folder, earlier

    def write_failure(self, host: str, reason: str, details: Mapping[str, str]) -> str | None:
        """Mark what is there of ``host`` as stale, or leave only the reason where nothing is; when it was known last."""
        missed = details.get("collected")
        _, earlier = self._earlier.get(host_folder_name(host), (None, None))
        with self._gate.passing() as may:
            if not may:
                return None
            if earlier is not None and earlier.status == "collected":
                return self._keep(host, missed=missed, reason=mask_line(reason, self._fingerprinter))
            write_failed_host(self.path, host, reason, details, fingerprinter=self._fingerprinter, missed=missed)
        return None

    def confirm(self, host: str, moment: str) -> str | None:
        """Put down that the configuration that lies there is still the router's; when it was read."""
        with self._gate.passing() as may:
            if not may:
                return None
            self._keep(host, confirmed=moment, missed=None, reason=None)
        return self._earlier[host_folder_name(host)][1].collected

    def take_over(self, hosts: Collection[str]) -> None:
        """Keep what the snapshot before has of ``hosts`` as it is."""
        for name in sorted(_folder_names(hosts) & self._earlier.keys()):
            folder, meta = self._earlier[name]
            if folder.parent != self.path:
                keep_host(self.path, folder, meta)

    def younger_than(self, age: timedelta, now: datetime) -> frozenset[str]:
        """The hosts that were read whole, or said that nothing changed, within ``age`` before ``now``."""
        try:
            return _known_between(self._earlier, utc(now - age), utc(now))
        except OverflowError:  # before the year 1
            return _known_between(self._earlier, "0", utc(now))

    def read_since(self, started: str) -> frozenset[str]:
        """The hosts that lie in the folder itself by now and were read whole since then."""
        return _known_between(_hosts_of(self.path), started, "9")

    def last_changes(self) -> dict[str, str]:
        """When each host's configuration was changed last, as it said itself; those that did not say it are left out."""
        changes = {}
        for folder, meta in self._earlier.values():
            if meta.status == "collected" and meta.key_id == self._fingerprinter.key_id and _is_whole(meta):
                try:
                    text = read_plain(folder / CONFIG_FILE).decode("utf-8", "replace")
                except OSError:
                    continue
                change = last_change(text)
                if change is not None:
                    changes[meta.host] = change
        return changes

    def _keep(self, host: str, **changes: str | None) -> str | None:
        folder, meta = self._earlier[host_folder_name(host)]
        keep_host(self.path, folder, msgspec.structs.replace(meta, **changes))
        return meta.known


def _known_between(hosts: Mapping[str, tuple[Path, HostMeta]], start: str, end: str) -> frozenset[str]:
    return frozenset(
        meta.host
        for _, meta in hosts.values()
        if meta.status == "collected" and not meta.missed and _is_whole(meta) and start <= (meta.known or "") <= end
    )


def _is_whole(meta: HostMeta) -> bool:
    return "not-read" not in meta.details


def _folder_names(hosts: Collection[str]) -> frozenset[str]:
    return frozenset(map(host_folder_name, hosts))


def _hosts_of(path: Path) -> dict[str, tuple[Path, HostMeta]]:
    """The hosts that lie in the snapshot ``path``, by the names of their folders; damaged ones are as good as not there."""
    found = {}
    for entry in sorted(path.iterdir()) if path.exists() else ():
        if not is_draft(entry.name) and (entry / META_FILE).is_file():
            try:
                found[entry.name] = (entry, read_meta(entry))
            except ValueError:
                continue
    return found


def _require_snapshot(path: Path) -> None:
    try:
        strangers = sorted(
            entry.name
            for entry in (path.iterdir() if path.exists() else ())
            if not is_draft(entry.name)
            and entry.name != RUN_FILE
            and not (entry.is_dir() and (entry / META_FILE).is_file())
        )
    except OSError as error:
        raise _cannot_go(path, "it is a file" if isinstance(error, NotADirectoryError) else why(error)) from None
    if strangers:
        raise _cannot_go(path, f"it holds other things, such as {strangers[0]}")


def _cannot_go(path: Path, problem: str) -> InputError:
    return InputError(f"The snapshot cannot be written to {path}: {problem}; name another folder with --out.")
