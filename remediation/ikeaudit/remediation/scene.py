"""The stage of a proof: the changed routers and everybody they talk to, replayed as often as the proof asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

import msgspec

from ikeaudit.exchange import Exchange, Initiator, Responder, replay
from ikeaudit.fleet import Fleet
from ikeaudit.fleet.pairing import agreed
from ikeaudit.model import IPAddress, Router
from ikeaudit.remediation.bench import Touched
from ikeaudit.remediation.plan import Direction
from ikeaudit.selection import Endpoint, Identity, RouterRules

Key: TypeAlias = tuple[str, str, str]
"""A direction by its initiator, its interface and the address called: what stays the same while configurations change."""


def key_of(direction: Direction | Exchange) -> Key:
    """The key of a direction or of its exchange."""
    return direction.initiator, direction.initiator_interface, direction.peer


class Call(msgspec.Struct, frozen=True):
    """An end that calls, and who may answer; fixed as long as no interface, tunnel or crypto map changes.

    ``selectable`` holds by router the profiles that this call may make it use; a router that is not in there may use any.
    """

    endpoint: Endpoint
    responders: tuple[Responder | None, ...]
    startable: bool
    tunnel: str
    selectable: dict[str, frozenset[str]]

    def involves(self, names: Collection[str]) -> bool:
        """Whether one of the routers ``names`` is an end of the call."""
        return self.endpoint.router in names or any(r is not None and r.router.name in names for r in self.responders)

    def concerned(self, name: str, touched: Touched) -> bool:
        """Whether a change on router ``name`` can make a difference to the call."""
        if touched.anything or name not in self.selectable or touched.profiles & self.selectable[name]:
            return True
        addresses: list[IPAddress | None] = [self.endpoint.peer] if self.endpoint.router == name else []
        addresses += [r.caller for r in self.responders if r is not None and r.router.name == name]
        return any(a is None or any(prefix.covers(a) for prefix in touched.prefixes) for a in addresses)


class Scene:
    """Replays the exchanges of some routers of a fleet with other versions of their configurations."""

    def __init__(self, fleet: Fleet, changed: Collection[str]) -> None:
        self._fleet = fleet
        self._changed = frozenset(changed)
        self._calls = [call for call in map(self._call, fleet.endpoints) if call is not None]
        self._waiting = tuple(
            e
            for e in fleet.exchanges
            if e.outcome == "not-initiated" and not self._changed.isdisjoint((e.initiator, e.responder))
        )

    def _call(self, endpoint: Endpoint) -> Call | None:
        """The call that ``endpoint`` makes, when a changed router is one of its ends."""
        if endpoint.accepts_any:
            return None
        initiator = Initiator(self._fleet.rules(endpoint.router), endpoint)
        responders = self._fleet.directory.responders(initiator)
        call = Call(endpoint, responders or (None,), self._fleet.directory.callable(endpoint), "", {})
        if not call.involves(self._changed):
            return None
        return msgspec.structs.replace(
            call, tunnel=self._fleet.replay(endpoint).tunnel, selectable=self._selectable(initiator, responders)
        )

    def _selectable(self, initiator: Initiator, responders: Collection[Responder]) -> dict[str, frozenset[str]]:
        """The profiles that either end may use; nothing is said of an end when an identity is more than an address."""
        endpoint, rules = initiator.endpoint, initiator.rules
        bound = rules.profiles.get(endpoint.isakmp_profile or "")
        found: dict[str, frozenset[str]] = {}
        if bound is not None:
            found[endpoint.router] = frozenset({bound.name})
        elif endpoint.peer is not None and all(
            r.rules.own_identity(None, r.end).kind == "address" and not _self_named(r.rules) for r in responders
        ):
            found[endpoint.router] = _covering(rules, endpoint, endpoint.peer)
        named = bound.self_identity is not None if bound is not None else _self_named(rules)
        identity = rules.own_identity(bound, initiator.end)
        for responder in responders:
            if not named and identity.kind == "address" and identity.address is not None:
                search = responder.rules.profiles_for(identity, responder.end)
                picks = (*search.matching, *search.uncertain)
                found[responder.router.name] = frozenset(pick.profile.name for pick in picks)
        return found

    def replay(
        self, versions: Mapping[str, RouterRules], touching: Collection[str], touched: Touched | None = None
    ) -> tuple[Exchange, ...]:
        """The exchanges of the routers ``touching``, with ``versions`` in place of their namesakes.

        The versions must have the interfaces, tunnels and crypto maps of the fleet's. With ``touched`` (for exactly one
        router) only those that the change can concern. Directions that cannot be started by design are not replayed.
        """
        found: dict[Key, Exchange] = {}
        for call in self._calls:
            if not call.involves(touching) or (
                touched is not None and not any(call.concerned(name, touched) for name in touching)
            ):
                continue
            exchange = self._replay(call, versions)
            found[key_of(exchange)] = exchange
        if touched is None:
            for exchange in self._waiting:
                if exchange.initiator in touching or exchange.responder in touching:
                    found.setdefault(key_of(exchange), exchange)
        return tuple(found.values())

    def _replay(self, call: Call, versions: Mapping[str, RouterRules]) -> Exchange:
        endpoint = call.endpoint
        initiator = Initiator(versions.get(endpoint.router) or self._fleet.rules(endpoint.router), endpoint)
        exchanges = []
        for answering in call.responders:
            responder = answering
            if answering is not None and answering.router.name in versions:
                responder = msgspec.structs.replace(answering, rules=versions[answering.router.name])
            exchanges.append(replay(initiator, responder, tunnel=call.tunnel, startable=call.startable))
        return agreed(exchanges)

    def rebuilt(self, versions: Mapping[str, Router]) -> Scene:
        """The same scene with ``versions`` as its routers, everything computed anew: who talks to whom may have changed."""
        names = {call.endpoint.router for call in self._calls} | set(versions) | self._changed
        names |= {r.router.name for call in self._calls for r in call.responders if r is not None}
        routers = [versions.get(name) or self._fleet.router(name) for name in sorted(names)]
        return Scene(Fleet(routers, self._fleet.translations), self._changed)


def _self_named(rules: RouterRules) -> bool:
    """Whether some profile presents the router as something else than its address."""
    return any(profile.self_identity is not None for profile in rules.router.isakmp_profiles)


def _covering(rules: RouterRules, endpoint: Endpoint, peer: IPAddress) -> frozenset[str]:
    search = rules.profiles_for(Identity("address", peer), endpoint.local)
    return frozenset(pick.profile.name for pick in (*search.matching, *search.uncertain))
