"""Ends that call an address where nobody waits, and whom they were to call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import msgspec

from ikeaudit.exchange import Responder
from ikeaudit.fleet import Fleet
from ikeaudit.hazards.facts.near import near
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import IPAddress, Router
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


class Miss(msgspec.Struct, frozen=True):
    """A call that arrives at ``responder``, where no end waits for it."""

    caller: Router
    end: Endpoint
    responder: Responder


def misses(context: Audited) -> list[Miss]:
    """The calls that miss, in the order of routers."""
    return [
        Miss(facts.router, end, there)
        for facts in context.routers
        for end in facts.ends
        if (there := context.missed(end)) is not None
    ]


def slips(context: Audited, miss: Miss) -> Iterator[tuple[Endpoint, IPAddress]]:
    """The ends of the router called that were to call back, with the caller's address, which was meant for theirs.

    What they call is no router's, has no key of its own and is one slip apart; or nobody waits there, and their profile is
    made for the caller alone.
    """
    caller = miss.responder.caller
    if caller is None:
        return
    facts = context.router(miss.responder.router.name)
    for end in facts.ends:
        if end.peer is None or end.peer == caller:
            continue
        nobodys = not context.fleet.owners(end.peer)
        lost = end.local.address == miss.responder.end.address and (nobodys or context.missed(end) is not None)
        slip = nobodys and near(str(end.peer), str(caller)) and not _keyed(facts, end.peer)
        if slip or (lost and _made_for(facts, end, caller) and not _made_for(facts, end, end.peer)):
            yield end, caller


def _keyed(facts: RouterFacts, address: IPAddress) -> bool:
    """Whether a key is for just that address: it was written twice then, and somebody outside of the snapshot may have it."""
    return any(
        p.key.prefix is not None and p.key.prefix.is_host and p.key.prefix.address == address for p in facts.picks
    )


def _made_for(facts: RouterFacts, end: Endpoint, address: IPAddress) -> bool:
    """Whether the profile that an end is bound to has a key for an address, and matches it."""
    profile = facts.rules.profiles.get(end.isakmp_profile or "")
    return (
        profile is not None
        and bool(facts.rules.keys_in_profile(profile, end.local, address).best)
        and bool(facts.statements(profile).covering(Identity("address", address)))
    )
