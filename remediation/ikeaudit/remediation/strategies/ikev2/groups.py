"""Places of one router that share an IKEv2 profile, because their peers present the same identity (IKEV2-PROFILE, U-7)."""

from collections.abc import Iterable

import msgspec

from ikeaudit.model import ANY_VRF, Ikev2Identity, Ikev2Profile, IPAddress, Prefix, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.strategies.ikev2.links import Joined
from ikeaudit.remediation.strategies.ikev2.partners import Partner
from ikeaudit.remediation.strategies.ikev2.places import Place, entry_at, interface_at


class Group(msgspec.Struct, frozen=True):
    """Places under one IKEv2 profile.

    ``apart``: another group matches one of these identities at another local address. ``narrow``: the profile matches only
    the peers that are known, because another one would match too.
    """

    places: tuple[Place, ...]
    partners: tuple[Partner, ...]
    fvrf: str | None
    ivrf: str | None
    apart: bool = False
    narrow: bool = False

    @property
    def locals(self) -> tuple[IPAddress, ...]:
        """The router's own addresses at these places."""
        found = dict.fromkeys(p.end.local.address for p in self.partners)
        return tuple(address for address in found if address is not None)

    @property
    def multipoint(self) -> bool:
        """Whether the key of a place is for more than the peers that are known."""
        return any(not partner.prefix.is_host for partner in self.partners)

    @property
    def identities(self) -> tuple[Prefix, ...]:
        """Whom the profile matches, each once."""
        found = [Prefix.of(p.identity) if self.narrow else p.matched for p in self.partners]
        return tuple(dict.fromkeys(sorted(found)))


def groups(router: Router, partners: Iterable[Partner]) -> tuple[Group, ...]:
    """The partners of one router grouped, in the order of their places."""
    by_place = by_key((partner.place, partner) for partner in partners)
    joined = Joined(by_place)
    first: dict[object, Place] = {}
    for place, own in sorted(by_place.items()):
        keys: list[object] = [("shared", *shared)] if (shared := _shared(router, place)) else []
        ivrf = _ivrf(router, place)
        keys += [(p.end.fvrf, p.end.local.address, ivrf, p.matched) for p in own]
        for key in keys:
            joined.join(first.setdefault(key, place), place)
    found = [
        Group(
            places=places,
            partners=tuple(partner for place in places for partner in by_place[place]),
            fvrf=by_place[places[0]][0].end.fvrf,
            ivrf=_ivrf(router, places[0]),
        )
        for places in joined.groups()
    ]
    return _separated(router, _narrowed(router, found))


def _shared(router: Router, place: Place) -> tuple[str | None, str | None] | None:
    """The source that a tunnel with ``shared`` protection shares."""
    tunnel = interface_at(router, place).tunnel if place.kind == "tunnel" else None
    if tunnel is None or tunnel.protection is None or not tunnel.protection.shared:
        return None
    return tunnel.source_interface, tunnel.vrf


def _ivrf(router: Router, place: Place) -> str | None:
    """The inside VRF that the ISAKMP profile of a crypto map entry maps to; of a tunnel its interface tells."""
    if place.kind == "tunnel":
        return None
    bound = entry_at(router, place)[1].isakmp_profile
    return next((p.vrf for p in router.isakmp_profiles if bound is not None and p.name == bound.name), None)


def _narrowed(router: Router, found: list[Group]) -> list[Group]:
    """Wide groups whose identities cover those of others match the peers that are known, and nobody else."""
    result = []
    for group in found:
        wide = [identity for identity in group.identities if not identity.is_host]
        others = (
            identity for other in found if other is not group and _meet(group, other) for identity in other.identities
        )
        known = list(others) if wide else []
        taken = any(identity.overlaps(other) for identity in wide for other in known) or any(
            overlapping(router, group.fvrf, address, wide) for address in group.locals
        )
        result.append(msgspec.structs.replace(group, narrow=True) if wide and taken else group)
    return result


def _meet(one: Group, other: Group) -> bool:
    return one.fvrf == other.fvrf


def _separated(router: Router, found: list[Group]) -> tuple[Group, ...]:
    """Groups that match one identity at different addresses say at which (``match address local``)."""
    users: dict[tuple[str | None, Prefix], int] = {}
    for group in found:
        for identity in group.identities:
            users[group.fvrf, identity] = users.get((group.fvrf, identity), 0) + 1
    return tuple(
        msgspec.structs.replace(group, apart=len(group.locals) == 1)
        if any(users[group.fvrf, identity] > 1 for identity in group.identities)
        else group
        for group in found
    )


def overlapping(
    router: Router, fvrf: str | None, address: IPAddress, identities: Iterable[Prefix]
) -> list[tuple[Ikev2Profile, Ikev2Identity]]:
    """Statements of IKEv2 profiles that are there already and cover some of ``identities`` at this end (U-7)."""
    wanted = tuple(identities)
    return [
        (profile, match)
        for profile in router.ikev2.profiles
        if not profile.shutdown and profile.fvrf in (ANY_VRF, fvrf)
        if not profile.local_addresses or address in profile.local_addresses
        for match in profile.matches
        if match.kind == "any"
        or (match.prefix is not None and any(match.prefix.overlaps(identity) for identity in wanted))
    ]
