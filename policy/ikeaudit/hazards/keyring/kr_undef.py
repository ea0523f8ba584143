"""KR-UNDEF: a profile names a keyring that is not defined."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IsakmpProfile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each name that is not defined."""
    for facts in context.routers:
        groups: dict[str, list[tuple[IsakmpProfile, int]]] = {}
        for profile in facts.router.isakmp_profiles:
            for ref in profile.keyrings:
                if ref.name not in facts.rules.keyrings:
                    groups.setdefault(ref.name, []).append((profile, ref.line))
        for keyring, users in groups.items():
            names = [profile.name for profile, _ in users]
            near = [name for name in facts.rules.keyrings if name.lower() == keyring.lower()]
            hint = f" (there is one called {near[0]})" if near else ""
            peers = dict.fromkeys(str(p.address) for p in facts.ikev1_peers if p.end.isakmp_profile in names)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=peers,
                message=(
                    f"Keyring {keyring} is not defined{hint}, and profile {listing(names)} "
                    f"{verb(names, 'names', 'name')} it."
                ),
                cause=[keyring, *names],
                evidence=facts.router.evidence(*(line for p, ref in users for line in (p.line, ref))),
                confidence=facts.doubt(),
            )


HAZARD = Hazard(
    code="KR-UNDEF",
    title="A profile names a keyring that is not defined",
    severity="critical",
    scope="router",
    what="A 'keyring' line of a profile names a keyring that the configuration does not define.",
    why=(
        "The profile has no keys from it: its tunnels cannot start, and as responder a key found elsewhere fails "
        "the verification."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange'."
    ),
    fix="Define the keyring, or correct the name (capital letters count).",
    source="DOMAIN 4.1, 4.6, 10.2 U-10, 11.A",
    detect=detect,
)
