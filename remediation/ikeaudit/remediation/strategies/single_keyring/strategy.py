"""The ``single-keyring`` strategy: what is merged on which router, and what is refused (PLAN-KEYRING)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ikeaudit.remediation.plan import Direction, Refusal
from ikeaudit.remediation.strategies.interface import Draft, Proposal, Request, Strategy
from ikeaudit.remediation.strategies.single_keyring.checks import ambiguous_profiles, key_changes, lost
from ikeaudit.remediation.strategies.single_keyring.choice import bindings, choose
from ikeaudit.remediation.strategies.single_keyring.drafts import Drafter
from ikeaudit.remediation.strategies.single_keyring.merge import Merge, merged
from ikeaudit.remediation.strategies.single_keyring.scopes import Scope, entries, scopes, unmovable
from ikeaudit.selection import RouterRules

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet

DOCUMENTATION = """\
# Strategy `single-keyring`

An IKEv1 responder chooses the pre-shared key before it knows who is calling. With one keyring for each front-door VRF and
local address there is nothing left to choose wrongly; the peers need no change, because no key's text changes.

For every router and every such scope with more than one keyring:

* **A1** - when one keyring holds all keys and is the one that the blind search picks anyway, the profiles are pointed to it
  and the others are emptied, unlisted and deleted. No key is typed again.
* **A6** - the same when the global keys are that keyring.
* **A5** - other global keys move into the keyring, because they win against every keyring.
* **A3** - where only crypto maps use the scope, the first keyring takes over the keys of the others, and entries that name no
  profile are bound to the one that their peers select anyway. So does the one keyring that also holds RSA keys.
* **A2** - otherwise a new keyring takes over all keys, make before break.

Front-door VRFs and local addresses keep a keyring each (A4). Type 6 keys are used as they stand; RSA keys stay where they are.

At every moment the keyring that wins the blind search is one that the profile lists. Left alone, with the reason: different
or incomparable keys for one address, a `local-address` that cannot be resolved, peers that select one of several profiles
depending on how the rules are read, lines that are not understood, and merges after which a tunnel would use another key.
"""


def propose(fleet: Fleet, request: Request) -> Proposal:
    """Merges for every router of ``request.order``, router by router."""
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    for name in request.order:
        merges, refused = plan_merges(fleet.rules(name), known_peers(fleet, name))
        refusals += refused
        for merge in merges:
            drafter = Drafter(fleet.router(name), request, _exposed(fleet, name, merge))
            drafts += drafter.drafts(merge)
    return Proposal(tuple(drafts), tuple(refusals))


def known_peers(fleet: Fleet, name: str) -> frozenset[str]:
    """The addresses that a router calls and that somebody in the fleet answers."""
    calls = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    return frozenset(e.peer for e in calls if e.initiator == name and e.responder is not None)


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


def _exposed(fleet: Fleet, name: str, merge: Merge) -> tuple[Direction, ...]:
    """The directions in which the router finds a key of the merged keyrings by blind search (KEY-BEFORE-ID, KEY-BOUND)."""
    names = set(merge.scope.names)
    rules = fleet.rules(name)
    unbound = {end.interface for end in (*rules.endpoints, *rules.clients) if end.isakmp_profile is None}
    found = []
    for exchange in (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges):
        answers = exchange.responder == name and (
            exchange.responder_keyring in names or any(r.responder_keyring in names for r in exchange.readings)
        )
        calls = exchange.initiator == name and exchange.initiator_interface in unbound
        if answers or (calls and exchange.initiator_keyring in names):
            found.append(Direction.of(exchange))
    return tuple(found)


SINGLE_KEYRING = Strategy(
    name="single-keyring",
    title="One keyring for each front-door VRF and local address",
    documentation=DOCUMENTATION,
    propose=propose,
)
