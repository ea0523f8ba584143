"""Routers that talk to each other."""

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts


def known_pairs(context: AuditContext) -> Iterator[Peer]:
    """One side of each tunnel between two tunnel ends of the snapshot: the router that comes first in the alphabet."""
    seen: set[tuple[tuple[str, str], tuple[str, str]]] = set()
    for peer in context.peers:
        if peer.far_rules is None or peer.far is None:
            continue
        ends = sorted(((peer.router.name, peer.end.interface), (peer.far.router, peer.far.interface)))
        if (ends[0], ends[1]) not in seen:
            seen.add((ends[0], ends[1]))
            yield peer


def ikev1_pairs(context: AuditContext) -> Iterator[tuple[RouterFacts, RouterFacts]]:
    """Every two routers with an IKEv1 tunnel between them, once."""
    names = {
        tuple(sorted((peer.router.name, peer.far_name)))
        for peer in context.peers
        if peer.far_rules is not None and peer.end.ike_version == 1
    }
    for one, other in sorted(names):
        yield context.router(one), context.router(other)
