"""IKEv1 main mode, message by message (DOMAIN 1, 2.1 and 4)."""

from __future__ import annotations

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.key_choice import blind_key, profile_key
from ikeaudit.exchange.policy_choice import agree
from ikeaudit.exchange.result import Message
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import IPAddress, IsakmpProfile, Router, same_key
from ikeaudit.selection import Identity, KeyPick, LocalEnd, ProfileSearch, RouterRules


def start(run: Run, initiator: Initiator) -> tuple[IsakmpProfile | None, KeyPick]:
    """Everything up to the first packet: profile and key of the initiator (DOMAIN 4.1); stops without a key.

    The profile is None for an initiator that starts with ``SA request profile is (NULL)``.
    """
    router, peer = initiator.router, initiator.endpoint.peer
    assert peer is not None
    profile = _request_profile(run, initiator, peer)
    run.initiator_profile = profile.name if profile else None
    run.say(router, f"SA request profile is {profile.name if profile else '(NULL)'}")
    run.say(router, "Can not start Aggressive mode, trying Main mode.")
    if profile is not None:
        run.cite(router, profile.line)
        key = profile_key(run, initiator.rules, profile, initiator.end, peer)
    else:
        key = blind_key(run, initiator.rules, initiator.end, peer)
    if key is None:
        run.say(
            router,
            f"No pre-shared key with {peer}!",
            "No Cert or pre-shared address key.",
            "construct_initial_message: Can not start Main mode",
        )
        run.cite(router, *(ref.line for ref in (profile.keyrings if profile else ())))
        run.stop("MM1", "no-key-on-initiator")
    run.initiator_keyring = key.keyring.name
    run.say(router, "beginning Main Mode exchange")
    return profile, key


def main_mode(
    run: Run, initiator: Initiator, responder: Responder, profile: IsakmpProfile | None, key: KeyPick
) -> IsakmpProfile | None:
    """MM1 to MM6 after :func:`start`; stops the exchange where it fails.

    Returns the profile that the responder chose by the initiator's identity, which quick mode compares with the bound one.
    """
    theirs, peer = responder.router, initiator.endpoint.peer
    caller = responder.caller
    assert peer is not None
    if caller is None:
        run.give_up(f"the address that {initiator.router.name} calls from is not in its configuration")
    agree(run, initiator, responder)
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
    run.responder_keyring = chosen.keyring.name
    ours = initiator.router
    run.say(ours, "processing SA payload. message ID = 0")
    _repeat_key_line(run, ours, profile, key, peer)
    if not _keys_equal(run, initiator, key, responder, chosen):
        run.say(
            theirs,
            "reserved not zero on ID payload!",
            f"%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {caller} failed its sanity check or is malformed",
        )
        run.say(ours, "retransmitting phase 1 MM_KEY_EXCH...")
        run.stop("MM5", "psk-mismatch")
    identity = initiator.rules.own_identity(profile, initiator.end)
    run.say(ours, f"SA is doing pre-shared key authentication using id type {_ID_TYPES[identity.kind]}")
    found = select_profile(run, responder.rules, responder.end, identity)
    run.responder_profile = found.name if found else None
    if found is not None:
        _verify(run, responder.rules, responder.end, caller, found, chosen, "MM5")
    elif responder.router.isakmp_profiles:
        run.assume("a responder authenticates a peer that matches none of its profiles (DOMAIN 4.6)")
    run.say(theirs, "SA authentication status: authenticated", f"SA has been authenticated with {caller}")
    if profile is None:
        _mm6_unbound(run, initiator, responder, found, key, peer)
    run.say(ours, "SA authentication status: authenticated", f"SA has been authenticated with {peer}")
    return found


def select_profile(run: Run, rules: RouterRules, end: LocalEnd, identity: Identity) -> IsakmpProfile | None:
    """The profile that an identity selects, with every reading of contradiction C-1."""
    search = rules.profiles_for(identity, end)
    profile = run.choose(_profile_options(rules.router, search))
    if profile is None:
        run.say(rules.router, "peer matches *none* of the profiles")
        return None
    run.say(rules.router, f"peer matches {profile.name} profile")
    lines = [pick.match.line for pick in search.matching]
    run.cite(rules.router, profile.line, *lines)
    return profile


def _profile_options(router: Router, search: ProfileSearch) -> list[Option[IsakmpProfile | None]]:
    best = search.best
    options: list[Option[IsakmpProfile | None]] = [
        Option(pick.profile, f"{router.name} takes profile {pick.profile.name}", "tie" if n else "primary")
        for n, pick in enumerate(best)
    ]
    first = search.first
    if first is not None and first not in best:
        words = f"{router.name} takes the first matching profile, {first.profile.name}"
        options.append(Option(first.profile, words, "weak"))
    if not options:
        options = [Option(None, f"{router.name} finds no profile")]
    for pick in search.uncertain:
        words = f"{router.name}: local-address of profile {pick.profile.name} fits"
        options.append(Option(pick.profile, words, "unknown"))
    return options


def _request_profile(run: Run, initiator: Initiator, peer: IPAddress) -> IsakmpProfile | None:
    """The profile an initiator starts with: the bound one, else by contradiction C-4 the most specific one or none."""
    rules, bound = initiator.rules, initiator.endpoint.isakmp_profile
    if bound is not None:
        return rules.profiles[bound]
    search = rules.profiles_for(Identity("address", peer), initiator.end)
    if not search.matching:
        return None
    run.cite(initiator.router, *(pick.match.line for pick in search.best))
    specific = [
        Option[IsakmpProfile | None](
            pick.profile,
            f"{initiator.router.name}, unbound, starts with profile {pick.profile.name}",
            "tie" if n else "primary",
        )
        for n, pick in enumerate(search.best)
    ]
    null = Option[IsakmpProfile | None](None, f"{initiator.router.name}, unbound, starts without a profile")
    if initiator.endpoint.kind == "tunnel":
        null.weight = "weak"
        return run.choose([*specific, null])
    for option in specific:
        option.weight = "weak"
    return run.choose([null, *specific])


def _keys_equal(run: Run, initiator: Initiator, mine: KeyPick, responder: Responder, theirs: KeyPick) -> bool:
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
    """Whether the key in use came from a keyring of the profile that the identity selected (DOMAIN 4.6, 10.2 U-3, U-4)."""
    router = rules.router
    rings = rules.ring_names(profile)
    search = rules.keys_in_profile(profile, end, peer)
    found = search.best[0].keyring.name if search.best else None
    if found is not None:
        run.say(router, f"Found ADDRESS key in keyring {found}")
    run.cite(router, *(ref.line for ref in profile.keyrings), *(pick.key.line for pick in search.best))
    listed = used.keyring.name in rings
    if listed and len(rings) > 1:
        run.assume("any keyring that the profile lists passes the verification (DOMAIN 10.2 U-3)")
    if not profile.keyrings:
        run.assume("a profile without a keyring uses the global keys only (DOMAIN 10.2 U-4)")
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
    """An initiator that started without a profile looks for one now, and verifies its keyring against it (DOMAIN 4.1)."""
    identity = responder.rules.own_identity(responder_profile, responder.end)
    found = select_profile(run, initiator.rules, initiator.end, identity)
    if found is None:
        return
    run.initiator_profile = found.name
    run.assume("an unbound initiator verifies its keyring at MM6 (DOMAIN 4.1)")
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
