"""IKEv1 main mode, message by message (KEY-BEFORE-ID, MODE-MAIN, KEY-VERIFY).

The responder looks its key up at MM1 and, with the same input, again at MM3 (C-9), so that it is chosen once; it selects the
profile at MM5 (C-6).
"""

from __future__ import annotations

from typing import NoReturn

from ikeaudit.exchange.certificates import certificates
from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.decisions import (
    blind_decision,
    identity_decision,
    mismatch_decision,
    policy_decision,
    verify_decision,
)
from ikeaudit.exchange.key_choice import blind_key, note_blind, profile_key, settle, tell_blind, tell_verified
from ikeaudit.exchange.policy_choice import Agreement, compare, say_check, tell
from ikeaudit.exchange.profile_choice import presented, select_profile
from ikeaudit.exchange.result import Message
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import IPAddress, IsakmpProfile, Router
from ikeaudit.selection import Identity, KeyPick, LocalEnd, RouterRules


def start(run: Run, initiator: Initiator, profile: IsakmpProfile | None) -> KeyPick | None:
    """The initiator's key, needed before the first packet (KEY-MISSING); stops without one, unless it has certificates."""
    router, peer = initiator.router, initiator.endpoint.peer
    assert peer is not None
    run.say(router, "Can not start Aggressive mode, trying Main mode.")
    key = first_key(run, initiator, profile)
    if key is None and not initiator.rules.certificates:
        refuse_to_start(run, initiator, profile)
    run.say(router, "beginning Main Mode exchange")
    return key


def first_key(run: Run, initiator: Initiator, profile: IsakmpProfile | None) -> KeyPick | None:
    """The key for the address called: of the profile's keyrings, or of a blind search without a profile."""
    peer = initiator.endpoint.peer
    assert peer is not None
    if profile is None:
        return blind_key(run, initiator.rules, initiator.end, peer)
    run.cite(initiator.router, profile.line)
    return profile_key(run, initiator.rules, profile, initiator.end, peer)


def refuse_to_start(run: Run, initiator: Initiator, profile: IsakmpProfile | None) -> NoReturn:
    """No key, so no packet leaves the router; in a fragment that leaves out what decides, that is not known."""
    _doubt_fragment(run, initiator)
    router, peer = initiator.router, initiator.endpoint.peer
    assert peer is not None
    rules, end = initiator.rules, initiator.end
    if rules.keys_by_name_of(peer, end, profile) or rules.names_unresolved(end, profile):
        run.assume("a host-name key is no key for an address (KEY-ADDRESS-ONLY, MODE-AGGRESSIVE, U-14)")
    run.say(router, f"No pre-shared key with {peer}!", "No Cert or pre-shared address key.")
    if run.mode == "main":
        run.say(router, "construct_initial_message: Can not start Main mode")
    run.cite(router, *(ref.line for ref in (profile.keyrings if profile else ())))
    run.stop("AM1" if run.mode == "aggressive" else "MM1", "no-key-on-initiator")


def _doubt_fragment(run: Run, initiator: Initiator) -> None:
    """Give up where a fragment leaves out the interface's address and VRF, or the certificates of its policies."""
    rules, end, peer = initiator.rules, initiator.end, initiator.endpoint.peer
    assert peer is not None
    interface = rules.addresses.interface(end.interface)
    bare = end.address is None and (interface is None or interface.addressing == "none")
    if bare:
        elsewhere = [key for ring in rules.keyrings.values() if ring.vrf != end.fvrf for key in ring.keys]
        if any(key.prefix is not None and key.prefix.covers(peer) for key in elsewhere):
            run.give_up(f"the address and VRF of {end.interface} are not in the configuration")
    if initiator.router.truncated and any(
        policy.authentication != "pre-share" for policy in initiator.router.isakmp_policies
    ):
        run.give_up("the certificates of a configuration that is cut off are not known")


def main_mode(
    run: Run, initiator: Initiator, responder: Responder, profile: IsakmpProfile | None, key: KeyPick | None
) -> IsakmpProfile | None:
    """MM1 to MM6 after :func:`start`; stops the exchange where it fails.

    Returns the profile that the responder chose by the initiator's identity, which quick mode compares with the bound one.
    """
    ours, theirs, peer, caller = initiator.router, responder.router, initiator.endpoint.peer, responder.caller
    assert peer is not None
    if caller is None:
        run.give_up(f"the address that {ours.name} calls from is not in its configuration")
    looked: tuple[str, ...] = ()
    search = responder.rules.blind_keys(responder.end, caller)
    answerable = bool(search.best or search.uncertain or search.lacking)
    agreement = compare(run, initiator, responder, preshared=key is not None, answerable=answerable)
    chosen: KeyPick | None = search.best[0] if search.best else None
    if agreement.preshared:
        chosen = settle(run, theirs, search)
        note_blind(run, responder.rules, responder.end, caller, search, chosen)
    run.say(theirs, "processing SA payload. message ID = 0")
    if agreement.preshared or (
        agreement.accepted is None and any(offer.authentication == "pre-share" for offer in agreement.offers)
    ):
        looked = tell_blind(run, responder.rules, responder.end, caller, search, chosen)
        run.say(theirs, "local preshared key found" if chosen is not None else f"No pre-shared key with {caller}!")
    _scan(run, theirs)
    if not agreement.preshared:
        tell(run, initiator, responder, agreement, "MM1")
        _second_message(run, initiator, responder, agreement)
        return certificates(run, initiator, responder, profile)
    tell(run, initiator, responder, agreement, "MM1", key=chosen is not None)
    assert key is not None and chosen is not None
    run.responder_keyring, run.no_xauth = chosen.keyring.name, chosen.key.no_xauth
    _second_message(run, initiator, responder, agreement, profile, key)
    run.deliver("MM3")
    run.say(theirs, *_KEYS, *looked)
    run.decide(blind_decision, responder.rules, responder.end, caller, search, chosen)
    run.deliver("MM4", "responder")
    run.say(ours, *_KEYS, _repeated(profile, key, peer))
    run.message("MM5")
    equal = run.same_key(key.key.secret, chosen.key.secret)
    identity = _own_identity(run, initiator.rules, profile, initiator.end, asked=equal)
    payload = _present(run, ours, identity, profile)
    run.arrive()
    if not equal:
        run.say(
            theirs,
            "reserved not zero on ID payload!",
            f"%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {caller} failed its sanity check or is malformed",
        )
        run.say(ours, "retransmitting phase 1 MM_KEY_EXCH...")
        run.decide(mismatch_decision, theirs, "KEY-MISMATCH", key_ends(initiator, key, responder, chosen))
        run.stop("MM5", "psk-mismatch")
    run.say(theirs, _RECEIVED_ID, *payload)
    found = select_profile(run, responder.rules, responder.end, identity)
    run.responder_profile = found.name if found else None
    if found is not None:
        _verify(run, responder.rules, responder.end, caller, found, chosen, "MM5")
    elif theirs.isakmp_profiles:
        run.assume("a responder authenticates a peer that matches none of its profiles (KEY-VERIFY)")
    _authenticated(run, theirs, caller)
    run.message("MM6", "responder")
    answer = _own_identity(run, responder.rules, found, responder.end, asked=profile is None)
    run.say(theirs, "SA authentication status: authenticated")
    payload = _present(run, theirs, answer, found)
    run.arrive()
    run.say(ours, _RECEIVED_ID, *payload)
    if profile is None:
        _mm6_unbound(run, initiator, answer, key, peer)
    _authenticated(run, ours, peer)
    return found


def _second_message(
    run: Run,
    initiator: Initiator,
    responder: Responder,
    agreement: Agreement,
    profile: IsakmpProfile | None = None,
    key: KeyPick | None = None,
) -> None:
    """MM2: the initiator finds its policy in the answer, after it has looked for its key again (MODE-MAIN)."""
    router, peer = initiator.router, initiator.endpoint.peer
    assert agreement.accepted is not None and peer is not None
    number, offer, _ = agreement.accepted
    run.deliver("MM2", "responder")
    run.say(router, "processing SA payload. message ID = 0")
    if key is not None:
        run.say(router, _repeated(profile, key, peer), "local preshared key found")
    if profile is not None:
        run.say(router, f"Looking for xauth in profile {profile.name}")
    else:
        _scan(run, router)
    say_check(run, router, router, number, offer, offer)
    run.decide(policy_decision, router, (offer,), (offer,), offer.number)


def _scan(run: Run, router: Router) -> None:
    """An end that has no profile yet looks through all; how more than one is printed, no source shows (XAUTH-ROUTERS, U-19)."""
    if len(router.isakmp_profiles) < 2:
        names = (profile.name for profile in router.isakmp_profiles)
        run.say(router, " ".join(["Scanning profiles for xauth ...", *names]))


def _repeated(profile: IsakmpProfile | None, key: KeyPick, peer: IPAddress) -> str:
    """The initiator's key look-up when an answer comes."""
    if profile is not None:
        return f"Found ADDRESS key in keyring {key.keyring.name}"
    return f"found peer pre-shared key matching {peer}"


def _own_identity(
    run: Run, rules: RouterRules, profile: IsakmpProfile | None, end: LocalEnd, *, asked: bool
) -> Identity:
    """What an end presents; where nothing hangs on it, what the sources leave open is not ``asked``."""
    return presented(run, rules, profile, end) if asked else rules.own_identity(profile, end)


def _present(run: Run, router: Router, identity: Identity, profile: IsakmpProfile | None) -> tuple[str, ...]:
    """An end says who it is, in MM5 or MM6 (ID-SENT); returns what it says, as both ends print it."""
    named = profile.self_identity if profile is not None else None
    run.decide(identity_decision, router, identity, "ID-SENT", named.line if named else router.isakmp.identity_line)
    name, number = _id_type(identity)
    payload: tuple[str, ...] = ("ID payload", f"type : {number}")
    if identity.address is not None:
        payload = (*payload, f"address : {identity.address}")
    run.say(router, f"SA is doing pre-shared key authentication using id type {name}", *payload)
    return payload


def _id_type(identity: Identity) -> tuple[str, int]:
    """The type of an identity, by name and by number."""
    six = identity.address is not None and identity.address.version == 6
    return ("ID_IPV6_ADDR", 5) if six else _ID_TYPES[identity.kind]


def _authenticated(run: Run, router: Router, peer: IPAddress) -> None:
    run.say(
        router,
        "processing HASH payload. message ID = 0",
        "SA authentication status: authenticated",
        f"SA has been authenticated with {peer}",
    )


def key_ends(
    initiator: Initiator, mine: KeyPick, responder: Responder, theirs: KeyPick
) -> tuple[tuple[Router, str, tuple[int, int]], ...]:
    """Both keys for a decision: router, keyring, lines."""
    return tuple(
        (router, pick.keyring.name, (pick.keyring.line, pick.key.line))
        for router, pick in ((initiator.router, mine), (responder.router, theirs))
    )


def _verify(
    run: Run,
    rules: RouterRules,
    end: LocalEnd,
    peer: IPAddress,
    profile: IsakmpProfile,
    used: KeyPick,
    message: Message,
) -> None:
    """Whether the key in use came from a keyring of the profile that the identity selected (KEY-VERIFY, U-3, U-4)."""
    router = rules.router
    rings = rules.ring_names(profile)
    search = rules.keys_in_profile(profile, end, peer)
    found = search.best[0].keyring.name if search.best else None
    tell_verified(run, rules, search, end, peer)
    run.cite(router, *(ref.line for ref in profile.keyrings), *(pick.key.line for pick in search.best))
    listed = used.keyring.name in rings
    if listed and len(rings) > 1:
        run.assume("any keyring that the profile lists passes the verification (U-3)")
    if not profile.keyrings:
        run.assume("a profile without a keyring uses the global keys only (U-4)")
        options = [
            Option(listed, "a profile without a keyring uses the global keys only"),
            Option(True, "a profile without a keyring uses any keyring"),
        ]
        passed = run.choose(options[:1] if listed else options)
    elif listed and found is not None and found != used.keyring.name:
        passed = run.choose(
            [
                Option(True, "any listed keyring passes the verification"),
                Option(False, "only the keyring that the profile looks into first passes the verification"),
            ]
        )
    else:
        passed = listed
    run.decide(verify_decision, rules, profile, used, search, passed=passed)
    if not passed:
        if message == "MM6":
            # That it passes was seen in a capture, that it fails is inferred.
            run.assume("an unbound initiator verifies its keyring at MM6 (KEY-UNBOUND)")
        run.say(router, "Key not found in keyrings of profile , aborting exchange", "FSM action returned error: 2")
        run.stop(message, "keyring-verification")


def _mm6_unbound(run: Run, initiator: Initiator, identity: Identity, key: KeyPick, peer: IPAddress) -> None:
    """An initiator that started without a profile looks for one now, and verifies its keyring against it (KEY-UNBOUND)."""
    found = select_profile(run, initiator.rules, initiator.end, identity)
    if found is None:
        return
    run.initiator_profile = found.name
    _verify(run, initiator.rules, initiator.end, peer, found, key, "MM6")


_RECEIVED_ID = "processing ID payload. message ID = 0"
_KEYS = ("processing KE payload. message ID = 0", "processing NONCE payload. message ID = 0")

_ID_TYPES = {
    "address": ("ID_IPV4_ADDR", 1),
    "fqdn": ("ID_FQDN", 2),
    "user-fqdn": ("ID_USER_FQDN", 3),
    "dn": ("ID_DER_ASN1_DN", 9),
}
