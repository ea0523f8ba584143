"""Where a tunnel's IKE version is decided: a tunnel interface, or an entry of a crypto map or dynamic map (END-PLACES)."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model import CryptoMap, CryptoMapEntry, Interface, IpsecProfile, Router
from ikeaudit.selection import Endpoint


class Place(msgspec.Struct, frozen=True, order=True):
    """A tunnel interface by name, or a crypto map entry by the map's name and its sequence number."""

    router: str
    kind: Literal["tunnel", "map", "dynamic-map"]
    name: str
    sequence: int = 0

    @property
    def label(self) -> str:
        """The place in words, without the router."""
        if self.kind == "tunnel":
            return self.name
        return f"crypto {self.kind} {self.name} {self.sequence}"


def place_of(router: Router, end: Endpoint) -> Place:
    """The place at which ``end`` is switched."""
    if end.kind == "tunnel":
        return Place(router.name, "tunnel", end.interface)
    sequence = int(end.interface.rpartition(" ")[2])
    for crypto_map in router.crypto_maps:
        for entry in crypto_map.entries if crypto_map.name == end.crypto_map else ():
            if entry.sequence == sequence and entry.kind == "dynamic":
                inner = next(m for m in router.dynamic_maps if m.name == entry.reference)
                sub = next(sub for sub in inner.entries if sub.line in end.lines)
                return Place(router.name, "dynamic-map", inner.name, sub.sequence)
    return Place(router.name, "map", end.crypto_map or "", sequence)


def interface_at(router: Router, place: Place) -> Interface:
    """The interface of a tunnel's place."""
    return next(interface for interface in router.interfaces if interface.name == place.name)


def entry_at(router: Router, place: Place) -> tuple[CryptoMap, CryptoMapEntry]:
    """The crypto map entry of a place, with its map."""
    maps = router.crypto_maps if place.kind == "map" else router.dynamic_maps
    crypto_map = next(m for m in maps if m.name == place.name)
    return crypto_map, next(entry for entry in crypto_map.entries if entry.sequence == place.sequence)


def ipsec_profile_at(router: Router, place: Place) -> IpsecProfile | None:
    """The IPsec profile that protects a tunnel; None for crypto maps, or when it is not defined."""
    if place.kind != "tunnel":
        return None
    tunnel = interface_at(router, place).tunnel
    assert tunnel is not None and tunnel.protection is not None
    name = tunnel.protection.ipsec_profile
    return next((profile for profile in router.ipsec_profiles if profile.name == name), None)
