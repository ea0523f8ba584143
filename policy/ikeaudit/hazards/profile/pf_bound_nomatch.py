"""PF-BOUND-NOMATCH: the bound profile does not match its own peer."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile that is bound to tunnels of peers that it does not match."""
    for facts in context.routers:
        groups: dict[str, list[Peer]] = {}
        for peer in facts.ikev1_peers:
            if peer.bound is not None and peer.bound.matches and not _covered(facts, peer):
                groups.setdefault(peer.bound.name, []).append(peer)
        for name, peers in groups.items():
            profile = facts.rules.profiles[name]
            identities = dict.fromkeys(str(peer.identity) for peer in peers)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(str(peer.address) for peer in peers),
                message=(
                    f"Profile {name} is bound to {listing(peer.end.interface for peer in peers)}, but none of its "
                    f"match statements covers the peer's identity {listing(identities)}."
                ),
                cause=[name, *identities],
                evidence=facts.router.evidence(
                    profile.line, *(m.line for m in profile.matches), *(n for peer in peers for n in peer.end.lines)
                ),
                confidence=strongest(*(_certainty(peer) for peer in peers)),
            )


def _covered(facts: RouterFacts, peer: Peer) -> bool:
    """Whether a match statement of the bound profile covers the identity, in whichever VRF; certificate maps may always."""
    assert peer.bound is not None
    statements = facts.statements(peer.bound)
    if not peer.presents_known and statements.only_names:
        return True  # Nobody knows what the peer calls itself, and the profile expects a name.
    return statements.certificates or bool(statements.covering(peer.identity))


def _certainty(peer: Peer) -> Confidence:
    return "certain" if peer.far_rules is not None else "probable"


HAZARD = Hazard(
    code="PF-BOUND-NOMATCH",
    title="The bound profile does not match its own peer",
    severity="high",
    scope="router",
    what=(
        "A tunnel is bound to an ISAKMP profile none of whose match statements covers the identity of the tunnel's "
        "peer (its address, unless its configuration says otherwise). A statement that only lacks the VRF is "
        "PF-FVRF-MATCH."
    ),
    why=(
        "Match statements have no effect on negotiations that the router starts, which hides the mistake. When the "
        "peer calls, another profile or none is selected, and the tunnel's binding refuses it."
    ),
    symptom=(
        "When the peer starts: 'peer matches *none* of the profiles' or another one, then error 32 or a "
        "verification failure. Up when this router starts."
    ),
    fix="Add the peer's identity to the bound profile.",
    source="PROFILE-INITIATOR, BIND-PROFILE, U-5",
    detect=detect,
)
