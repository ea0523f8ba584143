"""PF-BIND-MISMATCH: the identity selects another profile than the tunnel is bound to."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of profiles."""
    for facts in context.routers:
        groups: dict[tuple[str, str], list[Peer]] = {}
        for peer in facts.ikev1_peers:
            if peer.bound is not None and peer.profile is not None and peer.profile.name != peer.bound.name:
                groups.setdefault((peer.bound.name, peer.profile.name), []).append(peer)
        for (bound, selected), peers in groups.items():
            identities = dict.fromkeys(str(peer.identity) for peer in peers)
            ends = dict.fromkeys(peer.end.interface for peer in peers)
            matches = sorted({pick.match.line for peer in peers for pick in peer.selected.matching})
            profiles = [facts.rules.profiles[name].line for name in (bound, selected)]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(str(peer.address) for peer in peers),
                message=(
                    f"The identity {listing(identities)} selects profile {selected}, but {listing(ends)} "
                    f"{verb(ends, 'is', 'are')} bound to profile {bound}."
                ),
                cause=[bound, selected, *identities],
                evidence=facts.router.evidence(*profiles, *matches, *(n for peer in peers for n in peer.end.lines)),
                confidence=strongest(*(peer.selection_confidence for peer in peers)),
            )


HAZARD = Hazard(
    code="PF-BIND-MISMATCH",
    title="The peer's identity selects another profile than the tunnel is bound to",
    severity="high",
    scope="router",
    what=(
        "The profile that a peer's identity selects is not the one that the IPsec profile, crypto map or tunnel "
        "protection towards that peer is bound to."
    ),
    why=(
        "Phase 1 can succeed, when both profiles use the same keyring; in quick mode the responder looks for an end "
        "that is bound to the selected profile, finds none, and refuses, with an error that looks like a proxy "
        "mismatch. As initiator it does not look at match statements at all."
    ),
    symptom=(
        "When the peer starts: 'map_db_check_isakmp_profile profile did not match', error 32, PROPOSAL_NOT_CHOSEN; "
        "its phase 1 stays QM_IDLE. Up when this router starts."
    ),
    fix="Match the peer's identity in the bound profile and nowhere else, or bind the profile that matches.",
    source="BIND-PROFILE",
    detect=detect,
)
