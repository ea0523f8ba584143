"""Which key is used between whom, by fingerprint."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.psk import Psk
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import IPAddress, Prefix, Router


class KeyUse(msgspec.Struct, frozen=True):
    """A key on one router with the pairs of routers it serves; ``guessed`` where the far end is only known by address.

    Routers that negotiate from one virtual address (HSRP, VRRP, GLBP) count as one, ``R1/R2``: they have to share the key.
    """

    router: Router
    psk: Psk
    pairs: tuple[frozenset[str], ...]
    guessed: bool


def key_uses(context: AuditContext) -> dict[tuple[str, str], list[KeyUse]]:
    """All keys of the fleet by fingerprint; type 6 keys by router too, since they cannot be compared across routers.

    Keys that somebody masked before are left out.
    """
    found: dict[tuple[str, str], list[KeyUse]] = {}
    virtual = _virtual(context)
    for facts in context.routers:
        for psk in facts.psks:
            if psk.secret.masked:
                continue
            place = facts.name if psk.secret.opaque else ""
            found.setdefault((place, psk.secret.fingerprint), []).append(_use(context, facts, psk, virtual))
    return found


def _virtual(context: AuditContext) -> dict[IPAddress, str]:
    """The virtual addresses that two or more routers share, each with their names as one."""
    holders: dict[IPAddress, dict[str, None]] = {}
    for facts in context.routers:
        for interface in facts.router.interfaces:
            for own in interface.addresses:
                if own.role == "fhrp":
                    holders.setdefault(own.address, {})[facts.name] = None
    return {address: "/".join(names) for address, names in holders.items() if len(names) > 1}


def _use(context: AuditContext, facts: RouterFacts, psk: Psk, virtual: Mapping[IPAddress, str]) -> KeyUse:
    far: dict[str, bool] = {}
    near = facts.name
    for prefix in psk.prefixes:
        shared = virtual.get(prefix.address) if prefix.is_host else None
        far.update({shared: False} if shared is not None else _far_ends(context, facts, psk, prefix))
        if prefix.is_host and virtual:
            sources = {virtual.get(peer.end.local.address or prefix.address) for peer in facts.peers_at(prefix.address)}
            near = next(iter(sources)) or near if len(sources) == 1 else near
    if not psk.prefixes:
        far[psk.target] = True
    pairs = dict.fromkeys(frozenset((near, name)) for name in far if name not in (near, facts.name))
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
