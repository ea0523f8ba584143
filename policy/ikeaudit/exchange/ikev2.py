"""IKEv2: IKE_SA_INIT and IKE_AUTH (IKEV2-EXCHANGE, IKEV2-PROFILE, IKEV2-KEYS)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.clients import register
from ikeaudit.exchange.decisions import (
    binding_decision,
    bound_decision,
    identity_decision,
    ikev2_key_decision,
    ikev2_profile_decision,
    mismatch_decision,
    nobody_decision,
    pfs_decision,
)
from ikeaudit.exchange.ikev2_init import Proposals, offered, sa_init
from ikeaudit.exchange.quick_mode import inside_works, named_is_caller, proxies_fit, transforms_fit
from ikeaudit.exchange.result import Outcome, Reason
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.exchange.way import answer_way, traversal
from ikeaudit.model import Ikev2Profile, Router, Secret
from ikeaudit.selection import Endpoint, Identity
from ikeaudit.selection.ikev2 import Ikev2Keys

_CERTIFICATES = "whether certificates are accepted cannot be told from configurations"


def start_v2(run: Run, initiator: Initiator) -> tuple[Ikev2Profile, Ikev2Keys | None, Proposals]:
    """The initiator's profile, keys and proposals, all known before the first packet (IKEV2-KEYS, IKEV2-POLICY)."""
    profile, keys = _own_keys(run, initiator)
    return profile, keys, offered(run, initiator.router, initiator.rules.ikev2, initiator.end)


def _own_keys(run: Run, initiator: Initiator) -> tuple[Ikev2Profile, Ikev2Keys | None]:
    router, peer = initiator.router, initiator.endpoint.peer
    assert peer is not None and initiator.endpoint.ikev2_profile is not None
    rules = initiator.rules.ikev2
    profile = rules.profiles.get(initiator.endpoint.ikev2_profile)
    if profile is None:
        run.give_up("the built-in default IKEv2 profile differs by release (IKEV2-BUILT-IN)")
    run.initiator_profile = profile.name
    run.cite(router, profile.line)
    run.decide(bound_decision, router, profile.name, profile.line, initiator.endpoint.lines, "IKEV2-PROFILE")
    if not _complete(profile) or profile.shutdown:
        run.stop("SA_INIT", "incomplete-configuration")
    if profile.inbound_only:
        run.stay_idle("responder-only")
    if not _uses_psk(profile.local_auth[0].method):
        return profile, None
    if profile.keyring is not None:
        run.say(router, f"Getting preshared key from profile keyring {profile.keyring.name}")
    candidates = rules.initiator_candidates(profile, peer)
    keys = _one_block(run, router, candidates)
    run.decide(ikev2_key_decision, router, profile, candidates, keys)
    if keys is None or keys.local is None:
        if profile.keyring_kind == "aaa":
            run.give_up("the keys of an AAA keyring are not in the configuration")
        run.cite(router, *(n.line for n in (profile.keyring,) if n is not None))
        run.stop("SA_INIT", "no-key-on-initiator")
    run.initiator_keyring = profile.keyring.name if profile.keyring else None
    run.cite(router, *keys.lines)
    if keys.peer and keys not in rules.address_candidates(profile, peer):
        run.assume("an initiator looks for a peer block by host name, then by address (IKEV2-KEYS)")
    if profile.keyring is not None:
        run.say(router, f"Matched peer block {keys.peer}")
    if keys.remote is None and any(_uses_psk(auth.method) for auth in profile.remote_auth):
        _start_with_half(run, router)
    return profile, keys


def _start_with_half(run: Run, router: Router) -> None:
    """A block with only the ``local`` half of a key: no key to start with, or none to verify the answer (11.C V2-HALF-PSK)."""
    starts = run.choose(
        [
            Option(False, f"{router.name} needs both halves of the key before it starts"),
            Option(True, f"{router.name} starts without the half that verifies the answer"),
        ]
    )
    if not starts:
        run.stop("SA_INIT", "no-key-on-initiator")


def ikev2(
    run: Run,
    initiator: Initiator,
    responder: Responder,
    profile: Ikev2Profile,
    keys: Ikev2Keys | None,
    offers: Proposals,
) -> None:
    """SA_INIT and AUTH after :func:`start_v2`; stops the exchange where it fails."""
    ours, theirs = initiator.router, responder.router
    sa_init(run, initiator, responder, offers)
    traversal(run, initiator, responder)
    run.deliver("SA_INIT", "responder")
    run.message("AUTH")
    identity = initiator.rules.ikev2.own_identity(profile, initiator.end)
    run.decide(identity_decision, ours, identity, "IKEV2-PROFILE", _identity_line(profile))
    run.arrive()
    found = _responder_profile(run, initiator, responder, identity)
    run.responder_profile = found.name
    if not _complete(found):
        run.stop("AUTH", "incomplete-configuration")
    accepted = _methods(run, profile, found)
    if not _uses_psk(profile.local_auth[0].method):
        run.give_up(_CERTIFICATES)
    expected = _authenticate(run, initiator, responder, keys, found, identity)
    if initiator.rules.ikev2.may_demand_quantum(profile) or responder.rules.ikev2.may_demand_quantum(found):
        run.assume("post-quantum keys and key exchanges of the two ends agree (IKEV2-QUANTUM)")
    if initiator.endpoint.kind == "gdoi":
        register(run, initiator, responder)
    else:
        _child(run, initiator, responder, found)
    run.message("AUTH", "responder")
    answer = responder.rules.ikev2.own_identity(found, responder.end)
    run.decide(identity_decision, theirs, answer, "IKEV2-PROFILE", _identity_line(found))
    run.arrive()
    run.cite_piece(initiator.rules.statements(profile))
    known = (
        initiator.rules.ikev2.expects(profile, answer)
        and _serves_its_end(run, initiator, profile)
        and _finds_its_own(run, initiator, profile, answer)
    )
    run.decide(
        ikev2_profile_decision,
        ours,
        (profile,) if known else (),
        profile if known else None,
        answer,
        (own.name for own in (profile,) if initiator.rules.ikev2.serves(own, initiator.end)),
        rule="IKEV2-HALF-OPEN",
    )
    if not known:
        run.say(ours, f"Searching policy based on peer's identity '{answer}'")
        run.say(ours, "Failed to locate an item in the database", "Auth exchange failed")
        caller = responder.caller or f"the address of {initiator.end.interface}"
        run.say(theirs, f"%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet from {caller} has invalid spi")
        run.stop("AUTH", "identity-not-matched", "half-open")
    if not accepted:
        _refuse_answer(run, "authentication-method")
    if not _uses_psk(found.local_auth[0].method):
        run.give_up(_CERTIFICATES)
    if not expected:
        # The responder has its SAs by now: like an identity that is not accepted, or torn down on both (IKEV2-HALF-OPEN).
        if keys is not None:
            run.decide(mismatch_decision, ours, "IKEV2-LOCAL-REMOTE", [(ours, keys.peer or "profile", keys.lines)])
        run.say(ours, "Verification of peer's authentication data FAILED", "Failed to authenticate the IKE SA")
        _refuse_answer(run, "no-key-on-initiator" if keys is not None and keys.remote is None else "psk-mismatch")
    run.say(ours, "IKEV2 SA created; inserting SA into database. Session is UP")


def _identity_line(profile: Ikev2Profile) -> int:
    """Where a profile says what its router presents itself as, by default its address."""
    return profile.identity_local.line if profile.identity_local is not None else profile.line


def _one_block(run: Run, router: Router, fitting: Sequence[Ikev2Keys]) -> Ikev2Keys | None:
    """The first of several peer blocks for one address or identity: IOS refuses the second one (IKEV2-KEYS)."""
    options: list[Option[Ikev2Keys | None]] = [
        Option(keys, f"{router.name} takes the key of peer block {keys.peer}", "tie") for keys in fitting
    ]
    return run.choose(options) if options else None


def _give_up_learnt(run: Run, initiator: Initiator) -> NoReturn:
    run.give_up(f"the address that {initiator.router.name} calls from is not in its configuration")


def _responder_profile(run: Run, initiator: Initiator, responder: Responder, identity: Identity) -> Ikev2Profile:
    router = responder.router
    if responder.rules.ikev2.perhaps_for(identity, responder.end):
        _give_up_learnt(run, initiator)
    matching = responder.rules.ikev2.profiles_for(identity, responder.end)
    run.say(router, f"Searching policy based on peer's identity '{identity}'")
    for one in matching:
        run.cite(router, one.line)
        run.cite_piece(responder.rules.statements(one))
    options = [
        Option[Ikev2Profile | None](profile, f"{router.name} takes IKEv2 profile {profile.name}", "unknown")
        for profile in matching
    ]
    if len(options) > 1:
        run.assume("which of several matching IKEv2 profiles is taken is not known (U-7)")
        options.append(Option(None, f"{router.name} takes no profile where several match", "unknown"))
    found = run.choose(options) if options else None
    serving = (p.name for p in router.ikev2.profiles if responder.rules.ikev2.serves(p, responder.end))
    run.decide(ikev2_profile_decision, router, matching, found, identity, serving)
    if found is None:
        if any(p.certificate_maps for p in router.ikev2.profiles):
            run.give_up("whether a certificate map matches cannot be told from configurations")
        run.cite(router, *(p.line for p in router.ikev2.profiles))
        run.say(router, "% IKEv2 profile not found", "Failed to locate an item in the database")
        run.stop("AUTH", "identity-not-matched")
    run.say(router, f"found matching IKEv2 profile '{found.name}'")
    return found


def _methods(run: Run, mine: Ikev2Profile, theirs: Ikev2Profile) -> bool:
    """Stops unless the responder accepts the initiator's method; whether the initiator accepts the responder's."""
    accepted = {auth.method for auth in theirs.remote_auth}
    expected = {auth.method for auth in mine.remote_auth}
    if mine.local_auth[0].method not in accepted:
        run.stop("AUTH", "authentication-method")
    return theirs.local_auth[0].method in expected


def _refuse_answer(run: Run, reason: Reason) -> NoReturn:
    """The initiator rejects the answer, when the responder has its SAs: half-open, or torn down on both (IKEV2-HALF-OPEN)."""
    lost = run.choose(
        [
            Option[Outcome]("down", "both ends give up when the initiator cannot authenticate the responder"),
            Option[Outcome]("half-open", "the responder keeps its SAs when the initiator gives up"),
        ]
    )
    run.stop("AUTH", reason, lost)


def _serves_its_end(run: Run, initiator: Initiator, profile: Ikev2Profile) -> bool:
    """Whether the initiator finds its own profile again by front-door VRF and local address (IKEV2-FVRF, V2-FVRF)."""
    if initiator.rules.ikev2.serves(profile, initiator.end):
        return True
    return run.choose(
        [
            Option(True, f"{initiator.router.name} uses its bound profile whatever its match fvrf and local address"),
            Option(
                False,
                f"{initiator.router.name} does not find its profile under its match fvrf and local address",
            ),
        ]
    )


def _finds_its_own(run: Run, initiator: Initiator, profile: Ikev2Profile, answer: Identity) -> bool:
    """Whether the initiator takes its bound profile although others of its own match the answer, too (U-23)."""
    matching = [own.name for own in initiator.rules.ikev2.profiles_for(answer, initiator.end)]
    if not set(matching) - {profile.name}:
        return True
    name = initiator.router.name
    return run.choose(
        [
            Option(True, f"{name} uses the IKEv2 profile that it is bound to"),
            Option(False, f"{name} takes no profile where several of its own match (U-23)"),
        ]
    )


def _authenticate(
    run: Run,
    initiator: Initiator,
    responder: Responder,
    mine: Ikev2Keys | None,
    found: Ikev2Profile,
    identity: Identity,
) -> bool:
    """Stops unless the initiator's key is the one the responder expects; whether the reverse holds (IKEV2-LOCAL-REMOTE)."""
    router = responder.router
    candidates = responder.rules.ikev2.responder_candidates(found, identity, responder.caller)
    by_identity = responder.rules.ikev2.identity_candidates(found, identity)
    if responder.caller is None and not by_identity and responder.rules.ikev2.held_for_some(found, candidates):
        _give_up_learnt(run, initiator)
    theirs = _one_block(run, router, candidates)
    run.decide(ikev2_key_decision, router, found, candidates, theirs)
    if found.keyring is not None:
        run.responder_keyring = found.keyring.name
        run.say(router, f"Getting preshared key from profile keyring {found.keyring.name}")
    if mine is None or theirs is None or theirs.remote is None:
        if found.keyring_kind == "aaa":
            run.give_up("the keys of an AAA keyring are not in the configuration")
        run.cite(router, *(n.line for n in (found.keyring,) if n is not None))
        run.stop("AUTH", "no-key-on-responder")
    if responder.caller is not None:
        by_address = responder.rules.ikev2.address_candidates(found, responder.caller)
        if by_address and (by_address[0].local, by_address[0].remote) != (theirs.local, theirs.remote):
            run.assume("a responder looks for the peer's identity before its address (IKEV2-KEYS)")
    run.say(router, f"Matched peer block {theirs.peer}", f"Use preshared key for id {identity}")
    run.cite(router, *theirs.lines)
    if not _equal(run, mine.local, theirs.remote):
        ends = [(initiator.router, mine), (router, theirs)]
        told = [(one, keys.peer or "profile", keys.lines) for one, keys in ends]
        run.decide(mismatch_decision, router, "IKEV2-LOCAL-REMOTE", told)
        for end in (router, initiator.router):
            run.say(end, "Verification of peer's authentication data FAILED", "Failed to authenticate the IKE SA")
        run.stop("AUTH", "psk-mismatch")
    run.say(router, "Verification of peer's authentication data PASSED")
    if not _uses_psk(found.local_auth[0].method):
        return True
    if theirs.local is None:
        run.stop("AUTH", "no-key-on-responder")
    if mine.local == mine.remote and theirs.local == theirs.remote:
        return True
    return _equal(run, mine.remote, theirs.local)


def _equal(run: Run, one: Secret | None, other: Secret) -> bool:
    return one is not None and run.same_key(one, other)


def _child(run: Run, initiator: Initiator, responder: Responder, selected: Ikev2Profile) -> None:
    """The first child SA, negotiated inside IKE_AUTH; its failure takes the IKE SA along (IKEV2-EXCHANGE)."""
    router = responder.router
    refusals: list[tuple[Endpoint, Reason]] = []
    for endpoint in responder.endpoints:
        if responder.caller is None and endpoint.peer is not None:
            continue
        reason = _refusal(run, initiator, responder, endpoint, selected)
        if reason is None:
            run.responder_interface = endpoint.interface
            run.cite(router, *endpoint.lines)
            answer_way(run, responder, endpoint)
            run.taken = endpoint
            _rekey(run, initiator, responder, endpoint)
            return
        refusals.append((endpoint, reason))
    if responder.caller is None and any(end.peer is not None for end in responder.endpoints):
        _give_up_learnt(run, initiator)
    if not refusals:
        run.decide(nobody_decision, router, responder.elsewhere)
        run.say(router, "TS_UNACCEPTABLE")
        run.stop("AUTH", "peer-address-mismatch")
    endpoint, reason = refusals[-1]
    run.responder_interface = endpoint.interface
    run.cite(router, *endpoint.lines)
    if reason == "no-common-transform":
        run.say(router, "Received Policies: ESP: Failed to find a matching policy")
        run.say(initiator.router, "NOTIFY(NO_PROPOSAL_CHOSEN)")
    else:
        run.say(router, "TS_UNACCEPTABLE")
    run.stop("AUTH", reason)


def _refusal(
    run: Run, initiator: Initiator, responder: Responder, endpoint: Endpoint, selected: Ikev2Profile
) -> Reason | None:
    if endpoint.undescribed is not None:
        run.give_up(endpoint.undescribed)
    if endpoint.missing or endpoint.shutdown:
        run.assume("an end with an undefined reference, or shut down, accepts nothing (BIND-UNDEFINED)")
        return "incomplete-configuration"
    if not named_is_caller(run, endpoint):
        return "peer-address-mismatch"
    template = endpoint.virtual_template
    fits = endpoint.ikev2_profile == selected.name if template is None else template == selected.virtual_template
    rule = "BIND-PROFILE" if template is None else "END-TEMPLATE"
    bound = endpoint.ikev2_profile
    run.decide(binding_decision, responder.router, endpoint, rule, fits=fits, selected=selected.name, bound=bound)
    if not fits:
        run.assume(
            "an end bound to another IKEv2 profile refuses the child SA, as in IKEv1 (BIND-PROFILE)"
            if template is None
            else "a template is cloned only for a caller whose IKEv2 profile names it (END-TEMPLATE)"
        )
        return "profile-binding"
    if not proxies_fit(run, initiator, responder, endpoint):
        return "proxy-mismatch"
    if not transforms_fit(run, initiator, responder, endpoint):
        return "no-common-transform"
    return None if inside_works(run, initiator, responder, endpoint) else "incomplete-configuration"


def _rekey(run: Run, initiator: Initiator, responder: Responder, endpoint: Endpoint) -> None:
    """The first child SA is made without a key exchange of its own; PFS groups that differ show at the rekey (IKEV2-PFS)."""
    offered, required = initiator.endpoint.pfs, endpoint.pfs
    run.decide(pfs_decision, responder.router, offered, required, fits=offered == required, rule="IKEV2-PFS")
    if offered != required and run.lost_at is None:
        ends = ((initiator.router, initiator.endpoint), (responder.router, endpoint))
        run.lost_at = "rekey"
        run.lost_after = min(end.lifetime or router.ipsec_lifetime for router, end in ends)


def _complete(profile: Ikev2Profile) -> bool:
    """An IKEv2 profile needs both authentication methods and a match (IKEV2-COMPLETE)."""
    return bool(profile.local_auth and profile.remote_auth and (profile.matches or profile.certificate_maps))


def _uses_psk(method: str) -> bool:
    return method == "pre-share"
