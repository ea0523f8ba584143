"""Ends that call an address where nobody waits, and whom they were to call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import msgspec

from ikeaudit.exchange import Responder
from ikeaudit.fleet import Fleet
from ikeaudit.hazards.facts.one_slip import Lookalikes
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import IPAddress, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, Identity


class Audited(Protocol):
    """What is asked of the fleet here; :class:`~ikeaudit.hazards.context.AuditContext` knows it, which lies above."""

    @property
    def fleet(self) -> Fleet:
        """The fleet itself."""

    @property
    def routers(self) -> tuple[RouterFacts, ...]:
        """Every router, by name."""

    def router(self, name: str) -> RouterFacts:
        """The facts of one router."""

    def missed(self, end: Endpoint) -> Responder | None:
        """The router where a call of ``end`` arrives and nobody waits for it."""


class Miss(msgspec.Struct, frozen=True, eq=False):
    """A call that arrives at ``responder``, where no end waits for it; itself alone, as nobody is to compare whole routers."""

    caller: Router
    end: Endpoint
    responder: Responder


def slips(context: Audited) -> dict[Miss, tuple[tuple[Endpoint, IPAddress], ...]]:
    """The calls that miss, in the order of routers, each with the ends of the router called that were to call back.

    Beside each end is the caller's address, which was meant for the end's own. What such an end calls is no router's, has no
    key of its own and is one slip apart; or nobody waits there, and its profile is made for the caller alone.
    """
    found: dict[Miss, tuple[tuple[Endpoint, IPAddress], ...]] = {}
    astray: dict[str, _Astray] = {}
    for facts in context.routers:
        for end in facts.ends:
            there = context.missed(end)
            if there is not None:
                name = there.router.name
                if name not in astray:
                    astray[name] = _Astray(context, context.router(name))
                found[Miss(facts.router, end, there)] = tuple(astray[name].slips(there))
    return found


class _Astray:
    """The ends of one router that call nobody: the address is no router's, or nobody waits there."""

    def __init__(self, context: Audited, facts: RouterFacts) -> None:
        self._facts = facts
        called = [(end, end.peer) for end in facts.ends if end.peer is not None]
        nobodys = {peer for _, peer in called if not context.fleet.owners(peer)}
        self._ends = [(e, peer) for e, peer in called if peer in nobodys or context.missed(e) is not None]
        self._nobodys = [place for place, (_, peer) in enumerate(self._ends) if peer in nobodys]
        self._alike = Lookalikes(str(self._ends[place][1]) for place in self._nobodys)
        self._bound = by_key((end.isakmp_profile, place) for place, (end, _) in enumerate(self._ends))

    def slips(self, there: Responder) -> Iterator[tuple[Endpoint, IPAddress]]:
        """Those of which one was to call the caller that arrives ``there``, each with the caller's address."""
        facts, caller = self._facts, there.caller
        if caller is None:
            return
        near = {self._nobodys[place] for place in self._alike.of(str(caller))}
        matching = (place for one in facts.profiles_matching(caller) for place in self._bound.get(one.name, ()))
        for place in sorted({*near, *matching}):
            end, peer = self._ends[place]
            if peer == caller:
                continue
            lost = end.local.address == there.end.address
            slip = place in near and not _keyed(facts, peer)
            if slip or (lost and _made_for(facts, end, caller) and not _made_for(facts, end, peer)):
                yield end, caller


def _keyed(facts: RouterFacts, address: IPAddress) -> bool:
    """Whether a key is for just that address: it was written twice then, and somebody outside of the snapshot may have it."""
    return address in facts.host_keys


def _made_for(facts: RouterFacts, end: Endpoint, address: IPAddress) -> bool:
    """Whether the profile that an end is bound to has a key for an address, and matches it."""
    profile = facts.rules.profiles.get(end.isakmp_profile or "")
    return (
        profile is not None
        and bool(facts.rules.keys_in_profile(profile, end.local, address).best)
        and bool(facts.statements(profile).covering(Identity("address", address)))
    )
