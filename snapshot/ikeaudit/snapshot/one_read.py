"""What one folder of a host, or one file, holds: read and parsed by itself, whatever lies beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from ikeaudit.model import Router, ShowOutputs
from ikeaudit.parsing.config import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.parsed import ParsedConfig
from ikeaudit.parsing.redact import redact
from ikeaudit.parsing.shows import parse_shows
from ikeaudit.parsing.volatile import stable, stable_lines
from ikeaudit.snapshot.account import Account, Problem, Read, Routers
from ikeaudit.snapshot.cards import card_of
from ikeaudit.snapshot.host_files import HostFiles
from ikeaudit.snapshot.host_meta import (
    CONFIG_FILE,
    META_FILE,
    UNREAD,
    WEAK_WAYS,
    HostMeta,
    command_file,
    meta_of,
    read_meta,
)
from ikeaudit.snapshot.matter import matter_of, without_idle_lines
from ikeaudit.snapshot.text_files import NotTextError, read_text, text_of
from ikeaudit.snapshot.writing import is_complete


def read_host(folder: HostFiles, fingerprinter: Fingerprinter) -> tuple[Read, Routers]:
    """The folder of one host, as ``collect`` writes it."""
    file, problems = f"{folder.name}/{CONFIG_FILE}", list[Problem]()
    try:
        meta = meta_of(folder.name, lambda: folder.content(META_FILE))
    except ValueError as error:
        meta = HostMeta(host=folder.name)
        problems.append(
            Problem("file", folder.name, f"{folder.name}/{META_FILE}", f"{error}; facts of keys are unknown")
        )
    configs, found = _host(folder, file, meta, fingerprinter)
    accounts, routers = _accounts(configs)
    read = Read(
        stem=folder.name,
        accounts=accounts,
        problems=(*problems, *found),
        known=meta.known,
        key_id=meta.key_id,
    )
    return read, routers


def _host(
    folder: HostFiles, file: str, meta: HostMeta, fingerprinter: Fingerprinter
) -> tuple[tuple[ParsedConfig, ...], list[Problem]]:
    """The configurations of a host, and what is wrong with it."""
    if meta.status == "failed":
        reason = meta.reason or "was not collected"
        return (), [Problem("host", meta.host, f"{folder.name}/{META_FILE}", reason)]
    try:
        text = text_of(lambda: folder.content(CONFIG_FILE))
    except NotTextError as error:
        return (), [Problem("host", meta.host, file, f"{CONFIG_FILE} {error}")]
    if folder.has(META_FILE) and not is_complete(text):
        return (), [Problem("host", meta.host, file, f"{CONFIG_FILE} is cut off before its end; collect it again")]
    problems: list[Problem] = []
    if meta.missed:
        problems.append(Problem("host", meta.host, f"{folder.name}/{META_FILE}", _stale(meta)))
    shows, show_problems = _read_shows(folder, meta, fingerprinter)
    problems += show_problems
    configs = parse_configs(text, file=file, fingerprinter=fingerprinter, facts=meta.facts)
    problems += [Problem("host", meta.host, file, entry.reason) for entry in configs if entry.reason]
    return tuple(_of_host(entry, meta, shows, alone=len(configs) == 1) for entry in configs), problems


def read_file(file: Path, name: str, fingerprinter: Fingerprinter) -> tuple[Read, Routers]:
    """A file in a folder of configurations, where it is called ``name``."""
    is_text = True
    try:
        text = read_text(file)
        if not text.strip():
            raise NotTextError("is empty")
        configs = parse_configs(text, file=name, fingerprinter=fingerprinter, facts={})
    except NotTextError as error:
        configs, is_text = (ParsedConfig(None, "unreadable", str(error), file.stem, name),), False
    accounts, routers = _accounts(configs)
    return Read(stem=file.stem, accounts=accounts, problems=_unreadable(configs, name), is_text=is_text), routers


def read_alone(file: Path, fingerprinter: Fingerprinter) -> tuple[Read, Routers]:
    """A file of any name that is given by itself; NotTextError where it is no text, or empty.

    The facts that lie beside one file of a collection or a plan count.
    """
    text = read_text(file)
    if not text.strip():
        raise NotTextError("is empty")
    try:
        facts = read_meta(file.parent).facts
    except ValueError:
        facts = {}
    configs = parse_configs(text, file=file.name, fingerprinter=fingerprinter, facts=facts)
    accounts, routers = _accounts(configs)
    return Read(stem=file.stem, accounts=accounts, problems=_unreadable(configs, file.name)), routers


def _unreadable(configs: Iterable[ParsedConfig], file: str) -> tuple[Problem, ...]:
    """What makes a snapshot incomplete: nothing known was found there."""
    return tuple(Problem("host", one.host, file, one.reason or "") for one in configs if one.kind == "unreadable")


def _accounts(configs: Iterable[ParsedConfig]) -> tuple[tuple[Account, ...], Routers]:
    accounts: list[Account] = []
    routers: list[Router] = []
    for config in configs:
        if config.router is None:
            accounts.append(Account(config, None))
            continue
        routers.append(config.router)
        alone, left = msgspec.structs.replace(config, router=None), without_idle_lines(config.router)
        matter = matter_of(left)
        at_rest = msgspec.structs.replace(left, shows=left.shows.without_state())
        still = matter if at_rest == left else matter_of(at_rest)
        accounts.append(Account(alone, text_digest(config.router.lines), card_of(left), matter, still))
    return tuple(accounts), tuple(routers)


_TOKEN = re.compile(r"<[A-Z]+:[0-9a-f]+>")
"""What stands for a key, or for what was cut: it hangs on the workspace's key."""


def text_digest(lines: Sequence[str]) -> str:
    """SHA-256 of a redacted configuration without keys (nor the workspace's) and time stamps."""
    text = "\n".join(lines)
    left = stable_lines(text) if "\r" in text else stable(lines)
    return sha256(_TOKEN.sub("<>", "\n".join(left)).encode("utf-8", "surrogatepass")).hexdigest()


def _stale(meta: HostMeta) -> str:
    why_not = f" ({meta.reason.rstrip('.')})" if meta.reason else ""
    return f"is stale: it was not reached at {meta.missed}{why_not}; its configuration is that of {meta.known or 'earlier'}"


def _read_shows(folder: HostFiles, meta: HostMeta, fingerprinter: Fingerprinter) -> tuple[ShowOutputs, list[Problem]]:
    """The show output of a host, redacted again in case someone edited it."""
    outputs: dict[str, str] = {}
    problems: list[Problem] = []
    by_file = {name: command for command, name in meta.commands.items()}
    for file in folder.shows():
        command = by_file.get(file) or file.removesuffix(".txt").replace("-", " ")
        try:
            outputs[command] = redact(_shown(folder, file), fingerprinter).text
        except NotTextError as error:
            problems.append(Problem("show", meta.host, f"{folder.name}/{file}", str(error)))
    for command in meta.commands:
        if command not in outputs and not any(
            problem.file.endswith(f"/{command_file(command)}") for problem in problems
        ):
            problems.append(Problem("show", meta.host, f"{folder.name}/{command_file(command)}", "is missing"))
    for detail, why_not in zip(UNREAD[1:], ("the account may not use it", "it could not be read"), strict=True):
        for command in filter(None, meta.details.get(detail, "").split(", ")):
            text = f"`{command}` is missing: {why_not}"
            problems.append(Problem("show", meta.host, f"{folder.name}/{META_FILE}", text))
    parsed = parse_shows(outputs, meta.facts)
    problems += [
        Problem("show", meta.host, f"{folder.name}/{command_file(command)}", text)
        for command, text in parsed.problems.items()
    ]
    return msgspec.structs.replace(parsed.outputs, read=meta.state_read), problems


def _shown(folder: HostFiles, file: str) -> str:
    return text_of(lambda: folder.content(file))


def _of_host(config: ParsedConfig, meta: HostMeta, shows: ShowOutputs, *, alone: bool) -> ParsedConfig:
    """A collected configuration with what else was collected, under the name that the inventory gives its host."""
    name = meta.host if alone else config.host
    ways = tuple(filter(None, meta.details.get(WEAK_WAYS, "").split(", ")))
    router = config.router and msgspec.structs.replace(config.router, name=name, shows=shows, weak_ways=ways)
    return msgspec.structs.replace(config, host=name, router=router)
