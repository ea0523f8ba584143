"""Every reference by name to an object that is not defined (BIND-UNDEFINED)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ikeaudit.model import CryptoMapEntry, NamedLine, Router


class Dangling(msgspec.Struct, frozen=True):
    """``owner`` refers on ``line`` to the ``kind`` called ``name``, which does not exist."""

    kind: str
    name: str
    owner: str
    line: int
    owner_line: int


def dangling(router: Router) -> tuple[Dangling, ...]:
    """All undefined references of IPsec profiles, tunnels, crypto maps and interfaces."""
    return tuple(_Search(router).all())


class _Search:
    def __init__(self, router: Router) -> None:
        self.router = router
        self.isakmp = {p.name for p in router.isakmp_profiles}
        self.ikev2 = {p.name for p in router.ikev2.profiles} | {"default"}
        self.ipsec = {p.name for p in router.ipsec_profiles} | {"default"}
        self.sets = {t.name for t in router.transform_sets} | {"default"}
        self.acls = {a.name for a in router.acls}
        self.maps = {m.name for m in router.crypto_maps}
        self.dynamic = {m.name for m in router.dynamic_maps}

    def all(self) -> Iterator[Dangling]:
        for profile in self.router.ipsec_profiles:
            owner = f"IPsec profile {profile.name}"
            yield from self._check("ISAKMP profile", self.isakmp, [profile.isakmp_profile], owner, profile.line)
            yield from self._check("IKEv2 profile", self.ikev2, [profile.ikev2_profile], owner, profile.line)
            yield from self._check("transform set", self.sets, profile.transform_sets, owner, profile.line)
        for interface in self.router.interfaces:
            owner = f"interface {interface.name}"
            yield from self._check("crypto map", self.maps, interface.crypto_maps, owner, interface.line)
            protection = interface.tunnel.protection if interface.tunnel is not None else None
            if protection is not None:
                for kind, known, name in (
                    ("IPsec profile", self.ipsec, protection.ipsec_profile),
                    ("ISAKMP profile", self.isakmp, protection.isakmp_profile),
                    ("IKEv2 profile", self.ikev2, protection.ikev2_profile),
                ):
                    named = [NamedLine(protection.line, name)] if name is not None else []
                    yield from self._check(kind, known, named, owner, interface.line)
        for crypto_map in self.router.crypto_maps:
            owner = f"crypto map {crypto_map.name}"
            yield from self._check("ISAKMP profile", self.isakmp, [crypto_map.isakmp_profile], owner, crypto_map.line)
            for entry in crypto_map.entries:
                yield from self._entry(entry, f"{owner} {entry.sequence}")
        for dynamic_map in self.router.dynamic_maps:
            for entry in dynamic_map.entries:
                yield from self._entry(entry, f"dynamic map {dynamic_map.name} {entry.sequence}")

    def _entry(self, entry: CryptoMapEntry, owner: str) -> Iterator[Dangling]:
        yield from self._check("ISAKMP profile", self.isakmp, [entry.isakmp_profile], owner, entry.line)
        yield from self._check("IKEv2 profile", self.ikev2, [entry.ikev2_profile], owner, entry.line)
        yield from self._check("transform set", self.sets, entry.transform_sets, owner, entry.line)
        yield from self._check("access list", self.acls, [entry.acl], owner, entry.line)
        if entry.kind == "dynamic" and entry.reference is not None:
            yield from self._check(
                "dynamic map", self.dynamic, [NamedLine(entry.line, entry.reference)], owner, entry.line
            )

    def _check(
        self, kind: str, known: set[str], references: Iterable[NamedLine | None], owner: str, owner_line: int
    ) -> Iterator[Dangling]:
        for reference in references:
            if reference is not None and reference.name not in known:
                yield Dangling(kind, reference.name, owner, reference.line, owner_line)
