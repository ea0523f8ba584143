"""Writing two routers of a snapshot as a case: what decides how they get on, with nothing in it that says whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from ikeaudit.ios.command import Command
from ikeaudit.ios.language import GLOBAL
from ikeaudit.ios.words import slot, starts
from ikeaudit.model import Router, Secret, SecretFacts
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import redact
from ikeaudit.parsing.shows import READ, parse_clock, parse_version
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE, HostMeta, command_file, read_meta
from ikeaudit.snapshot.plain_files import why
from ikeaudit.snapshot.private_files import make_folder, replace_folder
from ikeaudit.snapshot.pseudonyms import Pseudonyms
from ikeaudit.snapshot.text_files import NotTextError, read_text

_LEFT_OUT = "!"
"""What stands in for a line that is not taken along, so that the others keep their numbers."""
_ABOUT_ITSELF = re.compile(
    r"! (?:Last configuration change at [*.]?[\d:.]+ \S+ [A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d{4}"
    r"|No configuration change since last restart)(?= by |$)"
)
_IDENTITY = re.compile(r"(\s*(?:Profile|Phase1_id|Local id|Remote id): )(.*)")
_NOTE = re.compile(r"(\s*Desc: ).*")
_LONG_NUMBER = re.compile(r"(?<!\S)\d{3,}(?!\S)")
_TAKEN = starts(
    *(
        f"global/{name}"
        for name in (
            "version",
            "ip-domain",
            "access-list",
            "ip-access-list-extended",
            "ip-access-list-standard",
            "ipv6-access-list",
            "route-map",
            "object-group",
            "ip-nat",
            "redundancy",
            "track",
            "platform",
            "license",
            "aaa",
            "password",
            "end",
        )
    )
)
"""How the lines begin that are taken along though the ledger does not count them."""


def _is_taken(row: Command, line: str) -> bool:
    """Whether a global command may change how tunnels get on; certificates are left out, which tell whose they are."""
    if row.opens == "certificate-chain":
        return False
    return row.bears != "other" or f"{line} ".startswith(_TAKEN)


def config_lines(host: str, lines: tuple[str, ...], names: Pseudonyms) -> Iterator[str]:
    """The lines of a redacted configuration, those that no tunnel depends on left out, the others with other names.

    ``host`` is the router's new name.
    """
    inside, routing = True, False
    own = slot("global/hostname")
    for line in (*lines, *(() if any(line.strip() == "end" for line in lines) else ("end",))):
        bare = line.strip()
        if bare.startswith("!"):
            itself = _ABOUT_ITSELF.match(bare)
            yield itself[0] if itself is not None else _LEFT_OUT
            continue
        if line[:1].strip():
            found = GLOBAL.known(bare)
            if found is not None and found.row.slot == own:
                yield f"{own} {host}"
                continue
            inside = found is None or _is_taken(found.row, bare)
            routing = found is not None and found.row.opens == "router"
        if routing:  # that routes are learnt matters, and not in whose autonomous system
            yield _LONG_NUMBER.sub("1", names.line(line.rstrip()))
        else:
            yield names.line(line.rstrip()) if inside else _LEFT_OUT


def show_lines(command: str, text: str, names: Pseudonyms) -> Iterator[str]:
    """The lines of redacted show output with other names, without notes and without what only tells whose router it is."""
    if command == "show clock":
        yield parse_clock(text) or ""
        return
    if command == "show version":
        yield from _version_lines(text)
        return
    for line in text.split("\n"):
        if "configuration change" in line:
            itself = _ABOUT_ITSELF.match(line.strip())
            yield itself[0] if itself is not None else ""
        elif (identity := _IDENTITY.fullmatch(line)) is not None:
            yield identity[1] + names.line(identity[2])
        elif _NOTE.fullmatch(line):
            yield _NOTE.sub(r"\1(none)", line)
        elif not re.match(r"\s*\S+[#>]", line):  # a prompt has the router's name
            yield names.shown(line)


def _version_lines(text: str) -> Iterator[str]:
    """What is read of ``show version``, and nothing beside it."""
    found = parse_version(text)
    if found is None:
        return
    release, platform = found
    system = "IOS XE" if re.match(r"1[6-9]\.|[2-9]\d\.", release) else "IOS"
    yield f"Cisco {system} Software, Version {release}"
    if platform is not None:
        yield f"cisco {platform} processor with 1K bytes of memory."


def _facts(of: object) -> dict[str, SecretFacts]:
    """What is known of the keys in a model, by their fingerprints: a file that nobody collected has no record of it."""
    if isinstance(of, Secret):
        return {of.fingerprint: of.facts} if of.facts is not None else {}
    parts: Iterable[object] = ()
    if isinstance(of, msgspec.Struct):
        parts = [getattr(of, name) for name in of.__struct_fields__]
    elif isinstance(of, tuple):
        parts = of
    return {key: facts for part in parts for key, facts in _facts(part).items()}


def write_case_host(
    out: Path, name: str, router: Router, folder: Path | None, names: Pseudonyms, fingerprinter: Fingerprinter
) -> None:
    """Writes one router as ``name`` below ``out``: its redacted lines, and the state that lies in ``folder``.

    Raises InputError when something cannot be read or written.
    """
    files = {CONFIG_FILE: "\n".join(config_lines(name, router.lines, names)) + "\n"}
    meta = _meta(folder) if folder is not None else HostMeta(host=name)
    commands = {}
    for command, file in meta.commands.items() if folder is not None else ():
        if folder is None or command not in READ:
            continue
        try:
            text = redact(read_text(folder / file), fingerprinter).text
        except NotTextError as error:
            raise InputError(f"{folder / file} {error}, so no case was written.") from None
        files[command_file(command)] = "\n".join(show_lines(command, text, names)) + "\n"
        commands[command] = command_file(command)
    facts = {names.fingerprint(one): known for one, known in {**meta.facts, **_facts(router)}.items()}
    told = HostMeta(
        host=name, collected=meta.collected, state=meta.state, commands=commands, facts=facts, grammar=meta.grammar
    )
    contents = {file: text.encode("utf-8", "backslashreplace") for file, text in files.items()}
    contents[META_FILE] = msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"
    try:
        make_folder(out)
        replace_folder(out / name, contents)
    except OSError as error:
        raise InputError(f"The case cannot be written to {out}: {why(error)}.") from None


def _meta(folder: Path) -> HostMeta:
    try:
        return read_meta(folder)
    except ValueError as error:
        raise InputError(f"{folder / META_FILE} {error}, so no case was written.") from None
