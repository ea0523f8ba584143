"""What a decision looked at, told for the steps of an exchange: every candidate with its fate, and the rule that decided.

Nothing is decided here: each function is handed what the replay looked at and what it took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ikeaudit.exchange.steps import Considered, Decision, Fate, What
from ikeaudit.ios.words import slot
from ikeaudit.model import (
    DEFAULT_KEYRING,
    Ikev2Policy,
    Ikev2Profile,
    Ikev2Proposal,
    IPAddress,
    IsakmpProfile,
    Key,
    Keyring,
    Router,
    TransformSet,
)
from ikeaudit.selection import Endpoint, Identity, KeyPick, KeySearch, LocalEnd, ProfileSearch, RouterRules
from ikeaudit.selection.identities import identity_matches
from ikeaudit.selection.ikev2 import Ikev2Keys, Ikev2Offer
from ikeaudit.selection.policies import ATTRIBUTES, EffectivePolicy
from ikeaudit.selection.proxies import Proxies, Proxy, compared

T = TypeVar("T")

_PEER = slot("global/crypto-isakmp-peer")
"""What holds a key that no keyring holds (MODE-AGGRESSIVE)."""

LISTED = 12
"""Of more keyrings, profiles or peer blocks than these only those are listed that have something for the peer."""


def blind_decision(
    rules: RouterRules, end: LocalEnd, peer: IPAddress, search: KeySearch, pick: KeyPick | None
) -> Decision:
    """A key chosen by addresses alone (KEY-DEFAULT-FIRST, KEY-LPM, KEY-TIE, KEY-FVRF)."""
    stopped = bool(search.best) and search.best[0].keyring.name == DEFAULT_KEYRING
    first = stopped and len(rules.keyrings) > 1
    rule = "KEY-MISSING" if pick is None else "KEY-TIE" if search.tie else "KEY-DEFAULT-FIRST" if first else "KEY-LPM"
    held = _held(rules, peer)
    rings = [r for r in rules.keyrings.values() if r.name != DEFAULT_KEYRING or end.fvrf is None or r.keys]
    told, left_out = _few(rings, lambda ring: ring.name in held or ring.name == DEFAULT_KEYRING)
    fates = [_of_ring(rules, ring, end, held, search, pick, stopped=stopped) for ring in told]
    name = pick.keyring.name if pick is not None else None
    return _decision(rules.router, "key", rule, name, fates, blind=True, left_out=left_out)


def ring_decision(
    rules: RouterRules, profile: IsakmpProfile, end: LocalEnd, peer: IPAddress, search: KeySearch, pick: KeyPick | None
) -> Decision:
    """A key out of a bound or selected profile's keyrings (KEY-BOUND, PROFILE-NO-KEYRING)."""
    rule = "KEY-MISSING" if pick is None else "KEY-BOUND" if profile.keyrings else "PROFILE-NO-KEYRING"
    names = rules.ring_names(profile)
    rings = [rules.keyrings[name] for name in names if name in rules.keyrings]
    if pick is not None and pick.keyring.name not in names:
        rings.append(pick.keyring)
    fates = [_of_ring(rules, ring, end, _held(rules, peer), search, pick, stopped=False) for ring in rings]
    lines = (profile.line, *(reference.line for reference in profile.keyrings))
    return _decision(rules.router, "key", rule, pick.keyring.name if pick is not None else None, fates, lines=lines)


def verify_decision(
    rules: RouterRules, profile: IsakmpProfile, used: KeyPick, search: KeySearch, *, passed: bool
) -> Decision:
    """Whether the key in use came from a keyring of the selected profile (KEY-VERIFY)."""
    router, names = rules.router, rules.ring_names(profile)
    held = {pick.keyring.name: pick.key for pick in search.best}
    fates = []
    for name in dict.fromkeys((*names, used.keyring.name)):
        ring = rules.keyrings.get(name)
        key = held.get(name)
        fate: Fate = "picked" if name == used.keyring.name and passed else "later" if key is not None else "no-key"
        if name not in names and not passed:
            fate = "not-listed"
        shown = used.key if name == used.keyring.name else key
        fates.append(_considered(router, name, fate, ring.line if ring else 0, shown.line if shown else 0))
    lines = (profile.line, *(reference.line for reference in profile.keyrings))
    return _decision(router, "key", "KEY-VERIFY", used.keyring.name if passed else None, fates, lines=lines)


def name_decision(router: Router, pick: KeyPick | None, rule: str = "AGGRESSIVE-KEY") -> Decision:
    """A key found by a host name, or given by ``set aggressive-mode password`` (AGGRESSIVE-KEY, MODE-AGGRESSIVE)."""
    fates: list[Considered] = []
    if pick is not None:
        name = pick.keyring.name or _PEER
        fates = [_considered(router, name, "picked", pick.keyring.line, pick.key.line, detail=pick.key.hostname)]
    return _decision(router, "key", rule, fates[0].name if fates else None, fates)


def mismatch_decision(here: Router, rule: str, ends: Sequence[tuple[Router, str, Iterable[int]]]) -> Decision:
    """The two ends' keys differ: each end's router, keyring and lines (KEY-MISMATCH, IKEV2-LOCAL-REMOTE)."""
    fates = [Considered(ring or _PEER, "differs", router.name, router.evidence(*lines)) for router, ring, lines in ends]
    return _decision(here, "key", rule, None, fates)


def profile_decision(
    router: Router, search: ProfileSearch, pick: IsakmpProfile | None, end: LocalEnd, rule: str
) -> Decision:
    """A profile chosen by an identity (PROFILE-MATCH, PROFILE-UNIQUE; C-1 and C-4 where the sources contradict each other)."""
    matching = {found.profile.name: found for found in search.matching}
    unsure = {found.profile.name: found for found in search.uncertain}
    best = {found.profile.name for found in search.best}
    told, left_out = _few(router.isakmp_profiles, lambda profile: profile.name in matching or profile.name in unsure)
    fates = []
    for profile in told:
        found = matching.get(profile.name) or unsure.get(profile.name)
        fate: Fate
        if pick is not None and profile.name == pick.name:
            fate = "picked"
        elif found is not None:
            fate = "not-known" if profile.name in unsure else "later" if profile.name in best else "less-precise"
        elif profile.matches and all(match.vrf != end.fvrf for match in profile.matches):
            fate = "other-vrf"
        else:
            fate = "no-match"
        lines = (found.match.line,) if found is not None else tuple(match.line for match in profile.matches)
        fates.append(_considered(router, profile.name, fate, profile.line, *lines))
    if rule == "PROFILE-MATCH" and pick is not None:
        first = search.first
        tied = len(search.best) > 1
        rule = "PROFILE-UNIQUE" if tied else "C-1" if first is not None and first not in search.best else rule
    return _decision(router, "profile", rule, pick.name if pick is not None else None, fates, left_out=left_out)


def bound_decision(
    router: Router, name: str, line: int, lines: Iterable[int], rule: str = "PROFILE-INITIATOR"
) -> Decision:
    """The profile that a caller's tunnel end is bound to."""
    return _decision(router, "profile", rule, name, [_considered(router, name, "picked", line, *lines)])


def identity_decision(router: Router, identity: Identity, rule: str, *lines: int) -> Decision:
    """What a router presents itself as (ID-SENT, IKEV2-PROFILE)."""
    shown = str(identity) if identity.address is not None or identity.value else "not known"
    fates = [_considered(router, shown, "picked", *lines, detail=identity.kind)]
    return _decision(router, "identity", rule, shown, fates)


def policy_decision(
    router: Router,
    offers: Sequence[EffectivePolicy],
    own: Sequence[EffectivePolicy],
    pick: int | None,
    *,
    keyless: bool = False,
) -> Decision:
    """The ISAKMP policy that is accepted, by number; what differs is said of the others (POLICY-AGREE).

    ``keyless`` is True where those with pre-shared keys fall through for want of a key.
    """
    fates = []
    for policy in own:
        wrong = min(
            ([a for a in ATTRIBUTES if offer.agrees(policy, a) is False] for offer in offers), key=len, default=[]
        )
        fate: Fate = "picked" if policy.number == pick else "differs" if wrong or not offers else "later"
        if fate == "later" and keyless and policy.authentication == "pre-share":
            fate = "no-key"
        detail = ", ".join(wrong) or (_agreed(policy) if fate == "picked" else None)
        fates.append(_considered(router, f"policy {policy.number}", fate, policy.line, detail=detail))
    return _decision(router, "policy", "POLICY-AGREE", f"policy {pick}" if pick is not None else None, fates)


def _agreed(policy: EffectivePolicy) -> str | None:
    """The attributes of a policy, as far as the configuration tells them."""
    group = f"group {policy.group}" if policy.group is not None else None
    return ", ".join(a for a in (policy.encryption, policy.hash, policy.authentication, group) if a) or None


def trustpoint_decision(
    router: Router, usable: Sequence[str], accepted: Sequence[str], lines: Iterable[int]
) -> Decision:
    """The trust-point that a peer is validated by, or that one's own certificate comes from (CERT-TRUSTPOINTS)."""
    pick = next((name for name in usable if name in accepted), None)
    fates = [
        _considered(router, name, "picked" if name == pick else "differs" if pick is None else "later")
        for name in usable
    ]
    return _decision(router, "key", "CERT-TRUSTPOINTS", pick, fates, lines=lines)


def ikev2_profile_decision(
    router: Router,
    matching: Sequence[Ikev2Profile],
    pick: Ikev2Profile | None,
    identity: Identity,
    serving: Iterable[str],
    rule: str = "IKEV2-PROFILE",
) -> Decision:
    """The IKEv2 profile that an identity selects (IKEV2-PROFILE; U-7 where several match)."""
    here, fits = set(serving), {profile.name for profile in matching}
    told, left_out = _few(router.ikev2.profiles, lambda profile: profile.name in fits)
    fates = []
    for profile in told:
        fate: Fate = "later"
        if pick is not None and profile.name == pick.name:
            fate = "picked"
        elif profile.name not in fits:
            covered = any(identity_matches(match, identity) for match in profile.matches)
            fate = "other-vrf" if covered and profile.name not in here else "no-match"
        fates.append(_considered(router, profile.name, fate, profile.line, *(match.line for match in profile.matches)))
    return _decision(
        router,
        "profile",
        "U-7" if len(matching) > 1 else rule,
        pick.name if pick is not None else None,
        fates,
        left_out=left_out,
    )


def ikev2_key_decision(
    router: Router, profile: Ikev2Profile, candidates: Sequence[Ikev2Keys], pick: Ikev2Keys | None
) -> Decision:
    """The peer block that holds the key (IKEV2-KEYS); keys written into the profile go by its name."""
    fates: list[Considered] = []
    for keys in candidates:
        name = keys.peer or profile.name
        fates.append(Considered(name, "picked" if keys is pick else "later", None, router.evidence(*keys.lines)))
    ring = next((ring for ring in router.ikev2.keyrings if profile.keyring and ring.name == profile.keyring.name), None)
    listed = {keys.peer for keys in candidates}
    told, left_out = _few([block for block in ring.peers if block.name not in listed] if ring else [], lambda _: False)
    fates += [_considered(router, block.name, "no-key", block.line) for block in told]
    lines = (profile.line, *((profile.keyring.line,) if profile.keyring else ()))
    picked = None if pick is None else pick.peer or profile.name
    return _decision(router, "key", "IKEV2-KEYS", picked, fates, lines=lines, left_out=left_out)


def ikev2_policy_decision(
    router: Router, fitting: Sequence[Ikev2Policy], offer: Ikev2Offer | None, end: LocalEnd
) -> Decision:
    """The IKEv2 policy that serves this front-door VRF and local address, if any (IKEV2-POLICY, IKEV2-BUILT-IN)."""
    own = offer.policy if offer is not None else None
    fates = []
    for policy in router.ikev2.policies:
        fate: Fate = "picked" if policy is own else "later" if policy in fitting else "other-vrf"
        if fate == "later" and own is None:
            fate = "no-match"  # its proposals are not defined
        elif fate == "other-vrf" and policy.local_addresses and end.address not in policy.local_addresses:
            fate = "other-address"
        fates.append(_considered(router, policy.name, fate, policy.line))
    if own is None:
        lines = (router.ikev2.policy_off_line, router.ikev2.proposal_off_line)
        fates.append(_considered(router, "default", "picked" if offer is not None else "no-match", *lines))
    pick = own.name if own is not None else "default" if offer is not None else None
    return _decision(router, "policy", "IKEV2-BUILT-IN" if own is None else "IKEV2-POLICY", pick, fates)


def proposal_decision(
    router: Router, own: Sequence[Ikev2Proposal] | None, agreed: Sequence[str], *, met: bool
) -> Decision:
    """The responder's IKEv2 proposal that an offer meets; ``agreed`` names those that do (IKEV2-POLICY)."""
    listed: list[tuple[str, int]] = [("default", 0)] if own is None else [(one.name, one.line) for one in own]
    pick = next((name for name, _ in listed if name in agreed), "default" if met and own is None else None)
    fates = [
        _considered(router, n, "picked" if n == pick else "later" if n in agreed else "differs", at) for n, at in listed
    ]
    return _decision(router, "proposal", "IKEV2-BUILT-IN" if own is None else "IKEV2-POLICY", pick, fates)


def binding_decision(
    router: Router, endpoint: Endpoint, rule: str, *, fits: bool, selected: str | None, bound: str | None
) -> Decision:
    """Whether a tunnel end takes a peer of the selected profile (BIND-PROFILE, END-PLACES)."""
    fate: Fate = "picked" if fits else "no-match" if bound is None else "differs"
    detail = f"bound to {bound}, selected {selected or 'none'}" if bound is not None else None
    fates = [_considered(router, endpoint.interface, fate, *endpoint.lines, detail=detail)]
    return _decision(router, "binding", rule, endpoint.interface if fits else None, fates)


def nobody_decision(router: Router, elsewhere: Sequence[Endpoint]) -> Decision:
    """No tunnel end waits for the caller; ``elsewhere`` are those that name it under other circumstances (END-NAMED-PEER)."""
    fates = [_considered(router, end.interface, "no-match", *end.lines) for end in elsewhere]
    return _decision(router, "binding", "END-NAMED-PEER" if elsewhere else "END-PLACES", None, fates)


def proxy_decision(router: Router, offers: Proxies, accepted: Proxies, *, fits: bool) -> Decision:
    """The traffic that the responder's end protects, against what is offered (QM-PROXIES)."""
    pick: str | None = None
    fates = []
    _, taking = compared(offers, accepted)
    for own in accepted.entries:
        fate: Fate = "differs" if own not in taking else "picked" if pick is None and fits else "later"
        if fate == "picked":
            pick = _proxy(own)
        fates.append(_considered(router, _proxy(own), fate, own.line))
    if accepted.anything or (fits and pick is None):
        pick = "any traffic" if accepted.anything else fates[0].name if fates else "as offered"
    return _decision(router, "proxy", "QM-PROXIES", pick, fates)


def transform_decision(
    router: Router, own: Sequence[TransformSet] | None, pick: TransformSet | None, *, fits: bool
) -> Decision:
    """The responder's transform set that is the same at both ends (QM-TRANSFORM)."""
    fates = [
        _considered(router, one.name, "picked" if one is pick else "differs" if pick is None else "later", one.line)
        for one in own or ()
    ]
    name = pick.name if pick is not None else "default" if fits else None
    return _decision(router, "proposal", "QM-TRANSFORM", name, fates)


def pfs_decision(
    router: Router, offered: str | None, required: str | None, *, fits: bool, rule: str = "QM-PFS"
) -> Decision:
    """The PFS group that the responder insists on (QM-PFS); with IKEv2 it shows at the first rekey (IKEV2-PFS)."""
    fates = [Considered(required or "no PFS", "picked" if fits else "differs", f"offered {offered or 'none'}")]
    return _decision(router, "proposal", rule, (required or "no PFS") if fits else None, fates)


def _held(rules: RouterRules, peer: IPAddress) -> dict[str, Key]:
    """The most precise key that each keyring holds for ``peer``, whatever its VRF."""
    found = sorted(rules.covering(peer), key=lambda pick: pick.length)
    return {pick.keyring.name: pick.key for pick in found}


def _of_ring(
    rules: RouterRules,
    ring: Keyring,
    end: LocalEnd,
    held: dict[str, Key],
    search: KeySearch,
    pick: KeyPick | None,
    *,
    stopped: bool,
) -> Considered:
    """What became of one keyring in a search."""
    if pick is not None and ring.name == pick.keyring.name:
        return _key(rules.router, ring, "picked", pick.key)
    key = held.get(ring.name)
    if key is None:
        return _considered(rules.router, ring.name, "no-key", ring.line)
    fate: Fate
    if ring.vrf != end.fvrf:
        fate = "other-vrf"
    elif any(other.keyring.name == ring.name for other in search.uncertain):
        fate = "not-known"
    elif any(other.keyring.name == ring.name for other in search.best):
        fate = "later"
    elif any(other.keyring.name == ring.name for other in search.considered):
        fate = "less-precise"
    elif stopped:
        fate = "not-searched"
    else:
        fate = "other-address"
    return _key(rules.router, ring, fate, key)


def _key(router: Router, ring: Keyring, fate: Fate, key: Key) -> Considered:
    where = key.prefix.dotted().replace(",", " ") if key.prefix is not None else key.hostname
    return _considered(router, ring.name, fate, ring.line, key.line, detail=where)


def _proxy(own: Proxy) -> str:
    return f"{own.protocol} {own.source} {own.destination}"


def _considered(router: Router, name: str, fate: Fate, *lines: int, detail: str | None = None) -> Considered:
    return Considered(name, fate, detail, router.evidence(*lines))


def _decision(
    router: Router,
    what: What,
    rule: str,
    picked: str | None,
    considered: Sequence[Considered],
    *,
    lines: Iterable[int] = (),
    blind: bool = False,
    left_out: int = 0,
) -> Decision:
    """A decision with its evidence: the lines given, and those of what was picked."""
    behind = [line for one in considered if one.result == "picked" for line in one.evidence]
    evidence = tuple(dict.fromkeys((*router.evidence(*lines), *behind)))
    return Decision(router.name, what, rule, picked, blind, tuple(considered), left_out, evidence)


def _few(candidates: Sequence[T], telling: Callable[[T], bool]) -> tuple[Sequence[T], int]:
    """All candidates where they are few, else those that tell something, and how many others there are."""
    if len(candidates) <= LISTED:
        return candidates, 0
    told = [one for one in candidates if telling(one)]
    return told, len(candidates) - len(told)
