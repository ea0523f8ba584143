"""KR-UNDEF: a profile names a keyring that is not defined."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IsakmpProfile, Keyring


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
            meant = _meant(facts, keyring, [profile for profile, _ in users])
            hint = f"; keyring {listing(k.name for k in meant)} may be meant" if meant else ""
            peers = dict.fromkeys(str(p.address) for p in facts.ikev1_peers if p.end.isakmp_profile in names)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=peers,
                message=(
                    f"Keyring {keyring} is not defined, and profile {listing(names)} "
                    f"{verb(names, 'names', 'name')} it{hint}."
                ),
                cause=[keyring, *names],
                evidence=facts.router.evidence(
                    *(line for p, ref in users for line in (p.line, ref)), *(k.line for k in meant)
                ),
                confidence=facts.doubt(),
                fix=_correct(keyring, names, meant[0]) if len(meant) == 1 else None,
            )


def _meant(facts: RouterFacts, missing: str, users: list[IsakmpProfile]) -> list[Keyring]:
    """The keyrings that the name may stand for: those spelt alike, else those of no profile with a key for the same peers."""
    near = [k for k in facts.router.keyrings if k.name.lower() == missing.lower()]
    if near:
        return near
    names = {profile.name for profile in users}
    wanted = {peer.address for peer in facts.in_use.peers if peer.end.isakmp_profile in names}
    matches = [match.prefix for profile in users for match in profile.matches if match.prefix is not None]
    return [
        keyring
        for keyring in facts.router.keyrings
        if keyring.name not in facts.listed_keyrings
        and any(
            any(key.prefix.covers(address) for address in wanted) or any(key.prefix.overlaps(m) for m in matches)
            for key in keyring.keys
            if key.prefix is not None
        )
    ]


def _correct(missing: str, users: list[str], meant: Keyring) -> str:
    return (
        f"Correct the name: 'keyring {meant.name}' instead of 'keyring {missing}' in profile {listing(users)}. Keyring "
        f"{meant.name} is needed as it stands."
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
    source="KEY-BOUND, KEY-VERIFY, U-10",
    detect=detect,
)
