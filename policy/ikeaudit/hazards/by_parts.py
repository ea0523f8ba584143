"""An audit in two steps: of parts of a fleet that have nothing to do with each other, and of all that they say.

What one part says is small, and fit to be sent and kept: findings of its own, facts for the hazards that compare all routers
(:func:`~ikeaudit.hazards.finding.compared`), and what causes and ranks go by. The routers are not needed any more then. A whole
fleet is one part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple, TypeAlias
from zlib import compress, decompress

import msgspec

from ikeaudit.exchange.result import Seen
from ikeaudit.hazards import unread
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.explaining import Seen as Known
from ikeaudit.hazards.explaining import explained
from ikeaudit.hazards.finding import STATES, Finding, Hazard, Member, State
from ikeaudit.hazards.fleet_wide.fleet_layout import Content
from ikeaudit.hazards.fleet_wide.key_uses import KeyUse
from ikeaudit.hazards.fleet_wide.shared_keys import Latent, Sample
from ikeaudit.hazards.fleet_wide.versions import Blocked, MixedGroup, Old
from ikeaudit.hazards.folding import fold
from ikeaudit.hazards.pair.no_calls import SpokeCall
from ikeaudit.hazards.ranking import Trouble, ranked, troubles_of, tunnel_states
from ikeaudit.model.grouping import by_key
from ikeaudit.model.watching import watched
from ikeaudit.selection import RouterRules

Fact: TypeAlias = KeyUse | Sample | Latent | MixedGroup | Blocked | Old | Content | SpokeCall
"""What hazards that compare all routers are told of one."""


class PartSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What the audit of some routers says that have nothing to do with any other.

    ``findings`` are by code, as their hazards tell them; ``facts`` by the code of the hazard that compares them, compressed
    where they are to lie about (:func:`lighter`). ``doubtful`` are the routers with lines that were not understood. ``known``
    says of the calls in all this under which addresses the router called knows the caller. ``tunnels`` counts them by their
    state, ``troubles`` are those that do not come up for good. ``seen`` counts directions by what the routers' state says of
    them, None where there is no state; ``callable`` counts those that somebody can start.
    """

    routers: tuple[str, ...]
    findings: dict[str, tuple[Finding, ...]]
    facts: dict[str, tuple[Fact, ...] | bytes]
    doubtful: tuple[str, ...]
    known: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    tunnels: dict[State, int]
    troubles: tuple[Trouble, ...]
    seen: dict[Seen, int] | None
    callable: int


class Said(NamedTuple):
    """What an audit says: causes, the worst first, tunnels by their state, and directions by what the routers' state says."""

    findings: tuple[Finding, ...]
    tunnels: dict[State, int]
    seen: dict[Seen, int]


def part_said(context: AuditContext, hazards: Sequence[Hazard]) -> PartSaid:
    """What every one of ``hazards`` says of the routers of ``context``."""
    fleet = context.fleet
    doubtful = {router.name: fleet.rules(router.name) for router in fleet.routers if router.unknown}
    _ = fleet.exchanges  # nearly every hazard asks for them
    findings: dict[str, tuple[Finding, ...]] = {}
    facts: dict[str, tuple[Fact, ...] | bytes] = {}
    for one in watched("hazards asked", hazards):
        if one.gather is not None:
            if some := tuple(one.gather(context)):
                facts[one.code] = some
        elif told := [f for f in one.detect(context) if not unread.withheld(f, one.absent_from, doubtful)]:
            findings[one.code] = tuple(dict.fromkeys(told))
    calls = dict.fromkeys(
        (member.host, member.object, member.far) for member in _members(findings, facts) if member.far
    )
    witness = context.witness
    return PartSaid(
        routers=tuple(router.name for router in fleet.routers),
        findings=findings,
        facts=facts,
        doubtful=tuple(doubtful),
        known=tuple((*call, context.seen[call]) for call in calls if call in context.seen),
        tunnels=dict(tunnel_states(context)),
        troubles=troubles_of(context),
        seen=dict(witness.seen) if witness.present else None,
        callable=sum(e.outcome != "not-initiated" for e in witness.exchanges),
    )


def lighter(part: PartSaid) -> PartSaid:
    """``part`` with its facts compressed: what lies about, or is sent, until all parts are there."""
    facts: dict[str, tuple[Fact, ...] | bytes] = {}
    for code, some in part.facts.items():
        try:
            facts[code] = some if isinstance(some, bytes) else compress(msgspec.json.encode(some), 1)
        except UnicodeEncodeError:  # half a character in a line
            facts[code] = some
    return msgspec.structs.replace(part, facts=facts)


_FACTS = msgspec.json.Decoder(tuple[Fact, ...])


def _facts(some: tuple[Fact, ...] | bytes) -> tuple[Fact, ...]:
    return _FACTS.decode(decompress(some)) if isinstance(some, bytes) else some


def _members(
    findings: Mapping[str, Iterable[Finding]], facts: Mapping[str, tuple[Fact, ...] | bytes]
) -> Iterator[Member]:
    yield from (member for some in findings.values() for finding in some for member in finding.members)
    for fact in (fact for some in facts.values() for fact in _facts(some)):
        if isinstance(fact, (Latent, SpokeCall)):
            yield from fact.members


class _Sight(NamedTuple):
    """The addresses under which callers are known."""

    seen: Known


def whole_said(parts: Sequence[PartSaid], hazards: Sequence[Hazard], doubtful: Mapping[str, RouterRules]) -> Said:
    """What an audit of all routers says, from what it says of ``parts`` that have nothing to do with each other.

    ``doubtful`` has the rules of the routers that a part names so. The order of ``parts`` does not matter.
    """
    by_code = {one.code: one for one in hazards}
    sight = _Sight({call[:3]: call[3] for part in parts for call in part.known})
    stated = [finding for one in hazards for finding in _stated(one, parts, doubtful)]
    causes = by_key((finding.code, finding) for finding in explained(stated, by_code, sight))
    # What is said of the whole fleet has causes of its own, even if one router takes part in many of them.
    told = (f for code, some in causes.items() for f in fold(some, around=by_code[code].scope != "fleet"))
    troubles = (trouble for part in parts for trouble in part.troubles)
    tunnels = reduce(Counter.__add__, (Counter(part.tunnels) for part in parts), Counter[State]())
    return Said(
        ranked(told, by_code, troubles, sight),
        {state: tunnels[state] for state in STATES if tunnels[state]},
        _seen(parts),
    )


def _seen(parts: Sequence[PartSaid]) -> dict[Seen, int]:
    """Directions by what the state says; where some routers have state, those of the others are not seen."""
    if all(part.seen is None for part in parts):
        return {}
    found: Counter[Seen] = Counter()
    for part in parts:
        found.update({"not-seen": part.callable} if part.seen is None else part.seen)
    return {seen: count for seen, count in found.items() if count}


def _stated(hazard: Hazard, parts: Sequence[PartSaid], doubtful: Mapping[str, RouterRules]) -> Iterable[Finding]:
    """What a hazard says, in the order in which it says that of a whole fleet."""
    if hazard.tell is None:
        return _in_turn([part.findings.get(hazard.code, ()) for part in parts], _whose)
    facts = _in_turn([_facts(part.facts.get(hazard.code, ())) for part in parts], _ordered)
    names = {name for part in parts for name in part.routers}
    told = dict.fromkeys(hazard.tell(facts, names))
    return [finding for finding in told if not unread.withheld(finding, hazard.absent_from, doubtful)]


def _in_turn(parts: Sequence[Collection[Any]], turn: Any) -> list[Any]:
    """The things of all ``parts``, those of a part in their order, by the router at whose turn each is told."""
    some = [part for part in parts if part]
    if len(some) < 2:
        return [*some[0]] if some else []
    found: list[tuple[str, Any]] = []
    for part in some:
        last = ""
        for one in part:
            last = max(last, turn(one))
            found.append((last, one))
    return [one for _, one in sorted(found, key=lambda told: told[0])]


def _ordered(fact: Fact) -> str:
    return fact.order


def _whose(finding: Finding) -> str:
    """The router at whose turn a finding is told: a hazard of each router has it at the head of the cause."""
    return finding.cause[0] if finding.cause else finding.hosts[0]
