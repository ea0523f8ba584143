"""ISAKMP profiles: whom they match, what is bound to them, how a router presents itself."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.facts.near import near
from ikeaudit.ios.writing import command
from ikeaudit.ios.writing import no as undone
from ikeaudit.model import Ikev2Profile, IsakmpProfile, Prefix, Router
from ikeaudit.remediation.fixes.case import Call, Case, Side
from ikeaudit.remediation.fixes.contract import Block, Change, change
from ikeaudit.remediation.fixes.lines import (
    binder,
    interface_of,
    masked,
    match_line,
    no,
    replaced,
    typed,
    with_address,
)
from ikeaudit.selection import Identity


def _ikev1(call: Call) -> Iterator[Side]:
    for side in call.sides:
        if side.end.ike_version == 1 and side.peer is not None:
            yield side


def _presented(side: Side) -> Identity:
    """What the peer of an end says of itself."""
    if side.other is None or side.other_end is None:
        return Identity("address", side.peer)
    bound = side.other.profiles.get(side.other_end.isakmp_profile or "")
    found = side.other.own_identity(bound, side.other_end.local)
    return found if found.kind != "address" or found.address is not None else Identity("address", side.peer)


def _said(side: Side) -> str:
    identity = _presented(side)
    return str(identity.address or side.peer) if identity.kind == "address" else identity.value


def _match(side: Side) -> str | None:
    identity, vrf = _presented(side), side.end.fvrf
    if identity.kind == "address":
        return match_line(Prefix.of(identity.address), vrf) if identity.address else None
    kind = {"fqdn": "host", "user-fqdn": "user"}.get(identity.kind)
    return command("isakmp-profile/match-identity-name", kind, identity.value, vrf or None) if kind else None


def _selected(side: Side) -> list[IsakmpProfile]:
    search = side.rules.profiles_for(_presented(side), side.end.local)
    return [pick.profile for pick in search.matching]


def add_match(call: Call) -> Iterator[Change]:
    """The bound profile, or any, matches what the peer presents; then others do not."""
    for side in _ikev1(call):
        words = _match(side)
        profiles = [side.bound] if side.bound is not None else list(side.router.isakmp_profiles)
        for profile in profiles if words is not None else ():
            own = side.router.text(profile.line)
            title = f"Let profile {profile.name} of {side.router.name} match {_said(side)}"
            block: Block = (own, str(words))
            if profile not in _selected(side):
                yield change(title, (side.router, block))
            blocks = [block, *_without(side, profile)]
            if len(blocks) > 1:
                yield change(f"{title}, and no other one", *((side.router, one) for one in blocks))


def correct_match(call: Call) -> Iterator[Change]:
    """A match of the bound profile, or of any, that is one slip apart from what the peer presents says that."""
    for side in _ikev1(call):
        identity, meant = _presented(side), {str(end.peer) for end in side.rules.endpoints}
        for profile in [side.bound] if side.bound is not None else side.router.isakmp_profiles:
            for match in profile.matches:
                text, old = side.router.text(match.line), match.prefix.address if match.prefix is not None else None
                slip = str(old) if old is not None else match.value or ""
                if slip and slip != _said(side) and slip not in meant and near(slip, _said(side)):
                    new = (
                        with_address(text, old, identity.address)
                        if old is not None
                        else " ".join(_said(side) if word == match.value else word for word in text.split())
                    )
                    title = f"Let profile {profile.name} of {side.router.name} match {_said(side)} instead of {slip}"
                    yield change(title, (side.router, replaced(side.router, match.line, new)), detour=-1)


def match_others(call: Call) -> Iterator[Change]:
    """The bound profile of a multipoint tunnel matches whom other routers match for it: a network, not each spoke."""
    interfaces = [(side, interface_of(side)) for side in _ikev1(call)]
    for side in (s for s, i in interfaces if i is not None and i.tunnel is not None and i.tunnel.multipoint):
        identity = _presented(side)
        wide = {
            match.prefix: router.name
            for router in call.routers
            if router is not side.router and router.isakmp_profiles
            for profile in router.isakmp_profiles
            for match in profile.matches
            if match.prefix is not None
            and not match.prefix.is_host
            and identity.address is not None
            and match.vrf == side.end.fvrf
            and match.prefix.covers(identity.address)
        }
        for prefix, name in wide.items():
            if side.bound is not None:
                whom = f"{masked(prefix)} {side.end.fvrf or ''}".rstrip()
                title = f"Let profile {side.bound.name} of {side.router.name} match {whom}, as on {name}"
                line = match_line(prefix, side.end.fvrf)
                yield change(title, (side.router, (side.router.text(side.bound.line), line)))


def _without(side: Side, keep: IsakmpProfile) -> Iterator[Block]:
    """The lines of other profiles that match exactly the peer go."""
    identity = _presented(side)
    for profile in side.router.isakmp_profiles:
        for match in profile.matches if profile.name != keep.name else ():
            exact = match.prefix is not None and identity.address is not None and match.prefix.covers(identity.address)
            if exact or (match.value is not None and match.value == identity.value):
                yield (side.router.text(profile.line), no(side.router.text(match.line)))


def only_match(call: Call) -> Iterator[Change]:
    """Other profiles do not match what the peer presents."""
    for side in _ikev1(call):
        for keep in _selected(side):
            blocks = [*_without(side, keep)]
            if blocks:
                title = f"Let profile {keep.name} of {side.router.name} alone match {side.peer}"
                yield change(title, *((side.router, block) for block in blocks))


def bind(call: Call) -> Iterator[Change]:
    """The end is bound to the profile that the peer selects, to another one, or to none."""
    for side in _ikev1(call):
        there = binder(side)
        if there is None:
            continue
        header, what = there
        interface = interface_of(side)
        protection = interface.tunnel.protection if interface is not None and interface.tunnel is not None else None
        for profile in dict.fromkeys(
            (*(p.name for p in _selected(side)), *(p.name for p in side.router.isakmp_profiles))
        ):
            if profile == side.end.isakmp_profile:
                continue
            title = f"Bind {side.end.interface} of {side.router.name} to profile {profile}"
            if protection is None or protection.isakmp_profile is None:
                yield change(title, (side.router, (header, command("ipsec-profile/set-isakmp-profile", profile))))
            else:
                text = side.router.text(protection.line)
                words = text.replace(f"isakmp-profile {protection.isakmp_profile}", f"isakmp-profile {profile}")
                yield change(title, (side.router, typed(side.router, protection.line, words)))
        if what.isakmp_profile is not None and call.reasons:
            title = f"Bind {side.end.interface} of {side.router.name} to no profile"
            around = f"profile {what.isakmp_profile.name} stays as it is, and no longer says who may use the tunnel"
            gone = (header, no(side.router.text(what.isakmp_profile.line)))
            yield change(title, (side.router, gone), detour=2, around=around)


def match_vrf(call: Call) -> Iterator[Change]:
    """The match lines of the peer's profiles name the tunnel's front-door VRF."""
    for side in _ikev1(call):
        for profile in side.router.isakmp_profiles:
            wrong = [m for m in profile.matches if m.vrf != side.end.fvrf and m.prefix and m.prefix.covers(side.peer)]  # type: ignore[arg-type]
            for match in wrong:
                assert match.prefix is not None
                title = f"Let profile {profile.name} of {side.router.name} match {side.peer} in its VRF"
                line = match_line(match.prefix, side.end.fvrf)
                header = side.router.text(profile.line)
                yield change(title, (side.router, (header, line)))
                yield change(title, (side.router, (header, no(side.router.text(match.line)), line)))


def present_address(call: Call) -> Iterator[Change]:
    """A router presents its address, as its peers expect."""
    for side in _ikev1(call):
        router = side.router
        if side.bound is not None and side.bound.self_identity is not None:
            title = f"Let profile {side.bound.name} of {router.name} present the address"
            yield change(
                title, (router, (router.text(side.bound.line), no(router.text(side.bound.self_identity.line))))
            )
        if router.isakmp.identity != "address":
            title = f"Let {router.name} present its address"
            yield change(title, (router, (command("global/crypto-isakmp-identity", "address"),)))


def main_mode(call: Call) -> Iterator[Change]:
    """Main mode where aggressive mode is asked for, or aggressive mode where it is forbidden."""
    if "aggressive-mode-disabled" not in call.reasons:
        return
    for side in _ikev1(call):
        router = side.router
        if side.bound is not None and side.bound.initiate_mode == "aggressive":
            header = router.text(side.bound.line)
            title = f"Let profile {side.bound.name} of {router.name} start main mode"
            yield change(title, (router, (header, undone("isakmp-profile/initiate-mode", "aggressive"))))
        yield change(
            f"Let {router.name} take part in aggressive mode",
            (router, (undone("global/crypto-isakmp-aggressive-mode-disable"),)),
            detour=1,
            around="whoever asks for aggressive mode gets it, with the hash of the key",
        )
        for peer in router.isakmp.peers:
            if peer.address == side.peer:
                title = f"Let {router.name} call {side.peer} in main mode"
                yield change(title, (router, (no(router.text(peer.line)),)))


def without_trustpoints(call: Call) -> Iterator[Change]:
    """No profile of the end that is called names trust-points; or both ends name the same."""
    for side in call.sides:
        router = side.router
        blocks = [(router.text(p.line), no(router.text(t.line))) for p in router.isakmp_profiles for t in p.trustpoints]
        if blocks:
            title = f"Leave trust-points out of the profiles of {router.name}"
            yield change(title, *((router, block) for block in blocks))


def no_question(call: Call) -> Iterator[Change]:
    """A profile without client authentication for a router; a map that asks nobody."""
    if "xauth" not in call.reasons and "KR-NOXAUTH" not in call.codes:
        return
    for side in _ikev1(call):
        router = side.router
        for crypto_map in router.crypto_maps:
            if crypto_map.client_authentication is not None:
                title = f"Do not ask the peers of crypto map {crypto_map.name} on {router.name} for a user"
                yield change(title, (router, (no(router.text(crypto_map.client_authentication.line)),)))


def inside(case: Case) -> Iterator[Change]:
    """The inside VRF of a profile is left to the tunnel."""
    for router in case.routers:
        named = (
            *((p.vrf, p.line, "isakmp-profile/vrf") for p in router.isakmp_profiles),
            *((p.ivrf, p.line, "ikev2-profile/ivrf") for p in router.ikev2.profiles),
        )
        for vrf, line, row in named:
            if vrf is not None:
                title = f"Leave the inside VRF out of {router.text(line).rpartition(' ')[2]} of {router.name}"
                yield change(title, (router, (router.text(line), undone(row, vrf))))


def without_profile(case: Case) -> Iterator[Change]:
    """Without a profile to which nothing is bound."""
    for router in case.routers:
        ends = case.fleet.rules(router.name).endpoints
        used = {name for end in ends for name in (end.isakmp_profile, end.ikev2_profile)}
        profiles: tuple[IsakmpProfile | Ikev2Profile, ...] = (*router.isakmp_profiles, *router.ikev2.profiles)
        for profile in profiles:
            if profile.name not in used and profile.virtual_template is None:
                title = f"Remove profile {profile.name} of {router.name}, to which nothing is bound"
                yield change(title, (router, (no(router.text(profile.line)),)), detour=1)


def of_each_entry(case: Case) -> Iterator[Change]:
    """Each entry of a crypto map has a profile of its own, and the map none."""
    for router in case.routers:
        for crypto_map in router.crypto_maps:
            if crypto_map.isakmp_profile is None:
                continue
            name = crypto_map.isakmp_profile.name
            bare = [
                e for e in crypto_map.entries if e.kind == "ipsec-isakmp" and not (e.isakmp_profile or e.ikev2_profile)
            ]
            own: list[tuple[Router, Block]] = [
                (router, (router.text(e.line), command("crypto-map/set-isakmp-profile", name))) for e in bare
            ]
            title = f"Give each entry of crypto map {crypto_map.name} on {router.name} a profile of its own"
            yield change(title, *own, (router, (no(router.text(crypto_map.isakmp_profile.line)),)))


BY_FINDING = (inside, without_profile, of_each_entry)
BY_CALL = (
    correct_match,
    match_others,
    add_match,
    only_match,
    bind,
    match_vrf,
    present_address,
    main_mode,
    without_trustpoints,
    no_question,
)
