"""The ``ikev2`` strategy: which tunnels move, in which steps, and which are left as they are (DOMAIN 12 B)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from ikeaudit.model import Router
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.ikev2.checks import problems
from ikeaudit.remediation.strategies.ikev2.cleanup import cleanup
from ikeaudit.remediation.strategies.ikev2.design import design, overlaps, ungoverned
from ikeaudit.remediation.strategies.ikev2.drafts import additive, switches
from ikeaudit.remediation.strategies.ikev2.leftovers import Moved, leftovers
from ikeaudit.remediation.strategies.ikev2.links import Unit, units
from ikeaudit.remediation.strategies.ikev2.objects import RouterPlan
from ikeaudit.remediation.strategies.ikev2.options import Options
from ikeaudit.remediation.strategies.ikev2.partners import Partner, partners
from ikeaudit.remediation.strategies.ikev2.places import Place, ipsec_profile_at
from ikeaudit.remediation.strategies.ikev2.suites import Suite, find_suite
from ikeaudit.remediation.strategies.ikev2.verify import after, failures
from ikeaudit.remediation.strategies.interface import Draft, Proposal, Request, Strategy
from ikeaudit.selection import Identity, RouterRules

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet

DOCUMENTATION = """\
# Strategy `ikev2`
"""


class Move(msgspec.Struct, frozen=True):
    """A unit with the partners of its places."""

    unit: Unit
    partners: tuple[Partner, ...]


def propose(fleet: Fleet, request: Request, options: Options) -> Proposal:
    """Steps for every tunnel that has an end on a router of ``request.order`` and can move; refusals for the others."""
    suite = options.suite or find_suite()
    if options.cleanup == "only":
        return Proposal(tuple(_unused(fleet, request)), ())
    moves, refusals = _movable(fleet, request, options, suite)
    while True:
        plans, refused = _designed(fleet, moves, suite)
        refusals += refused.values()
        if refused:
            moves = [move for move in moves if move.unit.places[0] not in refused]
            continue
        drafts = _drafted(fleet, moves, plans, suite, request)
        changed = after(fleet, drafts)
        failed = failures(fleet, [move.unit for move in moves], changed)
        refusals += failed.values()
        if not failed:
            break
        moves = [move for move in moves if move.unit.places[0] not in failed]
    if options.cleanup == "now":
        drafts += _freed(fleet, moves, changed, request)
    return Proposal(tuple(drafts), tuple(refusals))


def _movable(fleet: Fleet, request: Request, options: Options, suite: Suite) -> tuple[list[Move], list[Refusal]]:
    moves: list[Move] = []
    refusals: list[Refusal] = []
    allowed = frozenset(request.order)
    for unit in units(fleet):
        if not allowed.intersection(unit.routers):
            continue
        found: tuple[Partner, ...] | tuple[Refusal, ...] = problems(fleet, unit, allowed, suite)
        if not found:
            found = partners(fleet, unit, request.change_id, new_keys=options.new_keys)
        wrong = [item for item in found if isinstance(item, Refusal)]
        refusals += wrong
        if not wrong:
            moves.append(Move(unit, tuple(item for item in found if isinstance(item, Partner))))
    return moves, refusals


def _by_router(moves: Iterable[Move]) -> dict[str, list[Partner]]:
    found: dict[str, list[Partner]] = {}
    for move in moves:
        for partner in move.partners:
            found.setdefault(partner.place.router, []).append(partner)
    return found


def _designed(fleet: Fleet, moves: list[Move], suite: Suite) -> tuple[dict[str, RouterPlan], dict[Place, Refusal]]:
    """The objects of every router, or the units (by first place) that cannot have any beside what is there."""
    refused: dict[Place, Refusal] = {}
    for move in moves:
        for name, own in _by_router([move]).items():
            wrong = (*overlaps(fleet.router(name), own), *ungoverned(fleet.rules(name), own))
            if wrong:
                refused.setdefault(move.unit.places[0], wrong[0])
    if refused:
        return {}, refused
    return {name: design(fleet.rules(name), tuple(own), suite) for name, own in _by_router(moves).items()}, {}


def _drafted(
    fleet: Fleet, moves: list[Move], plans: Mapping[str, RouterPlan], suite: Suite, request: Request
) -> list[Draft]:
    drafts = [
        draft
        for name in request.order
        if name in plans
        for draft in additive(fleet.router(name), plans[name], suite, request)
    ]
    place = {name: at for at, name in enumerate(request.order)}
    # The units of the routers farthest out come first.
    for move in sorted(moves, key=lambda m: (min(place[r] for r in m.unit.routers), m.unit.places[0])):
        drafts += switches(fleet, move.unit, plans, suite, request)
    return drafts


def _freed(fleet: Fleet, moves: list[Move], changed: Mapping[str, Router], request: Request) -> list[Draft]:
    """The clean-up on every router of a move."""
    drafts: list[Draft] = []
    for name in request.order:
        own = [move for move in moves if name in move.unit.routers]
        if own:
            left = leftovers(fleet.router(name), RouterRules(changed[name]), _moved(fleet.router(name), own))
            drafts += cleanup(fleet.router(name), left, request)
    return drafts


def _moved(router: Router, moves: Iterable[Move]) -> Moved:
    """What ``router`` used for the tunnels that move."""
    ipsec: set[str] = set()
    sets: set[str] = set()
    profiles: set[str] = set()
    rules = RouterRules(router)
    own = [p for move in moves for p in move.partners if p.place.router == router.name]
    for partner in own:
        end = partner.end
        sets.update(end.transform_sets)
        bound = ipsec_profile_at(router, partner.place)
        ipsec.update([bound.name] if bound is not None else [])
        profiles.update([end.isakmp_profile] if end.isakmp_profile else [])
        matching = rules.profiles_for(Identity("address", partner.identity), end.local).matching
        profiles.update(pick.profile.name for pick in matching)
    return Moved(
        ipsec_profiles=frozenset(ipsec),
        transform_sets=frozenset(sets),
        isakmp_profiles=frozenset(profiles),
        peers=frozenset((p.end.fvrf, p.address) for p in own),
    )


def _unused(fleet: Fleet, request: Request) -> Iterable[Draft]:
    """The clean-up of routers that speak IKEv2 already."""
    for name in request.order:
        rules = fleet.rules(name)
        if any(end.ike_version == 2 for end in rules.endpoints):
            yield from cleanup(rules.router, leftovers(rules.router, rules, Moved(everything=True)), request)


def ikev2_strategy(options: Options | None = None) -> Strategy:
    """The strategy with the user's choices."""
    return Strategy(
        name="ikev2",
        title="Move to IKEv2",
        documentation=DOCUMENTATION,
        propose=partial(propose, options=options or Options()),
    )


IKEV2 = ikev2_strategy()
