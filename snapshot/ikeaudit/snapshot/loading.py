"""Loading a snapshot: a collected folder, a folder of plain configurations, or one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from ikeaudit.model import Router
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.parsed import ParsedConfig
from ikeaudit.snapshot.account import Account, Problem, Read
from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.card import Card, concerned
from ikeaudit.snapshot.dated import LATEST, read_run
from ikeaudit.snapshot.host_files import host_folder_name
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE
from ikeaudit.snapshot.one_key import ELSEWHERE, key_of_most, left_out
from ikeaudit.snapshot.packing import Squeezed
from ikeaudit.snapshot.places import Held, Place, Reader
from ikeaudit.snapshot.plain_files import why
from ikeaudit.snapshot.private_files import KNOWN_BY, drafted, is_draft
from ikeaudit.snapshot.text_files import NotTextError
from ikeaudit.snapshot.workers import Workers
from ikeaudit.snapshot.workspace import Workspace

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet, Translation

SUFFIXES = frozenset({".cfg", ".conf", ".txt"})
"""The endings of the files that a folder of plain configurations is searched for."""
_PLAN = "plan.json"
_PACKED = frozenset({".gz", ".bz2", ".xz", ".zip", ".zst", ".7z"})
_DEEPEST = 16


class _Loaded(NamedTuple):
    """One configuration with the word that tells it from others of the same name; ``key_id`` as in its ``meta.json``.

    ``held`` holds the routers of the place where it lies, its own being that of ``number``.
    """

    account: Account
    stem: str
    held: Held
    number: int
    known: str | None = None
    key_id: str | None = None

    @property
    def host(self) -> str:
        """The name that the configuration claims."""
        return self.account.config.host


class Named(NamedTuple):
    """A router's name in a snapshot, the SHA-256 of its text without keys, and that of all that an audit goes by."""

    name: str
    text: str
    matter: str | None


class Snapshot:
    """What was loaded from ``path``: ``routers`` have unique names, ``files`` account for every text that was looked at.

    ``accounts`` are the files without their routers, which are made when somebody asks for them; ``names`` are those of the
    routers, in their order. ``known`` says of a collected file when it was last known to be the router's configuration.
    ``key_id`` names the key that its fingerprints were made with; None when that were several.
    """

    def __init__(self, path: Path, loaded: Sequence[_Loaded], problems: Sequence[Problem], own_key: str) -> None:
        self.path = str(path)
        self.problems = tuple(problems)
        self.known = {one.account.config.file: one.known for one in loaded if one.known}
        key_ids = {one.key_id or own_key for one in loaded}
        self.key_id = key_ids.pop() if len(key_ids) == 1 else None
        self._loaded = loaded
        called = [*_named_apart(loaded)]
        self.accounts = tuple(
            msgspec.structs.replace(one.account.config, host=name) for one, name in zip(loaded, called, strict=True)
        )
        self.names = tuple(
            Named(name, one.account.text, one.account.matter)
            for one, name in zip(loaded, called, strict=True)
            if one.account.text is not None
        )

    @cached_property
    def routers(self) -> tuple[Router, ...]:
        """Every router, under the name that it has here."""
        return tuple(self.some(one.name for one in self.names))

    @property
    def cards(self) -> dict[str, Card]:
        """The card of each router, by the name that it has here."""
        return {name: one.account.card for name, one in self._by_name.items()}

    def matter(self, name: str) -> str | None:
        """The SHA-256 of all that an audit goes by of a router; None where that is not known."""
        return self._by_name[name].account.matter

    def still(self, name: str) -> str | None:
        """The same of the router whatever state it is in."""
        return self._by_name[name].account.still

    @cached_property
    def _by_name(self) -> dict[str, _Loaded]:
        """What was loaded that has a router, by the name that it has here."""
        both = zip(self._loaded, self.accounts, strict=True)
        return {account.host: one for one, account in both if one.account.text is not None}

    def around(self, pair: Collection[str]) -> tuple[Router, ...] | None:
        """``pair`` of routers with all that :func:`concerned` says of them; None where that cannot be told without the others:
        where some router's state is known."""
        cards = self.cards
        if not cards.keys() >= {*pair} or any(card.state for card in cards.values()):
            return None
        return tuple(self.some(concerned(pair, cards)))

    def some(self, names: Iterable[str]) -> Iterator[Router]:
        """The routers of those names, in the order of all; of what the cache has none is made but these."""
        wanted = {*names}
        yield from self._made([name for name in self._by_name if name in wanted], Held.routers)

    def made(self, names: Sequence[str]) -> Iterator[Router]:
        """The routers of those names, in that order, of which nothing stays here."""
        return self._made(names, Held.made)

    def _made(self, names: Iterable[str], get: Callable[[Held], tuple[Router, ...]]) -> Iterator[Router]:
        held: Held | None = None
        found: tuple[Router, ...] = ()
        for name in names:
            one = self._by_name[name]
            if one.held is not held:
                held, found = one.held, get(one.held)
            router = found[one.number]
            yield router if router.name == name else msgspec.structs.replace(router, name=name)

    def squeezed(self, names: Sequence[str]) -> tuple[list[Squeezed], list[tuple[str, int, int]]] | None:
        """What routers of those names are made of: places, and of each router its name here, its place and its number there.

        None where one has no such form.
        """
        places: dict[int, int] = {}
        contents: list[Squeezed] = []
        routers: list[tuple[str, int, int]] = []
        for name in names:
            one = self._by_name[name]
            if id(one.held) not in places:
                content = one.held.squeezed()
                if content is None:
                    return None
                places[id(one.held)] = len(contents)
                contents.append(content)
            routers.append((name, places[id(one.held)], one.number))
        return contents, routers

    @property
    def files(self) -> tuple[ParsedConfig, ...]:
        """Every text that was looked at, with its router."""
        routers = {router.name: router for router in self.routers}
        return tuple(
            msgspec.structs.replace(account, router=routers[account.host] if one.account.text is not None else None)
            for one, account in zip(self._loaded, self.accounts, strict=True)
        )

    @property
    def failed_hosts(self) -> tuple[Problem, ...]:
        """The hosts that the snapshot knows of and has no configuration of, or a stale one: it is incomplete by them."""
        return tuple(problem for problem in self.problems if problem.kind == "host")

    def fleet(self, nat: Iterable[Translation] = (), *, steps: bool = False) -> Fleet:
        """The routers as a fleet, with ``steps`` one whose exchanges tell theirs; InputError when there are none."""
        from ikeaudit.fleet import Fleet  # and all that it replays

        if self.routers:
            return Fleet(self.routers, nat, steps=steps)
        reasons = [f"{entry.file}: {entry.reason}" for entry in self.accounts if entry.reason]
        reasons += [f"{problem.host}: {problem.text}" for problem in self.failed_hosts]
        more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
        detail = f" ({'; '.join(reasons[:3])}{more})" if reasons else ""
        raise InputError(f"{self.path} holds no Cisco IOS configuration{detail}")


def load_snapshot(
    path: Path, workspace: Workspace, cache: Cache | None = None, workers: Workers | None = None
) -> Snapshot:
    """Reads ``path``: a snapshot folder, one host's folder, a folder of configurations, or one file of any name.

    ``cache`` is asked for what was read before, and keeps what is new; ``workers`` read the rest. InputError with one clear
    sentence when there is nothing there to read. A file in a folder that is no text, or no IOS configuration, is an entry of
    ``files`` with the reason.
    """
    reader = Reader(workspace.fingerprinter, cache, workers)
    try:
        loaded, problems = _load(path, workspace.fingerprinter, reader)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({why(error)})") from None
    own = workspace.fingerprinter.key_id
    kept = key_of_most([one.key_id or own for one in loaded if one.account.text is not None], own)
    if kept != own:
        problems.append(Problem("file", "", META_FILE, ELSEWHERE))
    comparable: list[_Loaded] = []
    for one in loaded:
        if one.account.text is None or (one.key_id or own) == kept:
            comparable.append(one)
        else:
            problems.append(Problem("host", one.host, one.account.config.file, left_out(one.key_id or own, kept)))
    return Snapshot(path, comparable, problems, own)


def _load(path: Path, fingerprinter: Fingerprinter, reader: Reader) -> tuple[list[_Loaded], list[Problem]]:
    if path.is_dir():
        return _load_folder(path, fingerprinter, reader)
    if not path.exists():
        raise InputError(f"{path} does not exist; give a snapshot folder, a folder of configurations, or one file")
    if not path.is_file():
        raise InputError(f"{path} is neither a file nor a folder")
    from ikeaudit.snapshot.one_read import read_alone

    try:
        read, routers = read_alone(path, fingerprinter)
    except NotTextError as error:
        raise InputError(f"{path}: {error}") from None
    return [*_entries(read, Held(routers))], [*read.problems]


def _entries(read: Read, held: Held) -> Iterator[_Loaded]:
    number = 0
    for account in read.accounts:
        yield _Loaded(account, read.stem, held, number, read.known, read.key_id)
        number += account.text is not None


class _Contents(NamedTuple):
    """What a folder holds: sub-folders of hosts, what is called like a configuration, and what could be either."""

    hosts: list[Path]
    files: list[Path]
    unread: list[Problem]
    empty: bool


def _load_folder(path: Path, fingerprinter: Fingerprinter, reader: Reader) -> tuple[list[_Loaded], list[Problem]]:
    if _is_host_folder(path):
        return _load_hosts(path, [path], fingerprinter, reader)
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
    loaded, problems = _load_hosts(path, hosts, fingerprinter, reader)
    problems += _interrupted(path, {entry.stem: entry.known for entry in loaded}, problems)
    nothing_read = not hosts
    places = [Place(file, file.relative_to(path).as_posix()) for file in files]
    for read, held in reader.indexed("files read", path, places):
        nothing_read = nothing_read and not read.is_text
        loaded += _entries(read, held)
        unread += read.problems
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


def _load_hosts(
    root: Path, folders: Sequence[Path], fingerprinter: Fingerprinter, reader: Reader
) -> tuple[list[_Loaded], list[Problem]]:
    loaded: list[_Loaded] = []
    problems: list[Problem] = []
    for read, held in reader.indexed("routers read", root, [*map(Place, folders)]):
        problems += read.problems
        loaded += _entries(read, held)
    return loaded, problems


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


def _named_apart(loaded: Sequence[_Loaded]) -> Iterator[str]:
    """Configurations that claim one name become ``NAME@file-stem``, numbered where the stem is the same too."""
    claims = Counter(entry.host for entry in loaded if entry.account.text is not None)
    taken: Counter[str] = Counter()
    for entry in loaded:
        if entry.account.text is None or claims[entry.host] == 1:
            yield entry.host
            continue
        name = f"{entry.host}@{entry.stem}"
        taken[name] += 1
        yield name if taken[name] == 1 else f"{name}#{taken[name]}"
