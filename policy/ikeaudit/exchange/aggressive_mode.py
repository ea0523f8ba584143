"""IKEv1 aggressive mode: the identity travels first, so the profile is known before a key is needed (DOMAIN 2.2, 4.10)."""

from __future__ import annotations

from ikeaudit.exchange.key_choice import settle
from ikeaudit.exchange.main_mode import keys_equal
from ikeaudit.exchange.policy_choice import agree
from ikeaudit.exchange.profile_choice import select_profile
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import AggressivePeer, IPAddress, IsakmpProfile, Key, Keyring
from ikeaudit.selection import Identity, KeyPick, LocalEnd, RouterRules


def aggressive_peer(initiator: Initiator) -> AggressivePeer | None:
    """The ``crypto isakmp peer`` block with aggressive-mode attributes for the address called, if there is one."""
    peer, fvrf = initiator.endpoint.peer, initiator.endpoint.fvrf
    for block in initiator.router.isakmp.peers:
        if block.address == peer and block.vrf == fvrf and (block.password or block.client_endpoint):
            return block
    return None


def hostname_key(initiator: Initiator) -> KeyPick | None:
    """A host-name key for the address called, by ``ip host``: what makes IOS start aggressive mode by itself (DOMAIN 2.2)."""
    peer = initiator.endpoint.peer
    assert peer is not None
    return next(iter(initiator.rules.keys_by_name_of(peer, initiator.end)), None)


def attribute_key(block: AggressivePeer) -> KeyPick | None:
    """The key that ``set aggressive-mode password`` gives, in a keyring of its own."""
    if block.password is None:
        return None
    return KeyPick(Keyring("aggressive-mode", block.line), Key(block.line, block.password))


def aggressive_mode(
    run: Run,
    initiator: Initiator,
    responder: Responder,
    profile: IsakmpProfile | None,
    key: KeyPick,
    block: AggressivePeer | None,
) -> IsakmpProfile | None:
    """AM1 to AM3; returns the responder's profile for quick mode, stops the exchange where it fails."""
    router, caller = responder.router, responder.caller
    if router.isakmp.aggressive_mode_disabled:
        run.stop("AM1", "aggressive-mode-disabled")
    agree(run, initiator, responder, "AM1", preshared=True)
    run.assume("in aggressive mode the responder selects the profile first (DOMAIN 4.10)")
    identity = initiator.rules.own_identity(profile, initiator.end)
    if block is not None and block.client_endpoint is not None:
        kind = "user-fqdn" if "@" in block.client_endpoint else "fqdn"
        identity = Identity("user-fqdn" if kind == "user-fqdn" else "fqdn", value=block.client_endpoint)
    found = select_profile(run, responder.rules, responder.end, identity)
    run.responder_profile = found.name if found else None
    chosen = _key_by_name(responder.rules, responder.end, found, identity)
    if chosen is None:
        if identity.kind == "fqdn":
            run.say(router, f"no pre-shared key based on hostname {identity}!")
        chosen = _key_by_address(run, responder, found, caller)
    if chosen is None:
        run.say(router, f"No pre-shared key with {caller}!")
        run.stop("AM1", "no-key-on-responder")
    run.responder_keyring = chosen.keyring.name
    run.cite(router, chosen.keyring.line, chosen.key.line)
    run.say(router, "local preshared key found")
    if not keys_equal(run, initiator, key, responder, chosen):
        run.say(
            initiator.router,
            f"%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Aggressive mode failed with peer at {initiator.endpoint.peer}",
        )
        run.stop("AM2", "psk-mismatch")
    run.say(router, "SA authentication status: authenticated", f"SA has been authenticated with {caller}")
    return found


def _key_by_name(
    rules: RouterRules, end: LocalEnd, profile: IsakmpProfile | None, identity: Identity
) -> KeyPick | None:
    if identity.kind not in ("fqdn", "user-fqdn"):
        return None
    rings = rules.ring_names(profile) if profile is not None else None
    named = rules.keys_for_name(identity.value, end)
    return next((pick for pick in named if rings is None or pick.keyring.name in rings), None)


def _key_by_address(
    run: Run, responder: Responder, profile: IsakmpProfile | None, caller: IPAddress | None
) -> KeyPick | None:
    if caller is None:
        run.give_up("the address that the initiator calls from is not in its configuration")
    rules = responder.rules
    if profile is not None:
        search = rules.keys_in_profile(profile, responder.end, caller)
    else:
        search = rules.blind_keys(responder.end, caller)
    return settle(run, responder.router, search)
