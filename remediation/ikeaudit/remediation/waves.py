"""Which routers are changed together and in which order (DESIGN 3.7, DOMAIN 8.8)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ikeaudit.remediation.plan import Wave

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet


def far_end_order(fleet: Fleet, hosts: Collection[str]) -> tuple[str, ...]:
    """``hosts`` with the far ends first: the fewer tunnels a router has, the farther out it is; then by name.

    The near end, usually the hub that others are reached through, is changed when the far ends are done.
    """
    tunnels = tunnel_counts(fleet)
    return tuple(sorted(hosts, key=lambda name: (tunnels.get(name, 0), name)))


def tunnel_counts(fleet: Fleet) -> dict[str, int]:
    """The number of tunnels of every router that has any."""
    ends: dict[str, set[str]] = {}
    for exchange in fleet.exchanges:
        for name in (exchange.initiator, exchange.responder):
            if name is not None:
                ends.setdefault(name, set()).add(exchange.tunnel)
    return {name: len(found) for name, found in ends.items()}


def single_wave(fleet: Fleet, order: tuple[str, ...]) -> tuple[Wave, ...]:
    """All routers in one wave, in the given order; no wave when there are none."""
    if not order:
        return ()
    tunnels = tunnel_counts(fleet)
    reasons = {}
    for place, name in enumerate(order, 1):
        count = tunnels.get(name, 0)
        reasons[name] = f"place {place} of {len(order)}: {count} tunnel{'s' * (count != 1)}, fewest first"
    return (Wave(number=1, routers=order, reasons=reasons),)
