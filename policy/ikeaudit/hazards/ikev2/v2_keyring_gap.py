"""V2-KEYRING-GAP: the profile's keyring holds nothing for the peer."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.ikev2_keys import expected_identities, pre_shared
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Ikev2Profile
from ikeaudit.selection import Identity


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile."""
    for facts in context.routers:
        groups: dict[str, tuple[Ikev2Profile, list[Peer]]] = {}
        for peer in facts.ikev2_peers:
            profile = facts.rules.ikev2.profiles.get(peer.end.ikev2_profile or "")
            if profile is None or not pre_shared(profile) or profile.keyring_kind == "aaa":
                continue
            identities = expected_identities(peer, profile)
            if not any(facts.rules.ikev2.responder_keys(profile, identity, peer.address) for identity in identities):
                groups.setdefault(profile.name, (profile, []))[1].append(peer)
        yield from _matched_only(facts, {peer.end.ikev2_profile for peer in facts.ikev2_peers})
        for profile, peers in groups.values():
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            where = f"Keyring {profile.keyring.name} of" if profile.keyring is not None else "No keyring is named by"
            lacks = f"{where} IKEv2 profile {profile.name}"
            tail = (
                f" holds no key for {listing(addresses)}"
                if profile.keyring is not None
                else f" for {listing(addresses)}"
            )
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=f"{lacks}{tail}.",
                cause=[profile.name, *addresses],
                evidence=facts.router.evidence(
                    profile.line,
                    profile.keyring.line if profile.keyring else 0,
                    *(n for p in peers for n in p.end.lines),
                ),
                confidence=facts.doubt("ikev2-keyring", "ikev2-profile"),
            )


def _matched_only(facts: RouterFacts, used: set[str | None]) -> Iterator[Finding]:
    """One finding for each profile without known peers whose keyring lacks a host that it matches."""
    for profile in facts.router.ikev2.profiles:
        ring = profile.keyring
        if profile.name in used or ring is None or profile.keyring_kind == "aaa" or not pre_shared(profile):
            continue
        hosts = [m for m in profile.matches if m.prefix is not None and m.prefix.is_host]
        lacking = [
            m
            for m in hosts
            if m.prefix is not None
            and not facts.rules.ikev2.responder_keys(profile, Identity("address", m.prefix.address), m.prefix.address)
        ]
        if lacking:
            addresses = [str(m.prefix) for m in lacking]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"IKEv2 profile {profile.name} matches {listing(addresses)}, for which its keyring {ring.name} "
                    "holds no key."
                ),
                cause=[profile.name, *addresses],
                evidence=facts.router.evidence(profile.line, ring.line, *(m.line for m in lacking)),
                # The address called may be a translated one, under which the key may well stand.
                confidence=weakest("probable", facts.doubt("ikev2-keyring", "ikev2-profile")),
            )


HAZARD = Hazard(
    code="V2-KEYRING-GAP",
    title="The IKEv2 profile's keyring has no key for the peer",
    severity="critical",
    scope="router",
    what=(
        "A tunnel's IKEv2 profile authenticates by pre-shared keys, and its keyring (or the lack of one) has no "
        "peer block for the peer's identity or address. A profile without a known peer is judged by the single "
        "addresses that it matches."
    ),
    why="IKEv2 has no search beyond the profile's keyring.",
    symptom="The initiator sends nothing; the responder fails the authentication.",
    fix="Add a peer block with the peer's address and key, or name the right keyring.",
    source="IKEV2-KEYS",
    detect=detect,
)
