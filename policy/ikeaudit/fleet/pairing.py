"""Who answers a call: the router that owns the address, and the tunnel ends there that could take it."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.exchange import Initiator, Responder
from ikeaudit.model import Interface, IPAddress
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules


class Directory:
    """Every address of the fleet with the interfaces that hold it."""

    def __init__(self, rules: Mapping[str, RouterRules]) -> None:
        self._rules = rules
        self._owners: dict[IPAddress, list[tuple[str, Interface]]] = {}
        for name, own in rules.items():
            for address, interfaces in own.addresses.all().items():
                self._owners.setdefault(address, []).extend((name, interface) for interface in interfaces)

    def owners(self, address: IPAddress) -> tuple[tuple[str, Interface], ...]:
        """The routers and interfaces that hold ``address``, in the order of the fleet."""
        return tuple(self._owners.get(address, ()))

    def responder(self, initiator: Initiator) -> Responder | None:
        """The router that answers ``initiator``; None when nobody in the fleet holds the address called.

        Where several hold it, one that has a tunnel back to the caller is preferred (DOMAIN 11.E FL-DUPIP).
        """
        peer = initiator.endpoint.peer
        if peer is None:
            return None
        candidates = [
            self._answer(initiator, self._rules[name], interface, peer)
            for name, interface in self.owners(peer)
            if name != initiator.router.name
        ]
        return max(candidates, key=lambda c: (bool(c.endpoints), bool(c.elsewhere)), default=None)

    def _answer(self, initiator: Initiator, rules: RouterRules, interface: Interface, peer: IPAddress) -> Responder:
        caller = initiator.end.address
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
