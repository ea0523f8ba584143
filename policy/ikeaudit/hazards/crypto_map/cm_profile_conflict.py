"""CM-PROFILE-CONFLICT: the map and its entry are bound to different profiles."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each crypto map."""
    for facts in context.routers:
        for crypto_map in facts.router.crypto_maps:
            whole = crypto_map.isakmp_profile
            if whole is None:
                continue
            other = [
                (entry, entry.isakmp_profile)
                for entry in crypto_map.entries
                if entry.isakmp_profile is not None and entry.isakmp_profile.name != whole.name
            ]
            if other:
                entries = [f"{entry.sequence} ({profile.name})" for entry, profile in other]
                yield HAZARD.finding(
                    hosts=[facts.name],
                    peers=[str(peer.address or peer.hostname) for entry, _ in other for peer in entry.peers],
                    message=(
                        f"Crypto map {crypto_map.name} is bound to profile {whole.name}, its entry "
                        f"{listing(entries)} to another."
                    ),
                    cause=[crypto_map.name, whole.name, *entries],
                    evidence=facts.router.evidence(whole.line, *(n for e, p in other for n in (e.line, p.line))),
                )


HAZARD = Hazard(
    code="CM-PROFILE-CONFLICT",
    title="A crypto map and its entry are bound to different profiles",
    severity="medium",
    scope="router",
    what=(
        "'crypto map NAME isakmp-profile P' and 'set isakmp-profile Q' in an entry of the same map name different "
        "profiles."
    ),
    why="Which one holds for the entry is easily misread, and changing the map's own seems to do nothing.",
    symptom="Error 32 in quick mode after the 'wrong' one was corrected.",
    fix="Give every entry a 'set isakmp-profile' of its own, those too that have the map's profile by now.",
    source="BIND-ENTRY",
    detect=detect,
)
