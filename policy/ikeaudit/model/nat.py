"""Address translation on the router itself, as far as it decides which traffic a crypto map sees (NAT-BEFORE-MAP)."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model.address import Prefix


class NatRule(msgspec.Struct, frozen=True, gc=False):
    """One ``ip nat ... source`` line: what it translates is told by a list, a route-map, or the ``local`` address.

    ``way`` is ``inside`` or ``outside`` as written, ``any`` for ``ip nat source`` (NVI). ``ports`` marks a static line for one
    port only; ``in_vrf`` is ``match-in-vrf``. A static line may have a ``route_map`` beside its address.
    """

    line: int
    way: Literal["inside", "outside", "any"]
    acl: str | None = None
    route_map: str | None = None
    local: Prefix | None = None
    ports: bool = False
    vrf: str | None = None
    in_vrf: bool = False


class RouteMapEntry(msgspec.Struct, frozen=True, gc=False):
    """One sequence of a route-map: the lists and the outgoing interfaces that it matches; ``others`` are lines of conditions
    that are not modelled."""

    line: int
    sequence: int
    action: Literal["permit", "deny"] = "permit"
    acls: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    others: tuple[int, ...] = ()


class RouteMap(msgspec.Struct, frozen=True, gc=False):
    """A route-map with its sequences in the order of their numbers."""

    name: str
    entries: tuple[RouteMapEntry, ...] = ()
