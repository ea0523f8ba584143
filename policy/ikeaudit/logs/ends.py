"""What is kept of attempts that are over: for each two ends, one entry for each way in which attempts ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import NamedTuple

from ikeaudit.exchange.result import Message
from ikeaudit.logs.attempt import Attempt
from ikeaudit.logs.message import Cause, Side
from ikeaudit.logs.negotiation import Earlier, Negotiation
from ikeaudit.logs.verdict import Verdict, verdict


class Ends(NamedTuple):
    """Who negotiates with whom, in which direction."""

    host: str | None
    version: int
    side: Side | None
    peer: str | None


_Alike = tuple[str, Message | None, Cause | None]


class _Told:
    """Attempts that ended alike: the first of them, and how many there were."""

    __slots__ = ("attempt", "count", "verdict")

    def __init__(self, attempt: Attempt, said: Verdict) -> None:
        self.attempt, self.verdict, self.count = attempt, said, 1


class _OfTwo:
    """All that is known of two ends in one direction."""

    __slots__ = ("cut", "earlier", "failures", "up")

    def __init__(self) -> None:
        self.up: _Told | None = None
        self.failures: dict[_Alike, _Told] = {}
        """Since they last came up."""
        self.earlier: dict[_Alike, _Told] = {}
        """Before that."""
        self.cut: _Told | None = None
        """An attempt of which the log shows no end."""


class Results:
    """Adds attempts up, so that a failure repeated all night is one entry, and one that was got over is no failure."""

    def __init__(self) -> None:
        self._all: dict[Ends, _OfTwo] = {}

    def add(self, attempt: Attempt) -> None:
        """Take an attempt that is over."""
        said = verdict(attempt)
        if said is None:
            return
        here = self._all.setdefault(Ends(attempt.host, attempt.version, attempt.side, attempt.peer), _OfTwo())
        if said.outcome == "unknown" and not said.words:
            here.cut = here.cut or _Told(attempt, said)
        elif said.outcome == "up":
            for alike, told in here.failures.items():
                if told.verdict.outcome == "unknown":
                    continue  # packets of an SA that was lost: no attempt of anybody
                if before := here.earlier.get(alike):
                    before.count += told.count
                else:
                    here.earlier[alike] = told
            here.failures.clear()
            if here.up is None:
                here.up = _Told(attempt, said)
            else:
                here.up.count += 1
        elif found := here.failures.get((said.outcome, said.failed_at, said.reason)):
            found.count += 1
            attempt_before = found.attempt
            attempt_before.local = attempt_before.local or attempt.local
        else:
            here.failures[said.outcome, said.failed_at, said.reason] = _Told(attempt, said)

    def with_open(self, attempts: Iterable[Attempt]) -> Results:
        """A copy with ``attempts`` taken as they stand."""
        copy = Results()
        copy._all = deepcopy(self._all)
        for attempt in attempts:
            copy.add(attempt)
        return copy

    def negotiations(self, unreliable: frozenset[str] = frozenset()) -> list[Negotiation]:
        """All entries in the order in which they began. ``unreliable`` are prompts that more than one router spoke under."""
        found: list[tuple[int, Negotiation]] = []
        for ends, here in self._all.items():
            if ends.peer is None and ends.side is None and not (here.failures or here.up):
                continue  # pieces of which nobody can say whose they are
            for told, earlier in _shown(here):
                found.append((told.attempt.line, _negotiation(ends, told, earlier, unreliable)))
        return [negotiation for _, negotiation in sorted(found, key=lambda entry: entry[0])]


def _shown(here: _OfTwo) -> Iterator[tuple[_Told, tuple[Earlier, ...]]]:
    if here.up is not None:
        yield here.up, tuple(_earlier(told) for told in here.earlier.values())
    yield from ((told, ()) for told in here.failures.values())
    if here.cut is not None and here.up is None and not here.failures:
        yield here.cut, ()


def _earlier(told: _Told) -> Earlier:
    said = told.verdict
    return Earlier(failed_at=said.failed_at, reason=said.reason, attempts=told.count, lines=said.lines)


def _negotiation(ends: Ends, told: _Told, earlier: tuple[Earlier, ...], unreliable: frozenset[str]) -> Negotiation:
    attempt, said = told.attempt, told.verdict
    host = ends.host
    if attempt.soft_host and host in unreliable:
        host = None
    return Negotiation(
        host=host,
        local=attempt.local,
        peer=ends.peer,
        side=ends.side or "unknown",
        ike_version=attempt.version,
        mode=attempt.mode,
        outcome=said.outcome,
        failed_at=said.failed_at,
        reason=said.reason,
        candidates=said.candidates,
        reached=attempt.stage if said.outcome != "up" else None,
        time=said.time or None,
        attempts=told.count,
        lines=said.lines,
        words=said.words,
        earlier=earlier,
    )
