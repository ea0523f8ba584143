"""KR-PROFILE-LACKS-PEER: the bound profile's keyrings have no entry for the peer, another keyring does."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import by_profile, end_lines, keyless, sureness
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


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


HAZARD = Hazard(
    code="KR-PROFILE-LACKS-PEER",
    title="The bound profile's keyring has no entry for the peer, another keyring does",
    severity="high",
    scope="router",
    what=(
        "A tunnel is bound to a profile whose keyrings do not cover the tunnel's peer, while a keyring that the "
        "profile does not name holds a key for it in the same front-door VRF."
    ),
    why=(
        "As initiator only the profile's keyrings count, so there is no key. As responder the blind search does "
        "find the other keyring's key, but the verification then refuses it."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange' "
        "after MM5. The key is there to be seen in 'show crypto isakmp key', which misleads."
    ),
    fix="Move the entry into the profile's keyring, or name the keyring that holds it in the profile.",
    source="DOMAIN 4.1, 4.6, 11.A, 11.F",
    detect=detect,
)
