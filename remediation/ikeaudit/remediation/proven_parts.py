"""The parts of a plan that have nothing to do with each other, proven one by one, and put together as if proven at once.

What a fleet costs is then what its parts cost, however many there are; of each only what the plan says is kept, and its proof
as it will be written. Parts may be proven by several processes. Of few routers all is proven at once.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NoReturn, TypeVar

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet, Translation
from ikeaudit.model import Router
from ikeaudit.model.grouping import by_key
from ikeaudit.model.watching import watched
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.components import Component, components
from ikeaudit.remediation.joined_parts import Changed, Part, Place, Whole, joined
from ikeaudit.remediation.outlooks import first_rekeys, lasting
from ikeaudit.remediation.plan import Direction, Outlook, Refusal, Step, Verdict, Wave
from ikeaudit.remediation.plan_folder import encode
from ikeaudit.remediation.plan_texts import Packed
from ikeaudit.remediation.proof import NotProven, Proven, prove
from ikeaudit.remediation.proof_files import ProofShelf
from ikeaudit.remediation.scene import Key, key_of
from ikeaudit.remediation.waves.states import between, with_expectations, with_states
from ikeaudit.snapshot.packing import Squeezed, Unpacker, packed
from ikeaudit.snapshot.workers import Workers

T = TypeVar("T")

FEW = 100
"""Routers under change up to which all of them are proven at once, whether or not they have to do with each other."""


class _Unproven(msgspec.Struct, frozen=True):
    """The refusal of a component, and when the proof met it."""

    refusal: Refusal
    stage: int
    place: int


def proven_parts(
    fleet: Fleet,
    steps: tuple[Step, ...],
    waves: tuple[Wave, ...],
    workers: Workers,
    shelf: ProofShelf | None = None,
    accepted: set[bytes] | None = None,
) -> Whole:
    """Prove ``steps``, which ``waves`` carry out; raises :class:`NotProven` for the first that the replay does not accept.

    Where parts are proven one by one, ``shelf`` gets the proof of each as soon as it is there; what it had before is gone.
    ``accepted`` gets what tells the parts that are proven, and is to be handed in again when ``fleet`` is planned without a
    router that was refused: those of which nothing is known are proven before the others then, and a further refusal costs
    no more than them.
    """
    shelf = shelf or ProofShelf()
    shelf.clear()
    whole = Component(tuple(router.name for router in fleet.routers), steps)
    if len({step.router for step in steps}) <= FEW:
        return joined([_proven(fleet, whole, waves)], waves)
    parts = components(fleet, steps, [group.routers for wave in waves for group in wave.groups])
    if len(parts) < 2:
        return joined([_proven(fleet, whole, waves)], waves)
    return _apart(fleet, whole, parts, waves, workers, shelf, set() if accepted is None else accepted)


def _apart(
    fleet: Fleet,
    whole: Component,
    parts: Sequence[Component],
    waves: tuple[Wave, ...],
    workers: Workers,
    shelf: ProofShelf,
    accepted: set[bytes],
) -> Whole:
    part_of = {name: at for at, part in enumerate(parts) for name in part.routers}
    shares = _shares(waves, part_of)
    known = by_key(
        (part_of[e.initiator], e)
        for e in (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
        if e.initiator in part_of
    )
    proofs = _Proofs(fleet, parts, shares, known)
    told = [_told_by(part) for part in parts]
    found: dict[int, Part | _Unproven | None] = {}
    for own in _turns(parts, [one in accepted for one in told]):
        answers = _ByStep(workers.spread(proofs, own), [len(parts[at].steps) for at in own])
        waiting = iter(own)
        for answer in watched("steps proved", answers):
            for part in answer:
                at = next(waiting)
                if isinstance(part, Part):
                    shelf.put(at, part.proof)
                    accepted.add(told[at])
                    part = msgspec.structs.replace(part, proof=_ON_THE_SHELF)
                found[at] = part
        if not all(isinstance(part, Part) for part in found.values()):
            break
    proven = [part for at in sorted(found) if isinstance(part := found[at], Part)]
    if len(proven) == len(parts):
        return joined(proven, waves, shelf.taken())
    shelf.clear()
    unproven = [one for one in found.values() if isinstance(one, _Unproven)]
    first = min(unproven, key=lambda one: (one.stage, one.place), default=None)
    if first is not None and len(proven) + len(unproven) == len(found) and (len(unproven) == 1 or first.stage < _LAST):
        raise NotProven(first.refusal, first.stage, first.place)
    # A part says something else alone, or which refusal comes first is not known: all at once.
    return joined([_proven(fleet, whole, waves)], waves)


def _turns(parts: Sequence[Component], accepted: Sequence[bool]) -> list[list[int]]:
    """The numbers of the parts in the order in which they are proven: those that were accepted before in a turn of their own.

    Those alike in size are at work at the same time; answers are waited for in this order.
    """
    order = sorted(range(len(parts)), key=lambda at: -len(parts[at].steps))
    turns = [[at for at in order if accepted[at] is known] for known in (False, True)]
    return [turn for turn in turns if turn]


def _told_by(part: Component) -> bytes:
    """What tells a part from all others that the replay may say something else of: all but the numbers of its steps."""
    numbers = [step.number for step in part.steps]
    steps = [
        msgspec.structs.replace(
            step,
            number=at,
            announce=tuple(
                msgspec.structs.replace(one, until=bisect_right(numbers, one.until)) for one in step.announce
            ),
        )
        for at, step in enumerate(part.steps)
    ]
    return sha256(msgspec.msgpack.encode((part.routers, steps))).digest()


_ON_THE_SHELF = Packed(b"")
"""Of a part whose proof is kept elsewhere."""


class _ByStep(Sequence[tuple[()] | tuple[T]]):
    """The answers for parts of so many steps each, and nothing for each further step: a watch counts steps."""

    def __init__(self, answers: Iterable[T], steps: Sequence[int]) -> None:
        self._answers = answers
        self._steps = steps

    def __len__(self) -> int:
        return sum(self._steps)

    def __getitem__(self, place: object) -> NoReturn:
        raise TypeError("answers come in their order, once")

    def __iter__(self) -> Iterator[tuple[()] | tuple[T]]:
        for answer, steps in zip(self._answers, self._steps, strict=True):
            yield (answer,)
            yield from ((),) * (steps - 1)


_BACK, _LAST = 3, 5
"""Stages of a proof: the way back goes from the last step to the first; in the last, directions are looked at, not steps."""


def _refused(error: NotProven, part: Component) -> _Unproven:
    """What the proof of a part met, with the place that it has among all of that stage."""
    first = next(step.number for step in part.steps if step.router == error.refusal.router)
    place = {0: error.step, _BACK: -error.step}.get(error.stage, first)
    return _Unproven(error.refusal, error.stage, place)


def _shares(waves: Sequence[Wave], part_of: Mapping[str, int]) -> dict[int, tuple[Wave, ...]]:
    """The waves of each part, with its own groups and routers alone; partners are those of the whole wave."""
    found: dict[int, list[Wave]] = {}
    for wave in waves:
        groups = by_key((part_of[group.routers[0]], group) for group in wave.groups)
        routers = by_key((part_of[name], name) for name in wave.routers)
        for at, own in groups.items():
            share = msgspec.structs.replace(wave, groups=tuple(own), routers=tuple(routers[at]))
            found.setdefault(at, []).append(share)
    return {at: tuple(own) for at, own in found.items()}


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A part on its way to another machine: models, in which every key is a token; ``known`` is the hash of its exchanges."""

    routers: tuple[Router, ...]
    nat: tuple[Translation, ...]
    part: Component
    waves: tuple[Wave, ...]
    known: str


class _Answer(msgspec.Struct, frozen=True):
    """What another machine says of a part: one of both."""

    proven: Part | None
    unproven: _Unproven | None


_ASKED, _ANSWER = Unpacker(_Asked), Unpacker(_Answer)


def proven_there(content: bytes) -> bytes:
    """Prove a part that came from another machine; nothing where that says something else of it."""
    asked: _Asked = _ASKED.unpacked(Squeezed(content).whole())
    alone = Fleet(asked.routers, asked.nat)
    if _hash(_exchanges(alone)) != asked.known:
        return b""
    found = _tried(alone, asked.part, asked.waves)
    answer = packed(_Answer(found, None) if isinstance(found, Part) else _Answer(None, found))
    return b"" if answer is None else bytes(Squeezed.of(answer))


class _Proofs:
    """The proofs of parts, each by its number, as work that travels; None of a part that says something else alone."""

    there = "ikeaudit.remediation.proven_parts:proven_there"

    def __init__(
        self,
        fleet: Fleet,
        parts: Sequence[Component],
        shares: Mapping[int, tuple[Wave, ...]],
        known: Mapping[int, list[Exchange]],
    ) -> None:
        self._fleet, self._parts, self._shares, self._known = fleet, parts, shares, known

    def __call__(self, at: int) -> Part | _Unproven | None:
        """Prove one here."""
        alone = Fleet(self._routers(at), self._fleet.translations)
        if _exchanges(alone) != self._known.get(at, []):
            return None
        return _tried(alone, self._parts[at], self._shares[at])

    def sent(self, at: int) -> bytes | None:
        """A part with its routers."""
        known = _hash(self._known.get(at, []))
        if known is None:
            return None
        asked = _Asked(
            routers=self._routers(at),
            nat=tuple(self._fleet.translations),
            part=self._parts[at],
            waves=self._shares[at],
            known=known,
        )
        content = packed(asked)
        return None if content is None else bytes(Squeezed.of(content))

    def taken(self, at: int, answer: bytes) -> Part | _Unproven | None:
        """What another machine says of the same part."""
        try:
            found: _Answer | None = _ANSWER.unpacked(Squeezed(answer).whole())
        except zlib.error:
            return None
        if found is None or found.proven is None:
            return None if found is None else found.unproven
        fits = [step.number for step in found.proven.steps] == [step.number for step in self._parts[at].steps]
        return found.proven if fits else None

    def _routers(self, at: int) -> tuple[Router, ...]:
        return tuple(map(self._fleet.router, self._parts[at].routers))


def _exchanges(fleet: Fleet) -> list[Exchange]:
    return [*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges]


def _hash(exchanges: Sequence[Exchange]) -> str | None:
    content = packed(exchanges)
    return None if content is None else sha256(content).hexdigest()


# -- one part ----------------------------------------------------------------------------------------------------------


def _tried(fleet: Fleet, part: Component, waves: tuple[Wave, ...]) -> Part | _Unproven:
    try:
        return _proven(fleet, part, waves)
    except NotProven as error:
        return _refused(error, part)


def _proven(fleet: Fleet, part: Component, waves: tuple[Wave, ...]) -> Part:
    ends = between(waves, part.steps)
    proven = prove(fleet, part.steps, marks=[last for numbers in ends.values() for last in numbers])
    later = {Direction.of(e): _place(e, proven.unstarted[1]) for e in proven.later}
    return Part(
        steps=proven.steps,
        waves=with_expectations(with_states(fleet, waves, proven), proven),
        changed={
            name: Changed(
                Packed.of(text.encode()),
                (
                    before_hash("\n".join(fleet.router(name).lines)),
                    before_hash(text),
                    before_hash(proven.rolled_back[name]),
                ),
                proven.order_changes[name],
            )
            for name, text in proven.after.items()
        },
        outlooks=tuple(_outlooks(fleet, proven)),
        failing=tuple((later[Direction.of(e)], e) for e in proven.later if lasting(e)),
        rekeys=tuple((later[one.direction], one) for one in first_rekeys(fleet, proven.after, proven.later)),
        ends=frozenset(name for e in proven.later for name in (e.initiator, e.responder) if name is not None),
        proof=Packed.of(encode(proven.proof)),
    )


def _place(exchange: Exchange, unstarted: Mapping[Key, int], *, new: bool = False) -> Place:
    return new, unstarted.get(key_of(exchange), 0), exchange.initiator


def _outlooks(fleet: Fleet, proven: Proven) -> Iterator[tuple[Place, Outlook]]:
    """Every direction of the changed routers, before and after; a direction that is new or gone stands on its own."""
    before = {Direction.of(e): e for e in proven.before}
    later = {Direction.of(e): e for e in proven.later}
    fvrf = {(end.router, end.interface): end.fvrf for end in fleet.endpoints}
    for direction in dict.fromkeys((*before, *later)):
        new = direction not in before
        now = later.get(direction) or before[direction]
        yield (
            _place(later[direction], proven.unstarted[1], new=True)
            if new
            else _place(before[direction], proven.unstarted[0]),
            Outlook(
                direction=direction,
                tunnel=now.tunnel,
                before=None if new else Verdict.of(before[direction]),
                after=Verdict.of(later[direction]) if direction in later else None,
                ike_version=now.ike_version,
                fvrf=fvrf.get((direction.initiator, direction.initiator_interface)),
            ),
        )
