"""Whether something configured needs an object, worked out from the model alone, without the rules of the product.

Deliberately crude and on the safe side: it may say that something is needed which is not, never the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.hazards import ObjectRef
from ikeaudit.model import CryptoMap, IPAddress, Router


class Use(msgspec.Struct, frozen=True):
    """A configured tunnel or map entry: whom it calls (None: anybody, or a name), and the profiles it is bound to."""

    label: str
    peer: IPAddress | None
    isakmp: str | None
    ikev2: str | None


def uses(router: Router) -> list[Use]:
    """Everything configured that could negotiate: up, shut down, applied or not."""
    return [*_tunnels(router), *_maps(router)]


def _tunnels(router: Router) -> Iterator[Use]:
    profiles = {profile.name: profile for profile in router.ipsec_profiles}
    for interface in router.interfaces:
        tunnel = interface.tunnel
        if tunnel is None:
            continue
        isakmp = ikev2 = None
        if tunnel.protection is not None:
            profile = profiles.get(tunnel.protection.ipsec_profile or "")
            isakmp, ikev2 = tunnel.protection.isakmp_profile, tunnel.protection.ikev2_profile
            if profile is not None:
                isakmp = isakmp or (profile.isakmp_profile.name if profile.isakmp_profile else None)
                ikev2 = ikev2 or (profile.ikev2_profile.name if profile.ikev2_profile else None)
            elif tunnel.protection.ipsec_profile == "default":
                ikev2 = ikev2 or "default"
        called = {tunnel.destination, *(mapping.nbma for mapping in tunnel.nhrp_maps)} - {None}
        if tunnel.protection is not None and tunnel.destination is None:
            yield Use(interface.name, None, isakmp, ikev2)
        for peer in called:
            yield Use(interface.name, peer, isakmp, ikev2)


def _maps(router: Router) -> Iterator[Use]:
    outer: dict[str, set[str | None]] = {}
    for crypto_map in router.crypto_maps:
        whole = crypto_map.isakmp_profile.name if crypto_map.isakmp_profile else None
        for entry in crypto_map.entries:
            if entry.kind == "dynamic" and entry.reference is not None:
                outer.setdefault(entry.reference, set()).add(whole)
        yield from _entries(crypto_map, whole, dynamic=False)
    for dynamic_map in router.dynamic_maps:
        for whole in outer.get(dynamic_map.name, {None}):
            yield from _entries(dynamic_map, whole, dynamic=True)


def _entries(crypto_map: CryptoMap, whole: str | None, *, dynamic: bool) -> Iterator[Use]:
    for entry in crypto_map.entries:
        if entry.kind not in ("ipsec-isakmp", "gdoi") and not dynamic:
            continue
        ikev2 = entry.ikev2_profile.name if entry.ikev2_profile else None
        isakmp = entry.isakmp_profile.name if entry.isakmp_profile else (None if ikev2 else whole)
        peers = [peer.address for peer in entry.peers] or [None]
        for peer in peers:
            yield Use(f"{crypto_map.name} {entry.sequence}", peer, isakmp, ikev2)


def needed(router: Router, gone: ObjectRef) -> str | None:
    """What needs the object, in words; None when nothing does."""
    check = {"keyring": _keyring, "key": _key, "isakmp-profile": _isakmp_profile, "ikev2-profile": _ikev2_profile}
    return check[gone.kind](router, gone)


def _names(thing: object, field: str) -> Iterator[str]:
    """Every name under ``field``, wherever in the model it stands."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key == field and value is not None:
                yield value["name"] if isinstance(value, dict) else value
            yield from _names(value, field)
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from _names(part, field)


def _referring(router: Router, field: str) -> set[str]:
    parts = (router.ipsec_profiles, router.interfaces, router.crypto_maps, router.dynamic_maps, router.gdoi_groups)
    return set(_names(msgspec.to_builtins(parts, enc_hook=str), field))


def _keyring(router: Router, gone: ObjectRef) -> str | None:
    rings = {keyring.name: keyring for keyring in router.keyrings}
    profiles = {profile.name: profile for profile in router.isakmp_profiles}
    own = [key.prefix for key in rings[gone.name].keys if key.prefix is not None]
    for profile in router.isakmp_profiles:
        for ref in profile.keyrings:
            if ref.name == gone.name:
                return f"profile {profile.name} names it"
            if ref.name != "default" and ref.name not in rings:
                return f"profile {profile.name} names {ref.name}, which is not defined"

    def holds(ring_name: str, peer: IPAddress) -> int:
        ring = router.default_keyring if ring_name == "default" else rings.get(ring_name)
        keys = ring.keys if ring is not None else ()
        return max((k.prefix.length for k in keys if k.prefix is not None and k.prefix.covers(peer)), default=-1)

    for use in uses(router):
        if use.ikev2 is not None:
            continue
        if use.peer is None:
            same_vrf = use.isakmp is None and rings[gone.name].vrf is None
            if same_vrf and not any(i.tunnel and i.tunnel.vrf for i in router.interfaces if i.name == use.label):
                return f"{use.label} takes anybody and has no profile"
            continue
        if not any(prefix.covers(use.peer) for prefix in own):
            continue
        if use.isakmp is not None and use.isakmp not in profiles:
            return f"{use.label} is bound to {use.isakmp}, which is not defined"
        if use.isakmp is not None:
            listed = [ref.name for ref in profiles[use.isakmp].keyrings] or ["default"]
            if all(holds(name, use.peer) < 0 for name in listed):
                return f"{use.label} finds no key for {use.peer} in profile {use.isakmp}"
            continue
        matching = any(m.prefix is not None and m.prefix.covers(use.peer) for p in profiles.values() for m in p.matches)
        longest = max(holds(name, use.peer) for name in rings)
        if not matching and holds(gone.name, use.peer) == longest and rings[gone.name].vrf is None:
            return f"{use.label} has no profile and its peer's key stands there"
    return None


def _key(router: Router, gone: ObjectRef) -> str | None:
    rings = {"default": router.default_keyring, **{keyring.name: keyring for keyring in router.keyrings}}
    (key,) = (key for key in rings[gone.name].keys if key.line == gone.line)
    assert key.prefix is not None
    for use in uses(router):
        if use.peer is not None and key.prefix.covers(use.peer):
            return f"{use.label} calls {use.peer}"
    for profile in router.isakmp_profiles:
        named = gone.name in ([ref.name for ref in profile.keyrings] or ["default"])
        if named and any(m.prefix is not None and m.prefix.overlaps(key.prefix) for m in profile.matches):
            return f"profile {profile.name} names its keyring and matches its peer"
    return None


def _isakmp_profile(router: Router, gone: ObjectRef) -> str | None:
    named = _referring(router, "isakmp_profile")
    if gone.name in named:
        return "something names it"
    (profile,) = (profile for profile in router.isakmp_profiles if profile.name == gone.name)
    if profile.virtual_template is not None:
        return "it has a virtual template"
    missing = named - {p.name for p in router.isakmp_profiles}
    if missing and not any(name.lower() == gone.name.lower() for name in named):
        return f"something names {missing}, which is not defined"
    for use in uses(router):
        if use.ikev2 is not None:
            continue
        if use.peer is not None and any(
            m.prefix is not None and m.vrf is None and m.prefix.covers(use.peer) for m in profile.matches
        ):
            behind = any(i.tunnel and i.tunnel.vrf for i in router.interfaces if i.name == use.label)
            if profile.local_address is None and not behind and not any(i.vrf for i in router.interfaces):
                return f"{use.label} calls {use.peer}, which it matches"
    return None


def _ikev2_profile(router: Router, gone: ObjectRef) -> str | None:
    named = _referring(router, "ikev2_profile")
    if gone.name in named:
        return "something names it"
    (profile,) = (profile for profile in router.ikev2.profiles if profile.name == gone.name)
    if profile.virtual_template is not None:
        return "it has a virtual template"
    for use in uses(router):
        if use.peer is not None and any(m.prefix is not None and m.prefix.covers(use.peer) for m in profile.matches):
            return f"{use.label} calls {use.peer}, which it matches"
    return None


def without(router: Router, gone: ObjectRef) -> Router:
    """The router after the object was removed."""
    replace = msgspec.structs.replace
    if gone.kind == "keyring":
        return replace(router, keyrings=tuple(k for k in router.keyrings if k.name != gone.name))
    if gone.kind == "isakmp-profile":
        return replace(router, isakmp_profiles=tuple(p for p in router.isakmp_profiles if p.name != gone.name))
    if gone.kind == "ikev2-profile":
        kept = tuple(p for p in router.ikev2.profiles if p.name != gone.name)
        return replace(router, ikev2=replace(router.ikev2, profiles=kept))
    assert gone.kind == "key"
    if gone.name == "default":
        kept_keys = tuple(key for key in router.default_keyring.keys if key.line != gone.line)
        return replace(router, default_keyring=replace(router.default_keyring, keys=kept_keys))
    rings = tuple(
        replace(ring, keys=tuple(key for key in ring.keys if key.line != gone.line)) if ring.name == gone.name else ring
        for ring in router.keyrings
    )
    return replace(router, keyrings=rings)
