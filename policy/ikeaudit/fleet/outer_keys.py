"""Keys that a router holds for a caller's address outside, where its ends take anybody (NAT-GUESS)."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange import Initiator
from ikeaudit.model import IPAddress, Secret, same_key
from ikeaudit.selection import LocalEnd, RouterRules


def keys_outside(
    initiator: Initiator, rules: RouterRules, arrival: LocalEnd, caller: IPAddress
) -> Iterator[tuple[IPAddress, int]]:
    """The addresses, with their lines, for which ``rules`` hold the caller's own key; none where they do so for ``caller``."""
    if initiator.endpoint.ike_version == 2:
        yield from _ikev2(initiator, rules, arrival, caller)
        return
    own, peer = initiator.endpoint, initiator.endpoint.peer
    if peer is None:
        return
    bound = initiator.rules.profiles.get(own.isakmp_profile or "")
    found = initiator.rules.keys_in_profile(bound, own.local, peer) if bound else None
    search = found if found is not None else initiator.rules.blind_keys(own.local, peer)
    mine = search.best[0].key.secret if search.best else None
    if any(_same(mine, pick.key.secret) is not False for pick in rules.blind_keys(arrival, caller).best):
        return
    for ring in rules.keyrings.values():
        if ring.vrf == arrival.fvrf and rules.addresses.admits(ring.local_address, arrival) is not False:
            for key in ring.keys:
                if key.prefix is not None and key.prefix.is_host and _same(mine, key.secret):
                    yield key.prefix.address, key.line


def _ikev2(
    initiator: Initiator, rules: RouterRules, arrival: LocalEnd, caller: IPAddress
) -> Iterator[tuple[IPAddress, int]]:
    """The same by IKEv2, where a key for the caller's identity serves whatever its address."""
    own, peer = initiator.endpoint, initiator.endpoint.peer
    profile = initiator.rules.ikev2.profiles.get(own.ikev2_profile or "")
    keys = initiator.rules.ikev2.initiator_keys(profile, peer) if profile is not None and peer is not None else None
    if profile is None or keys is None:
        return
    identity = initiator.rules.ikev2.own_identity(profile, own.local)
    for there in rules.ikev2.profiles_for(identity, arrival):
        for held in rules.ikev2.responder_candidates(there, identity, caller):
            if _same(keys.local, held.remote) is not False:
                return
    for ring in rules.router.ikev2.keyrings:
        for block in ring.peers:
            if block.identity is None and _same(keys.local, block.remote):
                yield from ((prefix.address, block.line) for prefix in block.addresses if prefix.is_host)


def _same(mine: Secret | None, other: Secret | None) -> bool | None:
    return None if mine is None or other is None else same_key(mine, other, same_router=False)
