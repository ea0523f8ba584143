"""Everything of a configuration that could call or be called, also what takes no part today.

A tunnel that is shut down, a crypto map on no interface, a dynamic map in no crypto map and a tunnel without protection are
configured all the same: somebody means to use them, so what they would need is not to be taken away.
"""

from collections.abc import Iterable, Iterator

import msgspec

from ikeaudit.model import CryptoMap, CryptoMapEntry, NamedLine, Router
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules, unprotected_end


def loose_ends(rules: RouterRules) -> tuple[Endpoint, ...]:
    """What :attr:`RouterRules.endpoints` leaves out because nothing carries or protects it; nobody reaches these ends.

    The front-door VRF of a map on no interface is not known: it stands here once for each VRF that has keys or profiles.
    """
    return (*_unprotected(rules), *_unapplied(rules.router))


def switched_off(end: Endpoint, rules: RouterRules) -> str | None:
    """The interface that is shut down and takes ``end`` with it; None when the end is up."""
    if not end.shutdown:
        return None
    own = end.interface.partition(" ")[0]
    return own if rules.addresses.down(own) else end.local.interface


def _unprotected(rules: RouterRules) -> Iterator[Endpoint]:
    """Tunnels with a destination and without protection, which may have been forgotten or not been read."""
    for interface in rules.router.interfaces:
        tunnel = interface.tunnel
        if tunnel is None or tunnel.protection is not None:
            continue
        if tunnel.destination is not None or tunnel.destination_name is not None:
            yield unprotected_end(rules.router.name, interface, rules.addresses)


def _unapplied(router: Router) -> Iterator[Endpoint]:
    vrfs = _vrfs(router)
    applied = {named.name for interface in router.interfaces for named in interface.crypto_maps}
    maps = [crypto_map for crypto_map in router.crypto_maps if crypto_map.name not in applied]
    carried = {
        entry.reference
        for crypto_map in router.crypto_maps
        if crypto_map.name in applied
        for entry in crypto_map.entries
        if entry.kind == "dynamic"
    }
    for crypto_map in maps:
        for entry in crypto_map.entries:
            if entry.kind == "ipsec-isakmp":
                bound = entry.isakmp_profile or (crypto_map.isakmp_profile if entry.ikev2_profile is None else None)
                yield from _entry(router, vrfs, f"crypto map {crypto_map.name} {entry.sequence}", entry, bound)
    for dynamic in router.dynamic_maps:
        if dynamic.name in carried:
            continue
        for entry in dynamic.entries:
            outer = _outer_profile(maps, dynamic) if entry.ikev2_profile is None else None
            label = f"dynamic map {dynamic.name} {entry.sequence}"
            yield from _entry(router, vrfs, label, entry, entry.isakmp_profile or outer, dynamic=True)


def _outer_profile(maps: list[CryptoMap], dynamic: CryptoMap) -> NamedLine | None:
    """The profile of the one map that refers to a dynamic map, which its entries are bound to as well."""
    referring = [m for m in maps if any(e.kind == "dynamic" and e.reference == dynamic.name for e in m.entries)]
    return referring[0].isakmp_profile if len(referring) == 1 else None


def _entry(
    router: Router,
    vrfs: Iterable[str | None],
    label: str,
    entry: CryptoMapEntry,
    bound: NamedLine | None,
    *,
    dynamic: bool = False,
) -> Iterator[Endpoint]:
    peers = [(peer.address, peer.hostname) for peer in entry.peers] or ([(None, None)] if dynamic else [])
    for address, name in peers:
        for vrf in vrfs:
            yield Endpoint(
                router=router.name,
                interface=label,
                kind="crypto-map",
                local=LocalEnd(None, None, vrf),
                peer=address,
                peer_name=name,
                isakmp_profile=bound.name if bound is not None else None,
                ikev2_profile=entry.ikev2_profile.name if entry.ikev2_profile is not None else None,
                acl=entry.acl.name if entry.acl is not None else None,
                lines=(entry.line,),
            )


def _vrfs(router: Router) -> list[str | None]:
    """The front-door VRFs that keys or match statements are for."""
    keyrings = [keyring.vrf for keyring in router.keyrings]
    return list(dict.fromkeys([None, *keyrings, *(m.vrf for p in router.isakmp_profiles for m in p.matches)]))


class Reference(msgspec.Struct, frozen=True):
    """``owner`` (``IPsec profile IPS``, ``crypto map CM 10``) names an object on ``line``."""

    owner: str
    name: str
    line: int


def isakmp_profile_references(router: Router) -> tuple[Reference, ...]:
    """Every place that names an ISAKMP profile, whether or not it is defined and whether or not anything uses the place."""
    return tuple(_references(router, "isakmp"))


def ikev2_profile_references(router: Router) -> tuple[Reference, ...]:
    """Every place that names an IKEv2 profile.

    The built-in IPsec profile ``default`` names the IKEv2 profile of that name (IKEV2-BUILT-IN).
    """
    return tuple(_references(router, "ikev2"))


def _references(router: Router, version: str) -> Iterator[Reference]:
    for profile in router.ipsec_profiles:
        named = profile.isakmp_profile if version == "isakmp" else profile.ikev2_profile
        yield from _named(f"IPsec profile {profile.name}", named)
    for interface in router.interfaces:
        protection = interface.tunnel.protection if interface.tunnel is not None else None
        if protection is None:
            continue
        name = protection.isakmp_profile if version == "isakmp" else protection.ikev2_profile
        if name is not None:
            yield Reference(f"interface {interface.name}", name, protection.line)
        if version == "ikev2" and protection.ipsec_profile == "default":
            yield Reference(f"interface {interface.name}", "default", protection.line)
    for crypto_map in router.crypto_maps:
        if version == "isakmp":
            yield from _named(f"crypto map {crypto_map.name}", crypto_map.isakmp_profile)
        yield from _of_entries(f"crypto map {crypto_map.name}", crypto_map, version)
    for crypto_map in router.dynamic_maps:
        yield from _of_entries(f"dynamic map {crypto_map.name}", crypto_map, version)
    for group in router.gdoi_groups if version == "ikev2" else ():
        yield from _named(f"GETVPN group {group.name}", group.ikev2_profile)


def _of_entries(owner: str, crypto_map: CryptoMap, version: str) -> Iterator[Reference]:
    for entry in crypto_map.entries:
        named = entry.isakmp_profile if version == "isakmp" else entry.ikev2_profile
        yield from _named(f"{owner} {entry.sequence}", named)


def _named(owner: str, named: NamedLine | None) -> Iterator[Reference]:
    if named is not None:
        yield Reference(owner, named.name, named.line)
