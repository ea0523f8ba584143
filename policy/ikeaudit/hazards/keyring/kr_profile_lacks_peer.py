"""KR-PROFILE-LACKS-PEER: the bound profile's keyrings have no entry for the peer, another keyring does."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.missing_keys import by_profile, end_lines, keyless, sureness
from ikeaudit.hazards.facts.responder_keys import Detour, detour_addresses, detour_lines
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import DEFAULT_KEYRING


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile that lacks peers."""
    for facts in context.routers:
        lacking = [
            peer for peer in keyless(facts) if peer.bound is not None and peer.bound.keyrings and peer.blind.best
        ]
        for (profile, fvrf), peers in by_profile(lacking).items():
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            elsewhere = {pick.keyring.name: None for peer in peers for pick in peer.blind.best}
            keys = [line for peer in peers for pick in peer.blind.best for line in (pick.keyring.line, pick.key.line)]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"Profile {profile} is bound to the tunnel to {listing(addresses)}, but its keyrings hold no key "
                    f"for it; keyring {listing(elsewhere)}, which the profile does not name, does."
                ),
                cause=[str(profile), str(fvrf), *elsewhere, *addresses],
                evidence=facts.router.evidence(*end_lines(peers), *sorted(set(keys))),
                confidence=sureness(facts, peers),
            )
        named = set(lacking)
        yield from _callers(facts, [d for d in facts.detours if _lacks(d) and d.peer not in named])


def _lacks(detour: Detour) -> bool:
    """Whether the caller's profile has no key for it at all, while another keyring answers."""
    ring = detour.taken.keyring.name
    return detour.verified and detour.expected is None and ring != DEFAULT_KEYRING and bool(detour.profile.keyrings)


def _callers(facts: RouterFacts, found: list[Detour]) -> Iterator[Finding]:
    """One finding for each profile that callers are assigned to whose key it does not have."""
    groups: dict[str, list[Detour]] = {}
    for detour in found:
        groups.setdefault(detour.profile.name, []).append(detour)
    for profile, detours in groups.items():
        rings = dict.fromkeys(detour.taken.keyring.name for detour in detours)
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=detour_addresses(detours),
            message=(
                f"Profile {profile} matches {listing(detour_addresses(detours))}, but its keyrings hold no key for it; "
                f"keyring {listing(rings)}, which the profile does not name, does."
            ),
            cause=[profile, "callers", *rings, *detour_addresses(detours)],
            evidence=facts.router.evidence(*detour_lines(detours)),
            confidence=strongest(*(detour.confidence for detour in detours)),
        )


HAZARD = Hazard(
    code="KR-PROFILE-LACKS-PEER",
    title="The bound profile's keyring has no entry for the peer, another keyring does",
    severity="high",
    scope="router",
    what=(
        "A tunnel is bound to a profile whose keyrings do not cover the tunnel's peer, or a caller's identity selects "
        "such a profile, while a keyring that the profile does not name holds a key for it in the same front-door VRF."
    ),
    why=(
        "As initiator only the profile's keyrings count, so there is no key. As responder the blind search does "
        "find the other keyring's key, but the verification then refuses it."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange' "
        "after MM5. The key is there to be seen in 'show crypto isakmp key', which misleads."
    ),
    fix="Name the keyring that holds the entry in the profile too: 'keyring NAME'.",
    source="KEY-BOUND, KEY-VERIFY",
    detect=detect,
)
