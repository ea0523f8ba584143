"""FL-MGMT-VIA-TUNNEL: the router is managed through the tunnel that is to be changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.management import leaving_by, stations, way_to
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Interface


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router whose default routes, or whose ways to its managers, leave by protected tunnels."""
    for facts in context.routers:
        yield from _by_default_route(facts)
        yield from _by_station(facts)


def _by_default_route(facts: RouterFacts) -> Iterator[Finding]:
    routes = [route for route in facts.router.static_routes if route.vrf is None and not route.prefix.length]
    through = [(route, interface) for route in routes if (interface := leaving_by(facts, route)) is not None]
    if through and len(through) == len(routes):
        names = dict.fromkeys(interface.name for _, interface in through)
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=_destinations(interface for _, interface in through),
            message=(
                f"The default route leaves by {listing(names)}: whoever manages the router comes through that tunnel."
            ),
            cause=names,
            evidence=facts.router.evidence(*(n for route, interface in through for n in (route.line, interface.line))),
            confidence="probable",
        )


def _by_station(facts: RouterFacts) -> Iterator[Finding]:
    """Stations whose most specific static route or network leads into a tunnel."""
    through = [
        (station, way)
        for station in stations(facts)
        if (way := way_to(facts, station.address, station.vrf)) is not None
    ]
    if not through:
        return
    names = dict.fromkeys(way.interface.name for _, way in through)
    seen = dict.fromkeys(f"{station.address} ({station.what})" for station, _ in through)
    yield HAZARD.finding(
        hosts=[facts.name],
        peers=_destinations(way.interface for _, way in through),
        message=(
            f"{listing(seen)} {verb(seen, 'is', 'are')} reached by {listing(names)}: the router is managed through that "
            "tunnel."
        ),
        cause=["stations", *names, *seen],
        evidence=facts.router.evidence(*(n for s, way in through for n in (s.line, way.line, way.interface.line))),
        confidence="probable",
    )


def _destinations(interfaces: Iterable[Interface]) -> list[str]:
    ends = (i.tunnel.destination for i in interfaces if i.tunnel is not None)
    return list(dict.fromkeys(str(end) for end in ends if end is not None))


HAZARD = Hazard(
    code="FL-MGMT-VIA-TUNNEL",
    title="The router is managed through the tunnel that is to be changed",
    severity="high",
    scope="fleet",
    what=(
        "Every static default route of the default VRF leaves by a protected tunnel, so that the way back to "
        "whoever manages the router goes through it; or static routes or connected networks lead through such a tunnel "
        "to the hosts that the router logs to, sends traps to, asks for AAA, or admits to its lines. Routes learnt by a "
        "protocol are not seen."
    ),
    why="A change of that tunnel cuts off the hand that makes it.",
    symptom="The session hangs in the middle of a change.",
    fix="Arm the revert timer, change the far end first, and have another way in.",
    source="CHANGE-FAR-FIRST",
    detect=detect,
)
