"""PW-NOSTART: an end that should call never does."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard

_WORDS = {
    "interface-down": "its interface is shut down",
    "null-route": "a static route throws away what is sent to the peer",
    "map-not-applied": "its crypto map stands on no interface",
    "traffic-translated": "NAT takes the traffic before the crypto map sees it",
    "traffic-not-matched": "no traffic fits its crypto access list",
    "incomplete-configuration": "its configuration is incomplete",
}


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each end of a tunnel."""
    for exchange in context.exchanges:
        if exchange.by != "fault":
            continue
        why = _WORDS[str(exchange.reason)]
        yield HAZARD.finding(
            hosts=[name for name in (exchange.initiator, exchange.responder) if name is not None],
            peers=[exchange.peer],
            message=f"{exchange.initiator} {exchange.initiator_interface} never calls {exchange.peer}: {why}.",
            cause=[exchange.initiator, exchange.initiator_interface, str(exchange.reason)],
            evidence=exchange.evidence,
            confidence=exchange.confidence,
        )


HAZARD = Hazard(
    code="PW-NOSTART",
    title="One end of a tunnel never calls",
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
    detect=detect,
)
