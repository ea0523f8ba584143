"""What a proof keeps in mind from step to step: the exchanges as they are now, and what may be worse at the moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice
from typing import NamedTuple

import msgspec

from ikeaudit.exchange.result import SEVERITY, Exchange, Outcome, Reading
from ikeaudit.remediation import proof_record
from ikeaudit.remediation.plan import Announcement, Direction, Step
from ikeaudit.remediation.plan_text import few
from ikeaudit.remediation.proof_record import Moved, ProvenExchange, Within
from ikeaudit.remediation.scene import Key, key_of

LOST = "up becomes lost"
"""How a sentence begins that tells the least: the direction still comes up."""


def worsening(before: Exchange, now: Exchange) -> str | None:
    """What became worse between two replays of one direction, as a clause; None when nothing did."""
    if before.holds and now.lost_at is not None:
        return f"{LOST} at the first {now.lost_at}"
    if _worse(before.outcome, now.outcome):
        return f"{_state(before.outcome, None)} becomes {_state(now.outcome, now)}"
    if _worse(before.worst, now.worst):
        bad = next((r for r in now.readings if r.outcome == now.worst), None)
        reading = f" if {bad.reading}" if bad is not None else ""
        return f"{_state(before.worst, None)} becomes {_state(now.worst, bad)}{reading}"
    return _by_reading(before, now)


def _worse(before: Outcome, now: Outcome) -> bool:
    return before in ("up", "unknown") and SEVERITY[now] > SEVERITY[before]


def _state(outcome: Outcome, why: Exchange | Reading | None) -> str:
    return f"{outcome} ({why.reason})" if why is not None and why.reason else outcome


def _by_reading(before: Exchange, now: Exchange) -> str | None:
    """Readings that make the same choices, as far as both moments pose the same questions."""
    earlier, later = _readings(before), _readings(now)
    asked = frozenset(choice for choices, _, _ in later for choice in choices)
    for choices, reading, outcome in later:
        same = [old for old in earlier if old[0] == choices] or [
            old for old in earlier if Counter(choice for choice in old[0] if choice in asked) <= Counter(choices)
        ]
        if any(_worse(old, outcome) for _, _, old in same):
            words = f" if {reading.reading}" if reading is not None else ""
            worst = next(old for _, _, old in same if _worse(old, outcome))
            return f"{worst} becomes {_state(outcome, reading)}{words}"
    return None


def _readings(exchange: Exchange) -> list[tuple[tuple[str, ...], Reading | None, Outcome]]:
    if not exchange.readings:
        return [((), None, exchange.outcome)]
    return [(tuple(r.reading.split("; ")), r, r.outcome) for r in exchange.readings]


class Passing:
    """What is worse between the lines of one step than both before and after it; ``state`` is as the step begins."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._before: dict[Key, Exchange | None] = {}
        self.seen: dict[Key, dict[int, Exchange]] = {}
        """What was replayed of each direction, by how many lines had been sent before."""
        self._lines = 0

    def again(self) -> Passing:
        """The same step, from its beginning."""
        other = Passing(self._state)
        other._before = dict(self._before)
        return other

    def take(self, replayed: Iterable[Exchange]) -> None:
        """Another line has been sent, and ``replayed`` is what it concerns, before the state is told; the rest is as it was."""
        for exchange in replayed:
            key = key_of(exchange)
            if key not in self._before:
                self._before[key] = self._state.now.get(key)
            self.seen.setdefault(key, {})[self._lines] = exchange
        self._lines += 1

    def within(self, after: Mapping[Key, Exchange]) -> tuple[Within, ...]:
        """The directions that are worse for some lines; ``after`` are the exchanges once the step has been sent."""
        found = []
        for key in sorted(self.seen):
            before, later = self._before.get(key), after.get(key)
            if before is None or later is None:
                continue
            first, lines = None, 0
            moments = self.seen[key]
            for (line, now), following in zip(moments.items(), (*islice(moments, 1, None), self._lines), strict=True):
                worse = worsening(before, now) if worsening(later, now) is not None else None
                first = first or worse
                lines += following - line if worse is not None else 0
            if first is not None:
                found.append(Within(direction=Direction.of(later), sentence=first, lines=lines))
        return tuple(found)

    def broken(self, after: Mapping[Key, Exchange]) -> frozenset[Key]:
        """The directions that hold before and after the step, and for some of its lines do not by the primary reading."""
        seen = {key for key, moments in self.seen.items() if not all(now.holds for now in moments.values())}
        both = ((key, self._before.get(key), after.get(key)) for key in seen)
        return frozenset(
            key for key, was, now in both if was is not None and now is not None and was.holds and now.holds
        )


def told(step: Step, within: tuple[Within, ...], unserved: tuple[str, ...]) -> Step:
    """``step`` with what the replay found it to do besides, and the strategy has not said.

    ``within``: what is worse between its lines; ``unserved``: callers that are turned away earlier than today.
    """
    more = []
    if within:
        lines = max(w.lines for w in within)
        text = (
            f"Between its lines, while {lines} {'is' if lines == 1 else 'are'} sent, a negotiation that begins fails and is "
            "tried again; no order of them avoids that."
        )
        more.append(Announcement(text=text, directions=tuple(w.direction for w in within), until=step.number))
    if unserved:
        text = (
            f"A peer calling from {few(unserved)} gets through main mode today and will not any more. No tunnel end would "
            "accept its quick mode, so that it fails today as well."
        )
        more.append(Announcement(text=text))
    return msgspec.structs.replace(step, announce=(*step.announce, *more))


class Told(NamedTuple):
    """What is told of a router's exchanges after a step: those ``listed``, how many are not, and which have ``moved``."""

    listed: tuple[ProvenExchange, ...]
    unchanged: int
    moved: Moved


class State:
    """The exchanges of the changed routers as the last replay of each found them."""

    def __init__(self, before: Iterable[Exchange], names: Iterable[str]) -> None:
        self.now: dict[Key, Exchange] = {}
        self._records: dict[Key, ProvenExchange] = {}
        self._keys: dict[str, dict[Key, int]] = {name: {} for name in names}
        self._routers: dict[Key, dict[str, None]] = {}
        self._other: dict[str, dict[Key, Direction | None]] = {name: {} for name in self._keys}
        self.take(before)
        self._other = {name: {} for name in self._keys}
        self._said = {record.direction: record for record in self._records.values()}

    def take(self, replayed: Iterable[Exchange]) -> dict[Key, None]:
        """Take new verdicts in; the keys of what was replayed."""
        found: dict[Key, None] = {}
        for exchange in replayed:
            key = key_of(exchange)
            self.now[key] = exchange
            for name in {exchange.initiator, exchange.responder} & self._keys.keys():
                assert name is not None
                self._keys[name].setdefault(key, len(self._keys[name]))
                self._routers.setdefault(key, {})[name] = None
            self._record(key, ProvenExchange.of(exchange))
            found[key] = None
        return found

    def _record(self, key: Key, record: ProvenExchange) -> None:
        was = self._records.get(key)
        if was != record:
            self._records[key] = record
            for name in self._routers.get(key, ()):
                self._other[name].setdefault(key, was.direction if was is not None else None)

    def settle(self, name: str, exchanges: Collection[Exchange]) -> None:
        """``exchanges`` are all that router ``name`` has now, in their order."""
        self.take(exchanges)
        keys = {key: place for place, key in enumerate(dict.fromkeys(map(key_of, exchanges)))}
        for key in self._keys[name].keys() - keys.keys():
            self._other[name].setdefault(key, self._records[key].direction)
            del self._routers[key][name]
        self._keys[name] = keys

    def told(self, name: str) -> Told:
        """What a step on router ``name`` tells of its exchanges; what it has told does not count as other any more."""
        keys, other = self._keys[name], self._other[name]
        self._other[name] = {}
        now = sorted(other.keys() & keys.keys(), key=keys.__getitem__)
        moved = tuple(self._records[key] for key in now)
        if len(keys) <= proof_record.LISTED:
            listed = tuple(self._records[key] for key in keys)
        else:
            listed = tuple(record for record in moved if self._said.get(record.direction) != record)
        self._said.update((record.direction, record) for record in listed)
        return Told(listed, len(keys) - len(listed), Moved(tuple(d for d in other.values() if d is not None), moved))

    def confirmed(self, exchanges: Iterable[Exchange], last: Step, refused: Callable[[Step, str], Exception]) -> None:
        """Raise unless ``exchanges``, replayed with everything read and computed anew, are what is kept in mind."""
        for exchange in exchanges:
            kept = self._records.get(key_of(exchange))
            if kept is not None and kept != ProvenExchange.of(exchange):
                raise refused(last, f"replayed as a whole, {Direction.of(exchange)} is not what it was line by line")


class Announced:
    """Which directions may be worse at which step; asked in the order of the steps."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps
        self._next = 0
        self._open: list[tuple[int, frozenset[Key]]] = []

    def during(self, number: int) -> frozenset[Key]:
        """The directions that may be worse while step ``number`` is sent."""
        return self._in_force(number, number)

    def after(self, number: int) -> frozenset[Key]:
        """The directions that may be worse once step ``number`` has been sent."""
        return self._in_force(number, number + 1)

    def pending(self, number: int) -> bool:
        """Whether anything announced lasts beyond step ``number``."""
        self._in_force(number, number + 1)
        return bool(self._open)

    def waiting(self) -> frozenset[Key]:
        """The directions of which a step says that they wait for a step on another router."""
        router_of = {step.number: step.router for step in self._steps}
        return frozenset(
            key_of(direction)
            for step in self._steps
            for announcement in step.announce
            if router_of.get(announcement.until, step.router) != step.router
            for direction in announcement.directions
        )

    def _in_force(self, number: int, last: int) -> frozenset[Key]:
        while self._next < len(self._steps) and self._steps[self._next].number <= number:
            for announcement in self._steps[self._next].announce:
                self._open.append((announcement.until, frozenset(map(key_of, announcement.directions))))
            self._next += 1
        self._open = [(until, keys) for until, keys in self._open if until >= last]
        return frozenset().union(*(keys for _, keys in self._open))
