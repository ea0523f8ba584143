"""Which ISAKMP profile an identity selects (PROFILE-MATCH, KEY-VERIFY, C-1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from ikeaudit.model import IdentityMatch, IPAddress, IsakmpProfile, Router
from ikeaudit.selection.local import Addresses, LocalEnd


class Identity(msgspec.Struct, frozen=True):
    """An IKE identity as it travels in MM5/MM6, AM1 or IKE_AUTH: an address, or a name in ``value``."""

    kind: Literal["address", "fqdn", "user-fqdn", "key-id", "dn"]
    address: IPAddress | None = None
    value: str = ""

    def __str__(self) -> str:
        return str(self.address) if self.address is not None else self.value


class ProfilePick(msgspec.Struct, frozen=True):
    """A profile with its match statement that covers the identity; ``specificity`` grows with precision."""

    profile: IsakmpProfile
    match: IdentityMatch
    specificity: int


class ProfileSearch(msgspec.Struct, frozen=True):
    """Profiles whose match statements cover an identity, in configuration order, each with its most specific statement.

    ``best`` are the most specific, the first in the configuration first; ``first`` is the first in the configuration, the
    other reading of contradiction C-1. ``uncertain`` and ``lacking`` as in a key search.
    """

    matching: tuple[ProfilePick, ...] = ()
    uncertain: tuple[ProfilePick, ...] = ()
    lacking: tuple[ProfilePick, ...] = ()

    @property
    def best(self) -> tuple[ProfilePick, ...]:
        """The most specific profiles; more than one is a tie that the seed calls an invalid configuration."""
        top = max((pick.specificity for pick in self.matching), default=None)
        return tuple(pick for pick in self.matching if pick.specificity == top)

    @property
    def first(self) -> ProfilePick | None:
        """The first match in configuration order."""
        return self.matching[0] if self.matching else None


def specificity(match: IdentityMatch, identity: Identity) -> int | None:
    """How precisely ``match`` covers ``identity``; None when it does not. A host mask or an exact name is the most precise."""
    if match.kind == "address":
        prefix = match.prefix
        if identity.address is None or prefix is None or not prefix.covers(identity.address):
            return None
        return prefix.length + 1
    expected = _NAMED.get(match.kind)
    if expected is None or expected[0] != identity.kind or match.value is None:
        return None
    name, wanted = identity.value.lower(), match.value.lower()
    if not expected[1]:
        return 1000 if name == wanted else None
    domain = name.rpartition("@")[2] if identity.kind == "user-fqdn" else name
    return len(wanted) + 1 if domain == wanted or domain.endswith("." + wanted) else None


_NAMED: dict[str, tuple[str, bool]] = {
    "host": ("fqdn", False),
    "host-domain": ("fqdn", True),
    "user": ("user-fqdn", False),
    "user-domain": ("user-fqdn", True),
    "group": ("key-id", False),
}


class ProfileTable:
    """The match statements of a router's profiles by front-door VRF, searchable without walking them all."""

    def __init__(self, router: Router, addresses: Addresses) -> None:
        self._addresses = addresses
        self._by_mask: dict[tuple[str | None, int, int], dict[int, list[tuple[int, IdentityMatch]]]] = {}
        self._named: dict[tuple[str | None, str, str], list[tuple[int, IdentityMatch]]] = {}
        self._profiles = router.isakmp_profiles
        for position, profile in enumerate(router.isakmp_profiles):
            for match in profile.matches:
                if match.prefix is None:
                    at = (match.vrf, match.kind, (match.value or "").lower())
                    self._named.setdefault(at, []).append((position, match))
                    continue
                networks = self._by_mask.setdefault((match.vrf, match.prefix.version, match.prefix.mask), {})
                networks.setdefault(match.prefix.value & match.prefix.mask, []).append((position, match))

    def search(self, identity: Identity, end: LocalEnd) -> ProfileSearch:
        """Profiles that cover ``identity`` for packets arriving at ``end``; a match without VRF is for the default VRF only."""
        best: dict[int, ProfilePick] = {}
        for position, match in self._statements(identity, end.fvrf):
            how = specificity(match, identity)
            if how is not None and (position not in best or how > best[position].specificity):
                best[position] = ProfilePick(self._profiles[position], match, how)
        picks = [best[position] for position in sorted(best)]
        admitted = [(pick, self._addresses.admits(pick.profile.local_address, end)) for pick in picks]
        return ProfileSearch(
            tuple(pick for pick, ok in admitted if ok),
            tuple(pick for pick, ok in admitted if ok is None),
            tuple(pick for pick in picks if self._addresses.lacks_vrf(pick.profile.local_address, end)),
        )

    def _statements(self, identity: Identity, fvrf: str | None) -> list[tuple[int, IdentityMatch]]:
        if identity.address is None:
            return [found for at in _names(identity) for found in self._named.get((fvrf, *at), ())]
        value, version = int(identity.address), identity.address.version
        found: list[tuple[int, IdentityMatch]] = []
        for (vrf, family, mask), networks in self._by_mask.items():
            if vrf == fvrf and family == version:
                found += networks.get(value & mask, ())
        return found


def _names(identity: Identity) -> Iterator[tuple[str, str]]:
    """The kinds and values of match statements that may cover an identity which is a name."""
    name = identity.value.lower()
    for kind, (of, domains) in _NAMED.items():
        if of != identity.kind:
            continue
        if not domains:
            yield kind, name
            continue
        domain = name.rpartition("@")[2] if of == "user-fqdn" else name
        yield kind, domain
        at = domain.find(".")
        while at >= 0:
            yield kind, domain[at + 1 :]
            at = domain.find(".", at + 1)
