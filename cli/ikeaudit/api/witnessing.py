"""Summing up what the states of several snapshots say of each direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ikeaudit.api.snapshot import Snapshot
from ikeaudit.exchange.result import Exchange, Observed, Seen
from ikeaudit.model.errors import InputError
from ikeaudit.report import WitnessReport
from ikeaudit.report.published_witness import PublishedWitness, WitnessDirection, WitnessSnapshot
from ikeaudit.witness import Witness


@dataclass
class _Sum:
    """What was seen of one direction so far, snapshot by snapshot, the oldest first."""

    exchange: Exchange
    looked: int = 0
    seen: list[Observed] = field(default_factory=list)
    other_end: int = 0
    standing: Seen = "not-seen"


def witness(snapshots: Sequence[Snapshot]) -> WitnessReport:
    """Per direction what the newest of ``snapshots`` predicts, and how often, when and by whom it was seen started.

    Raises InputError when none of them holds the state of a router, IncompleteError when one has no router that was read.
    """
    ordered = sorted(snapshots, key=_read)
    if not any(Witness(one.fleet).present for one in ordered):
        raise InputError(
            "None of the snapshots holds the state of a router, so there is nothing to sum up: `ikeaudit collect` reads it."
        )
    sums: dict[tuple[str, str, str], _Sum] = {}
    for snapshot in ordered:
        _add(sums, Witness(snapshot.fleet))
    directions = [_direction(one) for one in sums.values()]
    return WitnessReport(
        witness=PublishedWitness(
            snapshots=tuple(_told(one) for one in ordered),
            directions=tuple(sorted(directions, key=_rank)),
            incomplete=any(one.coverage.unread for one in ordered),
        )
    )


def _read(snapshot: Snapshot) -> str:
    return max((router.shows.read or "" for router in snapshot.fleet.routers if router.shows.has_state), default="")


def _told(snapshot: Snapshot) -> WitnessSnapshot:
    routers = snapshot.fleet.routers
    states = sum(router.shows.has_state for router in routers)
    return WitnessSnapshot(path=str(snapshot.path), read=_read(snapshot), hosts=len(routers), states=states)


def _add(sums: dict[tuple[str, str, str], _Sum], state: Witness) -> None:
    for exchange in state.exchanges:
        key = (exchange.initiator, exchange.initiator_interface, exchange.peer)
        one = sums.setdefault(key, _Sum(exchange))
        one.exchange = exchange
        shown = any(state.shows(name, exchange.ike_version) for name in (exchange.initiator, exchange.responder))
        if not shown:
            continue
        one.looked += 1
        observed = state.observed(exchange)
        one.standing = observed.standing if observed is not None else "not-seen"
        if observed is not None:
            one.seen.append(observed)
        elif any(sa.up and sa.initiator is (sa.router != exchange.initiator) for sa in state.associations(exchange)):
            one.other_end += 1


def _direction(one: _Sum) -> WitnessDirection:
    exchange, times = one.exchange, [seen.seen for seen in one.seen if seen.seen is not None]
    return WitnessDirection(
        initiator=exchange.initiator,
        responder=exchange.responder,
        peer=exchange.peer,
        initiator_interface=exchange.initiator_interface,
        responder_interface=exchange.responder_interface,
        ike_version=exchange.ike_version,
        predicted=exchange.outcome,
        confidence=exchange.confidence,
        reason=exchange.reason,
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
