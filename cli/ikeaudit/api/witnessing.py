"""Summing up what the states of several snapshots say of each direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import msgspec

from ikeaudit.api.parts import Part
from ikeaudit.api.snapshot import Snapshot, require_ios
from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import Observed, Seen
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.report import WitnessReport
from ikeaudit.report.published_witness import PublishedWitness, WitnessDirection, WitnessSnapshot
from ikeaudit.witness import Witness


class _Look(NamedTuple):
    """What one snapshot says of a direction: what it predicts, whether its state ``shows`` tunnels of these ends, what of
    this one is ``seen``, and whether it is up by the call of the ``other`` end."""

    predicted: WitnessDirection
    shows: bool
    seen: Observed | None
    other: bool


@dataclass
class _Sum:
    """What was seen of one direction so far, snapshot by snapshot, the oldest first."""

    predicted: WitnessDirection
    looked: int = 0
    seen: list[Observed] = field(default_factory=list)
    other_end: int = 0
    standing: Seen = "not-seen"

    def add(self, look: _Look) -> None:
        self.predicted = look.predicted
        if not look.shows:
            return
        self.looked += 1
        self.standing = look.seen.standing if look.seen is not None else "not-seen"
        self.seen += [] if look.seen is None else [look.seen]
        self.other_end += look.other


def witness(snapshots: Sequence[Snapshot]) -> WitnessReport:
    """Per direction what the newest of ``snapshots`` predicts, and how often, when and by whom it was seen started.

    Raises InputError when none of them holds the state of a router, IncompleteError when one has no router that was read.
    """
    ordered = sorted(((_told(one), one) for one in snapshots), key=lambda both: both[0].read)
    if not any(told.states for told, _ in ordered):
        raise InputError(
            "None of the snapshots holds the state of a router, so there is nothing to sum up; collect them anew."
        )
    sums: dict[tuple[str, str, str], _Sum] = {}
    for _, snapshot in ordered:
        for looks in snapshot.parts.spread("parts seen", partial(_looks, snapshot), snapshot.parts.batches):
            for look in looks:
                at = look.predicted
                sums.setdefault((at.initiator, at.initiator_interface, at.peer), _Sum(at)).add(look)
    directions = [_direction(one) for one in sums.values()]
    return WitnessReport(
        witness=PublishedWitness(
            snapshots=tuple(told for told, _ in ordered),
            directions=tuple(sorted(directions, key=_rank)),
            incomplete=any(one.coverage.unread for one in snapshots),
        )
    )


def _told(snapshot: Snapshot) -> WitnessSnapshot:
    require_ios(snapshot.coverage, snapshot.path)
    times = [router.shows.read or "" for router in snapshot.parts.routers() if router.shows.has_state]
    return WitnessSnapshot(
        path=str(snapshot.path), read=max(times, default=""), hosts=len(snapshot.hosts), states=len(times)
    )


def _looks(snapshot: Snapshot, part: Part) -> list[_Look]:
    """What a snapshot says of every direction of some routers that have nothing to do with any others."""
    with gc_paused(), snapshot.parts.known(part) as fleet:
        state = Witness(fleet)
        return [_look(state, exchange) for exchange in state.exchanges]


def _look(state: Witness, exchange: Exchange) -> _Look:
    shows = any(state.shows(name, exchange.ike_version) for name in (exchange.initiator, exchange.responder))
    seen = state.observed(exchange) if shows else None
    other = (
        shows
        and seen is None
        and any(sa.up and sa.initiator is (sa.router != exchange.initiator) for sa in state.associations(exchange))
    )
    predicted = WitnessDirection(
        initiator=exchange.initiator,
        responder=exchange.responder,
        peer=exchange.peer,
        initiator_interface=exchange.initiator_interface,
        responder_interface=exchange.responder_interface,
        ike_version=exchange.ike_version,
        predicted=exchange.outcome,
        confidence=exchange.confidence,
        reason=exchange.reason,
        looked=0,
        seen=0,
        other_end=0,
        observed=0,
        contradicted=0,
        first_seen=None,
        last_seen=None,
        age=None,
        standing="not-seen",
    )
    return _Look(predicted, shows, seen, other)


def _direction(one: _Sum) -> WitnessDirection:
    times = [seen.seen for seen in one.seen if seen.seen is not None]
    return msgspec.structs.replace(
        one.predicted,
        looked=one.looked,
        seen=len(one.seen),
        other_end=one.other_end,
        observed=_count(one.seen, "observed"),
        contradicted=_count(one.seen, "contradicted"),
        first_seen=min(times, default=None),
        last_seen=max(times, default=None),
        age=one.seen[-1].age if one.seen else None,
        standing=one.standing,
    )


def _count(seen: Iterable[Observed], standing: Seen) -> int:
    return sum(one.standing == standing for one in seen)


def _rank(one: WitnessDirection) -> tuple[bool, bool, str, str, str]:
    never = not one.seen and one.other_end > 0
    return not one.contradicted, not never, one.initiator, one.initiator_interface, one.peer
