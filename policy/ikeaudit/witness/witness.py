"""The network as witness: what the routers' state says of each direction, and what it says that no prediction does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import Observed, Seen
from ikeaudit.fleet import Fleet
from ikeaudit.model import IPAddress, parse_address
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint
from ikeaudit.witness.directions import Directions
from ikeaudit.witness.nhrp import NhrpPeer, nhrp_peers
from ikeaudit.witness.observed import ObservedSa, observed_sas


class Witness:
    """What the state in a snapshot says; without any, everything is empty and nothing is computed."""

    def __init__(self, fleet: Fleet, told: Fleet | None = None) -> None:
        """``told`` is the same fleet with the steps of its exchanges, where there is one already."""
        self._fleet, self._told = fleet, told
        self._observed: dict[tuple[str | None, ...], Observed | None] = {}
        self.present = any(router.shows.has_state for router in fleet.routers)

    @cached_property
    def sas(self) -> tuple[ObservedSa, ...]:
        """Every association that a router shows."""
        return tuple(sa for router in self._fleet.routers for sa in observed_sas(self._fleet.rules(router.name)))

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The directions that there are, those of clients and between spokes among them."""
        fleet = self._fleet
        return (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)

    @cached_property
    def _directions(self) -> Directions:
        told = self._told or Fleet(self._fleet.routers, self._fleet.translations, steps=True)
        return Directions(self._fleet, told, self.sas, self.exchanges)

    def observed(self, exchange: Exchange) -> Observed | None:
        """What the state says of a direction; None where it shows no association that its initiator started."""
        if not self.present:
            return None
        key = (exchange.initiator, exchange.initiator_interface, exchange.peer, exchange.responder)
        if key not in self._observed:
            self._observed[key] = self._directions.observed(exchange)
        return self._observed[key]

    def with_state(self, exchange: Exchange) -> Exchange:
        """The exchange with what the state says of it."""
        seen = self.observed(exchange)
        return exchange if seen is None else msgspec.structs.replace(exchange, observed=seen)

    @cached_property
    def seen(self) -> Counter[Seen]:
        """How many directions that somebody can start there are of each standing; nothing without state."""
        calls = (e for e in self.exchanges if e.outcome != "not-initiated" or self.observed(e)) if self.present else ()
        return Counter(seen.standing if (seen := self.observed(e)) is not None else "not-seen" for e in calls)

    def associations(self, exchange: Exchange) -> tuple[ObservedSa, ...]:
        """The associations of the tunnel that a direction belongs to, at both ends, whoever started them."""
        if not self.present:
            return ()
        directions = self._directions
        return tuple(dict.fromkeys((*directions.at_initiator(exchange), *directions.at_responder(exchange))))

    def shows(self, router: str | None, ike_version: int) -> bool:
        """Whether the state of a router would show an association of that version of IKE."""
        if router is None:
            return False
        shows = self._fleet.router(router).shows
        listed = shows.isakmp_sas if ike_version == 1 else shows.ikev2_sas
        return listed is not None or shows.sessions is not None

    @cached_property
    def nhrp_peers(self) -> tuple[NhrpPeer, ...]:
        """The peers of protected multipoint tunnels that a router shows, each once a tunnel."""
        if not self.present:
            return ()
        return tuple(peer for router in self._fleet.routers for peer in nhrp_peers(self._fleet.rules(router.name)))

    def nhrp_peer(self, router: str, interface: str, address: str) -> NhrpPeer | None:
        """The peer with an address outside that a router shows at one of its tunnels."""
        nbma = parse_address(address)
        return self._nhrp.get((router, interface, nbma)) if nbma is not None else None

    @cached_property
    def _nhrp(self) -> dict[tuple[str, str, IPAddress], NhrpPeer]:
        return {(peer.router, peer.interface, peer.nbma): peer for peer in self.nhrp_peers}

    def carries(self, peer: NhrpPeer) -> ObservedSa | None:
        """The association that is up with a peer of NHRP; None where its router shows none, of either version of IKE."""
        return next((sa for sa in self._of_peer(peer) if sa.up), None)

    def _of_peer(self, peer: NhrpPeer) -> Iterator[ObservedSa]:
        for sa in self._at.get((peer.router, peer.nbma), ()):
            if not sa.interfaces or peer.interface in sa.interfaces:
                yield sa

    @cached_property
    def _at(self) -> dict[tuple[str, IPAddress], list[ObservedSa]]:
        return by_key(((sa.router, sa.remote), sa) for sa in self.sas)

    @cached_property
    def unexplained(self) -> tuple[ObservedSa, ...]:
        """The associations that are up with peers that no line of their router's configuration can lead to."""
        return tuple(self._unexplained()) if self.present else ()

    def _unexplained(self) -> Iterator[ObservedSa]:
        for router, some in by_key((sa.router, sa) for sa in self.sas).items():
            rules = self._fleet.rules(router)
            known = _Known((*rules.endpoints, *rules.clients, *rules.unread_ends))
            yield from (sa for sa in some if sa.up and not known.leads_to(sa))


class _Known:
    """Whom the ends of one router may have, or take, an association with."""

    def __init__(self, ends: Iterable[Endpoint]) -> None:
        self._anybody = False
        self._peers: set[IPAddress] = set()
        self._versions: set[int] = set()
        for end in ends:
            if end.undescribed or end.kind in ("gdoi", "ezvpn") or (end.peer is None and end.peer_name is not None):
                self._anybody = True  # nobody knows whom
            elif end.peer is None:
                self._versions.add(end.ike_version)
            else:
                self._peers.add(end.peer)

    def leads_to(self, sa: ObservedSa) -> bool:
        """Whether an end names the peer of an association, or takes anybody, or nobody knows whom."""
        return self._anybody or sa.ike_version in self._versions or sa.remote in self._peers
