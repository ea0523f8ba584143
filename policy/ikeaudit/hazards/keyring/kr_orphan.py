"""KR-ORPHAN: a keyring of no profile that still takes part in the blind search."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Keyring


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each keyring that no profile names."""
    for facts in context.routers:
        if not facts.router.isakmp_profiles:
            continue
        used = _used_without_profile(facts)
        for keyring in facts.router.keyrings:
            if keyring.name in facts.listed_keyrings or keyring.name in used:
                continue
            if not any(key.prefix is not None for key in keyring.keys):
                continue
            peers = _live(facts, keyring)
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            what = f"covers {listing(addresses)}" if addresses else "covers no known peer"
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                severity="high" if addresses else "medium",
                message=f"No profile names keyring {keyring.name}, yet a responder searches it too; it {what}.",
                cause=[keyring.name],
                evidence=facts.router.evidence(keyring.line, *(key.line for key in keyring.keys)),
                confidence="certain" if addresses or not _unseen(facts) else "probable",
            )


def _live(facts: RouterFacts, keyring: Keyring) -> list[Peer]:
    peers = {peer: None for key in keyring.keys for peer in facts.peers_under(key.line)}
    return list(peers)


def _used_without_profile(facts: RouterFacts) -> set[str]:
    """Keyrings that serve tunnels which have nothing to do with profiles: unbound, and matched by none."""
    return {
        peer.blind_pick.keyring.name
        for peer in facts.ikev1_peers
        if peer.blind_pick is not None and peer.end.isakmp_profile is None and not peer.selected.matching
    }


def _unseen(facts: RouterFacts) -> bool:
    """Whether there may be users of the keyring that the configuration does not name: GETVPN, or an excerpt."""
    gdoi = any(entry.kind == "gdoi" for crypto_map in facts.router.crypto_maps for entry in crypto_map.entries)
    return gdoi or bool(facts.rules.key_servers) or not facts.rules.endpoints


HAZARD = Hazard(
    code="KR-ORPHAN",
    title="A keyring that no profile names takes part in the search",
    severity="medium",
    scope="router",
    what=(
        "The router uses profiles, and a keyring with address keys is named by none of them. High when one of its "
        "keys covers a known peer. A keyring that serves tunnels without any profile is no orphan."
    ),
    why=(
        "The responder's search does not care whether a profile names a keyring. An orphan that wins it takes the "
        "negotiation to a key that no profile can verify."
    ),
    symptom=(
        "When a covered peer starts: 'Key not found in keyrings of profile , aborting exchange', or "
        "%CRYPTO-4-IKMP_BAD_MESSAGE."
    ),
    fix="Delete the keyring, after making sure that no tunnel without a profile uses it.",
    source="DOMAIN 3.1, 4.6, 11.A, 11.F",
    detect=detect,
)
