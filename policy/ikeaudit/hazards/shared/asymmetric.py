"""The keys that the two ends of an IKEv2 tunnel hold for each other (IKEV2-LOCAL-REMOTE)."""

from __future__ import annotations

from ikeaudit.exchange import Exchange
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.model import IPAddress, same_key
from ikeaudit.selection import Endpoint, RouterRules
from ikeaudit.selection.ikev2 import Ikev2Keys


def both_ends(peer: Peer) -> tuple[Ikev2Keys | None, Ikev2Keys | None]:
    """This end's keys for the peer, and the peer's for this end; None where there are none or the peer is not known."""
    mine = _keys(peer.rules, peer.end, peer.address)
    if peer.far_rules is None or peer.far is None:
        return mine, None
    return mine, _keys(peer.far_rules, peer.far, peer.far.peer or peer.end.local.address)


def _keys(rules: RouterRules, end: Endpoint, address: IPAddress | None) -> Ikev2Keys | None:
    profile = rules.ikev2.profiles.get(end.ikev2_profile or "")
    return rules.ikev2.initiator_keys(profile, address) if profile is not None and address is not None else None


def asymmetric(context: AuditContext, exchange: Exchange) -> bool:
    """Whether an end of an IKEv2 exchange has different keys for the two directions."""
    peer = context.peer_of(exchange) if exchange.ike_version == 2 else None
    return peer is not None and any(keys is not None and differs(keys) for keys in both_ends(peer))


def differs(keys: Ikev2Keys) -> bool:
    """Whether a block's ``local`` and ``remote`` keys are not the same."""
    if keys.local is None or keys.remote is None:
        return False
    return same_key(keys.local, keys.remote, same_router=True) is False
