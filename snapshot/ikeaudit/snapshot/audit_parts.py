"""The audit of a fleet part by part: each by one of several processes, or not at all where the cache has what it says.

The first process never has the routers of more than one part: whoever audits a part makes its routers out of what was read, and
what it says of them is small (:mod:`ikeaudit.hazards.by_parts`).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from ikeaudit.fleet import Fleet, Translation
from ikeaudit.fleet.memo import Memo
from ikeaudit.hazards import HAZARDS, AuditContext
from ikeaudit.hazards.by_parts import PartSaid, Said, lighter, part_said, whole_said
from ikeaudit.hazards.facts.release import Release
from ikeaudit.hazards.finding import ToldOfRouter
from ikeaudit.model import Router
from ikeaudit.model.watching import watched
from ikeaudit.selection import RouterRules
from ikeaudit.snapshot.audit_key import audit_key
from ikeaudit.snapshot.audit_memo import AuditMemo
from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.loading import Snapshot
from ikeaudit.snapshot.matter import without_idle_lines
from ikeaudit.snapshot.packing import Squeezed, Unpacker, packed
from ikeaudit.snapshot.parting import batches, parts_of
from ikeaudit.snapshot.places import unsqueezed
from ikeaudit.snapshot.workers import Workers

WORTH_IT = 64
"""Routers from which on auditing them is spread over processes."""


def audited_part(
    routers: Iterable[Router],
    nat: Sequence[Translation] = (),
    planned: Mapping[str, Release] | None = None,
    memo: Memo | None = None,
) -> PartSaid:
    """What the audit of some routers says that have nothing to do with any other (:func:`~ikeaudit.snapshot.parting.parts_of`).

    It goes by nothing else, and all that is given and returned is fit to be sent. ``nat`` are all translations, ``planned`` the
    releases that routers, by name, are to be upgraded to. Lines that no rule looks at do not count. A ``memo`` knows what was
    worked out before.
    """
    fleet = Fleet(map(without_idle_lines, routers), nat, memo=memo)
    context = AuditContext(fleet, planned)
    said = part_said(context, HAZARDS)
    context.told_before.keep(ToldOfRouter)
    return said


_Answer = tuple[PartSaid, dict[bytes, bytes]]
"""What the audit of a part says, and what is to be kept for the next time."""


class PartAudit:
    """The audit of all routers of a snapshot, part by part."""

    def __init__(
        self,
        read: Snapshot,
        nat: tuple[Translation, ...],
        planned: Mapping[str, Release] | None,
        cache: Cache | None = None,
        workers: Workers | None = None,
    ) -> None:
        self._read, self._nat, self._planned = read, nat, planned
        self._cache, self._workers = cache or Cache(None), workers or Workers()

    def said(self) -> Said:
        """What it says: the same as one of all routers at once."""
        parts = batches(parts_of(self._read.cards, self._nat))
        keys = {part: key for part in parts if (key := self._key(part)) is not None} if len(parts) > 1 else {}
        found: dict[tuple[str, ...], PartSaid] = {}
        for part, key in keys.items():
            value = self._cache.get(key)
            said = _PART.unpacked(value) if value is not None else None
            if said is not None:
                found[part] = said
        missing = sorted((part for part in parts if part not in found), key=lambda part: (-len(part), part))
        for part, (said, fresh) in zip(missing, self._answers(missing), strict=True):
            found[part] = said
            if part in keys and (value := packed(said)) is not None:
                fresh[keys[part]] = value
            self._cache.keep(fresh)
        return whole_said([found[part] for part in parts], HAZARDS, _Doubtful(self._read, found.values()))

    def _answers(self, missing: Sequence[tuple[str, ...]]) -> Iterable[_Answer]:
        """What the audits of some parts say, the largest of which come first."""
        if len(missing) < 2:
            return map(self.audited, missing)  # what is replayed there is told to a watch
        few = sum(map(len, missing)) < WORTH_IT
        work = _Parts(self._read, self._nat, self._planned_for, self.audited)
        return watched("parts audited", (Workers() if few else self._workers).spread(work, missing))

    def audited(self, names: tuple[str, ...]) -> _Answer:
        """What the audit of one part says, and what of it is to be kept."""
        cache = self._cache.again()  # this may be another process
        memo = AuditMemo(cache, self._read.matter, self._read.still)
        said = audited_part(self._read.made(names), self._nat, self._planned_for(names), memo if cache.used else None)
        cache.close()
        return lighter(said), memo.fresh

    def _planned_for(self, names: tuple[str, ...]) -> Mapping[str, Release] | None:
        if self._planned is None:
            return None
        return {name: self._planned[name] for name in names if name in self._planned}

    def _key(self, names: tuple[str, ...]) -> bytes | None:
        """The key of what the audit of a part says."""
        return audit_key(self._cache, "part", self._read, names, self._nat, self._planned_for(names))


_PART = Unpacker(PartSaid)


class _Asked(msgspec.Struct, frozen=True, array_like=True):
    """A part on its way to another machine: the routers as :meth:`Snapshot.squeezed` has them, the rest packed."""

    places: list[bytes]
    routers: list[tuple[str, int, int]]
    nat: bytes
    planned: bytes


_NAT = Unpacker(tuple[Translation, ...])
_PLANNED = Unpacker(dict[str, Release] | None)


def audited_there(content: bytes) -> bytes:
    """What the audit of a part says that came from another machine, packed and squeezed."""
    asked = msgspec.msgpack.decode(content, type=_Asked)
    places = [unsqueezed(place) or () for place in asked.places]
    routers = [msgspec.structs.replace(places[at][number], name=name) for name, at, number in asked.routers]
    said = packed(audited_part(routers, _NAT.unpacked(asked.nat), _PLANNED.unpacked(asked.planned)))
    return b"" if said is None else bytes(Squeezed.of(said))


class _Parts:
    """The audits of parts as work that travels; what travels are models, in which every key is a token."""

    there = "ikeaudit.snapshot.audit_parts:audited_there"

    def __init__(
        self,
        read: Snapshot,
        nat: tuple[Translation, ...],
        planned: Callable[[tuple[str, ...]], Mapping[str, Release] | None],
        here: Callable[[tuple[str, ...]], _Answer],
    ) -> None:
        self._read, self._nat, self._planned, self._here = read, nat, planned, here

    def __call__(self, names: tuple[str, ...]) -> _Answer:
        """Audit one here."""
        return self._here(names)

    def sent(self, names: tuple[str, ...]) -> bytes | None:
        """The routers of a part."""
        squeezed, nat, planned = self._read.squeezed(names), packed(self._nat), packed(self._planned(names))
        if squeezed is None or nat is None or planned is None:
            return None
        places, routers = squeezed
        return msgspec.msgpack.encode(_Asked([*map(bytes, places)], routers, nat, planned))

    def taken(self, names: tuple[str, ...], answer: bytes) -> _Answer | None:
        """What another machine says of the same routers; what it knew, or found out, of single ones stays there."""
        try:
            said: PartSaid | None = _PART.unpacked(Squeezed(answer).whole())
        except zlib.error:
            return None
        return (lighter(said), {}) if said is not None and {*said.routers} == {*names} else None


class _Doubtful(Mapping[str, RouterRules]):
    """The rules of routers with lines that were not understood, made when somebody asks for them."""

    def __init__(self, read: Snapshot, parts: Iterable[PartSaid]) -> None:
        self._read = read
        self._names = {name: None for part in parts for name in part.doubtful}

    def __getitem__(self, name: str) -> RouterRules:
        if name not in self._names:
            raise KeyError(name)
        return RouterRules(without_idle_lines(next(self._read.made([name]))))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
