"""The fleet: all routers, who talks to whom, and every direction replayed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ikeaudit.exchange import Exchange, Initiator, Responder, replay
from ikeaudit.fleet.nat import NatMap, Translation
from ikeaudit.fleet.pairing import Directory, agreed, tunnel_id
from ikeaudit.model import Interface, IPAddress, Router
from ikeaudit.selection import Endpoint, RouterRules


class Fleet:
    """Routers with their rules, built once; everything is computed on first use and kept.

    ``nat`` are the translations between the routers (DOMAIN 4.8).
    """

    def __init__(self, routers: Iterable[Router], nat: Iterable[Translation] = ()) -> None:
        self.translations: tuple[Translation, ...] = tuple(nat)
        self._nat = NatMap(self.translations)
        self.routers: tuple[Router, ...] = tuple(sorted(routers, key=lambda router: router.name))
        self._rules = {router.name: RouterRules(router) for router in self.routers}

    def router(self, name: str) -> Router:
        """The router of that name; KeyError when the fleet has none."""
        return self._rules[name].router

    def rules(self, name: str) -> RouterRules:
        """The selection rules of the router of that name; KeyError when the fleet has none."""
        return self._rules[name]

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every tunnel end of every router."""
        return tuple(endpoint for rules in self._rules.values() for endpoint in rules.endpoints)

    @cached_property
    def directory(self) -> Directory:
        """Who owns which address."""
        return Directory(self._rules, self._nat)

    def owners(self, address: IPAddress) -> tuple[tuple[Router, Interface], ...]:
        """The routers and interfaces that hold ``address``."""
        return tuple((self.router(name), interface) for name, interface in self.directory.owners(address))

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Both directions of every tunnel, in the order of routers and their configurations.

        An end that names no peer (mGRE, dynamic map) has one direction for each caller known, which it cannot start.
        """
        callers = self._callers
        calling = {(end.router, end.interface) for end in self.endpoints if not end.accepts_any}
        found: list[Exchange] = []
        for endpoint in self.endpoints:
            if endpoint.accepts_any and callers.get(endpoint):
                found += [self._cannot_start(endpoint, caller) for caller in callers[endpoint]]
            elif not (endpoint.accepts_any and (endpoint.router, endpoint.interface) in calling):
                # A spoke's multipoint tunnel calls its hubs; that it would answer others too makes no direction of its own.
                found.append(self.replay(endpoint))
        return tuple(found)

    @cached_property
    def _callers(self) -> dict[Endpoint, list[Endpoint]]:
        """The ends that call an end that names no peer, and that no more precise end answers."""
        callers: dict[Endpoint, list[Endpoint]] = {}
        for endpoint in self.endpoints:
            for responder in self.directory.responders(Initiator(self._rules[endpoint.router], endpoint)):
                if responder.endpoints and responder.endpoints[0].accepts_any:
                    callers.setdefault(responder.endpoints[0], []).append(endpoint)
        return callers

    def _cannot_start(self, endpoint: Endpoint, caller: Endpoint) -> Exchange:
        rules = self._rules[caller.router]
        responder = Responder(rules, caller.local, endpoint.local.address, (caller,))
        return replay(Initiator(self._rules[endpoint.router], endpoint), responder, tunnel=tunnel_id(caller, None))

    def replay(self, endpoint: Endpoint) -> Exchange:
        """The direction that ``endpoint`` starts."""
        initiator = Initiator(self._rules[endpoint.router], endpoint)
        responders = self.directory.responders(initiator) or (None,)
        startable = self.directory.callable(endpoint)
        return agreed(
            [
                replay(initiator, responder, tunnel=tunnel_id(endpoint, responder), startable=startable)
                for responder in responders
            ]
        )

    def between(self, one: str, other: str) -> tuple[Exchange, ...]:
        """The exchanges between two routers, in both directions."""
        return tuple(e for e in self.exchanges if {e.initiator, e.responder} == {one, other})
