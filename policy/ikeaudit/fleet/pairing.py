"""Who answers a call: the router that owns the address, and the tunnel ends there that could take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ikeaudit.exchange import Exchange, Initiator, Reading, Responder
from ikeaudit.fleet.nat import NatMap
from ikeaudit.model import Interface, IPAddress
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules


class Directory:
    """Every address of the fleet with the interfaces that hold it."""

    def __init__(self, rules: Mapping[str, RouterRules], nat: NatMap) -> None:
        self._rules = rules
        self._nat = nat
        self._owners: dict[IPAddress, list[tuple[str, Interface]]] = {}
        for name, own in rules.items():
            for address, interfaces in own.addresses.all().items():
                self._owners.setdefault(address, []).extend((name, interface) for interface in interfaces)

    def callable(self, endpoint: Endpoint) -> bool:
        """Whether the peer of ``endpoint`` can be called at all: not when it hides behind PAT (DOMAIN 4.1, 4.8)."""
        return endpoint.peer is None or self._nat.reaches(endpoint.peer) is not None

    def owners(self, address: IPAddress) -> tuple[tuple[str, Interface], ...]:
        """The routers and interfaces that hold ``address``, in the order of the fleet."""
        return tuple(self._owners.get(address, ()))

    def responders(self, initiator: Initiator) -> tuple[Responder, ...]:
        """The routers that may answer ``initiator``; none when nobody in the fleet holds the address called.

        Where several hold it, those that have a tunnel back to the caller come before those that have not; more than one
        that is equally fit means that the verdict must hold for each (DOMAIN 11.E FL-DUPIP).
        """
        peer = initiator.endpoint.peer
        reached = self._nat.reaches(peer) if peer is not None else None
        if reached is None:
            return ()
        candidates = [
            self._answer(initiator, self._rules[name], interface, reached)
            for name, interface in self.owners(reached)
            if name != initiator.router.name
        ]
        fitness = [
            (any(not e.accepts_any for e in c.endpoints), bool(c.endpoints), bool(c.elsewhere)) for c in candidates
        ]
        best = max(fitness, default=None)
        return tuple(c for c, fit in zip(candidates, fitness, strict=True) if fit == best)

    def _answer(self, initiator: Initiator, rules: RouterRules, interface: Interface, peer: IPAddress) -> Responder:
        caller = self._nat.seen_as(initiator.end.address)
        arrival = LocalEnd(peer, interface.name, interface.vrf)
        fitting, elsewhere = [], []
        own = set(initiator.rules.addresses.all())
        for endpoint in rules.endpoints:
            here = endpoint.local.address == peer and endpoint.fvrf == arrival.fvrf
            if here and (endpoint.peer == caller or endpoint.accepts_any or caller is None):
                fitting.append(endpoint)
            elif endpoint.peer is not None and (endpoint.peer == caller or endpoint.peer in own):
                elsewhere.append(endpoint)
        exact = [endpoint for endpoint in fitting if not endpoint.accepts_any]
        any_caller = [endpoint for endpoint in fitting if endpoint.accepts_any]
        return Responder(rules, arrival, caller, tuple(exact + any_caller), tuple(elsewhere))


def tunnel_id(initiator: Endpoint, responder: Responder | None) -> str:
    """A name for the tunnel that its two directions share."""
    far = responder.endpoints[0] if responder and responder.endpoints else None
    if far is None:
        return f"{initiator.router} {initiator.interface} > {initiator.peer or initiator.peer_name}"
    return " <> ".join(sorted((f"{initiator.router} {initiator.interface}", f"{far.router} {far.interface}")))


def agreed(exchanges: Sequence[Exchange]) -> Exchange:
    """One verdict where several routers may answer: theirs when they agree, else unknown with each of them as a reading."""
    first = exchanges[0]
    if len({(e.outcome, e.failed_at, e.reason) for e in exchanges}) == 1:
        return first
    readings = tuple(
        Reading(f"{e.responder} answers", e.outcome, e.failed_at, e.reason, primary=e is first) for e in exchanges
    )
    return msgspec.structs.replace(
        first,
        outcome="unknown",
        confidence="unknown",
        failed_at=None,
        reason=None,
        readings=readings,
        evidence=tuple(dict.fromkeys(line for e in exchanges for line in e.evidence)),
    )
