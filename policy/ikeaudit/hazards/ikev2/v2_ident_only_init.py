"""V2-IDENT-ONLY-INIT: the keyring knows the peer by identity only, and this end is to call it."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.ikev2_keys import expected_identities, pre_shared
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Ikev2Profile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile."""
    for facts in context.routers:
        rules = facts.rules.ikev2
        groups: dict[str, tuple[Ikev2Profile, list[Peer]]] = {}
        for peer in facts.ikev2_peers:
            profile = rules.profiles.get(peer.end.ikev2_profile or "")
            if profile is None or peer.end.peer is None or peer.end.responder_only or profile.inbound_only:
                continue
            if not pre_shared(profile) or profile.keyring_kind == "aaa" or rules.initiator_keys(profile, peer.address):
                continue
            if any(rules.responder_keys(profile, i, peer.address) for i in expected_identities(peer, profile)):
                groups.setdefault(profile.name, (profile, []))[1].append(peer)
        for profile, peers in groups.values():
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            ring = profile.keyring.name if profile.keyring is not None else ""
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"Keyring {ring} knows {listing(addresses)} by identity only, so that this router cannot start "
                    "the session."
                ),
                cause=[profile.name, ring, *addresses],
                evidence=facts.router.evidence(
                    profile.line,
                    profile.keyring.line if profile.keyring else 0,
                    *(n for p in peers for n in p.end.lines),
                ),
                confidence="probable",
            )


HAZARD = Hazard(
    code="V2-IDENT-ONLY-INIT",
    title="The keyring knows the peer by identity only, so that this end cannot start",
    severity="high",
    scope="router",
    what="The keyring of a tunnel's IKEv2 profile has a peer block for the peer's identity, but none with its address.",
    why=(
        "The initiator looks its key up by the peer's address before the first packet; the identity is not known "
        "then. As responder it works."
    ),
    symptom="Nothing is sent when this router starts; up when the peer does.",
    fix="Add 'address' to the peer block.",
    source="IKEV2-KEYS",
    detect=detect,
)
