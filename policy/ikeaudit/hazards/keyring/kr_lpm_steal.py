"""KR-LPM-STEAL: a more specific entry of another keyring takes a profile's peer."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.responder_keys import Detour, detour_addresses, detour_lines, detour_profiles
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import DEFAULT_KEYRING


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each keyring that takes peers from profiles that do not name it."""
    for facts in context.routers:
        groups: dict[str, list[Detour]] = {}
        for detour in facts.detours:
            expected = detour.expected
            if detour.taken.keyring.name == DEFAULT_KEYRING or expected is None:
                continue
            if detour.taken.length > expected.length:
                groups.setdefault(detour.taken.keyring.name, []).append(detour)
        for keyring, found in groups.items():
            taken = dict.fromkeys(str(detour.taken.key.prefix) for detour in found)
            profiles = detour_profiles(found)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=detour_addresses(found),
                message=(
                    f"Keyring {keyring} holds {listing(taken)}, which is more specific than the entry in the keyring "
                    f"of profile {listing(profiles)}: when {listing(detour_addresses(found))} calls, the key of "
                    f"{keyring} is taken{_effect(found)}."
                ),
                cause=[keyring, *profiles, *taken],
                evidence=facts.router.evidence(*detour_lines(found)),
                confidence=strongest(*(detour.confidence for detour in found)),
            )


def _effect(found: list[Detour]) -> str:
    if all(detour.equal is False for detour in found):
        return ", which is another one"
    return ", and the verification then fails" if all(detour.verified for detour in found) else ""


HAZARD = Hazard(
    code="KR-LPM-STEAL",
    title="A more specific entry stands in another keyring",
    severity="high",
    scope="router",
    what=(
        "The keyrings of a peer's profile hold an entry for the peer, and a keyring that the profile does not name "
        "holds one with a longer mask in the same front-door VRF."
    ),
    why=(
        "A responder takes the longest mask among all keyrings of the VRF, not among those of the profile, which it "
        "does not know yet. As initiator it looks only into the profile's keyrings. The two directions so use "
        "different keys."
    ),
    symptom=(
        "Up when this router starts. When the peer starts: 'Key not found in keyrings of profile , aborting "
        "exchange', or %CRYPTO-4-IKMP_BAD_MESSAGE when the keys differ."
    ),
    fix="Bring the entries into one keyring, after checking which key each profile then uses for each peer.",
    source="KEY-LPM, KEY-VERIFY",
    detect=detect,
)
