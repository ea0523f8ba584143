"""The facts that hazards share, computed once for the whole audit."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from ikeaudit.exchange import Confidence, Exchange, Responder
from ikeaudit.fleet import Fleet
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.miscalled import slips
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.release import Release
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.told_before import ToldBefore
from ikeaudit.hazards.facts.tunnel_pairs import Call, TunnelPair, joined, pair_up
from ikeaudit.model import IPAddress
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint
from ikeaudit.witness import Witness


class AuditContext:
    """A fleet with everything that more than one hazard asks of it."""

    def __init__(self, fleet: Fleet, planned: Mapping[str, Release] | None = None) -> None:
        """``planned`` are the releases that routers, by name, are to be upgraded to; None when nobody said."""
        self.fleet = fleet
        self.planned = planned

    @cached_property
    def routers(self) -> tuple[RouterFacts, ...]:
        """Every router, by name."""
        peers: dict[str, list[Peer]] = {router.name: [] for router in self.fleet.routers}
        for peer in self._peers:
            peers[peer.router.name].append(peer)
        return tuple(
            RouterFacts(self.fleet.rules(name), self.fleet.ends_of(name), own, self._idle(name))
            for name, own in peers.items()
        )

    @cached_property
    def told_before(self) -> ToldBefore:
        """What is known of routers from before."""
        return ToldBefore(self.fleet.memo)

    def _idle(self, name: str) -> tuple[Peer, ...]:
        """The far ends that the shut-down ends of a router name."""
        rules, found = self.fleet.rules(name), []
        for end in rules.endpoints:
            if end.shutdown and end.peer is not None:
                called = self.fleet.responders(end)
                far = called[0] if len(called) == 1 else None
                far_end = far.endpoints[0] if far is not None and far.endpoints else None
                found.append(Peer(rules, end, end.peer, far.rules if far is not None else None, far_end))
        return tuple(found)

    @cached_property
    def _by_name(self) -> dict[str, RouterFacts]:
        return {facts.name: facts for facts in self.routers}

    def router(self, name: str) -> RouterFacts:
        """The facts of one router; KeyError when the fleet has none of that name."""
        return self._by_name[name]

    @cached_property
    def _peers(self) -> tuple[Peer, ...]:
        """The known far ends of all tunnel ends that are not shut down.

        An end that names its peer has that one, or as many as call it from that address (behind one translated address
        there can be several). An end that names none has those that are known to call it.
        """
        calls: dict[Endpoint, Responder | None] = {}
        answered: dict[Endpoint, list[tuple[Endpoint, IPAddress]]] = {}
        for end in self.fleet.endpoints:
            if end.peer is None or end.shutdown:
                continue
            responders = self.fleet.responders(end)
            # Where several routers hold the address called, the peer is not known (FL-DUPIP).
            calls[end] = responders[0] if len(responders) == 1 else None
            for responder in responders:
                if responder.endpoints and responder.caller is not None:
                    answering = self._answering(end, responder, responder.caller)
                    answered.setdefault(answering, []).append((end, responder.caller))
        found: list[Peer] = []
        meant = {there.translated[0]: end for end, there in self.fleet.looks_translated.items()}
        for end in self.fleet.endpoints:
            if (far := meant.get(end)) is not None and end.peer is not None:
                far_rules = self.fleet.rules(far.router)
                found.append(Peer(self.fleet.rules(end.router), end, end.peer, far_rules, far, guessed=True))
                continue
            rules, callers = self.fleet.rules(end.router), answered.get(end, ())
            if end.shutdown:
                continue
            called = calls.get(end)
            if end.peer is not None and (called is not None or not callers):
                far = called.endpoints[0] if called is not None and called.endpoints else None
                found.append(Peer(rules, end, end.peer, called.rules if called is not None else None, far))
                continue
            found += [Peer(rules, end, address, self.fleet.rules(far.router), far) for far, address in callers]
        return tuple(found)

    def _answering(self, end: Endpoint, responder: Responder, caller: IPAddress) -> Endpoint:
        """The responder's end for a call; of several that take anybody the one that the caller's profile is bound to."""
        first = responder.endpoints[0]
        if not first.accepts_any:
            return first
        for candidate in responder.endpoints:
            profile = Peer(responder.rules, candidate, caller, self.fleet.rules(end.router), end).profile
            if candidate.ike_version == end.ike_version and (
                profile is None or profile.name == candidate.isakmp_profile
            ):
                return candidate
        return first

    def missed(self, end: Endpoint) -> Responder | None:
        """The router that holds the address that ``end`` calls, when it has no tunnel end that waits for the call."""
        found = self.fleet.responders(end) if end.peer is not None else ()
        return found[0] if len(found) == 1 and not (found[0].endpoints or found[0].translated) else None

    def behind(self, router: str, outside: IPAddress) -> set[str]:
        """The callers of ``router`` whose address outside seems to be ``outside`` (NAT-GUESS)."""
        return self._behind.get((router, outside), set())

    @cached_property
    def _behind(self) -> dict[tuple[str, IPAddress], set[str]]:
        found: dict[tuple[str, IPAddress], set[str]] = {}
        for end, there in self.fleet.looks_translated.items():
            for far in there.translated:
                if far.peer is not None:
                    found.setdefault((there.router.name, far.peer), set()).add(end.router)
        return found

    @cached_property
    def peers(self) -> tuple[Peer, ...]:
        """The known far ends of every router."""
        return tuple(peer for facts in self.routers for peer in facts.peers)

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Both directions of every tunnel, and what clients of key servers and EzVPN servers call.

        Spokes that call spokes are left out: where that fails their traffic stays on the hub (PW-SHORTCUT).
        """
        return (*self.fleet.exchanges, *self.fleet.client_exchanges)

    @cached_property
    def witness(self) -> Witness:
        """What the routers' state says, where it was collected."""
        return Witness(self.fleet)

    @cached_property
    def tunnels(self) -> tuple[TunnelPair, ...]:
        """The exchanges as tunnels: the two directions of each side by side.

        An end that calls a wrong address belongs to the tunnel of the end that waits for it: one mistake, one tunnel.
        """
        found = pair_up(self.exchanges)
        if sum(tunnel.back is None and tunnel.there.outcome != "up" for tunnel in found) < 2:
            return found
        meant: dict[Call, Call] = {}
        for miss, found_ends in slips(self).items():
            ends = [end for end, _ in found_ends]
            if len(ends) == 1:
                there = (ends[0].router, ends[0].interface, str(ends[0].peer))
                meant[miss.caller.name, miss.end.interface, str(miss.end.peer)] = there
        return joined(found, meant)

    @cached_property
    def _peer_of_call(self) -> dict[tuple[str, str, str], Peer]:
        return {(p.router.name, p.end.interface, str(p.address)): p for p in self.peers}

    def peer_of(self, exchange: Exchange) -> Peer | None:
        """The responder of an exchange as its initiator sees it; None when the initiator's end names no peer."""
        return self._peer_of_call.get((exchange.initiator, exchange.initiator_interface, exchange.peer))

    @cached_property
    def seen(self) -> dict[tuple[str, str, str | None], tuple[str, ...]]:
        """By caller, its interface and the router called: the addresses under which that one knows the caller."""
        found: dict[tuple[str, str, str | None], dict[str, None]] = {}
        for peer in self.peers:
            if peer.far is not None:
                found.setdefault((peer.far.router, peer.far.interface, peer.router.name), {})[str(peer.address)] = None
        return {call: tuple(addresses) for call, addresses in found.items()}

    @cached_property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for facts in self.routers:
            for name in (facts.name, facts.rules.fqdn):
                names.setdefault(name.lower(), facts.name)
        return names

    def called(self, name: str) -> str | None:
        """The first router whose name or host name is ``name``, whatever its capitals; None where none is."""
        return self._names.get(name.lower())

    @cached_property
    def _failing_calls(self) -> dict[tuple[str, str], Confidence]:
        """How sure it is at best that a router's calls to a peer do not come up."""
        failing = by_key(((e.initiator, e.peer), e.confidence) for e in self.exchanges if not e.holds)
        return {call: strongest(*sure) for call, sure in failing.items()}

    def told(self, router: str, peers: Iterable[str]) -> Confidence:
        """How sure it is that calls of ``router`` to ``peers`` do not come up: a finding says no more than the replay does."""
        calls = self._failing_calls
        return strongest(*(calls[router, peer] for peer in peers if (router, peer) in calls))

    @cached_property
    def _by_router(self) -> dict[str, list[Exchange]]:
        return by_key((name, e) for e in self.exchanges for name in {e.initiator, e.responder} if name is not None)

    def exchanges_at(self, router: str) -> tuple[Exchange, ...]:
        """Those of :attr:`exchanges` that a router starts or answers."""
        return tuple(self._by_router.get(router, ()))

    @cached_property
    def outside_addresses(self) -> frozenset[str]:
        """The outer addresses of the translations that the user told of."""
        return frozenset(str(translation.outside) for translation in self.fleet.translations)

    @cached_property
    def ends(self) -> tuple[Endpoint, ...]:
        """Every tunnel end that is not shut down."""
        return tuple(end for facts in self.routers for end in facts.ends)
