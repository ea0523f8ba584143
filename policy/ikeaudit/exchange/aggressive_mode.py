"""IKEv1 aggressive mode: the identity comes first, the profile is known before the key (MODE-AGGRESSIVE, AGGRESSIVE-KEY)."""

from __future__ import annotations

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.decisions import (
    blind_decision,
    identity_decision,
    mismatch_decision,
    name_decision,
    ring_decision,
)
from ikeaudit.exchange.key_choice import settle
from ikeaudit.exchange.main_mode import key_ends
from ikeaudit.exchange.policy_choice import compare, tell
from ikeaudit.exchange.profile_choice import presented, select_profile
from ikeaudit.exchange.result import Mode
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import AggressivePeer, IPAddress, IsakmpProfile, Key, Keyring, Router, parse_address
from ikeaudit.selection import Identity, KeyPick, LocalEnd, RouterRules


def aggressive_peer(initiator: Initiator) -> AggressivePeer | None:
    """The ``crypto isakmp peer`` block with aggressive-mode attributes for the address called, if there is one."""
    peer = initiator.endpoint.peer
    assert peer is not None
    return initiator.rules.aggressive_peers.get((peer, initiator.endpoint.fvrf))


def hostname_key(initiator: Initiator, profile: IsakmpProfile | None = None) -> KeyPick | None:
    """A host-name key for the address called, by ``ip host``: what makes IOS start aggressive mode by itself (MODE-AGGRESSIVE).

    Of the profile's keyrings, where the initiator starts with a profile (KEY-BOUND).
    """
    peer = initiator.endpoint.peer
    assert peer is not None
    return next(iter(initiator.rules.keys_by_name_of(peer, initiator.end, profile)), None)


def first_mode(
    run: Run, initiator: Initiator, profile: IsakmpProfile | None, block: AggressivePeer | None
) -> KeyPick | None:
    """Decides the mode of the first packet, and gives a key that aggressive mode finds without the peer's address.

    A profile's ``initiate mode aggressive`` and a ``crypto isakmp peer`` block ask for it; without either IOS starts it by
    itself for a peer that has a host-name key and no address key, unless it is disabled (MODE-AGGRESSIVE). What a router does
    that is told both to initiate it and to leave it off is not known.
    """
    rules, peer = initiator.rules, initiator.endpoint.peer
    assert peer is not None
    disabled = initiator.router.isakmp.aggressive_mode_disabled
    by_address = (
        rules.keys_in_profile(profile, initiator.end, peer) if profile else rules.blind_keys(initiator.end, peer)
    )
    by_name = None if by_address.best else hostname_key(initiator, profile)
    if block is None and (profile is None or profile.initiate_mode != "aggressive"):
        if by_name is None or disabled:
            return None
        run.mode = "aggressive"
        return _told(run, initiator.router, by_name)
    run.mode = "aggressive"
    if block is not None:
        run.cite(initiator.router, block.line)
    if disabled:
        name = initiator.router.name
        run.cite(initiator.router, initiator.router.isakmp.aggressive_mode_line)
        run.mode = run.choose(
            [
                Option[Mode]("aggressive", f"{name}, whose aggressive mode is disabled, starts nothing"),
                Option[Mode]("main", f"{name}, whose aggressive mode is disabled, starts main mode instead"),
            ]
        )
        if run.mode == "main":
            return None
        run.stop("AM1", "aggressive-mode-disabled")
    found = (attribute_key(block) if block is not None else None) or by_name
    return _told(run, initiator.router, found) if found is not None else None


def _told(run: Run, router: Router, pick: KeyPick) -> KeyPick:
    """A key that aggressive mode starts with, its lines cited."""
    run.cite(router, pick.keyring.line, pick.key.line)
    run.decide(name_decision, router, pick, "MODE-AGGRESSIVE")
    return pick


def attribute_key(block: AggressivePeer) -> KeyPick | None:
    """The key that ``set aggressive-mode password`` gives; it stands in no keyring, so that one has no name."""
    if block.password is None:
        return None
    return KeyPick(Keyring("", block.line), Key(block.line, block.password))


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
        run.cite(router, router.isakmp.aggressive_mode_line)
        run.stop("AM1", "aggressive-mode-disabled")
    tell(run, initiator, responder, compare(run, initiator, responder, preshared=True), "AM1")
    run.assume("in aggressive mode the responder selects the profile first (AGGRESSIVE-KEY)")
    identity = presented(run, initiator.rules, profile, initiator.end)
    if block is not None and block.client_endpoint is not None:
        identity = _endpoint_identity(block.client_endpoint)
    shown = [n.line for n in (profile.self_identity if profile is not None else None, block) if n is not None]
    run.decide(identity_decision, initiator.router, identity, "ID-SENT", *shown)
    found = select_profile(run, responder.rules, responder.end, identity)
    run.responder_profile = found.name if found else None
    chosen = _key_by_name(responder.rules, responder.end, found, identity)
    if chosen is not None:
        run.decide(name_decision, router, chosen)
    else:
        if identity.kind == "fqdn":
            run.say(router, f"no pre-shared key based on hostname {identity}!")
        chosen = _key_by_address(run, responder, found, caller)
    if chosen is None:
        run.say(router, f"No pre-shared key with {caller}!")
        run.stop("AM1", "no-key-on-responder")
    run.responder_keyring, run.no_xauth = chosen.keyring.name, chosen.key.no_xauth
    run.cite(router, chosen.keyring.line, chosen.key.line)
    run.say(router, "local preshared key found")
    run.deliver("AM2", "responder")
    if not run.same_key(key.key.secret, chosen.key.secret):
        run.say(
            initiator.router,
            f"%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Aggressive mode failed with peer at {initiator.endpoint.peer}",
        )
        run.decide(mismatch_decision, initiator.router, "KEY-MISMATCH", key_ends(initiator, key, responder, chosen))
        run.stop("AM2", "psk-mismatch")
    run.deliver("AM3")
    run.say(router, "SA authentication status: authenticated", f"SA has been authenticated with {caller}")
    return found


def _endpoint_identity(endpoint: str) -> Identity:
    """What ``set aggressive-mode client-endpoint {ipv4-address|ipv6-address|fqdn|user-fqdn} VALUE`` presents (ID-SENT)."""
    kind, _, value = endpoint.rpartition(" ")
    found = parse_address(value)
    if found is not None:
        return Identity("address", found)
    return Identity("user-fqdn" if kind == "user-fqdn" or "@" in value else "fqdn", value=value)


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
    pick = settle(run, responder.router, search)
    if profile is not None:
        run.decide(ring_decision, rules, profile, responder.end, caller, search, pick)
    else:
        run.decide(blind_decision, rules, responder.end, caller, search, pick)
    return pick
