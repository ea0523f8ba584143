"""What waves need to know of a single configuration: the LANs behind its tunnels, and whether it is managed through one."""

from __future__ import annotations

from collections.abc import Iterable

from ikeaudit.model import Interface, IPAddress, Router, StaticRoute
from ikeaudit.selection import RouterRules

SITE_ROUTERS = 4
"""Routers on one LAN that are taken for one site; a LAN with more of them carries management or transit."""


def sites(rules: Iterable[RouterRules]) -> tuple[frozenset[str], ...]:
    """Pairs and small groups of routers with a LAN behind their tunnels in common, whose tunnels so back each other up.

    The LAN must be in the VRF that the tunnels of each lead to, and no tunnel may start on it. Equal prefixes with equal
    addresses are a plan that was used twice, not one LAN.
    """
    found: dict[tuple[str | None, object], dict[str, IPAddress]] = {}
    for own in rules:
        for vrf, network, address in _lans(own):
            found.setdefault((vrf, network), {})[own.router.name] = address
    return tuple(
        frozenset(members)
        for members in found.values()
        if 2 <= len(members) <= SITE_ROUTERS and len(set(members.values())) == len(members)
    )


def _lans(rules: RouterRules) -> Iterable[tuple[str | None, object, IPAddress]]:
    """The VRF, network and own address of every LAN that the router's tunnels lead to."""
    ends = rules.endpoints
    if not ends:
        return
    router = rules.router
    outer = {end.local.interface for end in ends}
    tunnels = {interface.name: interface for interface in router.interfaces if interface.tunnel is not None}
    inside = {tunnels[end.interface].vrf for end in ends if end.interface in tunnels}
    if any(end.kind == "crypto-map" for end in ends):
        inside |= {None, *(profile.vrf for profile in router.isakmp_profiles)}
    for interface in router.interfaces:
        if interface.tunnel is not None or interface.name in outer or interface.shutdown:
            continue
        if interface.vrf not in inside or interface.name.startswith(("Loopback", "Virtual-Template")):
            continue
        for own in interface.addresses:
            if own.prefix is not None and own.prefix.contiguous and not own.prefix.is_host and own.role == "primary":
                yield interface.vrf, own.prefix.network, own.address


def managed_through(router: Router) -> dict[str, StaticRoute]:
    """The protected tunnels that all default routes of the default VRF leave by, each with a route (FL-MGMT-VIA-TUNNEL).

    Empty when one of them leaves otherwise, or when there is none: routes learnt by a protocol are not seen.
    """
    found: dict[str, StaticRoute] = {}
    for route in router.static_routes:
        if route.vrf is not None or route.prefix.length:
            continue
        interface = next((i for i in router.interfaces if _leaves_by(route, i)), None)
        if interface is None:
            return {}
        found.setdefault(interface.name, route)
    return found


def _leaves_by(route: StaticRoute, interface: Interface) -> bool:
    """Whether ``route`` leaves by ``interface``, a protected tunnel."""
    if interface.tunnel is None or interface.tunnel.protection is None or interface.vrf is not None:
        return False
    hop = route.next_hop
    return route.interface == interface.name or (
        hop is not None and any(own.prefix is not None and own.prefix.covers(hop) for own in interface.addresses)
    )
