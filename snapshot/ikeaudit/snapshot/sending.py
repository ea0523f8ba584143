"""A host's folder read on another machine: what of it may go there, and what comes back.

Only what ``collect`` wrote may go: in a text that somebody wrote or changed by hand a key may stand in clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from ikeaudit.ios.language import grammar
from ikeaudit.model.errors import RefusedError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import mask_line, redact
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.snapshot.host_files import Carried, is_show
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE, HostMeta, read_meta
from ikeaudit.snapshot.one_read import read_host
from ikeaudit.snapshot.packing import Squeezed, packed
from ikeaudit.snapshot.text_files import NotTextError, decode
from ikeaudit.snapshot.workspace import Workspace

STAYS = (
    "were read on this machine: a text that is not as `ikeaudit collect` of this version wrote it may hold keys in clear, "
    "and does not travel."
)
"""Says of a number of files and folders why other machines did not read them."""


class Sent(msgspec.Struct, frozen=True, array_like=True):
    """The files of a host's folder called ``name``, to be read with the fingerprint key called ``key_id``.

    ``keep`` is the free text that the workspace keeps.
    """

    key_id: str
    keep: tuple[str, ...]
    name: str
    files: dict[str, bytes]


class Answer(NamedTuple):
    """What was read, packed (:mod:`~ikeaudit.snapshot.packing`), and the routers in it, packed and squeezed."""

    read: bytes
    routers: bytes


def may_travel(folder: Path) -> bool:
    """Whether a host's folder is of this version, so that it is worth while to look whether it may be sent."""
    try:
        record = read_meta(folder)
    except ValueError:
        return False
    return record.status == "failed" or record.grammar == grammar()


def sent_of(name: str, files: Mapping[str, bytes], fingerprinter: Fingerprinter) -> bytes | None:
    """What may be sent of a host's folder; None where not all of it is as ``collect`` wrote it.

    The configuration is known by its hash, the rest by that nothing is found in it to be cut.
    """
    try:
        record = msgspec.json.decode(files[META_FILE], type=HostMeta)
        texts = {file: decode(content) for file, content in files.items() if file == CONFIG_FILE or is_show(file)}
    except (KeyError, msgspec.DecodeError, NotTextError):
        return None
    if not _is_as_written(record, texts.pop(CONFIG_FILE, None)):
        return None
    if any(redact(text, fingerprinter).text != text for text in texts.values()):
        return None
    words = (record.host, record.reason or "", *record.details.values(), *record.commands)
    if any(mask_line(word, fingerprinter) != word for word in words):
        return None
    carried = {**files, META_FILE: msgspec.json.encode(record)}  # nothing that is none of its fields
    sent = Sent(fingerprinter.key_id, tuple(sorted(fingerprinter.keep)), name, carried)
    return msgspec.msgpack.encode(sent)


def _is_as_written(record: HostMeta, config: str | None) -> bool:
    if config is None:
        return record.status == "failed"
    return record.grammar == grammar() and record.before_hash == before_hash(config)


def read_there(content: bytes) -> bytes:
    """Reads what was sent, with the fingerprint key of the workspace of this machine; RefusedError where that is another."""
    sent = msgspec.msgpack.decode(content, type=Sent)
    fingerprinter = Workspace.open(create=False).fingerprinter
    if fingerprinter.key_id != sent.key_id or not fingerprinter.keep >= {*sent.keep}:
        raise RefusedError("it has another fingerprint key, or other settings of what is kept")
    read, routers = read_host(Carried(sent.name, sent.files), fingerprinter.keeping(sent.keep))
    found = packed(read), packed(routers)
    return (
        b""
        if found[0] is None or found[1] is None
        else msgspec.msgpack.encode((found[0], bytes(Squeezed.of(found[1]))))
    )


def answer_of(content: bytes) -> Answer | None:
    """What :func:`read_there` gave; None for anything else."""
    try:
        return msgspec.msgpack.decode(content, type=Answer)
    except msgspec.MsgspecError:
        return None
