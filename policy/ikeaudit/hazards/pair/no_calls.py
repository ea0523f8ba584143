"""Calls that nobody makes, or that nobody has to answer."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange.result import FAILED, Exchange
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.hazards.shared.pair_findings import reason_words

_WORDS = {
    "interface-down": "its interface is shut down",
    "null-route": "a static route throws away what is sent to the peer",
    "map-not-applied": "its crypto map stands on no interface",
    "traffic-translated": "NAT takes the traffic before the crypto map sees it",
    "traffic-not-matched": "no traffic fits its crypto access list",
    "incomplete-configuration": "its configuration is incomplete",
}


@catalogued(
    code="PW-NOSTART",
    title="One end of a tunnel never calls",
    category="connectivity",
    severity="medium",
    scope="pair",
    what=(
        "A tunnel is configured, and nothing of it reaches IKE at this end: its interface is shut down, or a static route "
        "throws away what is sent to the peer."
    ),
    why="The tunnel depends on the other end's call, if that can be answered at all.",
    symptom="No line of IKE at all.",
    fix="Switch the interface on, or take the route away; if the tunnel is not wanted, both ends can go.",
    source="CALL-POSSIBLE, ROUTE-NULL0",
)
def pw_nostart(context: AuditContext) -> Iterator[Finding]:
    """One finding for each end of a tunnel."""
    for exchange in context.exchanges:
        if exchange.by != "fault":
            continue
        why = _WORDS[str(exchange.reason)]
        yield pw_nostart.finding(
            hosts=[name for name in (exchange.initiator, exchange.responder) if name is not None],
            peers=[exchange.peer],
            message=f"{exchange.initiator} {exchange.initiator_interface} never calls {exchange.peer}: {why}.",
            cause=[exchange.initiator, exchange.initiator_interface, exchange.peer, str(exchange.reason)],
            parts=[(exchange.initiator, exchange.initiator_interface, exchange.peer)],
            evidence=exchange.evidence,
            confidence=exchange.confidence,
        )


@catalogued(
    code="PW-SHORTCUT",
    title="Spokes reach each other through their hub only",
    category="connectivity",
    severity="medium",
    scope="pair",
    what="Two spokes of one DMVPN fail to negotiate with each other from either end.",
    why="Where the hub redirects them they try again and again; their traffic stays on the hub.",
    symptom="'show dmvpn' shows the other spoke in state IKE, or not at all.",
    fix="Give the spokes keys for each other, or certificates; or leave out 'ip nhrp redirect' and 'ip nhrp shortcut'.",
    source="DMVPN-SPOKES",
)
def pw_shortcut(context: AuditContext) -> Iterator[Finding]:
    """One finding for each reason."""
    told = set(context.exchanges)
    by_reason: dict[str, list[Exchange]] = {}
    for exchange in context.fleet.spoke_exchanges:
        if exchange.outcome in FAILED and exchange not in told:
            by_reason.setdefault(str(exchange.reason), []).append(exchange)
    for reason, failing in by_reason.items():
        pairs = dict.fromkeys(frozenset((e.initiator, e.responder or e.peer)) for e in failing)
        names = listing([" - ".join(sorted(pair)) for pair in pairs], 3)
        yield pw_shortcut.finding(
            hosts=sorted({name for pair in pairs for name in pair}),
            peers=dict.fromkeys(e.peer for e in failing),
            message=f"{counted(len(pairs), 'pair')} of spokes ({names}) cannot call each other: {reason_words(reason)}.",
            cause=[reason],
            parts=[(e.initiator, e.initiator_interface, e.peer) for e in failing],
            evidence=[line for e in failing for line in e.evidence],
            confidence=weakest(*(e.confidence for e in failing)),
        )
