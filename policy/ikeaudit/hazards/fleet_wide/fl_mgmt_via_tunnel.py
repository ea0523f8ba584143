"""FL-MGMT-VIA-TUNNEL: the router is managed through the tunnel that is to be changed."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Interface, StaticRoute


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router whose default route leaves by protected tunnels only."""
    for facts in context.routers:
        routes = [route for route in facts.router.static_routes if route.vrf is None and not route.prefix.length]
        through = [(route, interface) for route in routes if (interface := _tunnel(facts, route)) is not None]
        if through and len(through) == len(routes):
            names = dict.fromkeys(interface.name for _, interface in through)
            lines = [line for route, interface in through for line in (route.line, interface.line)]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(
                    str(i.tunnel.destination)
                    for _, i in through
                    if i.tunnel is not None and i.tunnel.destination is not None
                ),
                message=(
                    f"The default route of {facts.name} leaves by {listing(names)}: whoever manages it comes through "
                    "that tunnel."
                ),
                cause=names,
                evidence=facts.router.evidence(*lines),
                confidence="probable",
            )


def _tunnel(facts: RouterFacts, route: StaticRoute) -> Interface | None:
    """The protected tunnel that a route leaves by."""
    for interface in facts.router.interfaces:
        if interface.tunnel is None or interface.tunnel.protection is None or interface.vrf is not None:
            continue
        named = route.interface == interface.name
        hop = route.next_hop
        if named or (hop and any(own.prefix is not None and own.prefix.covers(hop) for own in interface.addresses)):
            return interface
    return None


HAZARD = Hazard(
    code="FL-MGMT-VIA-TUNNEL",
    title="The router is managed through the tunnel that is to be changed",
    severity="high",
    scope="fleet",
    what=(
        "Every static default route of the default VRF leaves by a protected tunnel, so that the way back to "
        "whoever manages the router goes through it. Routes learnt by a protocol are not seen."
    ),
    why="A change of that tunnel cuts off the hand that makes it.",
    symptom="The session hangs in the middle of a change.",
    fix="Arm the revert timer, change the far end first, and have another way in.",
    source="DOMAIN 8.8, 11.E",
    detect=detect,
)
