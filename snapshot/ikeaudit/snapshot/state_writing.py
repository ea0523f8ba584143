"""Putting the state of a router beside the configuration that a snapshot has of it (``collect --state-only``)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from ikeaudit.model import SecretFacts
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter, psk_token
from ikeaudit.parsing.redact import redact
from ikeaudit.snapshot.host_meta import META_FILE, HostMeta, command_file
from ikeaudit.snapshot.plain_files import read_plain, why
from ikeaudit.snapshot.private_files import is_draft, make_folder, replace_folder

_NOTE = re.compile(r"^(\s*Desc: ).*$", re.MULTILINE)
"""A free text that somebody wrote into the configuration."""
_SHORTEST = 4
"""Characters of a key that is looked for inside of words: shorter ones are in every second word."""
_WORD = re.compile(r"\S+")


class RedactedState(msgspec.Struct, frozen=True):
    """The output of ``shows``, by command, without keys: read at ``read`` (UTC), redacted with the key called ``key_id``.

    Nothing in it has to stay private any more than a snapshot, so that it may travel.
    """

    shows: dict[str, str]
    read: str
    key_id: str


def write_snapshot_state(
    folder: Path,
    earlier: Path,
    record: HostMeta,
    shows: Mapping[str, str],
    *,
    fingerprinter: Fingerprinter,
    read: str,
) -> Path:
    """Keeps what lies in the host folder ``earlier``, there or copied into ``folder``, with ``shows`` read at ``read`` (UTC).

    The keys of the configuration are known by their fingerprints only: what has one is replaced, too, and free text goes.
    InputError when they were made with another key, or ``folder`` cannot be written.
    """
    new = redacted_state(shows, facts_of(record, fingerprinter), fingerprinter=fingerprinter, read=read)
    return put_state(folder, earlier, record, new)


def facts_of(record: HostMeta, fingerprinter: Fingerprinter) -> Mapping[str, SecretFacts]:
    """What is known of the keys in the configuration that ``record`` is about; InputError where another key made its tokens."""
    if record.key_id != fingerprinter.key_id:
        raise InputError(
            "its configuration was collected under another workspace; collect it again without --state-only"
        )
    return record.facts


def redacted_state(
    shows: Mapping[str, str], facts: Mapping[str, SecretFacts], *, fingerprinter: Fingerprinter, read: str
) -> RedactedState:
    """Redacts ``shows``, read at ``read`` (UTC), in memory; ``facts`` are those of the keys of the router's configuration."""
    new = {}
    for command, output in shows.items():
        text = redact(re.sub(r"\r+\n", "\n", output), fingerprinter).text
        new[command] = without_keys(_NOTE.sub(r"\1(none)", text), facts, fingerprinter)
    return RedactedState(new, read, fingerprinter.key_id)


def put_state(folder: Path, earlier: Path, record: HostMeta, state: RedactedState) -> Path:
    """Keeps what lies in the host folder ``earlier``, there or copied into ``folder``, with a state beside it.

    InputError when ``folder`` cannot be written.
    """
    target = folder / earlier.name
    try:
        contents = {file.name: read_plain(file) for file in earlier.iterdir() if not is_draft(file.name)}
        texts = {command_file(command): text for command, text in state.shows.items()}
        contents |= {file: text.encode("utf-8", "backslashreplace") for file, text in texts.items()}
        commands = record.commands | {command: command_file(command) for command in state.shows}
        changed = msgspec.structs.replace(record, state=state.read, commands=commands, missed=None, reason=None)
        contents[META_FILE] = msgspec.json.format(msgspec.json.encode(changed), indent=1) + b"\n"
        make_folder(folder)
        replace_folder(target, contents)
    except OSError as error:
        raise InputError(f"its state cannot be written to {folder} ({why(error)})") from None
    return target


def without_keys(text: str, facts: Mapping[str, SecretFacts], fingerprinter: Fingerprinter) -> str:
    """``text`` without the keys that ``facts`` knows by their fingerprints, wherever they stand in a word."""
    lengths = {known.length for known in facts.values() if not known.masked and known.length >= _SHORTEST}
    if not lengths:
        return text
    found: dict[str, str] = {}
    for word in set(_WORD.findall(text)):
        found |= _keys_in(word, lengths, facts, fingerprinter)
    for key, token in sorted(found.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(key, token)
    return text


def _keys_in(
    word: str, lengths: Collection[int], facts: Mapping[str, SecretFacts], fingerprinter: Fingerprinter
) -> dict[str, str]:
    found = {}
    for length in lengths:
        for start in range(len(word) - length + 1):
            part = word[start : start + length]
            fingerprint = fingerprinter.psk(part)
            if fingerprint in facts:
                found[part] = psk_token(fingerprint)
    return found
