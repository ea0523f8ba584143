"""VRFs of ISAKMP profiles, and the identities that routers present."""

from collections.abc import Iterator
from functools import partial

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.missing_keys import callers_at, sureness
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import listing, place, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, catalogued, for_each_router, speaking_of
from ikeaudit.hazards.shared.router_pairs import of_kind, unexpected
from ikeaudit.model import Evidence, IdentityMatch, Ikev2Profile, IsakmpProfile, Prefix, StaticRoute
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, Identity
from ikeaudit.selection.inside import unsupported_inside


@for_each_router(
    code="PF-FVRF-MATCH",
    title="The match statement lacks the tunnel's front-door VRF, or names another",
    category="connectivity",
    breaks=("identity-not-matched", "profile-binding", "keyring-verification"),
    explains=("PW-ID", "PF-DUP-ID", "PF-OVERLAP-ID", "PF-BOUND-NOMATCH", "PF-BIND-MISMATCH"),
    severity="high",
    what=(
        "A tunnel's outer packets travel in one front-door VRF, and the match statement of its bound profile that "
        "covers the peer is written for another, or for none."
    ),
    why=(
        "A match statement without a VRF is for the default VRF only. The caller then matches no profile, and the "
        "bound tunnel refuses it."
    ),
    symptom="When the peer starts: 'peer matches *none* of the profiles', then error 32. Up when this router starts.",
    fix=(
        "If the profile is meant for peers in that VRF, write it behind the address of the match: 'match identity "
        "address ... FVRF'."
    ),
    source="PROFILE-VRF, KEY-FVRF",
    absent_from=("isakmp-profile",),
)
def pf_fvrf_match(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile and VRF."""
    groups: dict[tuple[str, str | None], list[tuple[Peer, IdentityMatch]]] = {}
    for peer in facts.ikev1_peers:
        elsewhere = _elsewhere(facts, peer)
        if elsewhere is not None and peer.bound is not None:
            groups.setdefault((peer.bound.name, peer.end.fvrf), []).append((peer, elsewhere))
    for (name, fvrf), found in groups.items():
        addresses = dict.fromkeys(str(peer.address) for peer, _ in found)
        written = dict.fromkeys(place(match.vrf) for _, match in found)
        lines = [n for peer, match in found for n in (match.line, *peer.end.lines)]
        yield pf_fvrf_match.finding(
            peers=addresses,
            message=(
                f"Profile {name} matches {listing(addresses)} in {listing(written)}, but the tunnel it is bound "
                f"to receives the peer's packets in {place(fvrf)}."
            ),
            cause=[name, str(fvrf)],
            evidence=facts.router.evidence(facts.rules.profiles[name].line, *lines),
            confidence=sureness(facts, [peer for peer, _ in found]),
        )
    yield from _open_ends(facts, set(groups))


def _open_ends(facts: RouterFacts, told: set[tuple[str, str | None]]) -> Iterator[Finding]:
    """One finding for each profile and VRF of ends that answer anybody, those that known peers have told of left out."""
    groups: dict[tuple[str, str | None], list[Endpoint]] = {}
    for end in facts.ikev1_ends:
        profile = facts.rules.profiles.get(end.isakmp_profile or "") if end.accepts_any else None
        if profile is None or end.virtual_template is not None or not profile.matches:
            continue
        if (profile.name, end.fvrf) in told:
            continue
        if all(match.kind != "certificate" and match.vrf != end.fvrf for match in profile.matches):
            groups.setdefault((profile.name, end.fvrf), []).append(end)
    for (name, fvrf), ends in groups.items():
        profile = facts.rules.profiles[name]
        labels = dict.fromkeys(end.interface for end in ends)
        yield pf_fvrf_match.finding(
            peers=callers_at(facts, ends),
            message=(
                f"Profile {name} matches in {listing(dict.fromkeys(place(m.vrf) for m in profile.matches))} only, but "
                f"{listing(labels)}, bound to it, {verb(labels, 'answers', 'answer')} callers in {place(fvrf)}."
            ),
            cause=[name, str(fvrf), "callers"],
            evidence=facts.router.evidence(
                profile.line, *(m.line for m in profile.matches), *(n for end in ends for n in end.lines)
            ),
            confidence=facts.doubt("isakmp-profile", name=name),
        )


def _elsewhere(facts: RouterFacts, peer: Peer) -> IdentityMatch | None:
    """The bound profile's statement that would cover the peer in another VRF, if none does in the tunnel's."""
    fits = facts.statements(peer.bound).covering(peer.identity) if peer.bound is not None else ()
    if not fits or any(match.vrf == peer.end.fvrf for match in fits):
        return None
    return fits[0]


@for_each_router(
    code="PF-IVRF",
    title="The profile's inside VRF is not the tunnel interface's",
    category="connectivity",
    severity="medium",
    what=(
        "A profile with 'vrf NAME' (IKEv2: 'ivrf') is bound to a tunnel interface, or clones a virtual template, whose 'vrf "
        "forwarding' names another VRF or none; or it is bound to a crypto map entry whose protected networks have "
        "static routes in other VRFs only. Or a crypto map in a front-door VRF protects networks of the default VRF."
    ),
    why=(
        "The profile's VRF is meant for crypto maps; a tunnel's own VRF governs. Both together are not supported and can "
        "make the negotiation fail; where the two disagree, one of them does not say what its author meant."
    ),
    symptom="Security associations are up, but no traffic passes, or it appears in the wrong VRF.",
    fix="Align the two; where the tunnel's 'vrf forwarding' says what is meant, 'vrf' can go from the profile.",
    source="PROFILE-IVRF",
    absent_from=("isakmp-profile", "interface"),
)
def pf_ivrf(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile that says the inside VRF in a way that is not supported, or that others contradict."""
    yield from _templates(facts)
    groups = by_key(
        (end.ikev2_profile or end.isakmp_profile, end) for end in facts.ends if unsupported_inside(facts.rules, end)
    )
    for name, ends in groups.items():
        own = facts.rules.ikev2.profiles.get(name or ""), facts.rules.profiles.get(name or "")
        vrf = next((p.ivrf if isinstance(p, Ikev2Profile) else p.vrf for p in own if p is not None), None)
        carriers = [facts.rules.addresses.interfaces[end.interface.split()[0]] for end in ends]
        lines = [line for end in ends for line in (*unsupported_inside(facts.rules, end), *end.lines)]
        labels = dict.fromkeys(end.interface for end in ends)
        if vrf is None:
            yield pf_ivrf.finding(
                message=(
                    f"{listing(labels)} {verb(labels, 'stands', 'stand')} in {place(carriers[0].vrf)} and protects networks of "
                    "the default VRF, which is not supported."
                ),
                fix="If the map is to stay in its VRF, put the networks inside into one, too: 'vrf' in the entry's profile.",
                cause=["inside in the default VRF"],
                parts=[(facts.name, label, "") for label in labels],
                evidence=facts.router.evidence(*lines),
                confidence="probable",
            )
            continue
        apart = dict.fromkeys(f"{carrier.name} in {place(carrier.vrf)}" for carrier in carriers if carrier.vrf != vrf)
        if apart:
            yield pf_ivrf.finding(
                message=f"Profile {name} maps its tunnels to {place(vrf)}, but is bound to {listing(apart)}.",
                cause=[str(name), vrf],
                parts=[(facts.name, f"{name} {carrier.name}", "") for carrier in carriers if carrier.vrf != vrf],
                evidence=facts.router.evidence(*lines),
            )
    yield from _crypto_maps(facts)


@for_each_router(
    code="PF-IVRF-TUNNEL",
    title="A tunnel's profile names the inside VRF that the tunnel has anyway",
    category="connectivity",
    severity="low",
    what="A profile with 'vrf' (IKEv2: 'ivrf') is bound to a tunnel interface with 'tunnel protection' in that very VRF.",
    why="The inside VRF belongs on the tunnel alone; in the profile as well it is not supported, and negotiations can fail.",
    symptom="Quick mode, or IKE_AUTH, fails on some releases.",
    fix="Where the tunnel's 'vrf forwarding' says what is meant, leave 'vrf' (IKEv2: 'ivrf') out of the profile.",
    source="PROFILE-IVRF",
    absent_from=(),
)
def pf_ivrf_tunnel(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile."""
    groups = by_key((end.ikev2_profile or end.isakmp_profile, end) for end in facts.ends if end.kind == "tunnel")
    for name, ends in groups.items():
        two, one = facts.rules.ikev2.profiles.get(name or ""), facts.rules.profiles.get(name or "")
        vrf = two.ivrf if two is not None else one.vrf if one is not None else None
        same = [end for end in ends if facts.rules.addresses.interfaces[end.interface].vrf == vrf]
        lines = [line for end in same for line in (*unsupported_inside(facts.rules, end), *end.lines)]
        if vrf is not None and any(unsupported_inside(facts.rules, end) for end in same):
            labels = dict.fromkeys(end.interface for end in same)
            yield pf_ivrf_tunnel.finding(
                message=f"Profile {name} names VRF {vrf}, the inside VRF of {listing(labels)}, as the tunnel does itself.",
                cause=[str(name), vrf],
                parts=[(facts.name, label, "") for label in labels],
                evidence=facts.router.evidence(*lines),
            )


def _templates(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile whose virtual template is in another VRF."""
    for profile in facts.router.isakmp_profiles:
        interface = facts.rules.addresses.interface(f"Virtual-Template{profile.virtual_template}")
        if interface is not None and profile.vrf not in (None, interface.vrf):
            yield pf_ivrf.finding(
                message=(
                    f"Profile {profile.name} maps its tunnels to {place(profile.vrf)}, but is bound to {interface.name} in "
                    f"{place(interface.vrf)}."
                ),
                cause=[profile.name, str(profile.vrf), f"{interface.name} in {place(interface.vrf)}"],
                evidence=facts.router.evidence(profile.line, interface.line),
            )


def _crypto_maps(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile whose crypto map entries protect networks that are routed in another VRF."""
    groups: dict[str, list[tuple[Endpoint, StaticRoute]]] = {}
    acls = {acl.name: acl for acl in facts.router.acls}
    table = by_key((route.prefix.network, route) for route in facts.router.static_routes if route.prefix.length)
    # Reverse route injection writes the route into the inside VRF by itself.
    injected = {m.name for m in facts.router.crypto_maps if any(entry.reverse_route for entry in m.entries)}
    for end in facts.ikev1_ends:
        profile = facts.rules.profiles.get(end.isakmp_profile or "") if end.kind == "crypto-map" else None
        acl = acls.get(end.acl or "")
        if profile is None or profile.vrf is None or acl is None or end.crypto_map in injected:
            continue
        far = [e.destination for e in acl.entries if e.action == "permit" and e.destination is not None]
        routes = [route for prefix in far for route in _covering(table, prefix)]
        if routes and all(route.vrf != profile.vrf for route in routes):
            groups.setdefault(profile.name, []).append((end, routes[0]))
    for name, found in groups.items():
        profile = facts.rules.profiles[name]
        entries = dict.fromkeys(end.interface for end, _ in found)
        seen = dict.fromkeys(f"{route.prefix} in {place(route.vrf)}" for _, route in found)
        yield pf_ivrf.finding(
            peers=dict.fromkeys(str(end.peer) for end, _ in found if end.peer is not None),
            message=(
                f"Profile {name} maps {listing(entries)} to {place(profile.vrf)}, but what that protects is routed as "
                f"{listing(seen)} only."
            ),
            cause=[name, str(profile.vrf), "crypto maps"],
            evidence=facts.router.evidence(
                profile.line, *(n for end, route in found for n in (*end.lines, route.line))
            ),
            confidence="probable",
        )


def _covering(table: dict[Prefix, list[StaticRoute]], prefix: Prefix) -> list[StaticRoute]:
    """The routes to networks that hold the whole of ``prefix``, the longest first."""
    wider = (Prefix.of(prefix.network.address, length).network for length in range(prefix.length, 0, -1))
    return [route for network in wider for route in table.get(network, ())]


@catalogued(
    code="PF-SELFID",
    title="A router presents another kind of identity than its peers expect",
    category="connectivity",
    breaks=("identity-not-matched", "profile-binding", "keyring-verification"),
    explains=("PW-ID", "PF-BOUND-NOMATCH", "PF-BIND-MISMATCH"),
    severity="high",
    scope="pair",
    what=(
        "'crypto isakmp identity' or a profile's 'self-identity' makes a router present a host name while the "
        "peer's profile matches addresses, or the other way round, so that none of the peer's profiles is selected. "
        "Medium where the peer's tunnels are bound to no profile: they then come up without one."
    ),
    why=(
        "The identity selects the responder's profile. One that nothing matches leaves the caller without a "
        "profile, and a bound tunnel refuses it."
    ),
    symptom=(
        "On the router that is called: 'peer matches *none* of the profiles', then error 32. The other direction "
        "may work."
    ),
    fix="Use the same kind at both ends: change the identity sent, or add a match statement for it, whichever is meant.",
    source="ID-SENT",
    absent_from=("isakmp-profile", "global"),
)
def pf_selfid(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router that presents the wrong kind of identity, with all peers that expect another."""
    groups: dict[tuple[str, str, str], list[tuple[Peer, IsakmpProfile]]] = {}
    for _, peers in speaking_of(context, "PF-SELFID", partial(_perhaps_wrong, context)):
        for peer in peers:
            profile = _of_another_kind(context, peer)
            if profile is not None and peer.far_rules is not None:
                key = (peer.far_rules.router.name, peer.identity.kind, str(peer.identity))
                groups.setdefault(key, []).append((peer, profile))
    for (sender, kind, identity), found in groups.items():
        evidence = [e for peer, profile in found for e in _evidence(peer, profile)]
        expected = dict.fromkeys(f"{peer.router.name} (profile {profile.name})" for peer, profile in found)
        yield pf_selfid.finding(
            hosts=sorted({sender, *(peer.router.name for peer, _ in found)}),
            peers=dict.fromkeys(str(peer.address) for peer, _ in found),
            message=(
                f"{sender} presents itself as {_KINDS[kind]} {identity}, and {listing(expected)} "
                f"{verb(expected, 'matches', 'match')} no identity of that kind."
            ),
            cause=[sender, kind, identity],
            parts=[(peer.router.name, profile.name, str(peer.address)) for peer, profile in found],
            evidence=evidence,
            severity="high" if any(peer.bound is not None for peer, _ in found) else "medium",
            confidence=strongest(*("probable" if peer.presents_by_profile else "certain" for peer, _ in found)),
        )


def _perhaps_wrong(context: AuditContext, facts: RouterFacts) -> list[Peer]:
    """The peers that present themselves wrongly, and those at virtual templates, for which other routers count as well."""
    return [
        peer
        for peer in facts.peers
        if peer.end.virtual_template is not None or _of_another_kind(context, peer) is not None
    ]


def _of_another_kind(context: AuditContext, peer: Peer) -> IsakmpProfile | None:
    """The profile for a peer by IKEv1 whose statements are for another kind of identity than what it presents."""
    if peer.end.ike_version != 1 or peer.far_rules is None:
        return None
    profile = unexpected(context, peer) or _meant(peer)
    return profile if profile is not None and not of_kind(profile.matches, peer.identity.kind) else None


def _meant(peer: Peer) -> IsakmpProfile | None:
    """The profile that an unbound end has for its peer's address, while the peer's identity selects none."""
    if peer.end.isakmp_profile is not None or not peer.presents_known or peer.selected.matching:
        return None
    best = peer.rules.profiles_for(Identity("address", peer.address), peer.end.local).best
    return best[0].profile if best else None


def _evidence(peer: Peer, profile: IsakmpProfile) -> list[Evidence]:
    """What makes the far router present itself so, and the statements that expect something else."""
    assert peer.far_rules is not None
    far = peer.far_rules.router
    own = peer.far_profile.self_identity if peer.far_profile is not None else None
    sent = far.evidence(own.line if own is not None else far.isakmp.identity_line)
    return [*sent, *peer.router.evidence(profile.line, *(match.line for match in profile.matches))]


_KINDS = {
    "address": "the address",
    "fqdn": "the host name",
    "user-fqdn": "the user name",
    "key-id": "the group",
    "dn": "the name",
}
