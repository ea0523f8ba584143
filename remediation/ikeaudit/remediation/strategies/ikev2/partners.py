"""Who stands at the other end of each place, with what identity and which key: all that the IKEv2 objects are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from ikeaudit.model import IPAddress, Prefix
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.ikev2.keys import (
    Different,
    Held,
    Tokens,
    Unfit,
    carried,
    held,
    made,
    made_for_all,
)
from ikeaudit.remediation.strategies.ikev2.links import Link, Unit
from ikeaudit.remediation.strategies.ikev2.places import Place
from ikeaudit.selection import Endpoint

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet


class Partner(msgspec.Struct, frozen=True):
    """A peer of a place.

    ``address`` is the peer as this router sees it, ``identity`` the address that it presents as itself (another one behind
    NAT, NAT-ADDRESSES). ``prefix`` is whom the key is for: the peer alone, or all whom a multipoint end has the key for today.
    """

    place: Place
    router: str
    end: Endpoint
    address: IPAddress
    identity: IPAddress
    prefix: Prefix
    tokens: Tokens

    @property
    def matched(self) -> Prefix:
        """The identities that this router accepts for it."""
        return (
            self.prefix if not self.prefix.is_host and self.prefix.covers(self.identity) else Prefix.of(self.identity)
        )


class _Pair(msgspec.Struct, frozen=True):
    """A link with the keys that its two ends hold today."""

    link: Link
    near: Held | Unfit
    far: Held | Unfit


def partners(
    fleet: Fleet, unit: Unit, change_id: str, *, new_keys: bool
) -> tuple[tuple[Partner, ...], tuple[Refusal, ...]]:
    """The partners of every place of ``unit``, each once; or, in the second place, why their keys do not serve."""
    pairs = [_pair(fleet, link) for link in unit.links]
    refusals = [r for pair in pairs for r in _refusals(fleet, pair, new_keys=new_keys)]
    if refusals:
        return (), tuple({(r.router, r.subject, r.reason): r for r in refusals}.values())
    waiting = frozenset(place for place in unit.places if _multipoint(unit, place))
    cloud = new_keys and any(
        not side.prefix.is_host
        for pair in pairs
        for side, place in ((pair.near, pair.link.near_place), (pair.far, pair.link.far_place))
        if isinstance(side, Held) and place in waiting
    )
    found: dict[tuple[Place, IPAddress, IPAddress | None], Partner] = {}
    for pair in pairs:
        if cloud:
            tokens = made_for_all(change_id, " ".join(place.label for place in unit.places))
        elif new_keys:
            tokens = made(change_id, pair.link)
        else:
            assert isinstance(pair.near, Held) and isinstance(pair.far, Held)
            both = carried(pair.near.secret, pair.far.secret)
            assert isinstance(both, Tokens)
            tokens = both
        for partner in _both(pair, tokens, waiting):
            found.setdefault((partner.place, partner.address, partner.end.local.address), partner)
    return tuple(found.values()), ()


def _multipoint(unit: Unit, place: Place) -> bool:
    """Whether a place also answers callers that it does not name."""
    return any(end.accepts_any and _stands_at(end, place) for end in unit.ends) or any(
        link.far_place == place and link.far.accepts_any for link in unit.links
    )


def _stands_at(end: Endpoint, place: Place) -> bool:
    return end.router == place.router and place.kind == "tunnel" and end.interface == place.name


def _pair(fleet: Fleet, link: Link) -> _Pair:
    assert link.near.peer is not None, "a link begins at an end that knows its peer"
    return _Pair(
        link,
        held(fleet.rules(link.near.router), link.near, link.near.peer),
        held(fleet.rules(link.far.router), link.far, link.caller),
    )


def _refusals(fleet: Fleet, pair: _Pair, *, new_keys: bool) -> Iterator[Refusal]:
    link = pair.link
    near, far = fleet.router(link.near.router), fleet.router(link.far.router)
    for router, place, key in ((near, link.near_place, pair.near), (far, link.far_place, pair.far)):
        if isinstance(key, Unfit) and not (new_keys and key.curable):
            lines = (*key.lines, *(link.near if router is near else link.far).lines)
            reason = f"Its key cannot be carried over: {key.reason}."
            yield Refusal(router=router.name, subject=place.label, reason=reason, evidence=router.evidence(*lines))
    if new_keys or isinstance(pair.near, Unfit) or isinstance(pair.far, Unfit):
        return
    both = carried(pair.near.secret, pair.far.secret)
    if isinstance(both, Different):
        first, second = sorted((near.name, far.name))
        mine, place = (near, link.near_place) if near.name == first else (far, link.far_place)
        yield Refusal(
            router=mine.name,
            subject=place.label,
            reason=f"The key between {first} and {second} cannot be carried over: {both.reason}.",
            evidence=(*near.evidence(*pair.near.lines), *far.evidence(*pair.far.lines))
            if mine is near
            else (*far.evidence(*pair.far.lines), *near.evidence(*pair.near.lines)),
        )


def _both(pair: _Pair, tokens: Tokens, waiting: frozenset[Place]) -> Iterator[Partner]:
    link = pair.link
    near_address, far_address = link.near.local.address, link.far.local.address
    assert link.near.peer is not None and near_address is not None and far_address is not None
    yield Partner(
        link.near_place,
        link.far.router,
        link.near,
        link.near.peer,
        far_address,
        _prefix(pair.near, link.near.peer, wide=link.near_place in waiting),
        tokens,
    )
    yield Partner(
        link.far_place,
        link.near.router,
        link.far,
        link.caller,
        near_address,
        _prefix(pair.far, link.caller, wide=link.far_place in waiting),
        tokens.swapped,
    )


def _prefix(key: Held | Unfit, peer: IPAddress, *, wide: bool) -> Prefix:
    return key.prefix.network if wide and isinstance(key, Held) else Prefix.of(peer)
