"""PW-SHORTCUT: spokes of one DMVPN reach each other through their hub only."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange.result import FAILED, Exchange
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import reason_words


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each reason."""
    told = set(context.exchanges)
    by_reason: dict[str, list[Exchange]] = {}
    for exchange in context.fleet.spoke_exchanges:
        if exchange.outcome in FAILED and exchange not in told:
            by_reason.setdefault(str(exchange.reason), []).append(exchange)
    for reason, failing in by_reason.items():
        pairs = dict.fromkeys(frozenset((e.initiator, e.responder or e.peer)) for e in failing)
        names = listing([" - ".join(sorted(pair)) for pair in pairs], 3)
        yield HAZARD.finding(
            hosts=sorted({name for pair in pairs for name in pair}),
            peers=dict.fromkeys(e.peer for e in failing),
            message=f"{counted(len(pairs), 'pair')} of spokes ({names}) cannot call each other: {reason_words(reason)}.",
            cause=[reason, *sorted({f"{e.initiator} {e.initiator_interface}" for e in failing})],
            evidence=[line for e in failing for line in e.evidence],
            confidence=weakest(*(e.confidence for e in failing)),
        )


HAZARD = Hazard(
    code="PW-SHORTCUT",
    title="Spokes reach each other through their hub only",
    severity="medium",
    scope="pair",
    what="Two spokes of one DMVPN fail to negotiate with each other from either end.",
    why="Where the hub redirects them they try again and again; their traffic stays on the hub.",
    symptom="'show dmvpn' shows the other spoke in state IKE, or not at all.",
    fix="Give the spokes keys for each other, or certificates; or leave out 'ip nhrp redirect' and 'ip nhrp shortcut'.",
    source="DMVPN-SPOKES",
    detect=detect,
)
