"""PF-FVRF-MATCH: the match statement has another VRF than the tunnel."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import callers_at, sureness
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing, place, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IdentityMatch
from ikeaudit.selection import Endpoint


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile and VRF."""
    for facts in context.routers:
        groups: dict[tuple[str, str | None], list[tuple[Peer, IdentityMatch]]] = {}
        for peer in facts.ikev1_peers:
            elsewhere = _elsewhere(facts, peer)
            if elsewhere is not None and peer.bound is not None:
                groups.setdefault((peer.bound.name, peer.end.fvrf), []).append((peer, elsewhere))
        for (name, fvrf), found in groups.items():
            addresses = dict.fromkeys(str(peer.address) for peer, _ in found)
            written = dict.fromkeys(place(match.vrf) for _, match in found)
            lines = [n for peer, match in found for n in (match.line, *peer.end.lines)]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"Profile {name} matches {listing(addresses)} in {listing(written)}, but the tunnel it is bound "
                    f"to receives the peer's packets in {place(fvrf)}."
                ),
                cause=[name, str(fvrf), *addresses],
                evidence=facts.router.evidence(facts.rules.profiles[name].line, *lines),
                confidence=sureness(facts, [peer for peer, _ in found]),
            )
        yield from _open_ends(facts, set(groups))


def _open_ends(facts: RouterFacts, told: set[tuple[str, str | None]]) -> Iterator[Finding]:
    """One finding for each profile and VRF of ends that answer anybody, those that known peers have told of left out."""
    groups: dict[tuple[str, str | None], list[Endpoint]] = {}
    for end in facts.ikev1_ends:
        profile = facts.rules.profiles.get(end.isakmp_profile or "") if end.accepts_any else None
        if profile is None or end.virtual_template is not None or not profile.matches:
            continue
        if (profile.name, end.fvrf) in told:
            continue
        if all(match.kind != "certificate" and match.vrf != end.fvrf for match in profile.matches):
            groups.setdefault((profile.name, end.fvrf), []).append(end)
    for (name, fvrf), ends in groups.items():
        profile = facts.rules.profiles[name]
        labels = dict.fromkeys(end.interface for end in ends)
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=callers_at(facts, ends),
            message=(
                f"Profile {name} matches in {listing(dict.fromkeys(place(m.vrf) for m in profile.matches))} only, but "
                f"{listing(labels)}, bound to it, {verb(labels, 'answers', 'answer')} callers in {place(fvrf)}."
            ),
            cause=[name, str(fvrf), *labels],
            evidence=facts.router.evidence(
                profile.line, *(m.line for m in profile.matches), *(n for end in ends for n in end.lines)
            ),
            confidence=facts.doubt("isakmp-profile", name=name),
        )


def _elsewhere(facts: RouterFacts, peer: Peer) -> IdentityMatch | None:
    """The bound profile's statement that would cover the peer in another VRF, if none does in the tunnel's."""
    fits = facts.statements(peer.bound).covering(peer.identity) if peer.bound is not None else ()
    if not fits or any(match.vrf == peer.end.fvrf for match in fits):
        return None
    return fits[0]


HAZARD = Hazard(
    code="PF-FVRF-MATCH",
    title="The match statement lacks the tunnel's front-door VRF, or names another",
    severity="high",
    scope="router",
    what=(
        "A tunnel's outer packets travel in one front-door VRF, and the match statement of its bound profile that "
        "covers the peer is written for another, or for none."
    ),
    why=(
        "A match statement without a VRF is for the default VRF only. The caller then matches no profile, and the "
        "bound tunnel refuses it."
    ),
    symptom="When the peer starts: 'peer matches *none* of the profiles', then error 32. Up when this router starts.",
    fix="Append the VRF: 'match identity address A.B.C.D 255.255.255.255 FVRF'.",
    source="PROFILE-VRF, KEY-FVRF",
    detect=detect,
)
