"""The snapshot folder that a collection fills: one folder per host, redacted text only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ikeaudit.collect.reading import Reading
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.host_meta import META_FILE
from ikeaudit.snapshot.private_files import is_draft, make_folder
from ikeaudit.snapshot.writing import write_failed_host, write_snapshot_host


class SnapshotFolder:
    """A :class:`~ikeaudit.collect.task.HostWriter` over a folder, which is made when it is not there, mode 0700.

    :raises InputError: when ``path`` is a file, cannot be made, or holds something else than a snapshot.
    """

    def __init__(self, path: Path, fingerprinter: Fingerprinter) -> None:
        self.path = path
        self._fingerprinter = fingerprinter
        _prepare(path)

    def write(self, host: str, reading: Reading, details: Mapping[str, str]) -> None:
        """Redact ``reading`` and put it in place of what was there of ``host``."""
        write_snapshot_host(self.path, host, reading.config, reading.shows, details, fingerprinter=self._fingerprinter)

    def write_failure(self, host: str, reason: str, details: Mapping[str, str]) -> None:
        """Leave only the reason: an older reading must not pass for a new one."""
        write_failed_host(self.path, host, reason, details, fingerprinter=self._fingerprinter)


def _prepare(path: Path) -> None:
    problem = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make_folder(path)
        strangers = sorted(
            entry.name
            for entry in path.iterdir()
            if not is_draft(entry.name) and not (entry.is_dir() and (entry / META_FILE).is_file())
        )
    except FileExistsError:
        problem = "it is a file"
    except OSError as error:
        problem = (error.strerror or "it cannot be written to").lower()
    else:
        if strangers:
            problem = f"it holds other things, such as {strangers[0]}"
    if problem:
        raise InputError(f"The snapshot cannot be written to {path}: {problem}; name another folder with --out.")
