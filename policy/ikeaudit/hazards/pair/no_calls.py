"""Calls that nobody makes, or that nobody has to answer."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.exchange.result import FAILED, Exchange
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.hazards.shared.pair_findings import call, reason_words

_WORDS = {
    "interface-down": "its interface is shut down",
    "null-route": "a static route throws away what is sent to the peer",
    "incomplete-configuration": "its entry has no 'match address', or no 'set peer'",
}
_MENDS = {
    "interface-down": "Switch the interface on; if the tunnel is not wanted, both ends can go.",
    "null-route": "Take the route away; if the tunnel is not wanted, both ends can go.",
    "incomplete-configuration": "Complete the entry: 'match address' and 'set peer'.",
}


@catalogued(
    code="PW-NOSTART",
    title="One end of a tunnel never calls",
    category="connectivity",
    breaks=("incomplete-configuration", "peer-address-mismatch"),
    severity="medium",
    scope="pair",
    what=(
        "A tunnel is configured, and nothing of it reaches IKE at this end: its interface is shut down, a static route "
        "throws away what is sent to the peer, or its crypto map entry has no 'match address'."
    ),
    why="The tunnel depends on the other end's call, if that can be answered at all.",
    symptom="No line of IKE at all.",
    fix="Switch the interface on, or take the route away; if the tunnel is not wanted, both ends can go.",
    source="CALL-POSSIBLE, ROUTE-NULL0",
    absent_from=(),
)
def pw_nostart(context: AuditContext) -> Iterator[Finding]:
    """One finding for each end of a tunnel."""
    incomplete = {(end.router, end.interface) for facts in context.routers for end in facts.ends if end.incomplete}
    for exchange in context.exchanges:
        why = _WORDS.get(str(exchange.reason)) if exchange.by == "fault" else None
        wanting = (exchange.initiator, exchange.initiator_interface) in incomplete
        if why is None or (exchange.reason == "incomplete-configuration" and not wanting):
            continue  # what has a hazard of its own is told by that: CM-NAT, CM-ACL-ORDER, CM-NOT-APPLIED, PW-ROUTE
        told = pw_nostart.finding(
            hosts=[name for name in (exchange.initiator, exchange.responder) if name is not None],
            peers=[exchange.peer],
            message=f"{exchange.initiator} {exchange.initiator_interface} never calls {exchange.peer}: {why}.",
            cause=[exchange.initiator, exchange.initiator_interface, exchange.peer, str(exchange.reason)],
            fix=_MENDS[str(exchange.reason)],
            evidence=exchange.evidence,
            confidence=exchange.confidence,
        )
        yield msgspec.structs.replace(told, parts=(call(told.code, exchange, exchange, str(exchange.reason)),))


@catalogued(
    code="PW-SHORTCUT",
    title="Spokes fail to call each other",
    category="connectivity",
    severity="medium",
    scope="pair",
    what="A hub lets the spokes of its DMVPN call each other, and such a call fails, from one end or from both.",
    why="The spokes try again and again; their traffic stays on the hub.",
    symptom="'show dmvpn' shows the other spoke in state IKE, or not at all.",
    fix="Give the spokes keys for each other, or certificates; or leave out 'ip nhrp redirect' and 'ip nhrp shortcut'.",
    source="DMVPN-SPOKES",
    absent_from=(),
)
def pw_shortcut(context: AuditContext) -> Iterator[Finding]:
    """One finding for each reason."""
    by_reason: dict[str, list[Exchange]] = {}
    for exchange in context.fleet.spoke_exchanges:
        if exchange.outcome in FAILED or exchange.lost_at is not None:
            by_reason.setdefault(exchange.lost_at or str(exchange.reason), []).append(exchange)
    for reason, failing in by_reason.items():
        pairs = dict.fromkeys(frozenset((e.initiator, e.responder or e.peer)) for e in failing)
        names = listing([" - ".join(sorted(pair)) for pair in pairs], 3)
        yield pw_shortcut.finding(
            hosts=sorted({name for pair in pairs for name in pair}),
            peers=dict.fromkeys(e.peer for e in failing),
            message=f"{counted(len(pairs), 'pair')} of spokes ({names}) {_fails(failing, len(pairs))}: {_why(reason)}.",
            cause=[reason],
            parts=[(e.initiator, e.initiator_interface, e.peer) for e in failing],
            evidence=[line for e in failing for line in e.evidence],
            confidence=weakest(*(e.confidence for e in failing)),
        )


def _fails(failing: list[Exchange], pairs: int) -> str:
    ways = {(e.initiator, e.responder or e.peer) for e in failing}
    if len(ways) == 2 * pairs:
        return "cannot call each other"
    calls = [f"{one} calls {other}" for one, other in sorted(ways)]
    return f"cannot when {listing(calls, 3)}"


def _why(reason: str) -> str:
    return "their PFS groups differ, which shows at the first rekey" if reason == "rekey" else reason_words(reason)
