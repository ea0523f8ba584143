"""PW-ID: the responder's bound profile does not match what the initiator presents."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.identities import unexpected
from ikeaudit.model import IsakmpProfile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile and router that presents something else."""
    groups: dict[tuple[str, str, str], list[tuple[Peer, IsakmpProfile]]] = {}
    for peer in context.peers:
        profile = unexpected(context, peer) if peer.end.ike_version == 1 else None
        if profile is not None:
            groups.setdefault((peer.router.name, profile.name, peer.far_name), []).append((peer, profile))
    for (router, name, far), found in groups.items():
        identities = dict.fromkeys(str(peer.identity) for peer, _ in found)
        first = found[0][0]
        yield HAZARD.finding(
            hosts=sorted((router, far)),
            peers=dict.fromkeys(str(peer.address) for peer, _ in found),
            message=(
                f"{far} presents the identity {listing(identities)}, which profile {name} of {router} does not match."
            ),
            cause=[router, name, far, *identities],
            evidence=first.router.evidence(
                found[0][1].line,
                *(match.line for match in found[0][1].matches),
                *(n for p, _ in found for n in p.end.lines),
            ),
        )


HAZARD = Hazard(
    code="PW-ID",
    title="The responder's profile does not match the initiator's identity",
    severity="high",
    scope="pair",
    what=(
        "Both configurations are known, and the identity that one router presents is matched by no profile of the "
        "other, whose tunnel is bound to one."
    ),
    why=(
        "The caller ends up without a profile, and the bound tunnel refuses it in quick mode. The other direction "
        "is not concerned."
    ),
    symptom="Called: 'peer matches *none* of the profiles', then error 32.",
    fix="Match in the profile what the other router presents, or make it present what the profile matches.",
    source="BIND-PROFILE, U-5",
    detect=detect,
)
