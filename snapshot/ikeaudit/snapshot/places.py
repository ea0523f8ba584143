"""Many places read: each by one of several processes, or not at all where the cache has what is in it."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from ikeaudit.model import Router
from ikeaudit.model.errors import InputError
from ikeaudit.model.watching import watched
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.account import Read, Routers
from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.host_files import Lying, counts
from ikeaudit.snapshot.host_meta import CONFIG_FILE
from ikeaudit.snapshot.packing import Squeezed, Unpacker, packed
from ikeaudit.snapshot.plain_files import read_plain
from ikeaudit.snapshot.workers import Workers

WORTH_IT = 64
"""Places from which on reading them is spread over processes: with fewer, starting these takes longer than it saves."""

FEW = 500
"""Places up to which their routers lie as they are where nobody else needs them: to compress many takes less than memory."""

_AT_ONCE = 500
"""Values that are brought into the cache together."""


class Place(NamedTuple):
    """The folder of a host, or, with a ``name``, a file that is called so in a folder of configurations."""

    path: Path
    name: str = ""

    def read(self, fingerprinter: Fingerprinter) -> tuple[Read, Routers]:
        """Everything in it."""
        from ikeaudit.snapshot.one_read import read_file, read_host  # all of the parser

        if self.name:
            return read_file(self.path, self.name, fingerprinter)
        return read_host(Lying(self.path), fingerprinter)

    def may_travel(self) -> bool:
        """Whether it may be worth while to send it to another machine."""
        from ikeaudit.snapshot.sending import may_travel

        return not self.name and may_travel(self.path)

    def contents(self) -> list[bytes] | None:
        """Every name and every byte that :meth:`read` goes by; None where something there cannot be read."""
        try:
            if self.name:
                return [self.name.encode(), read_plain(self.path)]
            names = sorted(entry.name for entry in os.scandir(self.path) if counts(entry.name))
            found = [b"", self.path.name.encode()]
            for name in names:
                found += [name.encode(), read_plain(self.path / name)]
        except (OSError, UnicodeEncodeError):
            return None
        return found

    def signature(self) -> tuple[int, ...] | None:
        """What the file system says of all that :meth:`contents` has; None where that cannot be relied on.

        The time of the last change of an inode is nobody's to set: who edits a file changes it. A change of this moment may
        have one that is told as the same, so that nothing is said of it.
        """
        try:
            if self.name:
                stats = [self.path.stat()]
            else:
                stats = [entry.stat() for entry in sorted(os.scandir(self.path), key=_name) if counts(entry.name)]
        except OSError:
            return None
        if any(time.time_ns() - one.st_ctime_ns < _FRESH for one in stats):
            return None
        return tuple(n for s in stats for n in (s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns))


_FRESH = 3 * 10**9
"""Nanoseconds within which two changes of a file may be told with one time, and clocks may differ."""


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What an index says of a place: its ``signature`` then, and what it held, with the ``key`` of that."""

    place: str
    signature: tuple[int, ...]
    key: bytes
    read: Read


class Held:
    """The routers of one place, which lie compressed, or in the cache, until somebody asks for them."""

    __slots__ = ("_found", "_get", "_lying")

    def __init__(
        self,
        found: Routers | None,
        get: Callable[[bool], Routers] = lambda _: (),
        lying: Squeezed | None = None,
    ) -> None:
        """``get`` gets them where they were not ``found``; True: to be kept, so that they share what they have in common.

        ``lying`` is what they are made of, where that lies here.
        """
        self._found = found
        self._get = get
        self._lying = lying

    def routers(self) -> Routers:
        """The routers, which are kept from then on."""
        if self._found is None:
            self._found = self._get(True)
        return self._found

    def made(self) -> Routers:
        """The routers, which nobody keeps but who asks."""
        return self._found if self._found is not None else self._get(False)

    def squeezed(self) -> Squeezed | None:
        """The routers as bytes, which :func:`unsqueezed` makes routers of; None where they have no such form."""
        if self._lying is not None:
            return self._lying
        content = packed(self.made())
        return None if content is None else Squeezed.of(content)


def unsqueezed(content: bytes) -> Routers | None:
    """The routers in what :meth:`Held.squeezed` gave; None for anything else."""
    try:
        found: Routers | None = _ROUTERS.unpacked(Squeezed(content).whole())
    except zlib.error:
        return None
    return found


class _Done(NamedTuple):
    """What a place held when it was read: ``key`` where it was the same before and after, so that it may be kept."""

    key: bytes | None
    read: bytes | Read
    routers: Squeezed | Routers


_READ = Unpacker(Read)
_ROUTERS = Unpacker(tuple[Router, ...])
_INDEX = Unpacker(tuple[Entry, ...])


class Reader:
    """Reads places under one fingerprint key."""

    def __init__(
        self, fingerprinter: Fingerprinter, cache: Cache | None = None, workers: Workers | None = None
    ) -> None:
        self._fingerprinter = fingerprinter
        self._cache = cache or Cache(None)
        self._workers = workers or Workers()
        self._lines: dict[str, str] = {}

    def read(self, title: str, places: Sequence[Place]) -> list[tuple[Read, Held, bytes | None]]:
        """What is in each of ``places``, in their order, told to a watch under ``title``, and the key of what it was worked
        out from; None where that is not known for certain."""
        known = self._known(places)
        missing = [place for place in places if place not in known]
        fresh: dict[bytes, bytes] = {}
        found = dict(known)
        for place, done in self._answers(title, missing):
            found[place] = self._taken(place, done, fresh)
            if len(fresh) >= _AT_ONCE:
                self._cache.keep(fresh)
                fresh.clear()
        self._cache.keep(fresh, [key for _, _, key in known.values() if key is not None])
        return [found[place] for place in places]

    def _answers(self, title: str, places: Sequence[Place]) -> Iterator[tuple[Place, _Done]]:
        """What is in each of ``places``, first in those that stay here when others travel."""
        may = {place: self._workers.elsewhere is not None and place.may_travel() for place in places}
        away, stay = ([place for place in places if may[place] is there] for there in (True, False))
        few = len(stay) <= FEW and not self._cache.used and self._workers.processes < 2
        here = self._workers.spread(self._simply if few else self._done, stay, least=WORTH_IT)
        if stay or not away:
            yield from zip(stay, watched(title, here), strict=True)
        hosts = _Hosts(self._done, self._cache, self._fingerprinter)
        if away:
            yield from zip(away, watched(title, self._workers.spread(hosts, away)), strict=True)
        if self._workers.elsewhere is not None and (stayed := len(stay) + hosts.stayed):
            from ikeaudit.snapshot.sending import STAYS

            self._workers.tell(f"{stayed} of {len(places)} {STAYS}")

    def indexed(self, title: str, root: Path, places: Sequence[Place]) -> list[tuple[Read, Held]]:
        """As :meth:`read`, of places in ``root``; without reading those whose signature is the one in the index of it."""
        if not self._cache.used:
            return [(read, held) for read, held, _ in self.read(title, places)]
        index_key = self._cache.key("index", title.encode(), os.fsencode(root.absolute()))
        kept = self._cache.get(index_key)
        index = {entry.place: entry for entry in (_INDEX.unpacked(kept) if kept is not None else None) or ()}
        found: dict[Place, tuple[Read, Held, bytes | None]] = {}
        signed = {place: place.signature() for place in places}
        for place, signature in signed.items():
            entry = index.get(place.name or place.path.name)
            if entry is not None and signature is not None and entry.signature == signature:
                found[place] = entry.read, Held(None, self._getting(place, entry.key)), entry.key
        rest = [place for place in places if place not in found]
        found.update(zip(rest, self.read(title, rest), strict=True))
        if rest or len(index) != len(found):
            entries = [
                Entry(place.name or place.path.name, signature, key, read)
                for place, (read, _, key) in found.items()
                if key is not None and (signature := signed[place]) is not None
            ]
            if (value := packed(entries)) is not None:
                self._cache.keep({index_key: value})
        return [found[place][:2] for place in places]

    def _known(self, places: Sequence[Place]) -> dict[Place, tuple[Read, Held, bytes | None]]:
        """The places of which the cache knows what is in them."""
        if not self._cache.used:
            return {}
        keys = {key: place for place in places if (key := self._key(place)) is not None}
        found: dict[Place, tuple[Read, Held, bytes | None]] = {}
        for key, value in self._cache.found(keys):
            read = _READ.unpacked(value)
            if read is not None:
                found[keys[key]] = read, Held(None, self._getting(keys[key], key)), key
        return found

    def _key(self, place: Place) -> bytes | None:
        contents = place.contents()
        return None if contents is None else self._cache.key("read", *contents)

    def _getting(self, place: Place, key: bytes) -> Callable[[bool], Routers]:
        """How the routers of a place are got that was found by ``key``."""

        def get(kept: bool) -> Routers:
            value = self._cache.get(self._cache.key("routers", key))
            routers = _ROUTERS.unpacked(value) if value is not None else None
            if routers is None:
                _, routers = place.read(self._fingerprinter)
                if self._key(place) != key:
                    raise InputError(f"{place.path} was changed while it was read; run the command again")
            return self._sharing(routers) if kept else routers

        return get

    def _unsqueezing(self, place: Place, squeezed: Squeezed) -> Callable[[bool], Routers]:
        """How the routers of a place are got that lie compressed."""

        def get(kept: bool) -> Routers:
            routers = _ROUTERS.unpacked(squeezed.whole())
            if routers is None:  # a form that does not come back as it was
                _, routers = place.read(self._fingerprinter)
            return self._sharing(routers) if kept else routers

        return get

    def _sharing(self, routers: Routers) -> Routers:
        """``routers`` whose lines are the same objects as equal ones of others: most lines of a fleet are alike."""
        share = self._lines.setdefault
        return tuple(
            msgspec.structs.replace(router, lines=tuple([share(line, line) for line in router.lines]))
            for router in routers
        )

    def _simply(self, place: Place) -> _Done:
        """What is in a place, as it is."""
        return _Done(None, *place.read(self._fingerprinter))

    def _done(self, place: Place) -> _Done:
        """What is in a place; with the key where nobody wrote there meanwhile."""
        before = self._key(place) if self._cache.used else None
        read, routers = place.read(self._fingerprinter)
        key = before if before is not None and self._key(place) == before else None
        content = packed(routers)
        if content is None:
            return _Done(None, read, routers)
        return _Done(key, packed(read) or read, Squeezed.of(content))

    def _taken(self, place: Place, done: _Done, fresh: dict[bytes, bytes]) -> tuple[Read, Held, bytes | None]:
        """What was done, to be kept in the cache as ``fresh`` where it may be."""
        read = _READ.unpacked(done.read) if isinstance(done.read, bytes) else done.read
        if read is None:  # a form that does not come back as it was
            read, routers = place.read(self._fingerprinter)
            return read, Held(routers), None
        if not isinstance(done.routers, Squeezed):
            return read, Held(self._sharing(done.routers)), None
        if done.key is not None and isinstance(done.read, bytes):
            fresh[done.key] = done.read
            fresh[self._cache.key("routers", done.key)] = done.routers
        return read, Held(None, self._unsqueezing(place, done.routers), done.routers), done.key


def _fit(place: Place, read: Read, routers: Routers) -> bool:
    """Whether it may be the reading of a host's folder: another machine may say anything."""
    file = f"{place.path.name}/{CONFIG_FILE}"
    counted = sum(account.text is not None for account in read.accounts)
    named = read.stem == place.path.name and all(account.config.file == file for account in read.accounts)
    return named and len(routers) == counted


class _Hosts:
    """The reading of hosts' folders as work that travels; ``stayed`` counts those whose text may hold a key, and stays here."""

    there = "ikeaudit.snapshot.sending:read_there"

    def __init__(self, done: Callable[[Place], _Done], cache: Cache, fingerprinter: Fingerprinter) -> None:
        self._done, self._cache, self._fingerprinter = done, cache, fingerprinter
        self._keys: dict[Place, bytes] = {}
        self.stayed = 0

    def __call__(self, place: Place) -> _Done:
        """Read one here."""
        return self._done(place)

    def sent(self, place: Place) -> bytes | None:
        """What of it is read elsewhere: all that is in it."""
        from ikeaudit.snapshot.sending import sent_of

        contents = place.contents()
        if contents is None:
            return None
        files = {name.decode(): content for name, content in zip(contents[2::2], contents[3::2], strict=True)}
        sent = sent_of(place.path.name, files, self._fingerprinter)
        self.stayed += sent is None
        if sent is not None and self._cache.used:
            self._keys[place] = self._cache.key("read", *contents)
        return sent

    def taken(self, place: Place, answer: bytes) -> _Done | None:
        """What was read elsewhere."""
        from ikeaudit.snapshot.sending import answer_of

        found = answer_of(answer)
        if found is None:
            return None
        read, routers = _READ.unpacked(found.read), unsqueezed(found.routers)
        if read is None or routers is None or not _fit(place, read, routers):
            return None
        return _Done(self._keys.get(place), found.read, Squeezed(found.routers))
