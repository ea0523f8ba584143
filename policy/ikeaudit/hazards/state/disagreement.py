"""Where the routers do something else than the model says."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import Observed
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.witness import shown_lines

_SEND = (
    "Send the maintainers the configurations and the state of both ends: 'ikeaudit export-case' writes them as a case, "
    "with names, addresses and keys replaced."
)


@catalogued(
    code="MODEL-DISAGREES",
    title="The routers do something else than the model says",
    category="drift",
    severity="medium",
    scope="pair",
    what=(
        "An association that is younger than the last change of both ends was started by the end whose call is predicted to "
        "fail, or uses another profile, policy or proposal than predicted. Info, where another reading of the rules says just "
        "that, and the prediction was given as less than certain for it."
    ),
    why="One of the two is wrong, and the association is there: the prediction for this tunnel is not to be relied on.",
    symptom="'show crypto session detail' shows the tunnel up.",
    fix=_SEND,
    source="SA-EVIDENCE",
    absent_from=(),
)
def model_disagrees(context: AuditContext) -> Iterator[Finding]:
    """One finding for each direction."""
    witness = context.witness
    for exchange in witness.exchanges if witness.present else ():
        seen = witness.observed(exchange)
        if seen is None or seen.standing not in ("contradicted", "other-reading"):
            continue
        hosts = tuple(name for name in (exchange.initiator, exchange.responder) if name is not None)
        shown = [
            line
            for sa in witness.associations(exchange)
            if sa.up and sa.router in seen.at
            for line in shown_lines(context.fleet.rules(sa.router), sa.shown)
        ]
        yield model_disagrees.finding(
            hosts=hosts,
            peers=[exchange.peer],
            message=_message(exchange, seen),
            cause=[exchange.initiator, exchange.initiator_interface, exchange.peer],
            severity="info" if seen.standing == "other-reading" else None,
            parts=[(exchange.initiator, exchange.initiator_interface, exchange.peer)],
            evidence=[*shown, *(line for line in exchange.evidence if line.host in hosts)],
        )


def _message(exchange: Exchange, seen: Observed) -> str:
    whom = exchange.responder or exchange.peer
    what = f"{exchange.initiator} called {whom} ({exchange.initiator_interface})"
    why = "; ".join(seen.differs)
    if seen.standing == "other-reading":
        return f"{what}: {why}, as another reading of the rules has it."
    return f"{what}: {why}."
