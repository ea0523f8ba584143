"""IKEv1 main mode, message by message (KEY-BEFORE-ID, MODE-MAIN, KEY-VERIFY).

The responder looks its key up once, with the input that it has at MM1 and again at MM3 (C-9), and selects the profile at
MM5 (C-6).
"""

from __future__ import annotations

from typing import NoReturn

from ikeaudit.exchange.certificates import certificates
from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.key_choice import blind_key, profile_key
from ikeaudit.exchange.policy_choice import agree
from ikeaudit.exchange.profile_choice import presented, select_profile
from ikeaudit.exchange.result import Message
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import IPAddress, IsakmpProfile, Router, same_key
from ikeaudit.selection import KeyPick, LocalEnd, RouterRules


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
    interface = rules.addresses.interface(end.interface)
    bare = end.address is None and (interface is None or interface.addressing == "none")
    if bare and peer is not None:
        elsewhere = [key for ring in rules.keyrings.values() if ring.vrf != end.fvrf for key in ring.keys]
        if any(key.prefix is not None and key.prefix.covers(peer) for key in elsewhere):
            run.give_up(f"the address and VRF of {end.interface} are not in the configuration")
    if initiator.router.truncated and any(
        policy.authentication == "rsa-sig" for policy in initiator.router.isakmp_policies
    ):
        run.give_up("the certificates of a configuration that is cut off are not known")


def main_mode(
    run: Run, initiator: Initiator, responder: Responder, profile: IsakmpProfile | None, key: KeyPick | None
) -> IsakmpProfile | None:
    """MM1 to MM6 after :func:`start`; stops the exchange where it fails.

    Returns the profile that the responder chose by the initiator's identity, which quick mode compares with the bound one.
    """
    theirs, peer = responder.router, initiator.endpoint.peer
    caller = responder.caller
    assert peer is not None
    if caller is None:
        run.give_up(f"the address that {initiator.router.name} calls from is not in its configuration")
    there = responder.rules.blind_keys(responder.end, caller)
    answerable = bool(there.best or there.uncertain)
    policy = agree(run, initiator, responder, "MM1", preshared=key is not None, answerable=answerable)
    if policy.authentication != "pre-share" or key is None:
        return certificates(run, initiator, responder, profile)
    chosen = blind_key(run, responder.rules, responder.end, caller)
    if chosen is None:
        run.say(
            theirs,
            f"No pre-shared key with {caller}!",
            "Preshared authentication offered but does not match policy!",
            "no offers accepted!",
            f"phase 1 SA policy not acceptable! (local {peer} remote {caller})",
        )
        run.stop("MM1", "no-key-on-responder")
    run.responder_keyring, run.no_xauth = chosen.keyring.name, chosen.key.no_xauth
    ours = initiator.router
    run.say(ours, "processing SA payload. message ID = 0")
    _repeat_key_line(run, ours, profile, key, peer)
    if not keys_equal(run, initiator, key, responder, chosen):
        run.say(
            theirs,
            "reserved not zero on ID payload!",
            f"%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {caller} failed its sanity check or is malformed",
        )
        run.say(ours, "retransmitting phase 1 MM_KEY_EXCH...")
        run.stop("MM5", "psk-mismatch")
    identity = presented(run, initiator.rules, profile, initiator.end)
    run.say(ours, f"SA is doing pre-shared key authentication using id type {_ID_TYPES[identity.kind]}")
    found = select_profile(run, responder.rules, responder.end, identity)
    run.responder_profile = found.name if found else None
    if found is not None:
        _verify(run, responder.rules, responder.end, caller, found, chosen, "MM5")
    elif responder.router.isakmp_profiles:
        run.assume("a responder authenticates a peer that matches none of its profiles (KEY-VERIFY)")
    run.say(theirs, "SA authentication status: authenticated", f"SA has been authenticated with {caller}")
    if profile is None:
        _mm6_unbound(run, initiator, responder, found, key, peer)
    run.say(ours, "SA authentication status: authenticated", f"SA has been authenticated with {peer}")
    return found


def keys_equal(run: Run, initiator: Initiator, mine: KeyPick, responder: Responder, theirs: KeyPick) -> bool:
    """Whether both ends took the same clear key; type 6 text is asked about (U-17)."""
    equal = same_key(mine.key.secret, theirs.key.secret, same_router=False)
    if equal is not None:
        return equal
    run.cite(initiator.router, mine.key.line)
    run.cite(responder.router, theirs.key.line)
    return run.choose(
        [
            Option(True, "the type 6 keys are equal"),
            Option(False, "the type 6 keys differ", "unknown"),
        ]
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
    if found is not None:
        run.say(router, f"Found ADDRESS key in keyring {found}")
    run.cite(router, *(ref.line for ref in profile.keyrings), *(pick.key.line for pick in search.best))
    listed = used.keyring.name in rings
    if listed and len(rings) > 1:
        run.assume("any keyring that the profile lists passes the verification (U-3)")
    if not profile.keyrings:
        run.assume("a profile without a keyring uses the global keys only (U-4)")
        options = [
            Option(listed, "a profile without a keyring uses the global keys only"),
            Option(True, "a profile without a keyring uses any keyring", "weak"),
        ]
        passed = run.choose(options[:1] if listed else options)
    elif listed and found is not None and found != used.keyring.name:
        passed = run.choose(
            [
                Option(True, "any listed keyring passes the verification"),
                Option(False, "only the keyring that the profile looks into first passes the verification", "weak"),
            ]
        )
    else:
        passed = listed
    if not passed:
        if message == "MM6":
            # That it passes was seen in a capture, that it fails is inferred.
            run.assume("an unbound initiator verifies its keyring at MM6 (KEY-UNBOUND)")
        run.say(router, "Key not found in keyrings of profile , aborting exchange", "FSM action returned error: 2")
        run.stop(message, "keyring-verification")


def _mm6_unbound(
    run: Run,
    initiator: Initiator,
    responder: Responder,
    responder_profile: IsakmpProfile | None,
    key: KeyPick,
    peer: IPAddress,
) -> None:
    """An initiator that started without a profile looks for one now, and verifies its keyring against it (KEY-UNBOUND)."""
    identity = presented(run, responder.rules, responder_profile, responder.end)
    found = select_profile(run, initiator.rules, initiator.end, identity)
    if found is None:
        return
    run.initiator_profile = found.name
    _verify(run, initiator.rules, initiator.end, peer, found, key, "MM6")


def _repeat_key_line(run: Run, router: Router, profile: IsakmpProfile | None, key: KeyPick, peer: IPAddress) -> None:
    if profile is not None:
        run.say(router, f"Found ADDRESS key in keyring {key.keyring.name}", "local preshared key found")
        run.say(router, f"Looking for xauth in profile {profile.name}")
    else:
        run.say(router, f"found peer pre-shared key matching {peer}", "local preshared key found")


_ID_TYPES = {
    "address": "ID_IPV4_ADDR",
    "fqdn": "ID_FQDN",
    "user-fqdn": "ID_USER_FQDN",
    "key-id": "ID_KEY_ID",
    "dn": "ID_DER_ASN1_DN",
}
