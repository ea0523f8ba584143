"""Which units move, in place or as a second cloud, and what each router gets for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from ikeaudit.model import Router
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.ikev2.checks import problems
from ikeaudit.remediation.strategies.ikev2.cloud import Member, built, cloud_of, imagined, members, moved_partners
from ikeaudit.remediation.strategies.ikev2.cloud_file import Cloud
from ikeaudit.remediation.strategies.ikev2.design import design, overlaps, ungoverned
from ikeaudit.remediation.strategies.ikev2.links import Unit, units
from ikeaudit.remediation.strategies.ikev2.objects import RouterPlan
from ikeaudit.remediation.strategies.ikev2.options import Options
from ikeaudit.remediation.strategies.ikev2.partners import Partner, partners
from ikeaudit.remediation.strategies.ikev2.places import Place
from ikeaudit.remediation.strategies.ikev2.suites import Suite
from ikeaudit.remediation.strategies.interface import Request
from ikeaudit.selection import RouterRules

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet


class Move(msgspec.Struct, frozen=True):
    """A unit with the partners of its places; with a second ``cloud``, they are those of the new tunnels of its ``members``."""

    unit: Unit
    partners: tuple[Partner, ...]
    cloud: Cloud | None = None
    members: tuple[Member, ...] = ()

    @property
    def first(self) -> Place:
        """The place that tells this move from others."""
        return self.unit.places[0]


def movable(fleet: Fleet, request: Request, options: Options, suite: Suite) -> tuple[list[Move], list[Refusal]]:
    """The units that have an end on a router of the request: those that can move, and why others cannot."""
    moves: list[Move] = []
    refusals: list[Refusal] = []
    allowed = frozenset(request.order)
    for unit in units(fleet):
        if not allowed.intersection(unit.routers):
            continue
        cloud = cloud_of(unit, options.clouds)
        if cloud is not None and built(fleet, unit, cloud):
            continue
        wrong = problems(fleet, unit, allowed, suite)
        if not wrong:
            found, wrong = partners(fleet, unit, request.change_id, new_keys=options.new_keys)
        own: tuple[Member, ...] = ()
        if not wrong and cloud is not None:
            own, wrong = members(fleet, unit, cloud)
        refusals += wrong
        if not wrong:
            moves.append(Move(unit, moved_partners(cloud, own, found) if cloud else found, cloud, own))
    return moves, refusals


def designed(fleet: Fleet, moves: Iterable[Move], suite: Suite) -> tuple[dict[str, RouterPlan], dict[Place, Refusal]]:
    """The objects of every router; or the moves (by first place) that cannot have any beside what is there."""
    refused: dict[Place, Refusal] = {}
    everything: dict[str, list[Partner]] = {}
    for move in moves:
        for name, own in _by_router(move).items():
            everything.setdefault(name, []).extend(own)
            router = router_for(fleet, name, [move])
            wrong = (*overlaps(router, own), *ungoverned(RouterRules(router), own))
            if wrong:
                refused.setdefault(move.first, wrong[0])
    if refused:
        return {}, refused
    return {
        name: design(RouterRules(router_for(fleet, name, moves)), tuple(own), suite) for name, own in everything.items()
    }, {}


def router_for(fleet: Fleet, name: str, moves: Iterable[Move]) -> Router:
    """The router that objects are designed for: with the tunnels of second clouds as if they were there."""
    router = fleet.router(name)
    for move in moves:
        for member in move.members:
            if move.cloud is not None and member.place.router == name:
                router = imagined(router, move.cloud, member)
    return router


def _by_router(move: Move) -> dict[str, list[Partner]]:
    return by_key((partner.place.router, partner) for partner in move.partners)
