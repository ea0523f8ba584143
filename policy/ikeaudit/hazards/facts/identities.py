"""Whether what one router presents is what the other expects (DOMAIN 3.3, 11.B PF-SELFID, 11.D PW-ID)."""

from __future__ import annotations

from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import IdentityMatch, IsakmpProfile

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


def unexpected(facts: RouterFacts, peer: Peer) -> IsakmpProfile | None:
    """The bound profile of a tunnel whose peer's configuration is known and whose identity selects no profile at all.

    A statement that would match in another VRF does not count here: PF-FVRF-MATCH tells of it.
    """
    profile = peer.bound
    if not peer.presents_known or profile is None or not profile.matches or peer.selected.matching:
        return None
    statements = facts.statements(profile)
    return None if statements.certificates or statements.covering(peer.identity) else profile


def of_kind(matches: tuple[IdentityMatch, ...], kind: str) -> bool:
    """Whether some statement is for identities of this kind at all."""
    return any(KINDS[match.kind] == kind for match in matches)
