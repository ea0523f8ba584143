"""The ``ikev2`` strategy: which tunnels move, in which steps, and which are left as they are (PLAN-IKEV2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.ikev2.cleanup import cleanup
from ikeaudit.remediation.strategies.ikev2.cloud import failing, tunnel_draft
from ikeaudit.remediation.strategies.ikev2.drafts import additive, switches
from ikeaudit.remediation.strategies.ikev2.leftovers import Moved, leftovers
from ikeaudit.remediation.strategies.ikev2.moves import Move, designed, movable, router_for
from ikeaudit.remediation.strategies.ikev2.objects import RouterPlan
from ikeaudit.remediation.strategies.ikev2.options import Options
from ikeaudit.remediation.strategies.ikev2.page import DOCUMENTATION
from ikeaudit.remediation.strategies.ikev2.places import Place, ipsec_profile_at
from ikeaudit.remediation.strategies.ikev2.raw import Sections
from ikeaudit.remediation.strategies.ikev2.suites import Suite, find_suite
from ikeaudit.remediation.strategies.ikev2.verify import after, failures
from ikeaudit.remediation.strategies.interface import Draft, Proposal, Request, Strategy
from ikeaudit.selection import Identity, RouterRules


def propose(fleet: Fleet, request: Request, options: Options) -> Proposal:
    """Steps for every tunnel that has an end on a router of ``request.order`` and can move; refusals for the others."""
    suite = options.suite or find_suite()
    if options.cleanup == "only":
        return Proposal(tuple(_unused(fleet, request)), ())
    moves, refusals = movable(fleet, request, options, suite)
    while True:
        plans, refused = designed(fleet, moves, suite)
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
        drafts += _freed(fleet, [move for move in moves if move.cloud is None], changed, request)
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
    drafts = [
        draft
        for name in request.order
        if name in plans
        for draft in additive(router_for(fleet, name, moves), plans[name], suite, request)
    ]
    for move in moves:
        for member in move.members:
            if move.cloud is not None:
                plan = plans[member.place.router]
                drafts.append(tunnel_draft(fleet, move.cloud, member, move.members, move.partners, plan, request))
    place = {name: at for at, name in enumerate(request.order)}
    in_place = [move for move in moves if move.cloud is None]
    # The units of the routers farthest out come first.
    for move in sorted(in_place, key=lambda m: (min(place[r] for r in m.unit.routers), m.first)):
        drafts += switches(fleet, move.unit, plans, suite, request)
    return drafts


def _freed(fleet: Fleet, moves: list[Move], changed: Mapping[str, Router], request: Request) -> list[Draft]:
    """The clean-up on every router of a move."""
    drafts: list[Draft] = []
    for name in request.order:
        own = [move for move in moves if name in move.unit.routers]
        if own:
            router = fleet.router(name)
            raw = Sections(router)
            left = leftovers(router, raw, RouterRules(changed[name]), _moved(router, own))
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
        documentation=DOCUMENTATION,
        propose=partial(propose, options=options or Options()),
        waves="tunnels",
    )


IKEV2 = ikev2_strategy()
