"""In which order findings are told: by what they break, then by how many tunnels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ikeaudit.exchange.result import FAILED, Exchange, Reading, Renewal, unstarted
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.explaining import Sight, ends_of
from ikeaudit.hazards.facts.phrases import natural
from ikeaudit.hazards.facts.tunnel_pairs import TunnelPair
from ikeaudit.hazards.finding import RANK, Effect, Finding, Hazard, Member, State
from ikeaudit.hazards.shared.pair_findings import call

_EFFECTS: tuple[Effect, ...] = ("down", "one-at-most", "one-end", "order", "later")


def ranked(
    findings: Iterable[Finding], hazards: Mapping[str, Hazard], troubles: Iterable[Trouble], sight: Sight
) -> tuple[Finding, ...]:
    """``findings`` with what becomes of tunnels by them, the worst first; ``troubles`` are those of all tunnels.

    First what takes tunnels down: from both ends, from one end, by an order that nobody promises, later. Then what may do so;
    then what lets others in; then all that is only to be tidied. Within a rank the most tunnels come first.
    """
    known, place = _Troubles(troubles), {code: number for number, code in enumerate(hazards)}
    told = (_with_effect(finding, hazards[finding.code], known, sight) for finding in findings)
    return tuple(sorted(told, key=lambda f: (*_rank(f), place[f.code], *map(natural, (*f.hosts, "", *f.cause)))))


def tunnel_states(context: AuditContext) -> Counter[State]:
    """How many tunnels there are of each state."""
    return Counter(map(state_of, context.tunnels))


def state_of(tunnel: TunnelPair) -> State:
    """What becomes of one tunnel."""
    effect = _effect(tunnel)
    if effect is not None:
        return effect
    if any(e.outcome == "unknown" for e in tunnel.directions):
        return "unknown"
    return "none" if any(e.holds for e in tunnel.directions) else "design"


def _rank(finding: Finding) -> tuple[int, int, int, int]:
    if finding.effect != "none":
        rank = _EFFECTS.index(finding.effect)
    elif finding.category in ("connectivity", "selection") and RANK[finding.severity] > RANK["low"]:
        rank = len(_EFFECTS)
    elif finding.category == "exposure":
        rank = len(_EFFECTS) + 1
    else:
        rank = len(_EFFECTS) + 2
    return rank, -finding.tunnels, -RANK[finding.severity], -len(finding.members)


def harmed(
    findings: Iterable[Finding], hazards: Mapping[str, Hazard], troubles: Iterable[tuple[int, Trouble]], sight: Sight
) -> dict[str, tuple[int, ...]]:
    """By fingerprint the tunnels that each of ``findings`` harms; ``troubles`` are those of all tunnels, by their numbers."""
    places, some = [], []
    for place, trouble in troubles:
        places.append(place)
        some.append(trouble)
    known = _Troubles(some)
    told = {
        f.fingerprint: tuple(sorted(places[n] for n in _harmed(f, hazards[f.code], known, sight))) for f in findings
    }
    return {fingerprint: found for fingerprint, found in told.items() if found}


def _with_effect(finding: Finding, hazard: Hazard, troubles: _Troubles, sight: Sight) -> Finding:
    found = _harmed(finding, hazard, troubles, sight)
    if not found:
        return finding
    return msgspec.structs.replace(finding, effect=min(found.values(), key=_EFFECTS.index), tunnels=len(found))


def _harmed(finding: Finding, hazard: Hazard, troubles: _Troubles, sight: Sight) -> dict[int, Effect]:
    """The tunnels that a finding harms, by number, each with what becomes of it."""
    if finding.category not in ("connectivity", "selection"):
        return {}
    members = [*finding.members, *(m for one in finding.follows for m in one.members)]
    found = {
        n: e
        for member in members
        if member.reason
        for n, e in troubles.of_call(member.host, member.object, member.peer)
    }
    for end in dict.fromkeys(end for member in finding.members for end in ends_of(member, sight)):
        for number, effect in troubles.at(end, hazard.breaks):
            found[number] = min(effect, found.get(number, effect), key=_EFFECTS.index)
    return found


def broken_by(finding: Finding, hazard: Hazard, context: AuditContext) -> tuple[Exchange, ...]:
    """The directions that fail, are lost, or may be, by a cause: those that it names, and at its ends those that fail for a
    reason that it leads to."""
    members = [*finding.members, *(m for one in finding.follows for m in one.members)]
    named = {(m.host, m.object, m.peer) for m in members if m.reason}
    at = {end for member in finding.members for end in ends_of(member, context)}
    spokes = context.fleet.spoke_exchanges if finding.code == "PW-SHORTCUT" else ()
    calls = (e for e in spokes if (e.initiator, e.initiator_interface, e.peer) in named and not mended(e))
    return (
        *calls,
        *tuple(
            e
            for e in dict.fromkeys(e for tunnel in context.tunnels for e in tunnel.directions)
            if not mended(e)
            and (
                (e.initiator, e.initiator_interface, e.peer) in named
                or any(
                    m.reason in hazard.breaks and at.intersection(ends_of(m, context)) for m, _ in _failing(e, "down")
                )
            )
        ),
    )


def mended(exchange: Exchange) -> bool:
    """Whether a direction comes up in every reading and stays up, or is not started as somebody wanted it."""
    renewal = exchange.renewal
    return (
        exchange.worst in ("up", "not-initiated")
        and exchange.by != "fault"
        and exchange.lost_at is None
        and (renewal is None or renewal.outcome not in FAILED)
    )


class Trouble(msgspec.Struct, frozen=True):
    """A tunnel that does not come up, or not for good: what becomes of it, and by which ``calls`` (router, interface, address).

    ``ends`` are the ends where a call fails, a router and its peer's address as it sees it, with what becomes of that, and why.
    """

    effect: Effect
    calls: tuple[tuple[str, str, str], ...]
    ends: tuple[tuple[str, str, Effect, str], ...]


def trouble_of(tunnel: TunnelPair, sight: Sight) -> Trouble | None:
    """What is wrong with a tunnel; None of one that is healthy, or of which nothing is known."""
    effect = _effect(tunnel)
    if effect is None:
        return None
    return Trouble(
        effect,
        tuple((e.initiator, e.initiator_interface, e.peer) for e in tunnel.directions),
        tuple(
            (*end, own, member.reason)
            for e in tunnel.directions
            for member, own in _failing(e, effect)
            for end in ends_of(member, sight)
        ),
    )


def troubles_of(context: AuditContext) -> tuple[Trouble, ...]:
    """The troubles of all tunnels."""
    return tuple(trouble for _, trouble in placed_troubles(context))


def placed_troubles(context: AuditContext) -> Iterator[tuple[int, Trouble]]:
    """The troubles of all tunnels, by their places in ``context.tunnels``."""
    for place, tunnel in enumerate(context.tunnels):
        if (trouble := trouble_of(tunnel, context)) is not None:
            yield place, trouble


class _Troubles:
    """The tunnels that do not come up, or not for good, by number."""

    def __init__(self, troubles: Iterable[Trouble]) -> None:
        self._calls: dict[tuple[str, str, str], list[tuple[int, Effect]]] = {}
        self._ends: dict[tuple[str, str], list[tuple[int, Effect, str]]] = {}
        for number, trouble in enumerate(troubles):
            for call_ in trouble.calls:
                self._calls.setdefault(call_, []).append((number, trouble.effect))
            for host, peer, own, reason in trouble.ends:
                self._ends.setdefault((host, peer), []).append((number, own, reason))

    def of_call(self, host: str, interface: str, peer: str) -> Iterable[tuple[int, Effect]]:
        """The tunnels to which a call belongs, each with what becomes of it."""
        return self._calls.get((host, interface, peer), ())

    def at(self, end: tuple[str, str], reasons: tuple[str, ...]) -> Iterator[tuple[int, Effect]]:
        """The tunnels of a router with a peer that fail there for one of ``reasons``."""
        return ((number, effect) for number, effect, reason in self._ends.get(end, ()) if reason in reasons)


def _effect(tunnel: TunnelPair) -> Effect | None:
    """What becomes of a tunnel; None of one that is healthy, or of which nothing is known."""
    directions = tunnel.directions
    holds = any(e.holds for e in directions)
    if any(e.outcome in FAILED or e.by == "fault" for e in directions):
        open_ = any(e.outcome == "unknown" for e in directions)
        return "one-end" if holds else "one-at-most" if open_ else "down"
    if unstarted(directions):
        return "down"
    if any(e.confidence != "unknown" and e.worst in FAILED for e in directions):
        return "order"
    if any(e.lost_at is not None or (e.renewal is not None and e.renewal.outcome in FAILED) for e in directions):
        return "later"
    return None


def _failing(exchange: Exchange, effect: Effect) -> Iterator[tuple[Member, Effect]]:
    """The direction as it fails: as it does by the likely reading, in another reading, or when it is renewed."""
    ways: list[tuple[Exchange | Reading | Renewal, Effect]] = [(exchange, effect)]
    ways += [(reading, "order") for reading in exchange.readings if not reading.primary]
    ways += [(exchange.renewal, "later")] if exchange.renewal is not None else []
    for one, own in ways:
        if one.reason is not None and (one.outcome in FAILED or (one is exchange and exchange.by == "fault")):
            yield call("", exchange, one, one.reason), own
