"""What a proof keeps in mind from step to step: the exchanges as they are now, and what may be worse at the moment."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from ikeaudit.exchange.result import SEVERITY, Exchange, Outcome, Reading
from ikeaudit.remediation.plan import Direction, Step
from ikeaudit.remediation.proof_record import ProvenExchange
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


SMALL = 100
"""Up to so many directions of a router are all replayed after each step; of a larger one those that the step can concern."""


class State:
    """The exchanges of the changed routers as the last replay of each found them."""

    def __init__(self, before: Iterable[Exchange], names: Iterable[str]) -> None:
        self.now: dict[Key, Exchange] = {}
        self._records: dict[Key, ProvenExchange] = {}
        self._keys: dict[str, dict[Key, None]] = {name: {} for name in names}
        self.take(before)

    def small(self, name: str) -> bool:
        """Whether all exchanges of router ``name`` are replayed after each step."""
        return len(self._keys[name]) <= SMALL

    def take(self, replayed: Iterable[Exchange]) -> dict[Key, None]:
        """Take new verdicts in; the keys of what was replayed."""
        found: dict[Key, None] = {}
        for exchange in replayed:
            key = key_of(exchange)
            self.now[key] = exchange
            record = ProvenExchange.of(exchange)
            if self._records.get(key) != record:
                self._records[key] = record
            for name in {exchange.initiator, exchange.responder} & self._keys.keys():
                assert name is not None
                self._keys[name].setdefault(key)
            found[key] = None
        return found

    def settle(self, name: str, exchanges: Collection[Exchange]) -> None:
        """``exchanges`` are all that router ``name`` has now, in their order."""
        self.take(exchanges)
        self._keys[name] = dict.fromkeys(key_of(exchange) for exchange in exchanges)

    def records(self, name: str) -> tuple[ProvenExchange, ...]:
        """The verdicts on all exchanges of router ``name``."""
        return tuple(self._records[key] for key in self._keys[name])

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

    def _in_force(self, number: int, last: int) -> frozenset[Key]:
        while self._next < len(self._steps) and self._steps[self._next].number <= number:
            for announcement in self._steps[self._next].announce:
                self._open.append((announcement.until, frozenset(map(key_of, announcement.directions))))
            self._next += 1
        self._open = [(until, keys) for until, keys in self._open if until >= last]
        return frozenset().union(*(keys for _, keys in self._open))
