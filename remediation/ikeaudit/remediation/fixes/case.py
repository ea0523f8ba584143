"""A cause as the generators of fixes see it: the directions that fail, and both ends of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec

from ikeaudit.exchange import Exchange, Initiator
from ikeaudit.exchange.result import FAILED
from ikeaudit.fleet import Fleet
from ikeaudit.hazards.finding import Finding
from ikeaudit.model import IPAddress, IsakmpProfile, Router, Secret, parse_address
from ikeaudit.selection import Endpoint, KeySearch, RouterRules


@dataclass(frozen=True, eq=False)
class Side:
    """One end of a direction: the router, its tunnel end, and the peer as it sees it.

    ``other`` and ``other_end`` are the far router and its end, where they are known; ``calls`` says that this end starts.
    """

    rules: RouterRules
    end: Endpoint
    peer: IPAddress | None
    other: RouterRules | None
    other_end: Endpoint | None
    calls: bool

    @property
    def router(self) -> Router:
        """The router of this end."""
        return self.rules.router

    @property
    def bound(self) -> IsakmpProfile | None:
        """The ISAKMP profile that the end is bound to."""
        return self.rules.profiles.get(self.end.isakmp_profile or "")

    @cached_property
    def keys(self) -> KeySearch:
        """The IKEv1 keys that the end has for its peer: those of the bound profile when it calls, else those of any keyring."""
        if self.peer is None:
            return KeySearch()
        if self.bound is not None:
            found = self.rules.keys_in_profile(self.bound, self.end.local, self.peer)
            if found.best:
                return found
        return self.rules.blind_keys(self.end.local, self.peer)

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """The keys that the end has for its peer, the likeliest first, of those that another router can be given."""
        found = [pick.key.secret for pick in self.keys.best]
        if self.peer is not None:
            found += [pick.key.secret for pick in self.rules.covering(self.peer)]
            profile = self.rules.ikev2.profiles.get(self.end.ikev2_profile or "")
            keys = self.rules.ikev2.initiator_keys(profile, self.peer) if profile is not None else None
            found += [secret for secret in (keys and (keys.local, keys.remote)) or () if secret is not None]
        return tuple(dict.fromkeys(secret for secret in found if not secret.opaque))


@dataclass(frozen=True, eq=False)
class Call:
    """A direction that fails, in whichever reading, with its two ends."""

    exchange: Exchange
    caller: Side
    answer: Side | None
    sides: tuple[Side, ...]
    """Both, the router first at which most directions of the cause end."""
    codes: frozenset[str]
    """The hazards of the cause and of what follows from it."""
    routers: tuple[Router, ...] = ()
    """All routers of the fleet."""

    @cached_property
    def reasons(self) -> frozenset[str]:
        """Why it fails, in any reading or when it is renewed."""
        e = self.exchange
        found = {r.reason for r in e.readings if r.outcome in FAILED} | {e.reason}
        if e.renewal is not None and e.renewal.outcome in FAILED:
            found.add(e.renewal.reason)
        return frozenset(str(reason) for reason in found if reason is not None)


def _towards(end: Endpoint | None, exchange: Exchange) -> Endpoint | None:
    """The end as it is when it calls a spoke that it does not name (DMVPN-SPOKES)."""
    peer = parse_address(exchange.peer)
    if end is None or end.peer is None or peer is None or exchange.responder is None:
        return end
    return msgspec.structs.replace(end, peer=peer)


@dataclass(frozen=True, eq=False)
class Case:
    """A finding in a fleet, with the directions that fail by it."""

    fleet: Fleet
    finding: Finding
    failing: tuple[Exchange, ...]

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The failing directions with their ends; of ends that accept anybody those that call them."""
        codes = frozenset(one.code for one in (self.finding, *self.finding.follows))
        count = Counter(name for e in self.failing for name in (e.initiator, e.responder))

        def common(side: Side) -> tuple[int, str]:
            return -count[side.router.name], side.router.name

        ends: dict[tuple[str, str, str], Endpoint] = {}
        for end in (*self.fleet.endpoints, *self.fleet.clients, *self.fleet.unapplied):
            ends.setdefault((end.router, end.interface, str(end.peer or end.peer_name)), end)
            ends.setdefault((end.router, end.interface, ""), end)
        return tuple(
            Call(
                e,
                sides[0],
                sides[1] if len(sides) > 1 else None,
                tuple(sorted(sides, key=common)),
                codes,
                self.fleet.routers,
            )
            for e in self.failing
            for end in [
                ends.get((e.initiator, e.initiator_interface, e.peer))
                or _towards(ends.get((e.initiator, e.initiator_interface, "")), e)
            ]
            if end is not None
            for sides in [tuple(self._sides(end, e))]
        )

    def _sides(self, end: Endpoint, exchange: Exchange) -> Iterator[Side]:
        rules = self.fleet.rules(end.router)
        if end.accepts_any and exchange.responder is not None:
            for far in self.fleet.ends_of(exchange.responder):
                for caller in self.fleet.responders(far) if far.peer is not None else ():
                    if end in caller.endpoints:
                        other = self.fleet.rules(exchange.responder)
                        yield Side(rules, end, caller.caller, other, far, True)
                        yield Side(other, far, far.peer, rules, end, False)
                        return
        found = self.fleet.directory.responders(Initiator(rules, end))
        answer = next((one for one in found if one.router.name == exchange.responder), None)
        if answer is None:
            yield Side(rules, end, end.peer, None, None, True)
            return
        far_end = next(iter((*answer.endpoints, *answer.elsewhere, *answer.translated)), None)
        yield Side(rules, end, end.peer, answer.rules, far_end, True)
        if far_end is None:
            far_end = Endpoint(answer.router.name, "", "tunnel", answer.end)
        yield Side(answer.rules, far_end, answer.caller, rules, end, False)

    @cached_property
    def routers(self) -> tuple[Router, ...]:
        """The routers that the finding names, and those at the ends of what fails."""
        names = dict.fromkeys((*self.finding.hosts, *(s.router.name for c in self.calls for s in c.sides)))
        known = {router.name for router in self.fleet.routers}
        return tuple(self.fleet.router(name) for name in names if name in known)

    @cached_property
    def lines(self) -> tuple[tuple[Router, int], ...]:
        """The configuration lines that the finding, or what follows from it, rests on."""
        by_name = {router.name: router for router in self.routers}
        found = dict.fromkeys((e.host, e.line) for one in (self.finding, *self.finding.follows) for e in one.evidence)
        return tuple((by_name[host], line) for host, line in found if host in by_name)
