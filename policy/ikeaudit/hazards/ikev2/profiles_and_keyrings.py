"""IKEv2 profiles and keyrings that cannot work as they stand."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.ikev2_profiles import expected_identities, overlaps, pre_shared
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import each, listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router
from ikeaudit.model import Ikev2Keyring, Ikev2Peer, Ikev2Profile
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Identity


@for_each_router(
    code="V2-INCOMPLETE",
    title="An incomplete IKEv2 profile",
    category="connectivity",
    breaks=("incomplete-configuration", "identity-not-matched", "no-key-on-initiator", "no-key-on-responder"),
    explains=("PW-V2-NOPROFILE", "V2-KEYRING-GAP", "PW-NOKEY-R"),
    severity="critical",
    what=(
        "An IKEv2 profile lacks 'authentication local', 'authentication remote', or a 'match identity remote' or "
        "'match certificate' line."
    ),
    why="IOS does not use such a profile, neither to start nor to respond.",
    symptom="The profile is not applied; 'IKEv2 profile not found' when called.",
    fix="If the profile is meant to be used, add what is missing.",
    source="IKEV2-COMPLETE",
    absent_from=("ikev2-profile",),
)
def v2_incomplete(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each incomplete profile."""
    bound = by_key((peer.end.ikev2_profile, str(peer.address)) for peer in facts.ikev2_peers)
    for profile in facts.router.ikev2.profiles:
        lacks = _lacks(profile)
        if lacks:
            peers = bound.get(profile.name, ())
            yield v2_incomplete.finding(
                peers=peers,
                message=f"IKEv2 profile {profile.name} lacks {listing(lacks)}.",
                cause=[profile.name],
                evidence=facts.router.evidence(profile.line),
                confidence=facts.doubt("ikev2-profile", name=profile.name),
            )


def _lacks(profile: Ikev2Profile) -> list[str]:
    lacks = []
    if not profile.local_auth:
        lacks.append("local authentication")
    if not profile.remote_auth:
        lacks.append("remote authentication")
    if not profile.matches and not profile.certificate_maps:
        lacks.append("a match statement")
    return lacks


@for_each_router(
    code="V2-OVERLAP",
    title="One identity matches two IKEv2 profiles",
    category="selection",
    breaks=("identity-not-matched",),
    severity="high",
    what=(
        "The match statements of two IKEv2 profiles overlap, in a common front-door VRF and without local addresses "
        "that keep them apart."
    ),
    why=(
        "The guide says that no profile is selected when several match; the field says that the best one is. As "
        "long as nobody has tested it, tunnels of the identities concerned cannot be vouched for."
    ),
    symptom="'IKEv2 profile not found', or a session under the wrong profile.",
    fix=(
        "Where the profiles are meant for different peers, make the match statements disjoint, or add 'match address "
        "local' or 'match fvrf'."
    ),
    source="IKEV2-PROFILE, U-7, U-23",
    absent_from=(),
)
def v2_overlap(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile whose statements cover those of others."""
    for wide, narrow in overlaps(facts.router.ikev2.profiles):
        names = [profile.name for profile, _ in narrow]
        lines = [n for profile, match in narrow for n in (profile.line, match.line)]
        yield v2_overlap.finding(
            peers=dict.fromkeys(str(m.prefix.address) for _, m in narrow if m.prefix is not None and m.prefix.is_host),
            message=f"IKEv2 profile {wide.name} also matches identities of {each('profile', names)}.",
            cause=[wide.name],
            evidence=facts.router.evidence(wide.line, *(m.line for m in wide.matches), *lines),
            # The overlap is a fact; what IOS makes of it is not known (U-7).
            confidence="unknown",
        )


@for_each_router(
    code="V2-KEYRING-GAP",
    title="The IKEv2 profile's keyring has no key for the peer",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder"),
    explains=("PW-NOKEY-R",),
    severity="critical",
    what=(
        "A tunnel's IKEv2 profile authenticates by pre-shared keys, and its keyring (or the lack of one) has no "
        "peer block for the peer's identity or address. A profile without a known peer is judged by the single "
        "addresses that it matches."
    ),
    why="IKEv2 has no search beyond the profile's keyring.",
    symptom="The initiator sends nothing; the responder fails the authentication.",
    fix=(
        "If the peer is to have a key of this keyring, add a peer block with its address and key; else name the "
        "keyring that is meant."
    ),
    source="IKEV2-KEYS",
    absent_from=("ikev2-keyring", "ikev2-profile"),
)
def v2_keyring_gap(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile."""
    groups: dict[str, tuple[Ikev2Profile, list[Peer]]] = {}
    for peer in facts.ikev2_peers:
        profile = facts.rules.ikev2.profiles.get(peer.end.ikev2_profile or "")
        if profile is None or not pre_shared(profile) or profile.keyring_kind == "aaa":
            continue
        identities = expected_identities(peer, profile)
        if not any(facts.rules.ikev2.responder_keys(profile, identity, peer.address) for identity in identities):
            groups.setdefault(profile.name, (profile, []))[1].append(peer)
    yield from _matched_only(facts, {peer.end.ikev2_profile for peer in facts.ikev2_peers})
    for profile, peers in groups.values():
        addresses = dict.fromkeys(str(peer.address) for peer in peers)
        where = f"Keyring {profile.keyring.name} of" if profile.keyring is not None else "No keyring is named by"
        lacks = f"{where} IKEv2 profile {profile.name}"
        tail = (
            f" holds no key for {listing(addresses)}" if profile.keyring is not None else f" for {listing(addresses)}"
        )
        yield v2_keyring_gap.finding(
            peers=addresses,
            message=f"{lacks}{tail}.",
            cause=[profile.name],
            evidence=facts.router.evidence(
                profile.line,
                profile.keyring.line if profile.keyring else 0,
                *(n for p in peers for n in p.end.lines),
            ),
            confidence=facts.doubt("ikev2-keyring", "ikev2-profile"),
        )


def _matched_only(facts: RouterFacts, used: set[str | None]) -> Iterator[Finding]:
    """One finding for each profile without known peers whose keyring lacks a host that it matches."""
    for profile in facts.router.ikev2.profiles:
        ring = profile.keyring
        if profile.name in used or ring is None or profile.keyring_kind == "aaa" or not pre_shared(profile):
            continue
        hosts = [m for m in profile.matches if m.prefix is not None and m.prefix.is_host]
        lacking = [
            m
            for m in hosts
            if m.prefix is not None
            and not facts.rules.ikev2.responder_keys(profile, Identity("address", m.prefix.address), m.prefix.address)
        ]
        if lacking:
            addresses = [str(m.prefix) for m in lacking]
            idle = facts.rules.endpoints and profile.name not in facts.in_use.ikev2_references
            yield v2_keyring_gap.finding(
                peers=addresses,
                severity="low" if idle else None,
                category="hygiene" if idle else None,
                message=(
                    f"IKEv2 profile {profile.name} matches {listing(addresses)}, for which its keyring {ring.name} "
                    "holds no key."
                ),
                cause=[profile.name],
                evidence=facts.router.evidence(profile.line, ring.line, *(m.line for m in lacking)),
                # The address called may be a translated one, under which the key may well stand.
                confidence=weakest("probable", facts.doubt("ikev2-keyring", "ikev2-profile")),
            )


@for_each_router(
    code="V2-DUP-PEER",
    title="The same address or identity in two peer blocks of an IKEv2 keyring",
    category="selection",
    breaks=("psk-mismatch",),
    explains=("PW-PSK-DIFF",),
    severity="high",
    what="Two peer blocks of one IKEv2 keyring have the same address and mask, or the same identity.",
    why=(
        "The command line rejects the second one, so that the running configuration is not what the template says; "
        "which block counts is open."
    ),
    symptom="Authentication fails with the key of the other block.",
    fix="If both blocks are meant for the peer, keep the one with the key that it has.",
    source="IKEV2-KEYS",
    absent_from=(),
)
def v2_dup_peer(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each set of blocks that share something."""
    for keyring in facts.router.ikev2.keyrings:
        groups: dict[tuple[str, ...], list[str]] = {}
        for target, blocks in _targets(keyring).items():
            names = tuple(dict.fromkeys(block.name for block in blocks))
            if len(names) > 1:
                groups.setdefault(names, []).append(target)
        lines = {block.name: block.line for block in keyring.peers}
        for names, targets in groups.items():
            yield v2_dup_peer.finding(
                peers=targets,
                message=f"In IKEv2 keyring {keyring.name} the peers {listing(names)} all claim {listing(targets)}.",
                cause=[keyring.name, *names],
                evidence=facts.router.evidence(keyring.line, *(lines[name] for name in names)),
            )


def _targets(keyring: Ikev2Keyring) -> dict[str, list[Ikev2Peer]]:
    found: dict[str, list[Ikev2Peer]] = {}
    for block in keyring.peers:
        for prefix in block.addresses:
            found.setdefault(str(prefix.network), []).append(block)
        if block.identity is not None:
            own = block.identity
            value = str(own.prefix.network) if own.prefix is not None else (own.value or "").lower()
            found.setdefault(f"identity {own.kind} {value}", []).append(block)
    return found


@for_each_router(
    code="V2-HALF-PSK",
    title="Only one half of an asymmetric IKEv2 key",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder", "psk-mismatch"),
    explains=("PW-PSK-DIFF", "PW-V2-ASYM", "PW-NOKEY-R", "V2-KEYRING-GAP"),
    severity="critical",
    what="A peer block has 'pre-shared-key local' without 'remote', or the other way round.",
    why=(
        "One half proves this router to the peer, the other proves the peer to it. Without either, the "
        "authentication fails."
    ),
    symptom="'Failed to authenticate the IKE SA'.",
    fix="Add the missing half, or use one symmetric key, whichever is meant.",
    source="IKEV2-LOCAL-REMOTE",
    absent_from=("ikev2-keyring",),
)
def v2_half_psk(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring."""
    for keyring in facts.router.ikev2.keyrings:
        half = [block for block in keyring.peers if (block.local is None) != (block.remote is None)]
        if half:
            words = [f"{block.name} ({'local' if block.local is None else 'remote'} is missing)" for block in half]
            yield v2_half_psk.finding(
                peers=dict.fromkeys(str(prefix) for block in half for prefix in block.addresses),
                message=f"In IKEv2 keyring {keyring.name} half of the key is missing for {listing(words)}.",
                cause=[keyring.name],
                evidence=facts.router.evidence(keyring.line, *(block.line for block in half)),
            )
