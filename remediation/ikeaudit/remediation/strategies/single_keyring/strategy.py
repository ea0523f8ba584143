"""The ``single-keyring`` strategy: what is merged on which router, and what is refused (PLAN-KEYRING)."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.contract import Draft, Proposal, Request, Strategy
from ikeaudit.remediation.strategies.single_keyring.checks import ambiguous_profiles, key_changes, lost
from ikeaudit.remediation.strategies.single_keyring.drafts import Drafter
from ikeaudit.remediation.strategies.single_keyring.merge import Merge, bindings, choose, merged
from ikeaudit.remediation.strategies.single_keyring.scopes import Scope, entries, scopes, unmovable
from ikeaudit.selection import RouterRules

PAGE = Path(__file__).with_name("page.md")
"""The strategy's page, which ``docs/strategies/single-keyring.md`` repeats."""


def propose(fleet: Fleet, request: Request) -> Proposal:
    """Merges for every router of ``request.order``, router by router."""
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    calls = calls_by_router(fleet)
    for name in request.order:
        own = calls.get(name, ())
        merges, refused = plan_merges(fleet.rules(name), known_peers(own, name))
        refusals += refused
        for merge in merges:
            drafter = Drafter(fleet.router(name), request, _exposed(fleet.rules(name), own, merge))
            drafts += drafter.drafts(merge)
    return Proposal(tuple(drafts), tuple(refusals))


def calls_by_router(fleet: Fleet) -> dict[str, list[Exchange]]:
    """Every direction at both of its ends, also those of clients and between spokes."""
    calls = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    return by_key((name, e) for e in calls for name in {e.initiator: 0, e.responder: 0} if name is not None)


def known_peers(own: Iterable[Exchange], name: str) -> frozenset[str]:
    """The addresses that router ``name`` calls and that somebody in the fleet answers; ``own`` are its directions."""
    return frozenset(e.peer for e in own if e.initiator == name and e.responder is not None)


def plan_merges(rules: RouterRules, known: frozenset[str]) -> tuple[tuple[Merge, ...], tuple[Refusal, ...]]:
    """What can be merged on one router, and what must not be; neither when every scope has one place for keys already.

    ``known`` are the peers whose configuration is in the fleet.
    """
    groups, refusals = scopes(rules)
    merges: list[Merge] = []
    taken = frozenset(keyring.name for keyring in rules.router.keyrings)
    for scope in groups:
        if not scope.scattered:
            continue
        merge, refused = _merge(rules, scope, taken, known)
        refusals += refused
        if merge is not None:
            merges.append(merge)
            taken |= {merge.survivor.name}
    return tuple(merges), refusals


def _merge(
    rules: RouterRules, scope: Scope, taken: frozenset[str], known: frozenset[str]
) -> tuple[Merge | None, tuple[Refusal, ...]]:
    wanted, refusals = entries(rules.router, scope)
    refusals += unmovable(rules.router, scope)
    if refusals:
        return None, refusals
    merge = choose(rules, scope, wanted, taken)
    bound, unbound = bindings(rules, scope, known)
    merge = msgspec.structs.replace(merge, bindings=bound)
    after = RouterRules(merged(rules.router, merge))
    refusals = ambiguous_profiles(rules, frozenset(scope.names), merge.subject)
    refusals += key_changes(rules, after, merge.subject)
    refusals += lost(rules, after, merge.subject)
    return (None, refusals) if refusals else (merge, unbound)


def _exposed(rules: RouterRules, own: Iterable[Exchange], merge: Merge) -> tuple[Exchange, ...]:
    """Those of its ``own`` directions that do not fail today, in which the router finds a merged key by blind search.

    See KEY-BEFORE-ID and KEY-BOUND.
    """
    names, name = set(merge.scope.names), rules.router.name
    unbound = {end.interface for end in (*rules.endpoints, *rules.clients) if end.isakmp_profile is None}
    found = []
    for exchange in own:
        answers = exchange.responder == name and (
            exchange.responder_keyring in names or any(r.responder_keyring in names for r in exchange.readings)
        )
        calls = exchange.initiator == name and exchange.initiator_interface in unbound
        if exchange.outcome in ("up", "unknown") and (answers or (calls and exchange.initiator_keyring in names)):
            found.append(exchange)
    return tuple(found)


SINGLE_KEYRING = Strategy(
    name="single-keyring",
    title="One keyring for each front-door VRF and local address",
    documentation=PAGE.read_text(encoding="utf-8"),
    propose=propose,
)
