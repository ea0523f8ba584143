"""Which part of some traffic the router's own address translation takes (NAT-BEFORE-MAP)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from ikeaudit.model import AclEntry, Interface, NatRule, Prefix, Router
from ikeaudit.selection.proxies import Proxy, protocol_of

Part: TypeAlias = tuple[Prefix, Prefix]
"""Source and destination of some traffic."""
Taken: TypeAlias = Literal["all", "some", "open"]
"""How much of a part is translated: of ``some`` the ports or protocols decide; ``open``: nobody can tell."""
Piece: TypeAlias = tuple[Part, Taken | None]

_ANY = Prefix(4, 0, 0)


def is_netmask(prefix: Prefix | None) -> bool:
    """Whether a netmask was typed for the wildcard of ``prefix``: ones on the left, but not all of them (ACL-NETMASK)."""
    return (
        prefix is not None and prefix.version == 4 and 0 < prefix.mask < (1 << 31) and not prefix.mask & prefix.mask + 1
    )


def common(one: Part, other: Part) -> Part | None:
    """What two parts have in common, all masks being contiguous; None where that is nothing."""
    if not (one[0].overlaps(other[0]) and one[1].overlaps(other[1])):
        return None
    return max(one[0], other[0], key=_length), max(one[1], other[1], key=_length)


def minus(whole: Part, gone: Part) -> list[Part]:
    """``whole`` without ``gone``, in as few parts as that takes."""
    shared = common(whole, gone)
    if shared is None:
        return [whole]
    left = [(source, whole[1]) for source in _apart(whole[0], shared[0])]
    return [*left, *((shared[0], destination) for destination in _apart(whole[1], shared[1]))]


def _length(prefix: Prefix) -> int:
    return prefix.length


def _apart(whole: Prefix, part: Prefix) -> Iterator[Prefix]:
    """``whole`` without ``part``, which lies in it: for each bit between their masks the other half."""
    for length in range(whole.length + 1, part.length + 1):
        half = Prefix.of(part.address, length)
        yield Prefix(half.version, (half.value ^ (1 << (half.bits - length))) & half.mask, half.mask)


class Translation:
    """The translation of what leaves a router by the interface ``outside``, coming from the VRF ``vrf``."""

    def __init__(self, router: Router, outside: Interface, vrf: str | None) -> None:
        ways = {"enable": ("any", "outside"), "outside": ("inside", "outside")}.get(outside.nat or "", ())
        self._rules = [r for r in router.nat_rules if r.way in ways and r.vrf in (None, vrf) and not r.ports]
        self._lists = {acl.name: acl for acl in router.acls}
        self._route_maps = {route_map.name: route_map for route_map in router.route_maps}
        self._outside = outside.name
        self._vrf = vrf

    def pieces(self, part: Part, proxy: Proxy) -> Iterator[tuple[Part, Taken | None, tuple[int, ...]]]:
        """``part`` of the traffic of ``proxy`` by what becomes of it, with the lines that decide; None: nothing."""
        left = [part]
        for rule in self._rules:
            modelled = rule.way == "inside" and rule.vrf is self._vrf is None and not rule.in_vrf
            here, left = left, []
            for one in here:
                for piece, taken in self._by_rule(rule, one, proxy):
                    if taken is None:
                        left.append(piece)
                    else:
                        yield piece, taken if modelled else "open", self._lines(rule, piece)
        yield from ((one, None, ()) for one in left)

    def _lines(self, rule: NatRule, part: Part) -> tuple[int, ...]:
        """The line of a rule, and those of its lists that name the part."""
        route_map = self._route_maps.get(rule.route_map or "")
        names = [rule.acl, *(name for entry in (route_map.entries if route_map else ()) for name in entry.acls)]
        lists = [self._lists[name] for name in names if name in self._lists]
        naming = (next((e.line for e in acl.entries if e.action == "permit" and _names(e, part)), 0) for acl in lists)
        return (rule.line, *(line for line in naming if line))

    def _by_rule(self, rule: NatRule, part: Part, proxy: Proxy) -> Iterator[Piece]:
        if rule.local is not None:
            own = (_ANY, rule.local) if rule.way == "outside" else (rule.local, _ANY)
            shared = common(part, own)
            yield from ((rest, None) for rest in minus(part, own))
            if shared is not None and rule.route_map is not None:
                yield from self._by_route_map(rule.route_map, shared, proxy)
            elif shared is not None:
                yield shared, "all"
        elif rule.way == "outside":
            yield part, None  # entries of a list come into being by what comes from outside
        elif rule.acl is not None:
            yield from self._by_list(rule.acl, part, proxy)
        else:
            yield from self._by_route_map(rule.route_map or "", part, proxy)

    def _by_list(self, name: str, part: Part, proxy: Proxy) -> Iterator[Piece]:
        acl = self._lists.get(name)
        if acl is None or acl.unread:
            return iter([(part, "open")])
        return decided(acl.entries, part, proxy)

    def _by_route_map(self, name: str, part: Part, proxy: Proxy) -> Iterator[Piece]:
        """Sequence by sequence: what an access list denies goes on to the next one."""
        route_map = self._route_maps.get(name)
        if route_map is None:
            yield part, "open"
            return
        left = [part]
        for entry in route_map.entries:
            if entry.interfaces and self._outside not in entry.interfaces:
                continue
            matched: list[Piece] = [] if entry.acls else [(one, "all") for one in left]
            for acl in entry.acls:
                told = [piece for one in left for piece in self._by_list(acl, one, proxy)]
                left = [one for one, taken in told if taken is None]
                matched += [piece for piece in told if piece[1] is not None]
            if not entry.acls:
                left = []
            for one, taken in matched:
                if entry.others:
                    yield one, "open"
                elif entry.action == "permit":
                    yield one, taken
                else:
                    yield one, None if taken == "all" else "open"
        yield from ((one, None) for one in left)


def _names(entry: AclEntry, part: Part) -> bool:
    source, destination = entry.source, entry.destination
    return source is not None and destination is not None and source.overlaps(part[0]) and destination.overlaps(part[1])


def decided(entries: Sequence[AclEntry], part: Part, proxy: Proxy) -> Iterator[Piece]:
    """What the lines of an access list permit of ``part``, the first that fits deciding; None for the rest."""
    left = [part]
    for at, entry in enumerate(entries):
        how = _concerns(entry, proxy)
        if how is None or is_netmask(entry.source) or is_netmask(entry.destination):
            continue
        named = (entry.source or _ANY, entry.destination or _ANY)
        clear = entry.source is not None and entry.destination is not None and all(p.contiguous for p in named)
        here, left = left, []
        for one in here:
            shared = (
                common(one, named)
                if clear
                else one
                if one[0].overlaps(named[0]) and one[1].overlaps(named[1])
                else None
            )
            if shared is None:
                left.append(one)
                continue
            left += minus(one, shared)
            if not clear:
                yield shared, "open"
            elif how:
                yield shared, "all" if entry.action == "permit" else None
            elif entry.action == "permit":
                yield shared, "some"
            else:
                later = decided(entries[at + 1 :], shared, proxy)
                yield from ((piece, "some" if taken == "all" else taken) for piece, taken in later)
        if not left:
            return
    yield from ((one, None) for one in left)


def _concerns(entry: AclEntry, proxy: Proxy) -> bool | None:
    """Whether the protocol and ports of a line are those of the traffic, or (False) some of them; None: none of them."""
    protocol, ports = protocol_of(entry), (entry.source_ports, entry.destination_ports)
    if protocol not in ("ip", proxy.protocol):
        return False if proxy.protocol == "ip" else None
    own = (proxy.source_ports, proxy.destination_ports)
    if any(_single(one) and _single(other) and one != other for one, other in zip(ports, own, strict=True)):
        return None
    return all(named in ("", port) for named, port in zip(ports, own, strict=True))


def _single(ports: str) -> bool:
    return ports.startswith("eq ") and ports.count(" ") == 1
