"""KR-NOKEY: no eligible key for a configured peer."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange import Initiator
from ikeaudit.exchange.aggressive_mode import aggressive_peer, hostname_key
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.missing_keys import by_profile, end_lines, keyless, sureness
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile (or the lack of one) whose peers have no key."""
    for facts in context.routers:
        lacking = [peer for peer in keyless(facts) if not _by_name(peer)]
        for (profile, fvrf), peers in by_profile(lacking).items():
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            where = f"The keyrings of profile {profile} hold" if profile else "The router holds"
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=f"{where} no key for {listing(addresses)}, reached through {place(fvrf)}.",
                cause=[str(profile), str(fvrf), *addresses],
                evidence=facts.router.evidence(*end_lines(peers)),
                confidence=weakest(sureness(facts, peers), context.told(facts.name, addresses)),
            )


def _by_name(peer: Peer) -> bool:
    """Whether the router can start aggressive mode with a key for the peer's name, or one set for that (MODE-AGGRESSIVE).

    The key has to stand where the router looks: in the bound profile's keyrings, if a profile is bound.
    """
    initiator = Initiator(peer.rules, peer.end)
    block = aggressive_peer(initiator)
    by_itself = not peer.router.isakmp.aggressive_mode_disabled and hostname_key(initiator, peer.bound) is not None
    return by_itself or (block is not None and block.password is not None)


HAZARD = Hazard(
    code="KR-NOKEY",
    title="No eligible key for a configured peer",
    severity="critical",
    scope="router",
    what=(
        "A tunnel names a peer, negotiates by IKEv1 with pre-shared keys, and the keys it may use (those of the "
        "bound profile's keyrings; without a profile all keys of the front-door VRF and local address) do not cover "
        "the peer's address, nor is there a key by which it could start aggressive mode."
    ),
    why=(
        "Without a key the router sends no packet at all, and as responder it finds every pre-share policy "
        "unacceptable."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!' and 'No Cert or pre-shared address key.', nothing leaves the router. "
        "Called: 'phase 1 SA policy not acceptable!'."
    ),
    fix="Add an entry for the peer to a keyring of the bound profile, in the tunnel's front-door VRF.",
    source="KEY-MISSING, KEY-BOUND",
    detect=detect,
)
