"""Writing a snapshot: what was read from a router, redacted before anything touches the disk."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ikeaudit.ios.language import grammar
from ikeaudit.model.errors import IncompleteError, InputError
from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import KnownSecrets, cut, mask_line, redact
from ikeaudit.parsing.volatile import before_hash, stable_lines
from ikeaudit.snapshot.host_files import host_folder_name
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE, HostMeta, command_file
from ikeaudit.snapshot.plain_files import read_plain, why
from ikeaudit.snapshot.private_files import is_draft, make_folder, replace_folder, write_private


class RedactedHost(msgspec.Struct, frozen=True):
    """What a snapshot holds of one router, before it is on a disk: ``files`` by name, and ``meta.json`` as ``record``.

    Nothing in it has to stay private any more than the snapshot itself, so that it may travel.
    """

    files: dict[str, bytes]
    record: HostMeta


def write_snapshot_host(
    folder: Path,
    host: str,
    config: str,
    shows: Mapping[str, str],
    meta: Mapping[str, str],
    *,
    fingerprinter: Fingerprinter,
    collected: str | None = None,
) -> Path:
    """Redacts what ``host`` showed and writes it into its sub-folder of ``folder``, all at once; the sub-folder.

    Arguments and errors are those of :func:`redacted_host` and :func:`put_host`.
    """
    return put_host(folder, redacted_host(host, config, shows, meta, fingerprinter=fingerprinter, collected=collected))


def redacted_host(
    host: str,
    config: str,
    shows: Mapping[str, str],
    meta: Mapping[str, str],
    *,
    fingerprinter: Fingerprinter,
    collected: str | None = None,
) -> RedactedHost:
    """Redacts what ``host`` showed, in memory.

    ``config`` and ``shows`` (output by command) are the raw text, ``meta`` what else is worth keeping; ``collected`` is when it
    was read. IncompleteError when the running-config lacks its final ``end``.
    """
    if not is_complete(config):
        count = len(config.splitlines())
        raise IncompleteError(
            f"the running-config of {host} is cut short: its final 'end' is missing ({count} lines came); collect it again, "
            "with more time if the line is slow"
        )
    known = KnownSecrets()
    clean = cut(_unix_lines(config), fingerprinter, known)
    facts: dict[str, SecretFacts] = dict(clean.facts)
    files = {CONFIG_FILE: clean.text}
    for command, output in shows.items():
        shown = redact(_unix_lines(output), fingerprinter, known)
        files[command_file(command)] = shown.text
        facts.update(shown.facts)
    record = HostMeta(
        host=host,
        collected=collected,
        key_id=fingerprinter.key_id,
        grammar=grammar(),
        before_hash=before_hash(clean.text),
        commands={command: command_file(command) for command in shows},
        facts=facts,
        details=_masked(meta, fingerprinter, known),
    )
    return RedactedHost(_bytes(files), record)


def put_host(folder: Path, redacted: RedactedHost) -> Path:
    """Writes what was redacted into its sub-folder of ``folder``, all at once; the sub-folder.

    InputError when ``folder`` cannot be written.
    """
    return _replace_host(folder, redacted.record.host, redacted.files, redacted.record)


def write_failed_host(
    folder: Path,
    host: str,
    reason: str,
    meta: Mapping[str, str],
    *,
    fingerprinter: Fingerprinter,
    missed: str | None = None,
) -> Path:
    """Records that ``host`` could not be collected, when and why; an earlier collection of it in ``folder`` goes."""
    record = HostMeta(
        host=host,
        status="failed",
        reason=mask_line(reason, fingerprinter),
        missed=missed,
        key_id=fingerprinter.key_id,
        details=_masked(meta, fingerprinter, KnownSecrets()),
    )
    return _replace_host(folder, host, {}, record)


def keep_host(folder: Path, earlier: Path, record: HostMeta) -> Path:
    """Keeps what lies in the host folder ``earlier``, there or copied into ``folder``, and says ``record`` of it."""
    target = folder / host_folder_name(record.host)
    try:
        if target.exists() and target.samefile(earlier):
            write_private(target / META_FILE, _encoded(record))
            return target
        contents = {file.name: read_plain(file) for file in earlier.iterdir() if not is_draft(file.name)}
        make_folder(folder)
        replace_folder(target, contents | {META_FILE: _encoded(record)})
    except OSError as error:
        raise InputError(f"the snapshot of {record.host} cannot be kept in {folder} ({why(error)})") from None
    return target


def is_complete(config: str) -> bool:
    """Whether a running-config ends in ``end``; a prompt may follow it."""
    lines = stable_lines(config)
    return bool(lines) and lines[-1].strip() == "end"


def _replace_host(folder: Path, host: str, files: Mapping[str, bytes], record: HostMeta) -> Path:
    """Puts a new sub-folder in the place of the old one."""
    target = folder / host_folder_name(host)
    contents = {**files, META_FILE: _encoded(record)}
    try:
        make_folder(folder)
        replace_folder(target, contents)
    except OSError as error:
        raise InputError(f"the snapshot of {host} cannot be written to {folder} ({why(error)})") from None
    return target


def _bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode("utf-8", "backslashreplace") for name, text in files.items()}


def _encoded(record: HostMeta) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def _masked(meta: Mapping[str, str], fingerprinter: Fingerprinter, known: KnownSecrets) -> dict[str, str]:
    return {str(name): mask_line(str(value), fingerprinter, known) for name, value in meta.items()}


def _unix_lines(text: str) -> str:
    return re.sub(r"\r+\n", "\n", text)
