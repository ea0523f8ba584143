"""KR-DEFAULT-SHADOW: a global key shadows the keyring of a peer's profile."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.responder_keys import Detour, detour_addresses, detour_lines, detour_profiles
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard, Severity
from ikeaudit.model import DEFAULT_KEYRING, Prefix


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each global key, and one more where it also contradicts the keyring's key."""
    for facts in context.routers:
        if not facts.has_default_keys:
            continue
        groups: dict[tuple[Prefix | None, Severity], list[Detour]] = {}
        for detour in facts.detours:
            if detour.taken.keyring.name == DEFAULT_KEYRING:
                severity: Severity = "critical" if detour.equal is False else "high"
                groups.setdefault((detour.taken.key.prefix, severity), []).append(detour)
        for (prefix, severity), found in groups.items():
            profiles = detour_profiles(found)
            if severity == "critical":
                effect = "with another key than the keyring's"
            elif any(detour.verified for detour in found):
                effect = "and the verification against the profile's keyring then fails"
            else:
                effect = "and whether it is the keyring's key cannot be told"
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=detour_addresses(found),
                severity=severity,
                message=(
                    f"The global key for {prefix} is searched before every keyring: it answers "
                    f"{listing(detour_addresses(found))} of profile {listing(profiles)}, {effect}."
                ),
                cause=[str(prefix), severity, *profiles],
                evidence=facts.router.evidence(*detour_lines(found)),
                confidence=strongest(*(detour.confidence for detour in found)),
            )


HAZARD = Hazard(
    code="KR-DEFAULT-SHADOW",
    title="A global key shadows a keyring",
    severity="high",
    scope="router",
    what=(
        "A global key (crypto isakmp key) covers a peer that is reached through the default VRF, while the profile "
        "for that peer uses keyrings and does not name the keyring 'default'. Critical when the two keys differ."
    ),
    why=(
        "The global keys form the predefined keyring 'default', which a responder searches first wherever it stands "
        "in the configuration; if it has any match, even 0.0.0.0, no other keyring is looked at. The key so chosen "
        "does not belong to the peer's profile."
    ),
    symptom=(
        "When the peer starts: 'Key not found in keyrings of profile , aborting exchange' if the keys are equal, "
        "'reserved not zero on ID payload!' and %CRYPTO-4-IKMP_BAD_MESSAGE if they differ. When this router starts, "
        "all is well."
    ),
    fix=(
        "Bring all keys to one place: a keyring that has the global keys too, named by every profile and found by what "
        "has none (plan strategy single-keyring proves the order of the steps). Until then 'keyring default' in the "
        "profile lets equal keys pass."
    ),
    source="KEY-DEFAULT-FIRST, KEY-VERIFY, C-3",
    detect=detect,
)
