"""Fleets given by their tunnels alone, as models: enough for whatever looks at who talks to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address

from ikeaudit.fleet import Fleet
from ikeaudit.model import Interface, InterfaceAddress, Prefix, Router, StaticRoute, Tunnel, TunnelProtection

Edge = tuple[str, str]

_OUTER = int(IPv4Address("100.64.0.0"))


def mesh(
    edges: Iterable[Edge], *, lans: Mapping[str, str] | None = None, default_by: Mapping[str, str] | None = None
) -> Fleet:
    """Routers joined by a static tunnel for every pair of names; a pair that is given twice has two.

    ``lans``: ``{"A": "10.1.1.1/24"}`` gives A an inside LAN. ``default_by``: ``{"A": "B"}`` sends A's default route into its
    (first) tunnel to B.
    """
    names: dict[str, list[tuple[str, int, int]]] = {}
    for number, (one, other) in enumerate(edges):
        names.setdefault(one, []).append((other, 2 * number, 2 * number + 1))
        names.setdefault(other, []).append((one, 2 * number + 1, 2 * number))
    routers = []
    for name, tunnels in names.items():
        interfaces, routes = [], []
        for at, (far, mine, theirs) in enumerate(tunnels):
            interfaces += [_outer(at, mine), _tunnel(at, theirs)]
            if not routes and far == (default_by or {}).get(name):
                routes.append(StaticRoute(1, Prefix(4, 0, 0), interface=f"Tunnel{at}"))
        if name in (lans or {}):
            interfaces.append(_lan((lans or {})[name]))
        routers.append(Router(name, f"{name}.cfg", interfaces=tuple(interfaces), static_routes=tuple(routes)))
    return Fleet(routers)


def _outer(at: int, number: int) -> Interface:
    address = IPv4Address(_OUTER + number)
    return Interface(f"GigabitEthernet0/{at}", 1, (InterfaceAddress(1, address, Prefix.of(address, 10)),), "static")


def _tunnel(at: int, peer: int) -> Interface:
    tunnel = Tunnel(
        source_interface=f"GigabitEthernet0/{at}",
        destination=IPv4Address(_OUTER + peer),
        mode="ipsec ipv4",
        protection=TunnelProtection(1, "IP"),
    )
    return Interface(f"Tunnel{at}", 1, tunnel=tunnel)


def _lan(text: str) -> Interface:
    address, _, length = text.partition("/")
    own = IPv4Address(address)
    return Interface("Vlan1", 1, (InterfaceAddress(1, own, Prefix.of(own, int(length))),), "static")


def dual_hubs(spokes: int) -> list[Edge]:
    """The tunnels of a fleet in which every spoke has one to each of two hubs."""
    return [(f"S{n:04d}", hub) for n in range(1, spokes + 1) for hub in ("HUB1", "HUB2")]
