"""PF-NO-KEYRING: a profile without a keyring, while the key is in a named one."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IsakmpProfile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile without a keyring that needs one."""
    for facts in context.routers:
        if facts.certificates or not facts.pre_shared:
            continue
        groups: dict[str, tuple[IsakmpProfile, dict[Peer, None]]] = {}
        for peer in facts.callers:
            for profile in (peer.bound, peer.profile):
                if profile is not None and not profile.keyrings and peer.blind.best and not peer.uses_default:
                    groups.setdefault(profile.name, (profile, {}))[1][peer] = None
        for profile, peers in groups.values():
            rings = dict.fromkeys(pick.keyring.name for peer in peers for pick in peer.blind.best)
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            keys = sorted({n for p in peers for pick in p.blind.best for n in (pick.keyring.line, pick.key.line)})
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"Profile {profile.name} names no keyring and so has the global keys only, while the key for "
                    f"{listing(addresses)} is in keyring {listing(rings)}."
                ),
                cause=[profile.name, *rings, *addresses],
                evidence=facts.router.evidence(profile.line, *(m.line for m in profile.matches), *keys),
                # That such a profile uses the global keys is inferred (U-4).
                confidence=strongest(*("unknown" if p.blind.uncertain else "probable" for p in peers)),
            )


HAZARD = Hazard(
    code="PF-NO-KEYRING",
    title="A profile without a keyring, while its peer's key is in a named one",
    severity="high",
    scope="router",
    what=(
        "A profile has no 'keyring' line, pre-shared keys are in use, and the key that the search finds for one of "
        "its peers stands in a named keyring. A profile that lives on global keys is not reported."
    ),
    why=(
        "Without a 'keyring' line the profile uses the global keys. The initiator then finds no key, and the "
        "responder's blind search does find one, which the verification refuses."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange'."
    ),
    fix="Add 'keyring NAME' to the profile.",
    source="PROFILE-NO-KEYRING, KEY-VERIFY, U-4",
    detect=detect,
)
