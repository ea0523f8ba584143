"""The ``ikev2`` strategy: which tunnels move, in place or as a second cloud, in which steps, and which stay (PLAN-IKEV2)."""

from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path

import msgspec

from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.contract import Draft, Proposal, Request, Strategy
from ikeaudit.remediation.strategies.ikev2.abilities import obstacles
from ikeaudit.remediation.strategies.ikev2.checks import after, failures, problems
from ikeaudit.remediation.strategies.ikev2.choices import Cloud, Options, Suite, find_suite
from ikeaudit.remediation.strategies.ikev2.cleanup import Moved, cleanup, leftovers, moved_earlier
from ikeaudit.remediation.strategies.ikev2.cloud import (
    Member,
    built,
    cloud_of,
    failing,
    imagined,
    members,
    moved_partners,
    tunnel_draft,
)
from ikeaudit.remediation.strategies.ikev2.design import design, overlaps, ungoverned
from ikeaudit.remediation.strategies.ikev2.drafts import Known, Objects, additive, switches
from ikeaudit.remediation.strategies.ikev2.links import Unit, units
from ikeaudit.remediation.strategies.ikev2.objects import RouterPlan
from ikeaudit.remediation.strategies.ikev2.partners import Partner, partners
from ikeaudit.remediation.strategies.ikev2.places import Place, Sections, SectionsRead, ipsec_profile_at
from ikeaudit.selection import Identity, RouterRules


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
    against = cache(lambda name: obstacles(fleet.router(name), suite))
    for unit in units(fleet):
        if not allowed.intersection(unit.routers):
            continue
        cloud = cloud_of(unit, options.clouds)
        if cloud is not None and built(fleet, unit, cloud):
            continue
        wrong = problems(fleet, unit, allowed, against)
        if not wrong:
            found, wrong = partners(fleet, unit, request.change_id, new_keys=options.new_keys)
        own: tuple[Member, ...] = ()
        if not wrong and cloud is not None:
            own, wrong = members(fleet, unit, cloud)
        refusals += wrong
        if not wrong:
            moves.append(Move(unit, moved_partners(cloud, own, found) if cloud else found, cloud, own))
    return moves, refusals


def designed(
    fleet: Fleet, moves: Iterable[Move], suite: Suite, read: SectionsRead
) -> tuple[dict[str, RouterPlan], dict[Place, Refusal]]:
    """The objects of every router; or the moves (by first place) that cannot have any beside what is there."""
    refused: dict[Place, Refusal] = {}
    everything: dict[str, list[Partner]] = {}
    clouds = [move for move in moves if move.members]
    for move in moves:
        for name, own in by_key((partner.place.router, partner) for partner in move.partners).items():
            everything.setdefault(name, []).extend(own)
            rules = _rules_for(fleet, name, [move])
            wrong = (*overlaps(rules, own), *ungoverned(rules, own))
            if wrong:
                refused.setdefault(move.first, wrong[0])
    if refused:
        return {}, refused
    found = {}
    for name, own in everything.items():
        rules = _rules_for(fleet, name, clouds)
        found[name] = design(rules, tuple(own), suite, read.of(rules.router))
    return found, {}


def _rules_for(fleet: Fleet, name: str, moves: Iterable[Move]) -> RouterRules:
    router = router_for(fleet, name, moves)
    return fleet.rules(name) if router is fleet.router(name) else RouterRules(router)


def router_for(fleet: Fleet, name: str, moves: Iterable[Move]) -> Router:
    """The router that objects are designed for: with the tunnels of second clouds as if they were there."""
    router = fleet.router(name)
    for move in moves:
        for member in move.members:
            if move.cloud is not None and member.place.router == name:
                router = imagined(router, move.cloud, member)
    return router


PAGE = Path(__file__).with_name("page.md")
"""The strategy's page, which ``docs/strategies/ikev2.md`` repeats."""


def propose(fleet: Fleet, request: Request, options: Options) -> Proposal:
    """Steps for every tunnel that has an end on a router of ``request.order`` and can move; refusals for the others."""
    suite = options.suite or find_suite()
    if options.cleanup == "only":
        return Proposal(tuple(_unused(fleet, request)), ())
    moves, refusals = movable(fleet, request, options, suite)
    read = SectionsRead()
    while True:
        plans, refused = designed(fleet, moves, suite, read)
        drafts: list[Draft] = []
        changed: dict[str, Router] = {}
        if not refused:
            drafts = _drafted(fleet, moves, plans, suite, request)
            changed = after(fleet, drafts)
            refused = _failing(fleet, moves, changed)
        refusals += refused.values()
        if not refused:
            break
        moves = [move for move in moves if move.first not in refused]
    if options.cleanup == "now":
        drafts += _freed(fleet, [move for move in moves if move.cloud is None], changed, request, read)
    return Proposal(tuple(drafts), tuple(refusals), _made(moves) if options.new_keys else frozenset())


def _made(moves: Iterable[Move]) -> frozenset[str]:
    """The names of the keys that do not exist yet: with new keys, all that stand in the objects of the moves."""
    return frozenset(name for move in moves for partner in move.partners for name in partner.tokens.names)


def _failing(fleet: Fleet, moves: Iterable[Move], changed: Mapping[str, Router]) -> dict[Place, Refusal]:
    """The moves that would not lead to tunnels that are up by IKEv2."""
    then = Fleet([changed.get(router.name, router) for router in fleet.routers], fleet.translations)
    found = failures(fleet, then, [move.unit for move in moves if move.cloud is None])
    for move in moves:
        if move.cloud is not None:
            wrong = failing(fleet, then, move.cloud, move.members)
            found.update({move.first: wrong[0]} if wrong else {})
    return found


def _drafted(
    fleet: Fleet, moves: Iterable[Move], plans: Mapping[str, RouterPlan], suite: Suite, request: Request
) -> list[Draft]:
    switched = frozenset(place for move in moves if move.cloud is None for place in move.unit.places)
    clouds = [move for move in moves if move.members]
    drafts = [
        draft
        for name in request.order
        if name in plans
        for draft in additive(
            Objects(
                router_for(fleet, name, clouds),
                plans[name],
                suite,
                request,
                switched.intersection(plans[name].bindings),
            )
        )
    ]
    for move in moves:
        for member in move.members:
            if move.cloud is not None:
                plan = plans[member.place.router]
                drafts.append(tunnel_draft(fleet, move.cloud, member, move.members, move.partners, plan, request))
    in_place = [move for move in moves if move.cloud is None]
    # The units of the routers farthest out come first.
    known = Known(fleet, request)
    for move in sorted(in_place, key=lambda m: (min(known.place[r] for r in m.unit.routers), m.first)):
        drafts += switches(known, move.unit, plans, suite, request)
    return drafts


def _freed(
    fleet: Fleet, moves: list[Move], changed: Mapping[str, Router], request: Request, read: SectionsRead
) -> list[Draft]:
    """The clean-up on every router of a move, and on those of which earlier plans have moved tunnels."""
    drafts: list[Draft] = []
    of_router = by_key((name, move) for move in moves for name in move.unit.routers)
    for name in request.order:
        own = of_router.get(name, [])
        earlier = moved_earlier(fleet.rules(name))
        if own or earlier is not None:
            router = fleet.router(name)
            raw = read.of(router)
            moved = _moved(router, own)
            then = RouterRules(changed.get(name, router))
            left = leftovers(router, raw, then, moved.and_of(earlier) if earlier is not None else moved)
            drafts += cleanup(router, raw, left, request)
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
            raw = Sections(rules.router)
            yield from cleanup(rules.router, raw, leftovers(rules.router, raw, rules, Moved(everything=True)), request)


def ikev2_strategy(options: Options | None = None) -> Strategy:
    """The strategy with the user's choices."""
    return Strategy(
        name="ikev2",
        title="Move to IKEv2",
        documentation=PAGE.read_text(encoding="utf-8"),
        propose=partial(propose, options=options or Options()),
        waves="tunnels",
    )


IKEV2 = ikev2_strategy()
