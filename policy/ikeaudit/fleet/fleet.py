"""The fleet: all routers, who talks to whom, and every direction replayed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ikeaudit.exchange import Exchange, Initiator, Responder, replay
from ikeaudit.fleet.nat import NatMap, Translation
from ikeaudit.fleet.pairing import Directory, agreed, tunnel_name
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
        """Every tunnel end of every router, in the order of routers and their configurations.

        A crypto map may stand on several interfaces; routing, which configurations do not tell, sends the traffic out of one.
        Where the peer expects an entry on one of them, the same entry on the others is no tunnel and left out.
        """
        return tuple(endpoint for endpoint in self._ends if not self._ghost(endpoint))

    def ends_of(self, name: str) -> tuple[Endpoint, ...]:
        """The tunnel ends of one router; KeyError when the fleet has none of that name."""
        return tuple(endpoint for endpoint in self._rules[name].endpoints if not self._ghost(endpoint))

    def responders(self, endpoint: Endpoint) -> tuple[Responder, ...]:
        """The routers that may answer when ``endpoint`` calls (:meth:`Directory.responders`)."""
        return self._responders[endpoint]

    @cached_property
    def _ends(self) -> tuple[Endpoint, ...]:
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
        calling = {(end.router, end.interface) for end in self.endpoints if not end.accepts_any}
        found: list[Exchange] = []
        for endpoint in self.endpoints:
            if endpoint.accepts_any and self._callers.get(endpoint):
                found += [self._cannot_start(endpoint, caller) for caller in self._callers[endpoint]]
            elif endpoint.accepts_any:
                # A spoke's multipoint tunnel calls its hubs; that it would answer others too makes no direction of its own.
                if (endpoint.router, endpoint.interface) not in calling:
                    found.append(self.replay(endpoint))
            else:
                found.append(self.replay(endpoint))
        return tuple(found)

    @cached_property
    def _responders(self) -> dict[Endpoint, tuple[Responder, ...]]:
        """Who may answer each end."""
        return {end: self.directory.responders(Initiator(self._rules[end.router], end)) for end in self._ends}

    @cached_property
    def _callers(self) -> dict[Endpoint, list[Endpoint]]:
        """The ends that call an end that names no peer, and that no more precise end answers."""
        callers: dict[Endpoint, list[Endpoint]] = {}
        for endpoint in self.endpoints:
            for responder in self._responders[endpoint]:
                if responder.endpoints and responder.endpoints[0].accepts_any:
                    callers.setdefault(responder.endpoints[0], []).append(endpoint)
        return callers

    @cached_property
    def _expected(self) -> set[tuple[str, str | None, str, IPAddress | None]]:
        """Crypto map entries that the peer expects on at least one of the interfaces that carry the map."""
        return {_entry(end) for end, answers in self._responders.items() if any(a.endpoints for a in answers)}

    def _ghost(self, endpoint: Endpoint) -> bool:
        """Whether this is a crypto map entry on an interface that does not lead to the peer (:attr:`endpoints`)."""
        if endpoint.kind != "crypto-map" or _entry(endpoint) not in self._expected:
            return False
        answers = self._responders[endpoint]
        return bool(answers) and not any(answer.endpoints for answer in answers)

    def _cannot_start(self, endpoint: Endpoint, caller: Endpoint) -> Exchange:
        responder = Responder(self._rules[caller.router], caller.local, endpoint.local.address, (caller,))
        return replay(
            Initiator(self._rules[endpoint.router], endpoint), responder, tunnel=tunnel_name(endpoint, caller)
        )

    def replay(self, endpoint: Endpoint) -> Exchange:
        """The direction that ``endpoint`` starts."""
        initiator = Initiator(self._rules[endpoint.router], endpoint)
        startable = self.directory.callable(endpoint)
        verdicts = []
        for responder in self._responders[endpoint] or (None,):
            far = responder.endpoints[0] if responder is not None and responder.endpoints else None
            verdicts.append(replay(initiator, responder, tunnel=tunnel_name(endpoint, far), startable=startable))
        return agreed(verdicts)

    def between(self, one: str, other: str) -> tuple[Exchange, ...]:
        """The exchanges between two routers, in both directions."""
        return tuple(e for e in self.exchanges if {e.initiator, e.responder} == {one, other})


def _entry(endpoint: Endpoint) -> tuple[str, str | None, str, IPAddress | None]:
    """A crypto map entry and one of its peers, whatever the interface."""
    return endpoint.router, endpoint.crypto_map, endpoint.interface.rpartition(" ")[2], endpoint.peer
