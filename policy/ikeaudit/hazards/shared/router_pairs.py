"""Routers that talk to each other, and whether what one presents is what the other expects (ID-SENT, PF-SELFID, PW-ID)."""

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import IdentityMatch, IsakmpProfile


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


KINDS = {
    "address": "address",
    "host": "fqdn",
    "host-domain": "fqdn",
    "user": "user-fqdn",
    "user-domain": "user-fqdn",
    "group": "key-id",
    "certificate": "dn",
}
"""The kind of identity that each kind of match statement is for."""


def unexpected(context: AuditContext, peer: Peer) -> IsakmpProfile | None:
    """The bound profile of a tunnel whose peer's configuration is known and whose identity selects no profile at all.

    At a virtual template it is the profile that names the template, if nobody else holds the address that the peer calls.

    A statement that would match in another VRF does not count here: PF-FVRF-MATCH tells of it.
    """
    facts, profile = context.router(peer.router.name), peer.bound
    if profile is None and _called_alone(context, peer) and peer.end.virtual_template is not None:
        named = (p for p in facts.router.isakmp_profiles if p.virtual_template == peer.end.virtual_template)
        profile = next(named, None)
    if not peer.presents_known or profile is None or not profile.matches or peer.selected.matching:
        return None
    statements = facts.statements(profile)
    return None if statements.certificates or statements.covering(peer.identity) else profile


def _called_alone(context: AuditContext, peer: Peer) -> bool:
    """Whether the address that the peer calls is this router's only."""
    called = peer.far.peer if peer.far is not None else None
    return called is not None and len({router.name for router, _ in context.fleet.owners(called)}) == 1


def of_kind(matches: tuple[IdentityMatch, ...], kind: str) -> bool:
    """Whether some statement is for identities of this kind at all."""
    return any(KINDS[match.kind] == kind for match in matches)
