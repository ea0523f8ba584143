"""PF-SELFID: the kind of identity sent is not the kind expected."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.identities import of_kind, unexpected
from ikeaudit.model import Evidence, IsakmpProfile
from ikeaudit.selection import Identity


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router that presents the wrong kind of identity, with all peers that expect another."""
    groups: dict[tuple[str, str, str], list[tuple[Peer, IsakmpProfile]]] = {}
    for peer in context.peers:
        if peer.end.ike_version != 1 or peer.far_rules is None:
            continue
        profile = unexpected(context, peer) or _meant(peer)
        if profile is not None and not of_kind(profile.matches, peer.identity.kind):
            key = (peer.far_rules.router.name, peer.identity.kind, str(peer.identity))
            groups.setdefault(key, []).append((peer, profile))
    for (sender, kind, identity), found in groups.items():
        evidence = [e for peer, profile in found for e in _evidence(peer, profile)]
        expected = dict.fromkeys(f"{peer.router.name} (profile {profile.name})" for peer, profile in found)
        yield HAZARD.finding(
            hosts=sorted({sender, *(peer.router.name for peer, _ in found)}),
            peers=dict.fromkeys(str(peer.address) for peer, _ in found),
            message=(
                f"{sender} presents itself as {_KINDS[kind]} {identity}, and {listing(expected)} "
                f"{verb(expected, 'matches', 'match')} no identity of that kind."
            ),
            cause=[kind, identity],
            evidence=evidence,
            severity="high" if any(peer.bound is not None for peer, _ in found) else "medium",
        )


def _meant(peer: Peer) -> IsakmpProfile | None:
    """The profile that an unbound end has for its peer's address, while the peer's identity selects none."""
    if peer.end.isakmp_profile is not None or not peer.presents_known or peer.selected.matching:
        return None
    best = peer.rules.profiles_for(Identity("address", peer.address), peer.end.local).best
    return best[0].profile if best else None


def _evidence(peer: Peer, profile: IsakmpProfile) -> list[Evidence]:
    """What makes the far router present itself so, and the statements that expect something else."""
    assert peer.far_rules is not None
    far = peer.far_rules.router
    bound = peer.far_rules.profiles.get(peer.far.isakmp_profile or "") if peer.far is not None else None
    own = bound.self_identity if bound is not None else None
    sent = far.evidence(own.line if own is not None else far.isakmp.identity_line)
    return [*sent, *peer.router.evidence(profile.line, *(match.line for match in profile.matches))]


_KINDS = {
    "address": "the address",
    "fqdn": "the host name",
    "user-fqdn": "the user name",
    "key-id": "the group",
    "dn": "the name",
}

HAZARD = Hazard(
    code="PF-SELFID",
    title="A router presents another kind of identity than its peers expect",
    severity="high",
    scope="pair",
    what=(
        "'crypto isakmp identity' or a profile's 'self-identity' makes a router present a host name while the "
        "peer's profile matches addresses, or the other way round, so that none of the peer's profiles is selected. "
        "Medium where the peer's tunnels are bound to no profile: they then come up without one."
    ),
    why=(
        "The identity selects the responder's profile. One that nothing matches leaves the caller without a "
        "profile, and a bound tunnel refuses it."
    ),
    symptom=(
        "On the router that is called: 'peer matches *none* of the profiles', then error 32. The other direction "
        "may work."
    ),
    fix="Use the same kind at both ends: change the identity sent, or add a match statement for it.",
    source="ID-SENT",
    detect=detect,
)
