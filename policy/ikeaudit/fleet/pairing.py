"""Who answers a call: the router that owns the address, and the tunnel ends there that could take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_network

import msgspec

from ikeaudit.exchange import Exchange, Initiator, Reading, Responder
from ikeaudit.exchange.citations import Citations
from ikeaudit.fleet.nat import NatMap
from ikeaudit.fleet.outer_keys import keys_outside
from ikeaudit.model import Interface, IPAddress, Prefix
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules, unread_of_calls
from ikeaudit.selection.proxies import compared


class Directory:
    """Every address of the fleet with the interfaces that hold it."""

    def __init__(self, rules: Mapping[str, RouterRules], nat: NatMap) -> None:
        self._rules = rules
        self._nat = nat
        self._by_router: dict[str, _Ends] = {}
        self._strange: dict[tuple[str, IPAddress | None, str | None], _StrangeEnds] = {}
        self._owners: dict[IPAddress, list[tuple[str, Interface]]] = {}
        for name, own in rules.items():
            for address, interfaces in own.addresses.all().items():
                self._owners.setdefault(address, []).extend((name, interface) for interface in interfaces)

    def callable(self, endpoint: Endpoint) -> bool:
        """Whether the peer of ``endpoint`` can be called: not when it hides behind PAT (CALL-POSSIBLE, NAT-ADDRESSES)."""
        return endpoint.peer is None or self._nat.reaches(endpoint.peer) is not None

    def owners(self, address: IPAddress) -> tuple[tuple[str, Interface], ...]:
        """The routers and interfaces that hold ``address``, in the order of the fleet."""
        return tuple(self._owners.get(address, ()))

    def responders(self, initiator: Initiator) -> tuple[Responder, ...]:
        """The routers that may answer ``initiator``; none when nobody in the fleet holds the address called.

        Where several hold it, those that have a tunnel back to the caller come before those that have not, as far as they
        could be read; more than one that is equally fit means that the verdict must hold for each (END-NAMED-PEER),
        unless they are the VRFs of one router and one of them has the name of the caller's.
        """
        peer = initiator.endpoint.peer
        reached = self._nat.reaches(peer) if peer is not None else None
        if reached is None:
            return ()
        if initiator.endpoint.kind in ("gdoi", "ezvpn"):
            return self._servers(initiator, reached)
        candidates = [
            self._answer(initiator, self._rules[name], interface, reached)
            for name, interface in self.owners(reached)
            if name != initiator.router.name
        ]
        candidates = [c for c in candidates if not c.rules.addresses.down(c.end.interface)] or candidates
        fitness = [
            (any(not e.accepts_any for e in c.endpoints), bool(c.endpoints), bool(c.elsewhere)) for c in candidates
        ]
        best = max(fitness, default=None)
        # A line that was not understood may make a tunnel end that is as fit.
        fit = [c for c, fits in zip(candidates, fitness, strict=True) if fits == best or unread_of_calls(c.router)]
        return _one_network(initiator.end.fvrf, fit)

    def _servers(self, client: Initiator, reached: IPAddress) -> tuple[Responder, ...]:
        """For a client of :mod:`ikeaudit.selection.clients`: key servers, or ends that take anybody."""
        candidates = [
            self._serve(client, self._rules[name], interface, reached)
            for name, interface in self.owners(reached)
            if name != client.router.name
        ]
        serving = [candidate for candidate in candidates if candidate.endpoints]
        return tuple(serving or candidates)

    def _serve(self, client: Initiator, rules: RouterRules, interface: Interface, address: IPAddress) -> Responder:
        if client.endpoint.kind == "gdoi":
            ends = tuple(end for end in rules.key_servers if end.local.address in (None, address))
        else:
            here = self._ends(rules).fitting(address, interface.vrf, None)
            ends = tuple(end for end in here if end.accepts_any and end.ike_version == 1)
        caller = self._nat.seen_as(client.end.address)
        return Responder(rules, LocalEnd(address, interface.name, interface.vrf), caller, ends)

    def _answer(self, initiator: Initiator, rules: RouterRules, interface: Interface, peer: IPAddress) -> Responder:
        caller = self._nat.seen_as(initiator.end.address)
        arrival = LocalEnd(peer, interface.name, interface.vrf)
        ends = self._ends(rules)
        fitting = by_overlay(initiator, rules, ends.fitting(peer, interface.vrf, caller))
        elsewhere = () if fitting else ends.naming(caller, initiator.rules.addresses.all())
        translated = () if elsewhere else self._translated(initiator, rules, arrival, fitting)
        return Responder(rules, arrival, caller, fitting, elsewhere, translated)

    def _translated(
        self, initiator: Initiator, rules: RouterRules, arrival: LocalEnd, fitting: tuple[Endpoint, ...]
    ) -> tuple[Endpoint, ...]:
        """The ends for a public address that nobody has which a call from a private one is most likely meant for (NAT-GUESS).

        Those that expect the same traffic come first; where an end takes anybody, only they come into question, and else that
        end, by an address that the router has the caller's key for.
        """
        caller = initiator.end.address
        if caller is None or not _private(caller) or arrival.address is None or _private(arrival.address):
            return ()
        if self._nat.seen_as(caller) != caller or any(not end.accepts_any for end in fitting):
            return ()
        strange = self._strange_ends(rules, arrival)
        alike = strange.alike(initiator)
        if alike or not fitting:
            return alike or strange.ends
        return tuple(
            msgspec.structs.replace(fitting[0], peer=address, lines=(*fitting[0].lines, line))
            for address, line in keys_outside(initiator, rules, arrival, caller)
            if self._is_strange(address)
        )

    def _strange_ends(self, rules: RouterRules, arrival: LocalEnd) -> _StrangeEnds:
        """The ends where a call arrives that are for a public address that is no router's."""
        key = rules.router.name, arrival.address, arrival.fvrf
        if key not in self._strange:
            here = (end for end in rules.endpoints if (end.local.address, end.fvrf) == (arrival.address, arrival.fvrf))
            self._strange[key] = _StrangeEnds(
                rules, tuple(end for end in here if end.peer is not None and self._is_strange(end.peer))
            )
        return self._strange[key]

    def _is_strange(self, address: IPAddress) -> bool:
        """Whether an address is public, and no router's, and nobody said what it is the outside of."""
        return not _private(address) and self._nat.reaches(address) == address and not self.owners(address)

    def _ends(self, rules: RouterRules) -> _Ends:
        name = rules.router.name
        if name not in self._by_router:
            self._by_router[name] = _Ends(rules.endpoints)
        return self._by_router[name]


def by_overlay(initiator: Initiator, called: RouterRules, ends: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """``ends`` of the router called, those of the caller's own cloud first (DMVPN-CLOUDS).

    That is the tunnel with the address that NHRP maps to the peer's, else one in the subnet of the caller's tunnel.
    """
    own = initiator.rules.addresses.interface(initiator.endpoint.interface)
    if len(ends) < 2 or own is None or own.tunnel is None:
        return ends
    servers = {mapping.tunnel for mapping in own.tunnel.nhrp_maps if mapping.nbma == initiator.endpoint.peer}
    nets = [one.prefix for one in own.addresses if one.prefix is not None and not one.prefix.is_host]

    def distance(end: Endpoint) -> int:
        interface = called.addresses.interface(end.interface)
        inside = {one.address for one in interface.addresses} if interface is not None and interface.tunnel else set()
        if not servers.isdisjoint(inside):
            return 0
        return 1 if any(net.covers(address) for net in nets for address in inside) else 2

    return tuple(sorted(ends, key=distance))


_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))


def _private(address: IPAddress) -> bool:
    """Whether an address is private or shared (RFC 1918, RFC 6598), so that nobody is called by it over the Internet."""
    return any(address in network for network in _PRIVATE)


def _inner(rules: RouterRules, end: Endpoint) -> set[Prefix]:
    """The networks of a tunnel interface."""
    interface = rules.addresses.interface(end.interface)
    return {own.prefix.network for own in interface.addresses if own.prefix is not None} if interface else set()


class _StrangeEnds:
    """The ends of a router for public addresses that nobody has, found by the traffic that they expect."""

    def __init__(self, rules: RouterRules, ends: tuple[Endpoint, ...]) -> None:
        self.ends = ends
        self._rules = rules
        self._with_list = [place for place, end in enumerate(ends) if end.acl is not None]
        self._by_inner = by_key((network, place) for place, end in enumerate(ends) for network in _inner(rules, end))

    def alike(self, initiator: Initiator) -> tuple[Endpoint, ...]:
        """Those that expect the caller's traffic: access lists that mirror each other, else tunnels with one inner network."""
        own = initiator.endpoint
        inside = {n for network in _inner(initiator.rules, own) for n in self._by_inner.get(network, ())}
        if own.acl is None:
            return tuple(self.ends[place] for place in sorted(inside))
        offers = initiator.rules.proxies(own)
        mirrors = (n for n in self._with_list if any(compared(offers, self._rules.proxies(self.ends[n]))[0]))
        return tuple(self.ends[place] for place in sorted({*inside.difference(self._with_list), *mirrors}))


class _Ends:
    """One router's tunnel ends, found by where a call arrives and who calls."""

    def __init__(self, endpoints: tuple[Endpoint, ...]) -> None:
        self._here: dict[tuple[IPAddress | None, str | None], dict[IPAddress | None, list[Endpoint]]] = {}
        self._naming: dict[IPAddress, list[Endpoint]] = {}
        self._by_name: dict[tuple[IPAddress | None, str | None], list[Endpoint]] = {}
        self._templates = [endpoint for endpoint in endpoints if endpoint.virtual_template is not None]
        for endpoint in endpoints:
            here = self._here.setdefault((endpoint.local.address, endpoint.fvrf), {})
            if endpoint.peer is not None or endpoint.accepts_any:
                here.setdefault(endpoint.peer, []).append(endpoint)
            else:
                self._by_name.setdefault((endpoint.local.address, endpoint.fvrf), []).append(endpoint)
            if endpoint.peer is not None:
                self._naming.setdefault(endpoint.peer, []).append(endpoint)
        self._places = {peer: place for place, peer in enumerate(self._naming)}

    def fitting(self, address: IPAddress, fvrf: str | None, caller: IPAddress | None) -> tuple[Endpoint, ...]:
        """The ends that a call to ``address`` reaches, those that name the caller first; all of them for an unknown caller,
        those that take anybody first.

        An end whose peer is a name that only DNS knows comes into question where no other does.
        """
        here = self._here.get((address, fvrf), {})
        if caller is None:
            named = tuple(sorted((e for ends in here.values() for e in ends), key=lambda end: not end.accepts_any))
        else:
            named = (*here.get(caller, ()), *here.get(None, ()))
        found = (*named, *(end for end in self._templates if end not in named and end.local.address in (None, address)))
        return found or tuple(self._by_name.get((address, fvrf), ()))

    def naming(self, caller: IPAddress | None, others: Mapping[IPAddress, object]) -> tuple[Endpoint, ...]:
        """The ends whose peer is the caller, or another address of the same router."""
        fewer, more = sorted((self._naming, others), key=len)
        peers = {peer for peer in fewer if peer in more}
        if caller in self._naming:
            peers.add(caller)
        return tuple(end for peer in sorted(peers, key=self._places.__getitem__) for end in self._naming[peer])


def _one_network(fvrf: str | None, fit: list[Responder]) -> tuple[Responder, ...]:
    """Of one router's several VRFs that hold the address called, the one that is named as the caller's; else all of them.

    Which network a front-door VRF leads to is in nobody's configuration; equal names at both ends are the best evidence.
    """
    same = [responder for responder in fit if responder.end.fvrf == fvrf]
    if len(fit) == 1 or len(same) != 1 or len({responder.router.name for responder in fit}) > 1:
        return tuple(fit)
    words = f"VRF {fvrf} is one network at both ends" if fvrf else "the default VRF is one network at both ends"
    return (msgspec.structs.replace(same[0], assumed=words),)


def tunnel_name(one: Endpoint, other: Endpoint | None) -> str:
    """A name for the tunnel that its two directions share; with no end on the other side, that of the one direction."""
    if other is None:
        return f"{one.router} {one.interface} > {one.peer or one.peer_name}"
    return " <> ".join(sorted((f"{one.router} {one.interface}", f"{other.router} {other.interface}")))


def agreed(exchanges: Sequence[Exchange]) -> Exchange:
    """One verdict where several routers may answer: theirs when they agree, else unknown with each of them as a reading."""
    first = exchanges[0]
    if len({(e.outcome, e.failed_at, e.reason) for e in exchanges}) == 1:
        return first
    readings = tuple(
        Reading(f"{e.responder} answers", e.outcome, e.failed_at, e.failure, primary=e is first) for e in exchanges
    )
    return msgspec.structs.replace(
        first,
        outcome="unknown",
        confidence="unknown",
        failed_at=None,
        reason=None,
        readings=readings,
        cited=Citations.joined(e.cited for e in exchanges),
    )
