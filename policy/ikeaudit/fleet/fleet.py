"""The fleet: all routers, who talks to whom, and every direction replayed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from operator import itemgetter

import msgspec

from ikeaudit.exchange import Exchange, Initiator, Pool, Renewal, Responder
from ikeaudit.exchange.replay import replay, takers
from ikeaudit.fleet.alternatives import with_alternatives
from ikeaudit.fleet.dmvpn import Clouds
from ikeaudit.fleet.memo import KeptExchange, KeptTakers, Memo, kept
from ikeaudit.fleet.nat import NatMap, Translation
from ikeaudit.fleet.pairing import Directory, agreed, tunnel_name
from ikeaudit.model import Interface, IPAddress, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.model.watching import watched
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules


class Fleet:
    """Routers with their rules, built once; everything is computed on first use and kept.

    ``nat`` are the translations between the routers (NAT-ADDRESSES). With ``steps`` every exchange tells its steps. With
    ``of`` exchanges are only those that these routers start; the others are there to be called. A ``memo`` is asked for
    exchanges first, and keeps those that it does not know; where steps are told it is not.
    """

    def __init__(
        self,
        routers: Iterable[Router],
        nat: Iterable[Translation] = (),
        *,
        steps: bool = False,
        of: Collection[str] | None = None,
        memo: Memo | None = None,
    ) -> None:
        self._of = of
        self.memo = memo
        self._pool = Pool() if steps else None
        self._same = Pool()
        self.translations: tuple[Translation, ...] = tuple(nat)
        self._nat = NatMap(self.translations)
        self.routers: tuple[Router, ...] = tuple(sorted(routers, key=lambda router: router.name))
        self._rules = {router.name: RouterRules(router) for router in self.routers}
        self._by_peer: dict[str, dict[IPAddress, list[tuple[int, Endpoint]]]] = {}

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
        found: list[Exchange] = []
        for endpoint in watched("tunnels replayed", [end for end in self.endpoints if self._is_asked(end)]):
            found += self._waited_for[endpoint] if endpoint.accepts_any else (self.replay(endpoint),)
        return with_alternatives(self.endpoints, [*found, *self._idle])

    @cached_property
    def uncalled(self) -> tuple[Exchange, ...]:
        """Those of :attr:`exchanges` that no end which names its peer starts, in their order."""
        return (*(exchange for waited in self._waited_for.values() for exchange in waited), *self._idle)

    @cached_property
    def _waited_for(self) -> dict[Endpoint, tuple[Exchange, ...]]:
        """The directions of each end that names no peer."""
        calling = {(end.router, end.interface) for end in self.endpoints if not end.accepts_any}
        found: dict[Endpoint, tuple[Exchange, ...]] = {}
        for endpoint in self.endpoints:
            if not endpoint.accepts_any or not self._is_asked(endpoint):
                continue
            callers = self._callers.get(endpoint, ())
            found[endpoint] = tuple(self._waits(caller, name, *ends) for caller, name, ends in callers)
            # A spoke's multipoint tunnel calls its hubs; that it would answer others too makes no direction of its own.
            # One that serves clients has its directions among those.
            if not callers and (endpoint.router, endpoint.interface) not in calling and endpoint not in self._serving:
                found[endpoint] = (self.replay(endpoint),)
        return found

    @cached_property
    def _idle(self) -> tuple[Exchange, ...]:
        """What entries of crypto maps that stand on no interface cannot start."""
        ends = [(end, far) for end, far in self.unapplied.items() if far is not None and self._is_asked(end)]
        return tuple(self._cannot_start(end, far) for end, far in ends)

    @cached_property
    def looks_translated(self) -> dict[Endpoint, Responder]:
        """The ends whose private address seems to be translated on the way, with whom they call (NAT-GUESS)."""
        calls = ((end, answers[0]) for end, answers in self._responders.items() if len(answers) == 1)
        return {end: answer for end, answer in calls if answer.translated}

    @cached_property
    def unapplied(self) -> dict[Endpoint, Endpoint | None]:
        """The entries of crypto maps that stand on no interface, with the far end that waits for them; None where none does.

        An entry whose peer is called by another end is left over, and not among them.
        """
        found: dict[Endpoint, Endpoint | None] = {}
        for rules in self._rules.values():
            called = {end.peer for end in rules.endpoints}
            for end in rules.unapplied:
                if end.peer is None or end.peer in called:
                    continue
                there = [name for name, _ in self.directory.owners(end.peer) if name != end.router]
                own = rules.addresses.all()
                waiting = [
                    far for name in there for far in self._for(name, own) if far.local.address in (None, end.peer)
                ]
                local = LocalEnd(waiting[0].peer if waiting else None)
                found[msgspec.structs.replace(end, local=local)] = waiting[0] if waiting else None
        return found

    def _for(self, name: str, addresses: Mapping[IPAddress, object]) -> list[Endpoint]:
        """The ends of a router for ``addresses``; those of crypto maps that stand nowhere come last."""
        if name not in self._by_peer:
            rules = self._rules[name]
            ends = enumerate((*rules.endpoints, *rules.unapplied))
            self._by_peer[name] = by_key((far.peer, (place, far)) for place, far in ends if far.peer is not None)
        fewer, more = sorted((self._by_peer[name], addresses), key=len)
        found = sorted(
            (item for peer in fewer if peer in more for item in self._by_peer[name][peer]), key=itemgetter(0)
        )
        return [far for _, far in found]

    @cached_property
    def spoke_exchanges(self) -> tuple[Exchange, ...]:
        """What happens when spokes of one DMVPN call each other (:mod:`ikeaudit.fleet.dmvpn`); not among :attr:`exchanges`."""
        return tuple(self.replay(end) for end in self._clouds.calls if self._is_asked(end))

    @property
    def spoke_clouds(self) -> tuple[str, ...]:
        """Of each of :attr:`spoke_exchanges` the last router of its cloud, by which they are in order; of all routers only."""
        return self._clouds.last

    @cached_property
    def client_exchanges(self) -> tuple[Exchange, ...]:
        """What clients that are no tunnels call (:mod:`ikeaudit.selection.clients`), and what their servers cannot start."""
        found: list[Exchange] = []
        waiting: list[Exchange] = []
        for client, servers in self._servers.items():
            found.append(self._replay(client, servers))
            waiting += [self._cannot_start(end, client) for server in servers for end in _serving(server, client)]
        return (*found, *waiting)

    @cached_property
    def unread_exchanges(self) -> tuple[Exchange, ...]:
        """The calls of ends that lines which were not understood may make (:mod:`ikeaudit.selection.unread`): all unknown."""
        ends = (end for rules in self._rules.values() for end in rules.unread_ends)
        return tuple(self.replay(end) for end in ends if self._is_asked(end))

    def _is_asked(self, end: Endpoint) -> bool:
        """Whether what an end starts is asked for."""
        return self._of is None or end.router in self._of

    @cached_property
    def _servers(self) -> dict[Endpoint, tuple[Responder, ...]]:
        """Who may answer each client."""
        clients = [(rules, client) for rules in self._rules.values() for client in rules.clients]
        return {client: self.directory.responders(Initiator(rules, client)) for rules, client in clients}

    @cached_property
    def _serving(self) -> set[Endpoint]:
        """The ends that answer clients."""
        return {end for client, servers in self._servers.items() for s in servers for end in _serving(s, client)}

    @cached_property
    def _clouds(self) -> Clouds:
        return Clouds(self._rules, self._nat)

    @property
    def clients(self) -> tuple[Endpoint, ...]:
        """The ends of clients that are no tunnels (:mod:`ikeaudit.selection.clients`)."""
        return tuple(self._servers)

    @property
    def spoke_pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs of spokes, caller first, that :attr:`spoke_exchanges` look at."""
        return self._clouds.pairs

    def spoke_ends(self, pairs: Collection[tuple[str, str]]) -> tuple[Endpoint, ...]:
        """The ends with which spokes call each other, for ``pairs`` of routers, caller first."""
        return self._clouds.among(pairs)

    @property
    def further_ends(self) -> tuple[Endpoint, ...]:
        """The ends beside :attr:`endpoints` that call by IKE: clients, and spokes that call a spoke."""
        return (*self._servers, *self._clouds.calls)

    @cached_property
    def _responders(self) -> dict[Endpoint, tuple[Responder, ...]]:
        """Who may answer each end."""
        return {end: self.directory.responders(Initiator(self._rules[end.router], end)) for end in self._ends}

    @cached_property
    def _callers(self) -> dict[Endpoint, list[tuple[Endpoint, str, tuple[Endpoint, ...]]]]:
        """The ends that call an end that names no peer, and that no more precise end answers.

        Each with the tunnel's name and all ends that take the call in some reading, first the one that it is listed at.
        """
        callers: dict[Endpoint, list[tuple[Endpoint, str, tuple[Endpoint, ...]]]] = {}
        for endpoint in self.endpoints:
            for responder in self._responders[endpoint]:
                first = responder.endpoints[0] if responder.endpoints else None
                if first is not None and first.accepts_any and self._is_asked(first):
                    ends = self._takers(endpoint, responder) or (first,)
                    callers.setdefault(ends[0], []).append((endpoint, tunnel_name(endpoint, first), ends))
        return callers

    def _takers(self, endpoint: Endpoint, responder: Responder) -> tuple[Endpoint, ...]:
        """Of several ends that name no peer those that take a call, that of the primary reading first; else nothing."""
        if len(responder.endpoints) == 1:
            return ()
        initiator = Initiator(self._rules[endpoint.router], endpoint)
        place = None
        if self.memo is not None:
            names = (initiator.router.name, responder.router.name)
            place = self.memo.place("exchange", names, "takers", endpoint, _there(responder))
        known = self.memo.found(place, KeptTakers) if self.memo is not None and place is not None else None
        if known is None:
            known = KeptTakers(takers(initiator, responder))
            if self.memo is not None and place is not None:
                self.memo.keep(place, known)
        ends = (responder.endpoints[at] for at in known.places)
        return tuple(end for end in ends if end.accepts_any)

    def _waits(self, caller: Endpoint, name: str, endpoint: Endpoint, *others: Endpoint) -> Exchange:
        """What an end that names no peer cannot start; ``others`` take the caller's call in other readings (CALL-RENEWAL)."""
        exchange = self._cannot_start(endpoint, caller, name)
        renewals = {_ending(self._cannot_start(other, caller, name).renewal) for other in others}
        if renewals <= {_ending(exchange.renewal)}:
            return exchange
        return msgspec.structs.replace(exchange, renewal=Renewal("unknown", "unknown"))

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

    def _cannot_start(self, endpoint: Endpoint, caller: Endpoint, name: str | None = None) -> Exchange:
        responder = Responder(self._rules[caller.router], caller.local, endpoint.local.address, (caller,))
        known_as = None if caller in self.looks_translated else self._nat.seen_as(caller.local.address)
        initiator = Initiator(self._rules[endpoint.router], endpoint)
        return self._told(initiator, responder, name or tunnel_name(endpoint, caller), known_as=known_as)

    def replay(self, endpoint: Endpoint) -> Exchange:
        """The direction that ``endpoint`` starts; it may be one of :attr:`endpoints` or of :attr:`further_ends`."""
        known = self._responders.get(endpoint)
        if known is None:
            known = self.directory.responders(Initiator(self._rules[endpoint.router], endpoint))
        return self._replay(endpoint, known)

    def _replay(self, endpoint: Endpoint, responders: tuple[Responder, ...]) -> Exchange:
        initiator = Initiator(self._rules[endpoint.router], endpoint)
        startable = self.directory.callable(endpoint)
        verdicts = []
        for responder in responders or (None,):
            far = responder.endpoints[0] if responder is not None and responder.endpoints else None
            name = tunnel_name(endpoint, far)
            verdicts.append(self._told(initiator, responder, name, startable=startable))
        return agreed(verdicts)

    def _told(
        self,
        initiator: Initiator,
        responder: Responder | None,
        tunnel: str,
        *,
        startable: bool = True,
        known_as: IPAddress | None = None,
    ) -> Exchange:
        """One direction, as it is known from before or replayed."""
        memo = self.memo if self._pool is None else None
        place = None
        if memo is not None:
            there = _there(responder) if responder is not None else None
            names = (initiator.router.name, *([responder.router.name] if responder is not None else ()))
            place = memo.place("exchange", names, initiator.endpoint, there, tunnel, startable, known_as)
        if memo is not None and place is not None and (known := memo.found(place, KeptExchange)) is not None:
            return known.of(initiator, responder, self._same)
        exchange = replay(
            initiator,
            responder,
            tunnel=tunnel,
            startable=startable,
            known_as=known_as,
            pool=self._pool,
            same=self._same,
        )
        if memo is not None and place is not None and (answer := kept(exchange, initiator, responder)) is not None:
            memo.keep(place, answer)
        return exchange

    def between(self, one: str, other: str) -> tuple[Exchange, ...]:
        """The exchanges between two routers, in both directions, also those of clients and of two spokes of one DMVPN."""
        listed = (*self.exchanges, *self.client_exchanges, *self.unread_exchanges)
        asked = tuple(e for e in listed if {e.initiator, e.responder} == {one, other})
        return (*asked, *(self.replay(end) for end in self._clouds.between(one, other)))


def _there(responder: Responder) -> tuple[object, ...]:
    """What a call hangs on at a responder besides its rules."""
    far = responder
    return far.end, far.caller, far.endpoints, far.elsewhere, far.translated, far.assumed


def _ending(renewal: Renewal | None) -> tuple[object, ...] | None:
    return (renewal.outcome, renewal.failed_at, renewal.reason) if renewal is not None else None


def _serving(server: Responder, client: Endpoint) -> tuple[Endpoint, ...]:
    """The one end of a server that stands for those that would answer a client: the one of its group, else the first."""
    return tuple(sorted(server.endpoints, key=lambda end: end.group != client.group)[:1])


def _entry(endpoint: Endpoint) -> tuple[str, str | None, str, IPAddress | None]:
    """A crypto map entry and one of its peers, whatever the interface."""
    return endpoint.router, endpoint.crypto_map, endpoint.interface.rpartition(" ")[2], endpoint.peer
