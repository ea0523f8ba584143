"""Loading a snapshot: a collected folder, a folder of plain configurations, or one file."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from ikeaudit.fleet import Fleet, Translation
from ikeaudit.model import Router, SecretFacts, ShowOutputs
from ikeaudit.model.errors import InputError
from ikeaudit.model.watching import watched
from ikeaudit.parsing.config import ParsedConfig, parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import redact
from ikeaudit.parsing.shows import parse_shows
from ikeaudit.snapshot.dated import LATEST, read_run
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE, UNREAD, WEAK_WAYS, HostMeta, command_file, read_meta
from ikeaudit.snapshot.plain_files import why
from ikeaudit.snapshot.private_files import KNOWN_BY, drafted, is_draft
from ikeaudit.snapshot.text_files import NotTextError, read_text
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import host_folder_name, is_complete

SUFFIXES = frozenset({".cfg", ".conf", ".txt"})
"""The endings of the files that a folder of plain configurations is searched for."""
_PLAN = "plan.json"
_PACKED = frozenset({".gz", ".bz2", ".xz", ".zip", ".zst", ".7z"})
_DEEPEST = 16


class Problem(NamedTuple):
    """Something that is missing or could not be used: a host that was not collected, a show command, a file's state."""

    kind: Literal["host", "show", "file"]
    host: str
    file: str
    text: str


class Snapshot(msgspec.Struct, frozen=True):
    """What was loaded from ``path``: ``routers`` have unique names, ``files`` account for every text that was looked at.

    ``known`` says of a collected file when it was last known to be the router's configuration. ``key_id`` names the key that
    its fingerprints were made with; None when that were several.
    """

    path: str
    routers: tuple[Router, ...]
    files: tuple[ParsedConfig, ...]
    problems: tuple[Problem, ...] = ()
    known: dict[str, str] = {}
    key_id: str | None = None

    @property
    def failed_hosts(self) -> tuple[Problem, ...]:
        """The hosts that the snapshot knows of and has no configuration of, or a stale one: it is incomplete by them."""
        return tuple(problem for problem in self.problems if problem.kind == "host")

    def fleet(self, nat: Iterable[Translation] = (), *, steps: bool = False) -> Fleet:
        """The routers as a fleet, with ``steps`` one whose exchanges tell theirs; InputError when there are none."""
        if self.routers:
            return Fleet(self.routers, nat, steps=steps)
        reasons = [f"{entry.file}: {entry.reason}" for entry in self.files if entry.reason]
        reasons += [f"{problem.host}: {problem.text}" for problem in self.failed_hosts]
        more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
        detail = f" ({'; '.join(reasons[:3])}{more})" if reasons else ""
        raise InputError(f"{self.path} holds no Cisco IOS configuration{detail}")


class _Loaded(NamedTuple):
    """One configuration with the word that tells it from others of the same name; ``key_id`` as in its ``meta.json``."""

    config: ParsedConfig
    stem: str
    known: str | None = None
    key_id: str | None = None


def load_snapshot(path: Path, workspace: Workspace) -> Snapshot:
    """Reads ``path``: a snapshot folder, one host's folder, a folder of configurations, or one file of any name.

    InputError with one clear sentence when there is nothing there to read. A file in a folder that is no text, or no IOS
    configuration, is an entry of ``files`` with the reason.
    """
    try:
        loaded, problems = _load(path, workspace.fingerprinter)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({why(error)})") from None
    configs = _named_apart(loaded)
    routers = tuple(config.router for config in configs if config.router is not None)
    known = {entry.config.file: entry.known for entry in loaded if entry.known}
    key_ids = {entry.key_id or workspace.fingerprinter.key_id for entry in loaded}
    key_id = key_ids.pop() if len(key_ids) == 1 else None
    return Snapshot(str(path), routers, configs, tuple(problems), known, key_id)


def _load(path: Path, fingerprinter: Fingerprinter) -> tuple[list[_Loaded], list[Problem]]:
    if path.is_dir():
        return _load_folder(path, fingerprinter)
    if not path.exists():
        raise InputError(f"{path} does not exist; give a snapshot folder, a folder of configurations, or one file")
    if not path.is_file():
        raise InputError(f"{path} is neither a file nor a folder")
    try:
        text = read_text(path)
    except NotTextError as error:
        raise InputError(f"{path}: {error}") from None
    facts = _sibling_facts(path)
    return [_Loaded(entry, path.stem) for entry in _parse(text, path.name, fingerprinter, facts)], []


class _Contents(NamedTuple):
    """What a folder holds: sub-folders of hosts, what is called like a configuration, and what could be either."""

    hosts: list[Path]
    files: list[Path]
    unread: list[Problem]
    empty: bool


def _load_folder(path: Path, fingerprinter: Fingerprinter) -> tuple[list[_Loaded], list[Problem]]:
    if _is_host_folder(path):
        return _load_hosts([path], fingerprinter)
    hosts, files, unread, empty = _contents(path)
    if not hosts and not files and (path / LATEST).is_dir():
        raise InputError(f"{path} holds dated snapshots: name one of them, or {path / LATEST}")
    if not hosts and not files and not unread:
        if read_run(path) is not None:
            raise InputError(
                f"{path}: its collection was interrupted before a router was read; collect --resume goes on"
            )
        raise InputError(
            f"{path} {'is empty' if empty else 'holds no configuration'}: expected collected hosts (folders with "
            f"{CONFIG_FILE}) or files ending in {', '.join(sorted(SUFFIXES))}"
        )
    loaded, problems = _load_hosts(hosts, fingerprinter)
    problems += _interrupted(path, {entry.stem: entry.known for entry in loaded}, problems)
    nothing_read = not hosts
    for file in watched("files read", files):
        name = file.relative_to(path).as_posix()
        try:
            text = read_text(file)
            if not text.strip():
                raise NotTextError("is empty")
            configs = _parse(text, name, fingerprinter, {})
            nothing_read = False
        except NotTextError as error:
            configs = (ParsedConfig(None, "unreadable", str(error), file.stem, name),)
        loaded += [_Loaded(entry, file.stem) for entry in configs]
        unread += [Problem("host", one.host, name, one.reason or "") for one in configs if one.kind == "unreadable"]
    if nothing_read:
        first = f"{unread[0].file} {unread[0].text}"
        raise InputError(
            f"{path} holds no configuration: {first}"
            if len(unread) == 1
            else f"{path}: none of its {len(unread)} files can be read as text (the first: {first})"
        )
    return loaded, [*problems, *sorted(unread, key=lambda problem: problem.file)]


def _contents(folder: Path) -> _Contents:
    """Whatever kind of file a name belongs to: what cannot be read must be told, and is not passed over.

    Plain configurations may lie in sub-folders.
    """
    everything = sorted(folder.iterdir(), key=lambda entry: entry.name)
    entries = [entry for entry in everything if not entry.name.startswith(".")]
    found = _Contents([], [], [], not entries)
    nowhere: list[Path] = []
    for entry in entries:
        try:
            is_folder = entry.is_dir()
            if is_folder and _is_host_folder(entry):
                found.hosts.append(entry)
                continue
        except OSError as error:
            found.unread.append(Problem("host", entry.name, entry.name, f"cannot be read ({why(error)})"))
            continue
        if _called_so(entry):
            found.files.append(entry)
        elif is_folder:
            _below(entry, found)
        elif not entry.exists():
            nowhere.append(entry)
    if found.hosts:  # among them a link without an end is a host that went away
        found.unread.extend(
            Problem("host", link.name, link.name, "cannot be read (a link that leads nowhere)") for link in nowhere
        )
        found.unread.extend(_unfinished(everything))
    return found


def _called_so(file: Path) -> bool:
    """Whether a file's name is that of a configuration, packed or not."""
    endings = [ending.lower() for ending in file.suffixes[-2:]]
    packed = len(endings) == 2 and endings[1] in _PACKED
    return not file.name.startswith(".") and bool(SUFFIXES.intersection(endings[:1] if packed else endings[-1:]))


def _below(folder: Path, found: _Contents, depth: int = 0) -> None:
    """Adds the configurations below a sub-folder; one that has hosts or a plan of its own is named, and not read."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        names = {entry.name for entry in entries}
        name = folder.name
        if _PLAN in names:
            found.unread.append(Problem("file", name, name, "is a plan and was left out"))
            return
        folders = [entry for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
        if any(_is_host_folder(entry) for entry in folders):
            found.unread.append(Problem("host", name, name, "is a snapshot of its own and was left out; give its path"))
            return
        found.files.extend(entry for entry in entries if entry not in folders and _called_so(entry))
        for entry in folders:
            if depth < _DEEPEST and not entry.is_symlink():
                _below(entry, found, depth + 1)
    except OSError as error:
        found.unread.append(Problem("host", folder.name, folder.name, f"cannot be read ({why(error)})"))


def _unfinished(entries: Iterable[Path]) -> Iterator[Problem]:
    """The hosts of which nothing lies in a snapshot but what a collection was writing when it was killed."""
    names = [entry.name for entry in entries]
    there = {name[:KNOWN_BY] for name in names if not is_draft(name)}
    for host, name in {drafted(name): name for name in names if is_draft(name)}.items():
        if host not in there:
            yield Problem("host", host, name, "was being written when the collection was ended; collect it again")


def _is_host_folder(path: Path) -> bool:
    """Whether something of a collected host lies in the folder ``path``, readable or not; OSError when it cannot be listed."""
    return any(entry.name in {CONFIG_FILE, META_FILE} for entry in path.iterdir())


def _load_hosts(folders: Sequence[Path], fingerprinter: Fingerprinter) -> tuple[list[_Loaded], list[Problem]]:
    loaded: list[_Loaded] = []
    problems: list[Problem] = []
    key_ids: set[str] = set()
    for folder in watched("routers read", folders):
        file = f"{folder.name}/{CONFIG_FILE}"
        try:
            meta = read_meta(folder)
        except ValueError as error:
            meta = HostMeta(host=folder.name)
            problems.append(
                Problem("file", folder.name, f"{folder.name}/{META_FILE}", f"{error}; facts of keys are unknown")
            )
        key_ids |= {meta.key_id} if meta.key_id else set()
        if meta.status == "failed":
            problems.append(
                Problem("host", meta.host, f"{folder.name}/{META_FILE}", meta.reason or "was not collected")
            )
            continue
        try:
            text = read_text(folder / CONFIG_FILE)
        except NotTextError as error:
            problems.append(Problem("host", meta.host, file, f"{CONFIG_FILE} {error}"))
            continue
        if os.path.lexists(folder / META_FILE) and not is_complete(text):
            problems.append(
                Problem("host", meta.host, file, f"{CONFIG_FILE} is cut off before its end; collect it again")
            )
            continue
        if meta.missed:
            problems.append(Problem("host", meta.host, f"{folder.name}/{META_FILE}", _stale(meta)))
        shows, show_problems = _read_shows(folder, meta, fingerprinter)
        problems += show_problems
        configs = _parse(text, file, fingerprinter, meta.facts)
        problems += [Problem("host", meta.host, file, entry.reason) for entry in configs if entry.reason]
        loaded += [
            _Loaded(_of_host(entry, meta, shows, alone=len(configs) == 1), folder.name, meta.known, meta.key_id)
            for entry in configs
        ]
    if len(key_ids) > 1 or (key_ids and key_ids != {fingerprinter.key_id}):
        problems.append(_foreign_keys(key_ids, fingerprinter))
    return loaded, problems


def _stale(meta: HostMeta) -> str:
    why_not = f" ({meta.reason.rstrip('.')})" if meta.reason else ""
    return f"is stale: it was not reached at {meta.missed}{why_not}; its configuration is that of {meta.known or 'earlier'}"


def _interrupted(path: Path, known: Mapping[str, str | None], told: Sequence[Problem]) -> Iterator[Problem]:
    """The hosts that a collection which did not come to its end has not read: what lies there of them is older, or nothing."""
    run = read_run(path)
    if run is None:
        return
    named = {problem.host for problem in told if problem.kind == "host"}
    for host in run.hosts:
        when = known.get(host_folder_name(host))
        if host not in named and (when or "") < run.started:
            then = f"; its configuration is that of {when}" if when else ""
            text = f"was not read: the collection of {run.started} was interrupted, --resume goes on{then}"
            yield Problem("host", host, f"{host_folder_name(host)}/{META_FILE}", text)


def _foreign_keys(key_ids: set[str], fingerprinter: Fingerprinter) -> Problem:
    text = (
        "was collected under several workspaces: keys collected under different ones cannot be compared"
        if len(key_ids) > 1
        else "was collected under another workspace: its keys cannot be compared with those of other snapshots"
    )
    return Problem("file", "", META_FILE, text)


def _sibling_facts(file: Path) -> dict[str, SecretFacts]:
    """The facts that lie beside one file of a collection or a plan; none when nothing readable does."""
    try:
        return read_meta(file.parent).facts
    except ValueError:
        return {}


def _read_shows(folder: Path, meta: HostMeta, fingerprinter: Fingerprinter) -> tuple[ShowOutputs, list[Problem]]:
    """The show output of a host, redacted again in case someone edited it."""
    outputs: dict[str, str] = {}
    problems: list[Problem] = []
    by_file = {name: command for command, name in meta.commands.items()}
    for file in sorted(folder.glob("show-*.txt")):
        command = by_file.get(file.name) or file.stem.replace("-", " ")
        try:
            outputs[command] = redact(read_text(file), fingerprinter).text
        except NotTextError as error:
            problems.append(Problem("show", meta.host, f"{folder.name}/{file.name}", str(error)))
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


def _parse(
    text: str, file: str, fingerprinter: Fingerprinter, facts: Mapping[str, SecretFacts]
) -> tuple[ParsedConfig, ...]:
    return parse_configs(text, file=file, fingerprinter=fingerprinter, facts=facts)


def _of_host(config: ParsedConfig, meta: HostMeta, shows: ShowOutputs, *, alone: bool) -> ParsedConfig:
    """A collected configuration with what else was collected, under the name that the inventory gives its host."""
    name = meta.host if alone else config.host
    ways = tuple(filter(None, meta.details.get(WEAK_WAYS, "").split(", ")))
    router = config.router and msgspec.structs.replace(config.router, name=name, shows=shows, weak_ways=ways)
    return msgspec.structs.replace(config, host=name, router=router)


def _named_apart(loaded: Sequence[_Loaded]) -> tuple[ParsedConfig, ...]:
    """Configurations that claim one name become ``NAME@file-stem``, numbered where the stem is the same too."""
    claims = Counter(entry.config.host for entry in loaded if entry.config.router)
    taken: Counter[str] = Counter()
    out: list[ParsedConfig] = []
    for config, stem, *_ in loaded:
        if config.router is None or claims[config.host] == 1:
            out.append(config)
            continue
        name = f"{config.host}@{stem}"
        taken[name] += 1
        out.append(_renamed(config, name if taken[name] == 1 else f"{name}#{taken[name]}"))
    return tuple(out)


def _renamed(config: ParsedConfig, name: str) -> ParsedConfig:
    router = config.router and msgspec.structs.replace(config.router, name=name)
    return msgspec.structs.replace(config, host=name, router=router)
