"""KR-EMPTY: a profile's keyrings hold no key at all."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IsakmpProfile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each set of empty keyrings that profiles rely on."""
    for facts in context.routers:
        groups: dict[tuple[str, ...], list[IsakmpProfile]] = {}
        for profile in facts.router.isakmp_profiles:
            rings = [facts.rules.keyrings[ref.name] for ref in profile.keyrings if ref.name in facts.rules.keyrings]
            if rings and not any(ring.keys or ring.rsa_keys for ring in rings):
                groups.setdefault(tuple(ring.name for ring in rings), []).append(profile)
        for keyrings, profiles in groups.items():
            names = [profile.name for profile in profiles]
            lines = [line for p in profiles for line in (p.line, *(ref.line for ref in p.keyrings))]
            peers = dict.fromkeys(str(p.address) for p in facts.ikev1_peers if p.end.isakmp_profile in names)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=peers,
                message=(
                    f"Keyring {listing(keyrings)} {verb(keyrings, 'holds', 'hold')} no key, and profile {listing(names)} "
                    f"{verb(names, 'has', 'have')} no other keyring."
                ),
                cause=[*keyrings, *names],
                evidence=facts.router.evidence(*(facts.rules.keyrings[name].line for name in keyrings), *lines),
                confidence=weakest(*(facts.doubt("keyring", name=name) for name in keyrings)),
            )


HAZARD = Hazard(
    code="KR-EMPTY",
    title="A profile names an empty keyring",
    severity="critical",
    scope="router",
    what=(
        "A profile names keyrings, 'default' included, and they hold neither a pre-shared nor an RSA key. An empty "
        "keyring beside a filled one does no harm and is not reported."
    ),
    why=(
        "The profile has no key for anybody, so that its tunnels cannot start, and a key found elsewhere fails the "
        "verification."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange'."
    ),
    fix="Put the keys into the keyring, or name the one that holds them.",
    source="KEY-BOUND, KEY-VERIFY",
    detect=detect,
)
