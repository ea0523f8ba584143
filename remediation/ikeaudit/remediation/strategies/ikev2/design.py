"""From the partners of a router's places to the IKEv2 objects that it gets (PLAN-IKEV2)."""

from collections.abc import Iterable

from ikeaudit.model import ANY_VRF, Ikev2Profile, Ikev2Proposal, Prefix, Router, TransformSet
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.ikev2.choices import Suite
from ikeaudit.remediation.strategies.ikev2.groups import Group, groups, overlapping
from ikeaudit.remediation.strategies.ikev2.made import idle, ipsec_made_for, made_for, without
from ikeaudit.remediation.strategies.ikev2.objects import (
    Binding,
    IpsecPlan,
    KeyringPlan,
    Names,
    PeerBlock,
    PolicyPlan,
    ProfilePlan,
    RouterPlan,
    TransformPlan,
)
from ikeaudit.remediation.strategies.ikev2.partners import Partner
from ikeaudit.remediation.strategies.ikev2.places import Place, Sections, ipsec_profile_at, is_one_of
from ikeaudit.selection import LocalEnd, RouterRules

_REPLACED = ("set-transform-set", "set-pfs", "set-isakmp-profile", "set-ikev2-profile", "description")


def overlaps(rules: RouterRules, partners: Iterable[Partner]) -> tuple[Refusal, ...]:
    """A refusal for each place whose peers match an IKEv2 profile that is there already (U-7).

    One that an earlier wave made for these peers, and nothing uses yet, is no other one.
    """
    found, router = [], rules.router
    own, made = _groups(rules, partners)
    for group in own:
        others = without(router, [p for p in made if p is not None])
        for address in group.locals:
            statements = overlapping(others, group.fvrf, address, group.identities)
            if statements:
                profile = statements[0][0]
                reason = (
                    f"The IKEv2 profile {profile.name} matches its peers already, and which of several IOS takes is not known "
                    "(U-7); make that profile narrower first."
                )
                evidence = router.evidence(*(n for p, m in statements for n in (p.line, m.line)))
                label = ", ".join(place.label for place in group.places)
                found.append(Refusal(router=router.name, subject=label, reason=reason, evidence=evidence))
                break
    return tuple(found)


def ungoverned(rules: RouterRules, partners: Iterable[Partner]) -> tuple[Refusal, ...]:
    """A refusal where IKEv2 tunnels live on the built-in default policy, which a new policy may take from them (U-22)."""
    ends = {partner.end.local: partner for partner in partners}
    using = [end for end in rules.endpoints if end.ike_version == 2 and rules.ikev2.policy(end.local) is None]
    for local, partner in ends.items():
        if rules.ikev2.policy(local) is None and using:
            reason = (
                f"{using[0].interface} speaks IKEv2 under the built-in default policy, which may not serve beside a policy of "
                "the router's own (U-22); give the IKEv2 tunnels of the router a policy first."
            )
            lines = (*using[0].lines, *partner.end.lines)
            evidence = rules.router.evidence(*lines)
            subject = partner.place.label
            return (Refusal(router=rules.router.name, subject=subject, reason=reason, evidence=evidence),)
    return ()


def design(rules: RouterRules, partners: tuple[Partner, ...], suite: Suite, raw: Sections) -> RouterPlan:
    """The objects for ``partners``, all on one router, whose sections are ``raw``.

    :func:`overlaps` and :func:`ungoverned` have nothing against them.
    """
    router = rules.router
    found, made = _groups(rules, partners)
    proposal, new_proposal = _proposal(router, suite)
    policies, extended = _policies(rules, [p.end.local for p in partners], proposal)
    fresh = tuple(group for group, profile in zip(found, made, strict=True) if profile is None)
    labels = iter(_labels(router, fresh))
    keyrings, of_group = _keyrings(router, fresh)
    rings = iter(of_group)
    transforms, set_names = _transform_sets(rules, partners, suite)
    profiles, ipsec, bindings = [], {}, {}
    governed = _governed(rules, partners, policies)
    ipsec_names = Names(profile.name for profile in router.ipsec_profiles)
    at_place = by_key((partner.place, partner) for partner in partners)
    below = {p.name: frozenset(raw.below(p.line)) for p in router.ipsec_profiles}
    for group, earlier in zip(found, made, strict=True):
        if earlier is None:
            name = f"V2-{next(labels)}"
            profiles.append(_profile(group, name, next(rings)))
        else:
            name = earlier.name
        for place in group.places:
            mode = _mode(rules, at_place[place])
            old = ipsec_profile_at(router, place)
            if old is None:
                bindings[place] = Binding(place, name, set_names[mode], policies=governed[place])
                continue
            key = (name, old.name, mode)
            if key not in ipsec:
                kept = tuple(line for line in raw.below(old.line) if not is_one_of("ipsec-profile", line, _REPLACED))
                there = ipsec_made_for(router, name, set_names[mode], suite.pfs, below, frozenset(kept))
                if there is not None:
                    bindings[place] = Binding(place, name, set_names[mode], there.name, governed[place])
                    continue
                label = name.removeprefix("V2-")
                ipsec[key] = IpsecPlan(ipsec_names.free(f"V2-IPSEC-{label}"), set_names[mode], name, kept)
            bindings[place] = Binding(place, name, set_names[mode], ipsec[key].name, governed[place])
    return RouterPlan(
        router=router.name,
        proposal_name=proposal,
        proposal=new_proposal,
        policies=policies,
        extended=extended,
        keyrings=keyrings,
        profiles=tuple(profiles),
        transform_sets=transforms,
        ipsec_profiles=tuple(ipsec.values()),
        bindings=bindings,
    )


def _groups(
    rules: RouterRules, partners: Iterable[Partner]
) -> tuple[tuple[Group, ...], tuple[Ikev2Profile | None, ...]]:
    """The groups of a router, and for each the profile that an earlier wave made for it."""
    found = groups(without(rules.router, idle(rules)), tuple(partners))
    return found, tuple(made_for(rules, group) for group in found)


def _proposal(router: Router, suite: Suite) -> tuple[str, bool]:
    """The proposal's name, and whether it must be created: one of ours with the same algorithms is used again."""
    for proposal in router.ikev2.proposals:
        if proposal.name.startswith("V2-PROP") and _says(proposal, suite):
            return proposal.name, False
    return Names(p.name for p in router.ikev2.proposals).free("V2-PROP"), True


def _says(proposal: Ikev2Proposal, suite: Suite) -> bool:
    mine = (proposal.encryption, proposal.integrity, proposal.prf, proposal.groups)
    return mine == (suite.encryption, suite.integrity, suite.prf, suite.groups)


def _policies(
    rules: RouterRules, ends: list[LocalEnd], proposal: str
) -> tuple[tuple[PolicyPlan, ...], tuple[str, ...]]:
    """New policies, and those that are there and get the proposal (IKEV2-POLICY: the first policy that matches is used)."""
    names = Names(policy.name for policy in rules.router.ikev2.policies)
    extended: dict[str, None] = {}
    uncovered: dict[str | None, None] = {}
    for end in ends:
        policy = rules.ikev2.policy(end)
        if policy is None:
            uncovered[end.fvrf] = None
        elif proposal not in [reference.name for reference in policy.proposals]:
            extended[policy.name] = None
    if not uncovered:
        return (), tuple(extended)
    on_default = [end for end in rules.endpoints if end.ike_version == 2 and rules.ikev2.policy(end.local) is None]
    if not on_default:
        return (PolicyPlan(names.free("V2-POL"), ANY_VRF),), tuple(extended)
    new = tuple(PolicyPlan(names.free(f"V2-POL-{vrf}" if vrf else "V2-POL"), vrf) for vrf in uncovered)
    return new, tuple(extended)


def _governed(
    rules: RouterRules, partners: Iterable[Partner], new: Iterable[PolicyPlan]
) -> dict[Place, frozenset[str]]:
    """The policies that places are under: those that are there, else the new ones."""
    found: dict[Place, frozenset[str]] = {}
    for partner in partners:
        policy = rules.ikev2.policy(partner.end.local)
        fitting = {p.name for p in new if p.fvrf in (ANY_VRF, partner.end.fvrf)} if policy is None else {policy.name}
        found[partner.place] = found.get(partner.place, frozenset()) | fitting
    return found


def _labels(router: Router, found: tuple[Group, ...]) -> list[str]:
    """A name for each group: its only peer, else its place."""
    names = Names(profile.name.removeprefix("V2-") for profile in router.ikev2.profiles)
    labels = []
    for group in found:
        peers = {partner.router for partner in group.partners}
        first = group.places[0]
        place = first.name if first.kind == "tunnel" else f"{first.name}-{first.sequence}"
        labels.append(names.free(place if group.multipoint or len(peers) > 1 else peers.pop()))
    return labels


def _keyrings(router: Router, found: tuple[Group, ...]) -> tuple[tuple[KeyringPlan, ...], list[str]]:
    """One keyring for each front-door VRF, and another where one address has different keys at different local addresses."""
    names = Names(keyring.name for keyring in router.ikev2.keyrings)
    rings: dict[str, tuple[str | None, dict[Prefix, Partner]]] = {}
    of_group = []
    for group in found:
        wanted = {partner.prefix.network: partner for partner in group.partners}
        ring = next((name for name, (vrf, held) in rings.items() if vrf == group.fvrf and _agree(held, wanted)), None)
        if ring is None:
            ring = names.free(f"V2-KR-{group.fvrf}" if group.fvrf else "V2-KR")
            rings[ring] = (group.fvrf, {})
        rings[ring][1].update(wanted)
        of_group.append(ring)
    return tuple(KeyringPlan(name, _blocks(held)) for name, (_, held) in rings.items()), of_group


def _agree(held: dict[Prefix, Partner], wanted: dict[Prefix, Partner]) -> bool:
    return all(held[prefix].tokens == partner.tokens for prefix, partner in wanted.items() if prefix in held)


def _blocks(held: dict[Prefix, Partner]) -> tuple[PeerBlock, ...]:
    names = Names(())
    return tuple(
        PeerBlock(names.free(partner.router if prefix.is_host else "PEERS"), prefix, partner.tokens)
        for prefix, partner in held.items()
    )


def _profile(group: Group, name: str, keyring: str) -> ProfilePlan:
    own = group.locals[0] if len(group.locals) == 1 else None
    return ProfilePlan(
        name=name,
        fvrf=group.fvrf,
        identities=group.identities,
        keyring=keyring,
        own=own,
        local=own if group.apart else None,
        ivrf=group.ivrf,
        multipoint=group.multipoint,
        peers=tuple(dict.fromkeys(partner.prefix.network for partner in group.partners)),
    )


def _mode(rules: RouterRules, partners: list[Partner]) -> str:
    """Tunnel or transport, as the place has it today."""
    names = partners[0].end.transform_sets
    found: list[TransformSet] = [rules.transform_sets[name] for name in names if name in rules.transform_sets]
    return found[0].mode if found else "tunnel"


def _transform_sets(
    rules: RouterRules, partners: tuple[Partner, ...], suite: Suite
) -> tuple[tuple[TransformPlan, ...], dict[str, str]]:
    """New transform sets, and the name to use for each mode; one of ours that says the same is used again."""
    by_place = by_key((partner.place, partner) for partner in partners)
    modes = dict.fromkeys(sorted(_mode(rules, own) for own in by_place.values()))
    names = Names(rules.transform_sets)
    new, chosen = [], {}
    for mode in modes:
        wanted = "V2-TS" if mode == "tunnel" else "V2-TS-TRANSPORT"
        for known in rules.router.transform_sets:
            if known.name.startswith(wanted) and (known.transforms, known.mode) == (suite.transforms, mode):
                chosen[mode] = known.name
                break
        else:
            chosen[mode] = names.free(wanted)
            new.append(TransformPlan(chosen[mode], mode))
    return tuple(new), chosen
