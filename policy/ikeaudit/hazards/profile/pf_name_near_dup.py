"""PF-NAME-NEAR-DUP: names that differ only in capital letters."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Router


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each set of names that are equal but for case."""
    for facts in context.routers:
        for kind, named in _names(facts.router):
            groups: dict[str, dict[str, int]] = {}
            for name, line in named:
                groups.setdefault(name.lower(), {}).setdefault(name, line)
            for spellings in groups.values():
                if len(spellings) > 1:
                    yield HAZARD.finding(
                        hosts=[facts.name],
                        message=(
                            f"{kind} names {' and '.join(spellings)} differ only in capital letters, and IOS treats "
                            "them as different."
                        ),
                        cause=[kind, *spellings],
                        evidence=facts.router.evidence(*spellings.values()),
                    )


def _names(router: Router) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Names with the lines where they stand: definitions first, then the references that may be misspelt."""
    profiles = [(p.name, p.line) for p in router.isakmp_profiles]
    profiles += [(p.isakmp_profile.name, p.isakmp_profile.line) for p in router.ipsec_profiles if p.isakmp_profile]
    for crypto_map in router.crypto_maps:
        references = [crypto_map.isakmp_profile, *(entry.isakmp_profile for entry in crypto_map.entries)]
        profiles += [(ref.name, ref.line) for ref in references if ref is not None]
    yield "ISAKMP profile", profiles
    rings = [(k.name, k.line) for k in router.keyrings]
    rings += [(ref.name, ref.line) for p in router.isakmp_profiles for ref in p.keyrings]
    yield "Keyring", rings
    yield "IKEv2 profile", [(p.name, p.line) for p in router.ikev2.profiles]
    keyrings = [(k.name, k.line) for k in router.ikev2.keyrings]
    yield "IKEv2 keyring", keyrings + [(p.keyring.name, p.keyring.line) for p in router.ikev2.profiles if p.keyring]


HAZARD = Hazard(
    code="PF-NAME-NEAR-DUP",
    title="Names that differ only in capital letters",
    severity="medium",
    scope="router",
    what="Two profiles, or two keyrings, of a router are called the same but for capital letters.",
    why=(
        "Typing a name with another capital makes a second object instead of changing the first. The settings end "
        "up spread over two half-finished profiles, neither of which works."
    ),
    symptom="A profile with a keyring but no match statement, and another the other way round.",
    fix="Bring the settings together under one name and delete the other.",
    source="DOMAIN 11.B",
    detect=detect,
)
