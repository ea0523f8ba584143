"""PW-NAT-ID: behind address translation, the profile matches the outer address instead of the inner one."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.selection import Identity


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile that matches translated addresses."""
    for facts in context.routers:
        groups: dict[str, list[Peer]] = {}
        for peer in facts.ikev1_peers:
            inner = peer.identity
            if peer.far_rules is None or inner.kind != "address" or inner.address == peer.address:
                continue
            outer = facts.rules.profiles_for(Identity("address", peer.address), peer.end.local)
            if outer.best and outer.best[0].profile is not peer.profile:
                groups.setdefault(outer.best[0].profile.name, []).append(peer)
        for name, peers in groups.items():
            profile = facts.rules.profiles[name]
            moves = [f"{peer.address} (identity {peer.identity})" for peer in peers]
            yield HAZARD.finding(
                hosts=sorted({facts.name, *(peer.far_name for peer in peers)}),
                peers=[str(peer.address) for peer in peers],
                message=f"Profile {name} of {facts.name} matches the translated address of {listing(moves)}.",
                cause=[facts.name, name, *moves],
                evidence=facts.router.evidence(profile.line, *(match.line for match in profile.matches)),
                confidence="probable",
            )


HAZARD = Hazard(
    code="PW-NAT-ID",
    title="A profile matches the translated address, but the identity is the inner one",
    severity="high",
    scope="pair",
    what=(
        "Address translation between two routers is known, and the responder's profile matches the outer address of "
        "the caller, while the identity that the caller presents is its own, inner address."
    ),
    why=(
        "The key is looked up by the outer address, the profile by the identity, which the translation does not change."
    ),
    symptom="'peer matches *none* of the profiles' or another one, then error 32 or a verification failure.",
    fix=(
        "Match the inner address in the profile (the key stays with the outer one), or use host names or IKEv2 "
        "identities."
    ),
    source="NAT-ADDRESSES",
    detect=detect,
)
