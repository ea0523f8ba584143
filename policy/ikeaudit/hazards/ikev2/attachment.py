"""What IKEv2 profiles are attached to, and whom they accept."""

from collections.abc import Iterator

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.ikev2_profiles import expected_identities, pre_shared
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import listing, place, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import USERS, Finding, ObjectRef, catalogued, for_each_router
from ikeaudit.model import ANY_VRF, Evidence, Ikev2Profile, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, Identity


@for_each_router(
    code="V2-FVRF",
    title="The IKEv2 profile or policy is not for the tunnel's front-door VRF",
    category="connectivity",
    breaks=("identity-not-matched", "no-common-ike-policy"),
    explains=("PW-V2-NOPROFILE", "PW-V2-HALFOPEN", "PW-PH1-NONE"),
    severity="high",
    what=(
        "A tunnel's outer packets travel in a front-door VRF, and its IKEv2 profile, or every configured IKEv2 "
        "policy, is for another one: without 'match fvrf' that is the default VRF only."
    ),
    why="The profile is not found when the peer calls, and without a policy no proposal is offered.",
    symptom="'IKEv2 profile not found', or NO_PROPOSAL_CHOSEN.",
    fix="If they are meant for this tunnel, 'match fvrf NAME' (or 'any') in both the profile and the policy.",
    source="IKEV2-FVRF",
    absent_from=("ikev2-profile", "ikev2-policy", "global"),
)
def v2_fvrf(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile, and one for the policies, by VRF."""
    groups: dict[tuple[str, str | None, int], list[Endpoint]] = {}
    for end in facts.ikev2_ends:
        profile = facts.rules.ikev2.profiles.get(end.ikev2_profile or "")
        if profile is not None and profile.fvrf not in (ANY_VRF, end.fvrf):
            groups.setdefault((f"profile {profile.name}", end.fvrf, profile.line), []).append(end)
        policies = facts.router.ikev2.policies
        if policies and all(policy.fvrf not in (ANY_VRF, end.fvrf) for policy in policies):
            names = ", ".join(policy.name for policy in policies)
            groups.setdefault((f"policy {names}", end.fvrf, policies[0].line), []).append(end)
    for (owner, fvrf, line), ends in groups.items():
        labels = dict.fromkeys(end.interface for end in ends)
        yield v2_fvrf.finding(
            peers=dict.fromkeys(str(end.peer) for end in ends if end.peer is not None),
            message=f"IKEv2 {owner} does not apply in {place(fvrf)}, which the packets of {listing(labels)} travel in.",
            cause=[owner, str(fvrf)],
            evidence=facts.router.evidence(line, *(n for end in ends for n in end.lines)),
        )


@for_each_router(
    code="V2-AND-V1-BOUND",
    title="An ISAKMP and an IKEv2 profile on one object",
    category="selection",
    breaks=("ike-version-mismatch",),
    explains=("PW-IKEVER",),
    severity="high",
    what="An IPsec profile, crypto map entry or tunnel protection names both an ISAKMP profile and an IKEv2 profile.",
    why=(
        "The data model of IOS-XE makes the two exclusive. A configuration that has both is either rejected, or "
        "leaves open which version the router starts."
    ),
    symptom="One of the lines is missing after the configuration was loaded.",
    fix="If IKEv2 is meant, 'no set isakmp-profile' before 'set ikev2-profile'; else 'no set ikev2-profile'.",
    source="BIND-ENTRY, IKEV2-VERSIONS",
    absent_from=(),
)
def v2_and_v1_bound(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each object."""
    for owner, isakmp, ikev2, lines in _bindings(facts.router):
        yield v2_and_v1_bound.finding(
            message=f"{owner} is bound to ISAKMP profile {isakmp} and to IKEv2 profile {ikev2}.",
            cause=[owner, isakmp, ikev2],
            evidence=facts.router.evidence(*lines),
        )


def _bindings(router: Router) -> Iterator[tuple[str, str, str, tuple[int, ...]]]:
    for profile in router.ipsec_profiles:
        if profile.isakmp_profile is not None and profile.ikev2_profile is not None:
            one, two = profile.isakmp_profile, profile.ikev2_profile
            yield f"IPsec profile {profile.name}", one.name, two.name, (profile.line, one.line, two.line)
    for crypto_map in (*router.crypto_maps, *router.dynamic_maps):
        for entry in crypto_map.entries:
            if entry.isakmp_profile is not None and entry.ikev2_profile is not None:
                one, two = entry.isakmp_profile, entry.ikev2_profile
                owner = f"Crypto map {crypto_map.name} {entry.sequence}"
                yield owner, one.name, two.name, (entry.line, one.line, two.line)
    for interface in router.interfaces:
        protection = interface.tunnel.protection if interface.tunnel is not None else None
        if protection is not None and protection.isakmp_profile and protection.ikev2_profile:
            lines = (interface.line, protection.line)
            yield f"Tunnel protection of {interface.name}", protection.isakmp_profile, protection.ikev2_profile, lines


@for_each_router(
    code="V2-ANY",
    title="An IKEv2 profile or key for everybody",
    category="hygiene",
    severity="high",
    what=(
        "An IKEv2 profile with pre-shared keys has 'match identity remote any' (or address 0.0.0.0), or a keyring's "
        "peer block has address 0.0.0.0."
    ),
    why="Whoever knows the key is accepted under any name. The identity, which IKEv2 would check, is not used.",
    fix="Match the identities that are meant, with a key for each; or certificates.",
    source="IKEV2-PROFILE, IKEV2-KEYS",
    absent_from=(),
)
def v2_any(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile with its keyring, and for each keyring of other profiles."""
    groups = by_key((wide.keyring, wide) for wide in (*_profiles(facts), *_blocks(facts)))
    for keyring, found in groups.items():
        words = [wide.words for wide in found]
        text = f"{'; '.join(words[:_TOLD])}{f'; and {len(words) - _TOLD} more' if len(words) > _TOLD else ''}"
        yield v2_any.finding(
            message=f"{text[0].upper()}{text[1:]}.",
            cause=[keyring],
            parts=[(facts.name, wide.cause, "") for wide in found],
            evidence=facts.router.evidence(*(line for wide in found for line in wide.lines)),
        )


class _Wide(msgspec.Struct, frozen=True):
    """A statement that is for everybody; ``keyring`` is what such statements are told together by."""

    keyring: str
    words: str
    cause: str
    lines: tuple[int, ...]


_TOLD = 3
"""How many of the statements around one keyring a message tells."""


def _profiles(facts: RouterFacts) -> Iterator[_Wide]:
    for profile in facts.router.ikev2.profiles:
        wide = [m for m in profile.matches if m.kind == "any" or (m.prefix is not None and not m.prefix.length)]
        if wide and pre_shared(profile):
            yield _Wide(
                profile.keyring.name if profile.keyring is not None else f"profile {profile.name}",
                f"IKEv2 profile {profile.name} accepts any identity with a pre-shared key",
                f"profile {profile.name}",
                (profile.line, *(match.line for match in wide)),
            )


def _blocks(facts: RouterFacts) -> Iterator[_Wide]:
    for keyring in facts.router.ikev2.keyrings:
        for block in keyring.peers:
            if any(not prefix.length for prefix in block.addresses) and (block.local or block.remote):
                yield _Wide(
                    keyring.name,
                    f"peer {block.name} of IKEv2 keyring {keyring.name} has a key for every address",
                    f"keyring {keyring.name} {block.name}",
                    (keyring.line, block.line),
                )


@for_each_router(
    code="V2-UNBOUND",
    title="An IKEv2 profile is attached to nothing",
    category="connectivity",
    breaks=("ike-version-mismatch", "no-key-on-initiator", "no-key-on-responder"),
    explains=("PW-IKEVER", "KR-NOKEY", "PW-NOKEY-R"),
    severity="high",
    what=(
        "An IKEv2 profile is named by no IPsec profile, crypto map entry, tunnel protection or GETVPN group, and has no "
        "virtual template; low where no configured peer fits it. "
        "The profile 'default' is attached wherever the built-in IPsec profile 'default' is used."
    ),
    why=(
        "It has to be attached at both ends. Until then the router keeps starting IKEv1, and the migration has not "
        "taken place."
    ),
    symptom="'show crypto ikev2 sa' is empty; tunnels are up by IKEv1.",
    fix="If the profile is meant to be used, 'set ikev2-profile NAME' in the IPsec profile or crypto map entry.",
    source="IKEV2-ATTACHED",
    absent_from=(*USERS, "ikev2-profile", "global"),
)
def v2_unbound(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile."""
    bound = facts.in_use.ikev2_references
    fitting = by_key(((one.name, one.line), peer) for peer in facts.ikev2_peers for one in _fitting(peer))
    for profile in facts.router.ikev2.profiles:
        if profile.name in bound or profile.virtual_template is not None or profile.shutdown:
            continue
        spare = _spare(facts, profile)
        prefixes = [match.prefix for match in profile.matches if match.prefix is not None]
        waiting = [*facts.ikev1_peers_in(prefixes), *fitting.get((profile.name, profile.line), ())]
        yield v2_unbound.finding(
            peers=dict.fromkeys(str(peer.address) for peer in waiting),
            severity="low" if spare else None,
            category="hygiene" if spare else None,
            message=f"IKEv2 profile {profile.name} is attached to no IPsec profile, crypto map or tunnel.",
            cause=[profile.name],
            evidence=facts.router.evidence(profile.line),
            confidence="certain" if facts.in_use.sure(profile.name) else "unknown",
            fix=f"{v2_unbound.fix[:-1]}; else it can go: it matches no configured peer." if spare else None,
            removes=[ObjectRef("ikev2-profile", facts.name, profile.name, profile.line)] if spare else (),
        )


def _spare(facts: RouterFacts, profile: Ikev2Profile) -> bool:
    """Whether nothing that is configured could be meant to have the profile: it matches addresses, and no peer's."""
    prefixes = [match.prefix for match in profile.matches if match.prefix is not None]
    if len(prefixes) < len(profile.matches) or profile.certificate_maps or not prefixes:
        return False
    near = profile.name.lower() in facts.in_use.ikev2_spellings
    if near or facts.in_use.ikev2_profile_missed or facts.in_use.open_ends or not facts.rules.endpoints:
        return False
    return facts.in_use.sure(profile.name) and not any(map(facts.in_use.names_some_of, prefixes))


@catalogued(
    code="V2-IDLOCAL",
    title="A router's IKEv2 identity is not what its peer matches",
    category="connectivity",
    breaks=("identity-not-matched", "profile-binding"),
    explains=("PW-V2-NOPROFILE", "PW-V2-HALFOPEN", "V2-UNBOUND"),
    severity="high",
    scope="pair",
    what=(
        "The identity that one end presents ('identity local', by default its address) is matched by no line of the "
        "other end's bound IKEv2 profile."
    ),
    why=(
        "When this end calls, the peer finds no profile and refuses. When the peer calls, it rejects the answer "
        "after this end has already installed its security associations: a half-open tunnel."
    ),
    symptom="'IKEv2 profile not found' in one direction, 'Auth exchange failed' with a READY responder in the other.",
    fix="Align 'identity local' with the peer's 'match identity remote', whichever of them is meant.",
    source="IKEV2-PROFILE, IKEV2-HALF-OPEN",
    absent_from=("ikev2-profile",),
)
def v2_idlocal(context: AuditContext) -> Iterator[Finding]:
    """One finding for each identity that is not expected, with all routers that do not expect it."""
    groups: dict[tuple[str, str, str], list[tuple[Peer, Ikev2Profile]]] = {}
    for peer in context.peers:
        found = _unexpected(peer)
        if found is not None:
            identity, profile = found
            groups.setdefault((peer.far_name, identity.kind, str(identity)), []).append((peer, profile))
    for (sender, kind, identity_text), items in groups.items():
        expected = dict.fromkeys(f"{peer.router.name} (profile {profile.name})" for peer, profile in items)
        better = _left_out(context, items[0][0]) if len(items) == 1 else None
        hint = f"; profile {better.name}, to which nothing is bound, does" if better is not None else ""
        evidence = [
            line
            for peer, profile in items
            for line in peer.router.evidence(profile.line, *(match.line for match in profile.matches))
        ]
        yield v2_idlocal.finding(
            hosts=sorted({sender, *(peer.router.name for peer, _ in items)}),
            peers=dict.fromkeys(str(peer.address) for peer, _ in items),
            message=(
                f"{sender} presents the identity {identity_text}, which {listing(expected)} "
                f"{verb(expected, 'does', 'do')} not match{hint}."
            ),
            fix=_bind(items[0][0], better) if better is not None else None,
            cause=[sender, kind, identity_text],
            parts=[(peer.router.name, profile.name, str(peer.address)) for peer, profile in items],
            evidence=[*_own(items[0][0]), *evidence],
        )


def _unexpected(peer: Peer) -> tuple[Identity, Ikev2Profile] | None:
    if peer.end.ike_version != 2 or peer.far_rules is None or peer.far is None:
        return None
    mine = peer.rules.ikev2.profiles.get(peer.end.ikev2_profile or "")
    theirs = peer.far_rules.ikev2.profiles.get(peer.far.ikev2_profile or "")
    if mine is None or theirs is None or mine.certificate_maps or not mine.matches:
        return None
    identity = peer.far_rules.ikev2.own_identity(theirs, peer.far.local)
    if identity.kind == "address" and identity.address is None:
        return None
    return None if peer.rules.ikev2.expects(mine, identity) else (identity, mine)


def _fitting(peer: Peer) -> tuple[Ikev2Profile, ...]:
    """The profiles that match what a peer presents, where the bound one does not."""
    found = _unexpected(peer)
    if found is None:
        return ()
    identity, _ = found
    return peer.rules.ikev2.matching(identity)


def _left_out(context: AuditContext, peer: Peer) -> Ikev2Profile | None:
    """The only profile that matches what a peer presents, where nothing is bound to it."""
    fitting, bound = _fitting(peer), context.router(peer.router.name).in_use.ikev2_references
    return fitting[0] if len(fitting) == 1 and fitting[0].name not in bound else None


def _bind(peer: Peer, profile: Ikev2Profile) -> str:
    ends = f"{peer.end.interface} of {peer.router.name}"
    return f"If {profile.name} is meant, which matches it, bind {ends} to IKEv2 profile {profile.name}."


def _own(peer: Peer) -> tuple[Evidence, ...]:
    assert peer.far_rules is not None and peer.far is not None
    theirs = peer.far_rules.ikev2.profiles[peer.far.ikev2_profile or ""]
    own = theirs.identity_local
    return peer.far_rules.router.evidence(theirs.line, own.line if own is not None else 0)


@for_each_router(
    code="V2-IDENT-ONLY-INIT",
    title="The keyring knows the peer by identity only, so that this end cannot start",
    category="connectivity",
    breaks=("no-key-on-initiator",),
    severity="high",
    what="The keyring of a tunnel's IKEv2 profile has a peer block for the peer's identity, but none with its address.",
    why=(
        "The initiator looks its key up by the peer's address before the first packet; the identity is not known "
        "then. As responder it works."
    ),
    symptom="Nothing is sent when this router starts; up when the peer does.",
    fix="If this router is to call, add the peer's 'address' to the peer block.",
    source="IKEV2-KEYS",
    absent_from=("ikev2-keyring",),
)
def v2_ident_only_init(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile."""
    rules = facts.rules.ikev2
    groups: dict[str, tuple[Ikev2Profile, list[Peer]]] = {}
    for peer in facts.ikev2_peers:
        profile = rules.profiles.get(peer.end.ikev2_profile or "")
        if profile is None or peer.end.peer is None or peer.end.responder_only or profile.inbound_only:
            continue
        if not pre_shared(profile) or profile.keyring_kind == "aaa" or rules.initiator_keys(profile, peer.address):
            continue
        if any(rules.responder_keys(profile, i, peer.address) for i in expected_identities(peer, profile)):
            groups.setdefault(profile.name, (profile, []))[1].append(peer)
    for profile, peers in groups.values():
        addresses = dict.fromkeys(str(peer.address) for peer in peers)
        ring = profile.keyring.name if profile.keyring is not None else ""
        yield v2_ident_only_init.finding(
            peers=addresses,
            message=(
                f"Keyring {ring} knows {listing(addresses)} by identity only, so that this router cannot start "
                "the session."
            ),
            cause=[profile.name, ring],
            evidence=facts.router.evidence(
                profile.line,
                profile.keyring.line if profile.keyring else 0,
                *(n for p in peers for n in p.end.lines),
            ),
            confidence="probable",
        )
