"""The end state, replayed before anything is proposed: what is moved comes up by IKEv2, from every end that can start it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ikeaudit.model import Evidence, Router
from ikeaudit.remediation.changing_router import ChangingRouter
from ikeaudit.remediation.plan import Direction, Refusal
from ikeaudit.remediation.strategies.ikev2.links import Link, Unit
from ikeaudit.remediation.strategies.ikev2.places import Place
from ikeaudit.remediation.strategies.interface import Draft, command_lines

if TYPE_CHECKING:
    from ikeaudit.exchange import Exchange
    from ikeaudit.fleet import Fleet


def after(fleet: Fleet, drafts: Sequence[Draft]) -> dict[str, Router]:
    """The routers that ``drafts`` change, as they are afterwards; a line that is refused is left to the proof."""
    changing: dict[str, ChangingRouter] = {}
    for draft in drafts:
        if draft.router not in changing:
            changing[draft.router] = ChangingRouter(fleet.router(draft.router))
        for line in command_lines(draft.apply):
            changing[draft.router].send(line)
    return {name: router.model() for name, router in changing.items()}


def failures(fleet: Fleet, then: Fleet, units: Sequence[Unit]) -> dict[Place, Refusal]:
    """The units of which a direction would not be up, or not by IKEv2, by their first place, with the reason.

    ``then`` is the fleet after the change.
    """
    verdicts = {_key(exchange): exchange for exchange in then.exchanges}
    now = {_key(exchange): exchange for exchange in fleet.exchanges}
    found = {}
    for unit in units:
        for link in unit.links:
            key = (link.near.router, link.near.interface, str(link.near.peer))
            exchange = verdicts.get(key)
            before = now.get(key)
            if exchange is not None and exchange.ike_version == 2 and _good(exchange, before):
                continue
            found[unit.places[0]] = _refusal(fleet, link, exchange, before)
            break
    return found


def _key(exchange: Exchange) -> tuple[str, str, str]:
    return exchange.initiator, exchange.initiator_interface, exchange.peer


def _good(exchange: Exchange, before: Exchange | None) -> bool:
    if before is not None and before.outcome == "not-initiated":
        return exchange.holds or exchange.outcome == "not-initiated"
    return exchange.holds


def _refusal(fleet: Fleet, link: Link, exchange: Exchange | None, before: Exchange | None) -> Refusal:
    router = fleet.router(link.near.router)
    if exchange is None:
        reason = "After the move the tunnel would not be found any more."
    else:
        why = f" ({exchange.reason})" if exchange.reason else ""
        now = "still come up by IKEv1" if exchange.holds else f"be {exchange.outcome}{why}, not up by IKEv2"
        if exchange.lost_at is not None:
            now = f"come up and be lost again at the first {exchange.lost_at}"
        reason = f"After the move {Direction.of(exchange)} would {now}."
    evidence = _as_it_stands(fleet, exchange) or (before.evidence if before is not None else ())
    evidence = evidence or router.evidence(*link.near.lines)
    return Refusal(router=router.name, subject=link.near_place.label, reason=reason, evidence=evidence)


def _as_it_stands(fleet: Fleet, exchange: Exchange | None) -> tuple[Evidence, ...]:
    """The lines behind a verdict on the changed configurations that stand in today's as well."""
    found: list[Evidence] = []
    for cited in exchange.evidence if exchange is not None else ():
        router = fleet.router(cited.host)
        numbers = [n for n, text in enumerate(router.lines, router.first_line) if text.strip() == cited.text]
        found += router.evidence(*numbers[:1])
    return tuple(found)
