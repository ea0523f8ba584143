"""Which key is used between whom, by fingerprint (DOMAIN 11.E)."""

from __future__ import annotations

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.psk import Psk
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import Prefix, Router


class KeyUse(msgspec.Struct, frozen=True):
    """A key on one router with the pairs of routers it serves; ``guessed`` where the far end is only known by address."""

    router: Router
    psk: Psk
    pairs: tuple[frozenset[str], ...]
    guessed: bool


def key_uses(context: AuditContext) -> dict[tuple[str, str], list[KeyUse]]:
    """All keys of the fleet by fingerprint; type 6 keys by router too, since they cannot be compared across routers.

    Keys that somebody masked before are left out.
    """
    found: dict[tuple[str, str], list[KeyUse]] = {}
    for facts in context.routers:
        for psk in facts.psks:
            if psk.secret.masked:
                continue
            place = facts.name if psk.secret.opaque else ""
            found.setdefault((place, psk.secret.fingerprint), []).append(_use(context, facts, psk))
    return found


def _use(context: AuditContext, facts: RouterFacts, psk: Psk) -> KeyUse:
    far: dict[str, bool] = {}
    for prefix in psk.prefixes:
        far.update(_far_ends(context, facts, psk, prefix))
    if not psk.prefixes:
        far[psk.target] = True
    pairs = dict.fromkeys(frozenset((facts.name, name)) for name in far if name != facts.name)
    return KeyUse(facts.router, psk, tuple(pairs), any(far.values()))


def _far_ends(context: AuditContext, facts: RouterFacts, psk: Psk, prefix: Prefix) -> dict[str, bool]:
    """The routers behind an address, or the known peers under a network, each with whether it is only an address.

    Behind a translated address stand the routers that are known to call from it.
    """
    if prefix.is_host:
        callers = {p.far_name for p in facts.peers_at(prefix.address) if p.far_rules is not None}
        if callers:
            return dict.fromkeys(sorted(callers), False)
        owners = {router.name for router, _ in context.fleet.owners(prefix.address)} - {facts.name}
        return dict.fromkeys(sorted(owners), False) if len(owners) == 1 else {str(prefix): True}
    if psk.ike_version == 1:
        peers = facts.peers_under(psk.line)
    else:
        peers = tuple(peer for peer in facts.ikev2_peers if prefix.covers(peer.address))
    return {peer.far_name: peer.far_rules is None for peer in peers}
