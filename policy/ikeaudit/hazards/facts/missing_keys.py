"""Tunnel ends that hold no key for their peer, and keys that would have fitted but for one thing (DOMAIN 4.1, 4.5)."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import DEFAULT_KEYRING, Keyring
from ikeaudit.selection import KeyPick


def keyless(facts: RouterFacts) -> Iterator[Peer]:
    """Configured peers of IKEv1 tunnel ends for which the router, calling them, finds no address key.

    Left out: ends that authenticate by certificates, ends whose ISAKMP or IPsec profile is not defined (PF-UNDEF-REF says
    so), and ends where it hangs on a learnt address whether a keyring takes part.
    """
    if facts.certificates or not facts.pre_shared:
        return
    for peer in facts.ikev1_peers:
        undefined = peer.end.isakmp_profile is not None and peer.bound is None
        if peer.end.peer is None or undefined or any(what.startswith("ipsec profile") for what, _ in peer.end.missing):
            continue
        if not peer.calling_keys.best and not peer.calling_keys.uncertain:
            yield peer


def candidates(facts: RouterFacts, peer: Peer) -> list[Keyring]:
    """The keyrings that the router looks into when it calls ``peer``: the bound profile's, else all."""
    if peer.bound is None or not peer.bound.keyrings:
        return list(facts.keyrings)
    return [facts.rules.keyrings[n] for n in facts.rules.ring_names(peer.bound) if n in facts.rules.keyrings]


def in_other_vrfs(facts: RouterFacts, peer: Peer) -> list[KeyPick]:
    """Keys of named keyrings that cover the peer, but in another front-door VRF than the tunnel's."""
    names = {keyring.name for keyring in candidates(facts, peer)} - {DEFAULT_KEYRING}
    return [
        pick
        for vrf in facts.key_vrfs
        if vrf != peer.end.fvrf
        for pick in facts.covering(vrf, peer.address)
        if pick.keyring.name in names
    ]


def sureness(facts: RouterFacts, peers: list[Peer]) -> Confidence:
    """Unknown where lines that were not understood may hold the key, or where no tunnel's own interface is described.

    An excerpt that does not show the interface's address cannot show its VRF either.
    """
    placed: Confidence = "certain" if any(peer.placed for peer in peers) else "unknown"
    return weakest(placed, facts.doubt("keyring", "isakmp-profile"))


def by_profile(peers: list[Peer]) -> dict[tuple[str | None, str | None], list[Peer]]:
    """Peers by the profile that their end is bound to and by front-door VRF."""
    groups: dict[tuple[str | None, str | None], list[Peer]] = {}
    for peer in peers:
        groups.setdefault((peer.end.isakmp_profile, peer.end.fvrf), []).append(peer)
    return groups


def end_lines(peers: list[Peer]) -> list[int]:
    """The lines of the tunnel ends, and of their profiles with the keyrings they name."""
    lines = {line for peer in peers for line in peer.end.lines}
    for peer in peers:
        if peer.bound is not None:
            lines |= {peer.bound.line, *(ref.line for ref in peer.bound.keyrings)}
    return sorted(lines)
