"""The outage that waits: what is up was made before the last change, and fails when it is renewed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import FAILED, Observed
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.hazards.shared.pair_findings import call
from ikeaudit.witness import shown_lines


@catalogued(
    code="SA-BEFORE-CHANGE",
    title="A tunnel is up, and will not survive its next renewal",
    category="connectivity",
    severity="high",
    scope="pair",
    what=(
        "An association is older than the last configuration change of one of its ends, and the call that made it is now "
        "predicted to fail. Medium, where the other end's call is predicted to bring the tunnel up again."
    ),
    why="Associations survive changes. This one will be tested at its next renewal, at the latest when its lifetime ends.",
    symptom="None until the renewal; then the tunnel goes down and stays down.",
    fix=(
        "If the tunnel is to outlive its renewal, mend what makes the call fail (its own finding names it), and clear the "
        "tunnel in a window of your choice."
    ),
    source="SA-EVIDENCE, CHANGE-LATER",
    absent_from=(),
)
def sa_before_change(context: AuditContext) -> Iterator[Finding]:
    """One finding for the routers that were changed, and each reason."""
    witness = context.witness
    holding = {(e.responder, e.initiator) for e in witness.exchanges if e.holds} if witness.present else set()
    found: dict[tuple[tuple[str, ...], str, bool], list[tuple[Exchange, Observed]]] = {}
    for exchange in witness.exchanges if witness.present else ():
        reason = _reason(exchange)
        seen = witness.observed(exchange) if reason else None
        if seen is not None and seen.standing == "before-change":
            other = (exchange.initiator, exchange.responder) in holding
            found.setdefault((seen.older_than, reason, other), []).append((exchange, seen))
    for (changed, reason, other), calls in found.items():
        exchanges = [exchange for exchange, _ in calls]
        hosts = dict.fromkeys(n for e in exchanges for n in (e.initiator, e.responder) if n is not None)
        soonest = min((seen.remaining for _, seen in calls if seen.remaining is not None), default=None)
        when = "" if soonest is None else f", the first within {soonest // 60} minutes"
        names = listing([f"{e.initiator} to {e.responder or e.peer}" for e in exchanges], 3)
        back = "; the other end's call is predicted to come up" if other else ""
        told = sa_before_change.finding(
            hosts=hosts,
            peers=dict.fromkeys(e.peer for e in exchanges),
            message=(
                f"{counted(len(calls), 'association')} ({names}) came up before the last change of {listing(changed)}, and "
                f"will be tested at the next renewal{when}: the call is predicted to fail ({reason}){back}."
            ),
            cause=[*changed, reason, *(["other end holds"] if other else [])],
            severity="medium" if other else None,
            confidence=strongest(*(e.confidence for e in exchanges)),
            evidence=[
                line
                for e in exchanges
                for sa in witness.associations(e)
                if sa.up
                for line in shown_lines(context.fleet.rules(sa.router), sa.shown)
            ]
            + [line for e in exchanges for line in e.evidence if line.host in hosts],
        )
        yield msgspec.structs.replace(told, parts=tuple(call(told.code, e, e, reason) for e in exchanges))


def _reason(exchange: Exchange) -> str:
    """Why a call is predicted to fail, in the likely reading, another one, or when it is renewed; empty where it is not."""
    if exchange.outcome in FAILED or exchange.by == "fault":
        return str(exchange.reason or exchange.outcome)
    renewal = exchange.renewal
    if renewal is not None and renewal.outcome in FAILED:
        return str(renewal.reason or renewal.outcome)
    if exchange.confidence != "unknown":
        return next((str(r.reason or r.outcome) for r in exchange.readings if r.outcome in FAILED), "")
    return ""
