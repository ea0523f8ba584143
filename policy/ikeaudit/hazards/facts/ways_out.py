"""Which protected tunnels a router's own packets leave by, as far as static routes and connected networks tell."""

from __future__ import annotations

import msgspec

from ikeaudit.hazards.facts.router_view import RouterView
from ikeaudit.model import Interface, IPAddress, Prefix, StaticRoute
from ikeaudit.selection.prefixes import PrefixIndex


class Way(msgspec.Struct, frozen=True):
    """A protected tunnel that packets leave by, and the line of the route (0 where the tunnel's own network is meant)."""

    interface: Interface
    line: int


class WaysOut:
    """The connected networks and static routes of a router, with the protected tunnels that they leave by."""

    def __init__(self, facts: RouterView) -> None:
        self._ways: list[Way | None] = []
        self._networks: dict[str | None, PrefixIndex] = {}
        for interface in facts.router.interfaces:
            way = Way(interface, 0) if _protected(interface) else None
            for own in interface.addresses:
                if own.prefix is not None:
                    self._add(interface.vrf, own.prefix, way)
        leaving = LeavingBy(facts)
        for route in facts.router.static_routes:
            if route.prefix.length:
                tunnel = leaving.of(route)
                self._add(route.vrf, route.prefix, Way(tunnel, route.line) if tunnel is not None else None)
        self._into_tunnels = any(way is not None for way in self._ways)

    def _add(self, vrf: str | None, prefix: Prefix, way: Way | None) -> None:
        self._networks.setdefault(vrf, PrefixIndex()).add(len(self._ways), prefix)
        self._ways.append(way)

    def to(self, address: IPAddress, vrf: str | None) -> Way | None:
        """The protected tunnel that the longest static route or connected network leads through; None when it is none."""
        networks = self._networks.get(vrf) if self._into_tunnels else None
        best: tuple[int, Way | None] | None = None
        for place, length in sorted(networks.covering(address)) if networks is not None else ():
            best = _longer(best, length, self._ways[place])
        return best[1] if best is not None else None


class LeavingBy:
    """The protected tunnels of a router, found by the static routes that leave by them."""

    def __init__(self, facts: RouterView) -> None:
        self._tunnels = [interface for interface in facts.router.interfaces if _protected(interface)]
        self._by_name = {tunnel.name: place for place, tunnel in enumerate(self._tunnels)}
        self._networks: dict[str | None, PrefixIndex] = {}
        for place, tunnel in enumerate(self._tunnels):
            for own in tunnel.addresses:
                if own.prefix is not None:
                    self._networks.setdefault(tunnel.vrf, PrefixIndex()).add(place, own.prefix)

    def of(self, route: StaticRoute) -> Interface | None:
        """The first protected tunnel that a route leaves by; None when it leaves by something else."""
        networks = self._networks.get(route.vrf)
        places = [place for place, _ in networks.covering(route.next_hop)] if networks and route.next_hop else []
        named = self._by_name.get(route.interface or "")
        if named is not None and self._tunnels[named].vrf == route.vrf:
            places.append(named)
        return self._tunnels[min(places)] if places else None


def _protected(interface: Interface) -> bool:
    return interface.tunnel is not None and interface.tunnel.protection is not None and not interface.shutdown


def _longer(best: tuple[int, Way | None] | None, length: int, way: Way | None) -> tuple[int, Way | None]:
    """The longer of two matches; of equal ones the way that is no tunnel."""
    if best is None or length > best[0] or (length == best[0] and way is None):
        return length, way
    return best
