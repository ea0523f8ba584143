"""Which direction of which tunnel an association belongs to, and what it says of the prediction (SA-EVIDENCE)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import FAILED, Observed, Standing
from ikeaudit.fleet import Fleet
from ikeaudit.model import IPAddress, parse_address
from ikeaudit.selection import Endpoint
from ikeaudit.witness.ages import age_of
from ikeaudit.witness.agreement import differs_from
from ikeaudit.witness.changes import Younger, younger
from ikeaudit.witness.observed import ObservedSa

_Place: TypeAlias = tuple[str, int, IPAddress]
"""A router, a version of IKE, and an address that it has an association with."""

_LATE = frozenset({"XAUTH", "QM1", "QM2", "QM3"})
"""Messages after phase 1: it stands while they fail, and either end may begin them."""


class Directions:
    """The associations of a fleet, by direction. ``told`` is the same fleet with the steps of its exchanges."""

    def __init__(self, fleet: Fleet, told: Fleet, sas: Iterable[ObservedSa], exchanges: Iterable[Exchange]) -> None:
        self._fleet, self._told = fleet, told
        self._at: dict[_Place, list[ObservedSa]] = {}
        for sa in sas:
            self._at.setdefault((sa.router, sa.ike_version, sa.remote), []).append(sa)
        everyone = (*fleet.endpoints, *fleet.further_ends)
        self._ends = {(end.router, end.interface, str(end.peer)): end for end in everyone}
        self._labels = {(end.router, end.interface): end for end in everyone}
        self._holding = {(e.responder, e.initiator) for e in exchanges if e.holds}

    def at_initiator(self, exchange: Exchange) -> list[ObservedSa]:
        """The associations with the peer at the router that calls, whoever started them."""
        end = self._end(exchange)
        local = end.local.address if end is not None else None
        return self._of(exchange.initiator, exchange, parse_address(exchange.peer), local, exchange.initiator_interface)

    def at_responder(self, exchange: Exchange) -> list[ObservedSa]:
        """The associations with the caller at the router that is called, whoever started them."""
        if exchange.responder is None:
            return []
        called = None if self._fleet.translations else parse_address(exchange.peer)
        label = exchange.responder_interface or ""
        found = [
            sa
            for caller in self._seen_as(exchange)
            for sa in self._of(exchange.responder, exchange, caller, called, label)
        ]
        return list(dict.fromkeys(found))

    def observed(self, exchange: Exchange) -> Observed | None:
        """What the associations that the caller started say of the direction; None where there are none that are up."""
        started = [sa for sa in self.at_initiator(exchange) if sa.up and sa.initiator is True]
        answered = [sa for sa in self.at_responder(exchange) if sa.up and sa.initiator is False]
        dated = [self._dated(exchange, sa) for sa in (*started, *answered)]
        if not dated:
            return None
        fresh = [one for one in dated if one.younger.answer is True]
        unsure = [one for one in dated if one.younger.answer is None]
        if not fresh:
            one = min(unsure or dated, key=lambda d: d.age[1] if d.age is not None else 0)
            return one.observed("undated" if unsure else "before-change", dated)
        youngest = min(fresh, key=lambda one: one.age[1] if one.age is not None else 0)
        differs = tuple(dict.fromkeys(word for one in fresh for word in self._differences(exchange, one.sa)))
        if self._not_up(exchange, [one.sa for one in fresh]):
            differs = (f"it is up, which was predicted {_predicted(exchange)}", *differs)
        standing: Standing = "observed"
        if differs:
            standing = "other-reading" if _another_reading(exchange, [one.sa for one in fresh]) else "contradicted"
        return msgspec.structs.replace(youngest.observed(standing, fresh), differs=differs)

    def _dated(self, exchange: Exchange, sa: ObservedSa) -> _Dated:
        other = exchange.responder if sa.router == exchange.initiator else exchange.initiator
        own, far = self._fleet.rules(sa.router), self._fleet.rules(other) if other is not None else None
        age = age_of(sa, own, far)
        if age is None:
            answer = Younger(None, f"{sa.router} does not show how old it is")
        else:
            answer = younger(age, own.router, far.router if far is not None else None)
        return _Dated(sa, age, answer, own.router.shows.read)

    def _end(self, exchange: Exchange) -> Endpoint | None:
        name, label = exchange.initiator, exchange.initiator_interface
        return self._ends.get((name, label, exchange.peer)) or self._labels.get((name, label))

    def _seen_as(self, exchange: Exchange) -> list[IPAddress]:
        """The addresses under which the router that is called may know its caller."""
        end = self._end(exchange)
        if end is None:
            return []
        try:
            responders = self._fleet.responders(end)
        except KeyError:  # a client's end, or one of two spokes that call each other
            responders = ()
        found = [one.caller for one in responders if one.rules.router.name == exchange.responder]
        outside = [t.outside for t in self._fleet.translations if t.inside == end.local.address]
        return [address for address in dict.fromkeys((*found, *outside, end.local.address)) if address is not None]

    def _of(
        self, router: str, exchange: Exchange, remote: IPAddress | None, local: IPAddress | None, label: str
    ) -> list[ObservedSa]:
        if remote is None:
            return []
        interface = label.split(" ")[0]
        return [
            sa
            for sa in self._at.get((router, exchange.ike_version, remote), ())
            if local in (None, sa.local) and (not sa.interfaces or not interface or _cloned(interface, sa.interfaces))
        ]

    def _not_up(self, exchange: Exchange, seen: list[ObservedSa]) -> bool:
        """Whether what is seen is more than was predicted."""
        carrying = any(sa.carries for sa in seen)
        at_caller = any(sa.router == exchange.initiator for sa in seen)
        if exchange.outcome == "not-initiated":
            renewal = exchange.renewal
            return exchange.by == "fault" or (renewal is not None and renewal.outcome in FAILED and carrying)
        if exchange.outcome == "half-open":
            return at_caller
        if exchange.outcome != "down":
            return False
        if exchange.failed_at in _LATE:
            # Phase 2 may have been begun by the other end, where that is predicted to work.
            return carrying and (exchange.initiator, exchange.responder) not in self._holding
        return at_caller if exchange.failed_at == "MM6" else True

    def _differences(self, exchange: Exchange, sa: ObservedSa) -> Iterator[str]:
        """What is not as predicted of an association, of a direction that comes up."""
        if exchange.outcome != "up":
            return
        chosen = exchange.initiator_profile if sa.router == exchange.initiator else exchange.responder_profile
        if sa.profile_shown and sa.profile != chosen:
            yield f"{sa.router} uses {_profile(sa.profile)}, where the replay chose {_profile(chosen)}"
        end = self._end(exchange)
        if exchange.responder is not None and end is not None and sa.agreed.encryption is not None:
            calls = [e for e in (self._told.replay(end),) if e.responder == exchange.responder]
            words = [differs_from(sa.agreed, told, self._fleet.rules(exchange.responder)) for told in calls]
            yield from filter(None, words)


class _Dated(msgspec.Struct, frozen=True):
    """An association with its age, and whether it is younger than the changes of both ends."""

    sa: ObservedSa
    age: tuple[float, float] | None
    younger: Younger
    seen: str | None

    def observed(self, standing: Standing, all_: Iterable[_Dated]) -> Observed:
        """What is published of it."""
        callers = [one.sa for one in all_ if one.sa.initiator]
        return Observed(
            standing=standing,
            at=tuple(dict.fromkeys(one.sa.router for one in all_)),
            age=None if self.age is None else int(self.age[1]),
            remaining=self.sa.remaining,
            seen=self.seen,
            profile=callers[0].profile if callers else None,
            why=self.younger.why if standing == "undated" else "",
            older_than=self.younger.older_than,
        )


def _cloned(interface: str, shown: Iterable[str]) -> bool:
    """Whether a session's interface is one of a tunnel end; what a template makes for each caller has a number of its own."""
    return any(name == interface for name in shown) or interface.startswith("Virtual-Template")


def _predicted(exchange: Exchange) -> str:
    if exchange.outcome == "not-initiated":
        return f"never to be called ({exchange.reason})" if exchange.by == "fault" else "to fail when it is renewed"
    return f"to fail at {exchange.failed_at} ({exchange.reason})" if exchange.failed_at else exchange.outcome


def _another_reading(exchange: Exchange, seen: Iterable[ObservedSa]) -> bool:
    """Whether a reading that is not the likely one comes up with the profiles that are shown."""
    return any(
        all(
            not sa.profile_shown
            or sa.profile == (r.initiator_profile if sa.router == exchange.initiator else r.responder_profile)
            for sa in seen
        )
        for r in exchange.readings
        if not r.primary and r.outcome == "up"
    )


def _profile(name: str | None) -> str:
    return "no profile" if name is None else f"profile {name}"
