"""Writing a snapshot: what was read from a router, redacted before anything touches the disk."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from ikeaudit.model.errors import IncompleteError, InputError
from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import KnownSecrets, mask_line, redact
from ikeaudit.parsing.volatile import before_hash, stable_lines
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE, HostMeta, command_file

_LONGEST_NAME = 200


def write_snapshot_host(
    folder: Path,
    host: str,
    config: str,
    shows: Mapping[str, str],
    meta: Mapping[str, str],
    *,
    fingerprinter: Fingerprinter,
) -> Path:
    """Redacts what ``host`` showed and writes it into its sub-folder of ``folder``, all at once; the sub-folder.

    ``config`` and ``shows`` (output by command) are the raw text, ``meta`` what else is worth keeping. IncompleteError when
    the running-config lacks its final ``end``: then nothing is written. InputError when ``folder`` cannot be written.
    """
    if not is_complete(config):
        count = len(config.splitlines())
        raise IncompleteError(
            f"the running-config of {host} is cut short: its final 'end' is missing ({count} lines came); collect it again, "
            "with more time if the line is slow"
        )
    known = KnownSecrets()
    clean = redact(_unix_lines(config), fingerprinter, known)
    facts: dict[str, SecretFacts] = dict(clean.facts)
    files = {CONFIG_FILE: clean.text}
    for command, output in shows.items():
        shown = redact(_unix_lines(output), fingerprinter, known)
        files[command_file(command)] = shown.text
        facts.update(shown.facts)
    record = HostMeta(
        host=host,
        key_id=fingerprinter.key_id,
        before_hash=before_hash(clean.text),
        commands={command: command_file(command) for command in shows},
        facts=facts,
        details=_masked(meta, fingerprinter, known),
    )
    return _replace_folder(folder, host, files, record)


def write_failed_host(
    folder: Path, host: str, reason: str, meta: Mapping[str, str], *, fingerprinter: Fingerprinter
) -> Path:
    """Records that ``host`` could not be collected, and why; an earlier collection of it in ``folder`` goes."""
    record = HostMeta(
        host=host,
        status="failed",
        reason=mask_line(reason, fingerprinter),
        key_id=fingerprinter.key_id,
        details=_masked(meta, fingerprinter, KnownSecrets()),
    )
    return _replace_folder(folder, host, {}, record)


def is_complete(config: str) -> bool:
    """Whether a running-config ends in ``end``; a prompt may follow it."""
    lines = stable_lines(config)
    return bool(lines) and lines[-1].strip() == "end"


def host_folder_name(host: str) -> str:
    """The name of the sub-folder of ``host``: its own, characters that a file name must not have written as ``%2F``.

    InputError when nothing is left to name a folder with, or too much.
    """
    name = quote(host, safe=" @+,=()~", errors="backslashreplace")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise InputError(
            f"the inventory's host name {host[:40]!r} cannot name a folder: use 1 to {_LONGEST_NAME} characters"
        )
    return name


def _replace_folder(folder: Path, host: str, files: Mapping[str, str], record: HostMeta) -> Path:
    """Writes a new sub-folder beside the old one and puts it in its place."""
    target = folder / host_folder_name(host)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
        try:
            for name, text in files.items():
                _write(draft / name, text.encode("utf-8", "backslashreplace"))
            _write(draft / META_FILE, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
            if target.exists():
                os.rename(target, draft.with_name(f"{draft.name}.old"))  # noqa: PTH104 - rename of a folder
            os.rename(draft, target)  # noqa: PTH104
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            shutil.rmtree(draft.with_name(f"{draft.name}.old"), ignore_errors=True)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise InputError(f"the snapshot of {host} cannot be written to {folder} ({why})") from None
    return target


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)


def _masked(meta: Mapping[str, str], fingerprinter: Fingerprinter, known: KnownSecrets) -> dict[str, str]:
    return {str(name): mask_line(str(value), fingerprinter, known) for name, value in meta.items()}


def _unix_lines(text: str) -> str:
    return re.sub(r"\r+\n", "\n", text)
