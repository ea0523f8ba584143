"""Which ISAKMP profile an identity selects (PROFILE-MATCH, KEY-VERIFY, C-1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from ikeaudit.model import IdentityMatch, IPAddress, IsakmpProfile, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.selection.local import Addresses, LocalEnd
from ikeaudit.selection.places import Places


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
        return prefix.length
    expected = _NAMED.get(match.kind)
    if expected is None or expected[0] != identity.kind or match.value is None:
        return None
    name, wanted = identity.value.lower(), match.value.lower()
    if not expected[1]:
        return 1000 if name == wanted else None
    domain = name.rpartition("@")[2] if identity.kind == "user-fqdn" else name
    return len(wanted) if domain == wanted or domain.endswith("." + wanted) else None


_NAMED: dict[str, tuple[str, bool]] = {
    "host": ("fqdn", False),
    "host-domain": ("fqdn", True),
    "user": ("user-fqdn", False),
    "user-domain": ("user-fqdn", True),
    "group": ("key-id", False),
}


class ProfileTable:
    """The match statements of a router's profiles by front-door VRF, searchable without walking them all."""

    def __init__(self, router: Router, addresses: Addresses, earlier: ProfileTable | None = None) -> None:
        """``earlier``: that of another version of the router, of which is taken over what has not changed."""
        self._addresses = addresses
        self._by_mask: dict[_Mask, dict[int, _Held]] = dict(earlier._by_mask) if earlier is not None else {}
        self._named: dict[_Name, _Held] = dict(earlier._named) if earlier is not None else {}
        self._made: set[object] = set()
        known: Places[IsakmpProfile] = earlier._places if earlier is not None else Places()
        places, gone, come = known.later(router.isakmp_profiles)
        self._places: Places[IsakmpProfile] = places
        was, now = dict(gone), dict(come)
        for number in was.keys() | now.keys():
            before, after = (one[number].matches if number in one else () for one in (was, now))
            if before != after:
                self._change(number, before, after)
        self._profile_at = dict(zip(self._places.numbers, self._places.things, strict=True))
        self._masks = sorted(self._by_mask, key=lambda mask: mask[2])

    def _change(self, number: int, before: tuple[IdentityMatch, ...], after: tuple[IdentityMatch, ...]) -> None:
        """Take in what has become of the statements of one profile; what the earlier version holds stays as it is."""
        own = by_key((_place(match), match) for match in after)
        for place in dict.fromkeys(map(_place, (*before, *after))):
            mask, at = place
            if mask is not None and mask not in self._made:
                self._made.add(mask)
                self._by_mask[mask] = dict(self._by_mask.get(mask, {}))
            table: dict[Any, _Held] = self._named if mask is None else self._by_mask[mask]
            if place not in self._made:
                self._made.add(place)
                table[at] = dict(table.get(at, _NONE))
            table[at].pop(number, None)
            if place in own:
                table[at][number] = tuple(own[place])

    def search(self, identity: Identity, end: LocalEnd) -> ProfileSearch:
        """Profiles that cover ``identity`` for packets arriving at ``end``; a match without VRF is for the default VRF only."""
        best: dict[int, ProfilePick] = {}
        for number, match in self._statements(identity, end.fvrf):
            how = specificity(match, identity)
            if how is not None and (number not in best or how > best[number].specificity):
                best[number] = ProfilePick(self._profile_at[number], match, how)
        picks = [best[number] for number in sorted(best)]
        admitted = [(pick, self._addresses.admits(pick.profile.local_address, end)) for pick in picks]
        return ProfileSearch(
            tuple(pick for pick, ok in admitted if ok),
            tuple(pick for pick, ok in admitted if ok is None),
            tuple(pick for pick in picks if self._addresses.lacks_vrf(pick.profile.local_address, end)),
        )

    def _statements(self, identity: Identity, fvrf: str | None) -> Iterator[tuple[int, IdentityMatch]]:
        if identity.address is None:
            held = [self._named.get((fvrf, *at), _NONE) for at in _names(identity)]
        else:
            value, masks = int(identity.address), [one for one in self._masks if one[0] == fvrf]
            held = [self._by_mask[one].get(value & one[2], _NONE) for one in masks]
        return ((number, match) for one in held for number, matches in one.items() for match in matches)


_Mask = tuple[str | None, int, int]
"""A VRF, a family, and a mask."""
_Name = tuple[str | None, str, str]
"""A VRF, a kind of identity, and a name or a part of one."""
_Held = dict[int, tuple[IdentityMatch, ...]]
"""Statements by the number of their profile's place."""

_NONE: _Held = {}


def _name(match: IdentityMatch) -> _Name:
    return match.vrf, match.kind, (match.value or "").lower()


def _place(match: IdentityMatch) -> tuple[_Mask | None, object]:
    """Where in the table a statement stands: under its mask by its network, or by its name."""
    prefix = match.prefix
    if prefix is None:
        return None, _name(match)
    return (match.vrf, prefix.version, prefix.mask), prefix.value & prefix.mask


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
