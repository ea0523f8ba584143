"""Keys of IKEv1: one that is missing, differs, stands in another place, or hides the right one."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.facts.near import near
from ikeaudit.ios.writing import command
from ikeaudit.model import DEFAULT_KEYRING, IsakmpProfile, Key, Keyring, Prefix, Router, Secret
from ikeaudit.remediation.fixes.case import Call, Case, Side
from ikeaudit.remediation.fixes.contract import Block, Change, change
from ikeaudit.remediation.fixes.lines import (
    encoded,
    free,
    match_line,
    no,
    replaced,
    ring_key,
    typed,
    with_address,
    without_key,
)


def _ikev1(call: Call) -> Iterator[Side]:
    for side in call.sides:
        if side.end.ike_version == 1 and side.peer is not None:
            yield side


def _profiles(side: Side) -> list[IsakmpProfile]:
    """The profiles that serve the peer: the bound one, and those that match it."""
    assert side.peer is not None
    matching = [
        p for p in side.router.isakmp_profiles if any(m.prefix and m.prefix.covers(side.peer) for m in p.matches)
    ]
    return list({p.name: p for p in (side.bound, *matching) if p is not None}.values())


def _rings(side: Side) -> list[Keyring]:
    """The keyrings that a key for the peer may be put into, the most fitting first."""
    rings = side.rules.keyrings
    named = [rings[n] for p in _profiles(side) for n in side.rules.ring_names(p) if n in rings]
    chosen = [pick.keyring for pick in side.keys.best]
    fitting = [r for r in (*chosen, *named, *side.router.keyrings) if r.vrf == side.end.fvrf]
    if side.end.fvrf is None:
        fitting.append(side.router.default_keyring)
    return list({ring.name: ring for ring in fitting}.values())


def add_key(call: Call) -> Iterator[Change]:
    """The key that the far end, or another line of this router, has for the tunnel."""
    for side in _ikev1(call):
        assert side.peer is not None
        there = (
            Side(side.other, side.other_end, side.end.local.address, side.rules, side.end, False)
            if (side.other is not None and side.other_end is not None)
            else None
        )
        secrets = dict.fromkeys((*(there.secrets if there is not None else ()), *side.secrets))
        for ring in _rings(side):
            for secret in secrets:
                if not _has(ring, side, secret):
                    whose = _whose(call, side, secret)
                    title = f"Give keyring {ring.name} of {side.router.name} the key for {side.peer}{whose}"
                    block = ring_key(ring, side.router, Prefix.of(side.peer), secret)
                    beside = ring.name == DEFAULT_KEYRING and bool(side.router.keyrings)
                    around = "the keyrings stay without it, and every tunnel of the router can use a global key"
                    yield change(title, (side.router, block), detour=int(beside), around=around if beside else "")


def readdress(call: Call) -> Iterator[Change]:
    """A key whose address is one slip apart is for the peer."""
    for side in _ikev1(call):
        meant = {end.peer for end in side.rules.endpoints}
        for ring in (side.router.default_keyring, *side.router.keyrings):
            for key in ring.keys:
                old = key.prefix.address if key.prefix is not None and key.prefix.is_host else None
                if old is not None and old not in meant and near(str(old), str(side.peer)):
                    title = f"Correct the address of the key in keyring {ring.name} of {side.router.name}"
                    words = with_address(side.router.text(key.line), old, side.peer)
                    yield change(
                        f"{title}: {side.peer} instead of {old}",
                        (side.router, replaced(side.router, key.line, words)),
                        detour=-1,
                    )


def _has(ring: Keyring, side: Side, secret: Secret) -> bool:
    return any(k.prefix == Prefix.of(side.peer) and k.secret == secret for k in ring.keys) if side.peer else True


def everywhere(call: Call) -> Iterator[Change]:
    """One key for the peer wherever this router, or either, has one."""
    for side in _ikev1(call):
        for secret in dict.fromkeys((*(s for one in call.sides for s in one.secrets),)):
            blocks = [
                (side.router, replaced(side.router, pick.key.line, _with(side.router, pick.key, secret)))
                for pick in side.rules.covering(side.peer)  # type: ignore[arg-type]
                if pick.key.secret.fingerprint != secret.fingerprint
            ]
            if blocks:
                title = f"Let {side.router.name} have one key for {side.peer}{_whose(call, side, secret)}"
                yield change(title, *blocks)


def _whose(call: Call, side: Side, secret: Secret) -> str:
    """Of the far end's key whose it is; where this end has another one, that either may be the right one."""
    if side.other is None or secret in side.secrets:
        return ""
    own, far = side.router.name, side.other.router.name
    if "psk-mismatch" not in call.reasons or not side.secrets:
        return f", which {far} has"
    return f", which {far} has (or {far} that of {own}: which of the two is right is in no configuration)"


def _with(router: Router, key: Key, secret: Secret) -> str:
    """The line of ``key`` with another key."""
    old = f"<PSK:{key.secret.fingerprint}>"
    words = router.text(key.line).replace(f"{key.secret.type} {old}", old) if key.secret.type else router.text(key.line)
    if not key.secret.type and f"0 {old}" in words:
        words = words.replace(f"0 {old}", old)
    return words.replace(old, encoded(secret))


def name_keyring(call: Call) -> Iterator[Change]:
    """The profile names the keyring that has the key, beside what it names or in its place."""
    for side in _ikev1(call):
        assert side.peer is not None
        holding = dict.fromkeys(pick.keyring.name for pick in side.rules.covering(side.peer))
        for profile in _profiles(side):
            for name in holding:
                if name in side.rules.ring_names(profile) and profile.keyrings:
                    continue
                header = side.router.text(profile.line)
                title = f"Let profile {profile.name} of {side.router.name} name keyring {name}"
                yield change(title, (side.router, (header, command("isakmp-profile/keyring", name))))
                if not profile.keyrings and name != DEFAULT_KEYRING:
                    yield change(
                        f"{title} beside the global keys",
                        (
                            side.router,
                            (
                                header,
                                command("isakmp-profile/keyring", DEFAULT_KEYRING),
                                command("isakmp-profile/keyring", name),
                            ),
                        ),
                    )
                for old in profile.keyrings:
                    yield change(
                        f"{title} in place of {old.name}",
                        (
                            side.router,
                            (header, no(side.router.text(old.line)), command("isakmp-profile/keyring", name)),
                        ),
                    )


def drop_shadow(call: Call) -> Iterator[Change]:
    """Without the entries for the peer that are chosen and are not the profile's."""
    for side in _ikev1(call):
        assert side.peer is not None
        listed = {name for profile in _profiles(side) for name in side.rules.ring_names(profile)}
        found = [p for p in side.rules.covering(side.peer) if p.keyring.vrf == side.end.fvrf]
        for keep in dict.fromkeys(pick.keyring.name for pick in found):
            gone = [p for p in found if p.keyring.name != keep and p.key.prefix is not None and p.key.prefix.is_host]
            if gone:
                yield change(
                    f"Take the key for {side.peer} out of {_names(gone)} of {side.router.name}",
                    *((side.router, without_key(side.router, p.key)) for p in gone),
                )
        gone = [p for p in found if p.keyring.name not in listed]
        if listed and gone and len(gone) < len(found):
            yield change(
                f"Take what covers {side.peer} out of {_names(gone)} of {side.router.name}",
                *((side.router, without_key(side.router, p.key)) for p in gone),
            )


def _names(picks: object) -> str:
    return ", ".join(dict.fromkeys(pick.keyring.name for pick in picks))  # type: ignore[attr-defined]


def more_specific(call: Call) -> Iterator[Change]:
    """The profile's keyring gets an entry for the very peer, with the key that its own wider entry has."""
    for side in _ikev1(call):
        assert side.peer is not None
        for profile in _profiles(side):
            best = side.rules.keys_in_profile(profile, side.end.local, side.peer).best
            for pick in best[:1]:
                if pick.key.prefix != Prefix.of(side.peer):
                    title = f"Give keyring {pick.keyring.name} of {side.router.name} an entry for {side.peer} itself"
                    block = ring_key(pick.keyring, side.router, Prefix.of(side.peer), pick.key.secret)
                    yield change(title, (side.router, block))


def keyring_of_vrf(call: Call) -> Iterator[Change]:
    """A keyring of the tunnel's front-door VRF with the key, named by the profile, which matches in that VRF."""
    for side in _ikev1(call):
        assert side.peer is not None
        vrf, router = side.end.fvrf, side.router
        if vrf is None:
            continue
        name = free(f"{vrf}-KEYS", side.rules.keyrings)
        for secret in dict.fromkeys((*side.secrets, *(s for one in call.sides for s in one.secrets))):
            ring: Block = (
                command("global/crypto-keyring", name, vrf),
                command("keyring/pre-shared-key-address", side.peer, encoded(secret)),
            )
            title = f"Put the key for {side.peer} into a keyring of VRF {vrf} on {router.name}"
            yield change(title, (router, ring))
            for profile in _profiles(side):
                header = router.text(profile.line)
                match = match_line(Prefix.of(side.peer), vrf)
                olds = [no(router.text(ref.line)) for ref in profile.keyrings]
                yield change(title, (router, ring), (router, (header, *olds, command("isakmp-profile/keyring", name))))
                yield change(
                    title, (router, ring), (router, (header, *olds, command("isakmp-profile/keyring", name), match))
                )


def local_address(call: Call) -> Iterator[Change]:
    """Without the local-address of a keyring or profile, with the tunnel's source in its place, or with the VRF."""
    for side in _ikev1(call):
        router, end = side.router, side.end
        restricted: tuple[Keyring | IsakmpProfile, ...] = (*router.keyrings, *router.isakmp_profiles)
        for what in restricted:
            local = what.local_address
            if local is None:
                continue
            row = "keyring/local-address" if isinstance(what, Keyring) else "isakmp-profile/local-address"
            title = f"Let {what.name} of {router.name} serve every local address"
            yield change(title, (router, typed(router, local.line, no(router.text(local.line)))))
            if end.local.address is not None:
                yield change(
                    f"Let {what.name} of {router.name} serve {end.local.address}",
                    (router, replaced(router, local.line, command(row, end.local.address, end.fvrf or None))),
                )
            if end.local.interface is not None:
                yield change(
                    f"Let {what.name} of {router.name} serve {end.local.interface}",
                    (router, replaced(router, local.line, command(row, end.local.interface))),
                )


def no_xauth(call: Call) -> Iterator[Change]:
    """The global key for the peer says that it is not asked for a user."""
    if "xauth" not in call.reasons and "KR-NOXAUTH" not in call.codes:
        return
    for side in _ikev1(call):
        for key in side.router.default_keyring.keys:
            if not key.no_xauth and key.prefix is not None and side.peer is not None and key.prefix.covers(side.peer):
                title = f"Do not ask {side.peer} for a user name on {side.router.name}"
                text = side.router.text(key.line)
                yield change(title, (side.router, (no(text), f"{text} no-xauth")))


def whole_network(case: Case) -> Iterator[Change]:
    """Keys whose address has host bits are for the network, or for the host; so are those whose mask has holes."""
    for router in case.routers:
        rings = (router.default_keyring, *router.keyrings)
        bad = [(ring, key, key.prefix) for ring in rings for key in ring.keys if key.prefix is not None]
        bad = [one for one in bad if one[2].has_host_bits or not one[2].contiguous]
        for whole in (True, False):
            blocks = []
            for ring, key, prefix in bad:
                meant = prefix.network if whole and prefix.contiguous else Prefix.of(prefix.address)
                blocks += [(router, without_key(router, key)), (router, ring_key(ring, router, meant, key.secret))]
            if blocks:
                what = "its network" if whole else "its host"
                title = f"Let each key with a wrong mask on {router.name} be for {what}"
                yield change(title, *blocks)
                yield change(title, *blocks[::-1])  # the new key first, so that the peer is never without one


BY_FINDING = (whole_network,)
BY_CALL = (
    readdress,
    add_key,
    everywhere,
    name_keyring,
    drop_shadow,
    more_specific,
    keyring_of_vrf,
    local_address,
    no_xauth,
)
