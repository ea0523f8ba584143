"""Access lists: what a crypto map protects, what is translated before, and what an interface lets in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ikeaudit.ios.writing import command
from ikeaudit.ios.writing import no as undone
from ikeaudit.model import AccessList, AclEntry, Prefix, Router
from ikeaudit.remediation.fixes.case import Call, Case, Side
from ikeaudit.remediation.fixes.contract import Block, Change, change
from ikeaudit.remediation.fixes.lines import header_of, masked, no


def _list(side: Side) -> AccessList | None:
    return next((acl for acl in side.router.acls if acl.name == side.end.acl), None)


def retyped(router: Router, acl: AccessList, entries: Iterable[str]) -> tuple[Block, ...]:
    """A list with other entries: typed anew as a whole, because their order counts."""
    header = header_of(router, acl.entries[0].line) if acl.entries else router.text(acl.line)
    if header is None:
        row = "global/access-list"
        return ((undone(row, acl.name),), *((command(row, acl.name, entry),) for entry in entries))
    old = [no(router.text(entry.line)) for entry in acl.entries]
    return ((header.strip(), *old, *entries),)


def _operand(prefix: Prefix) -> str:
    if prefix.is_host:
        return f"host {prefix.address}"
    if not prefix.length:
        return "any"
    address, mask = masked(prefix).split()
    return f"{address} {'.'.join(str(255 - int(part)) for part in mask.split('.'))}"


def _entry(action: str, protocol: str, source: Prefix, destination: Prefix) -> str:
    return f"{action} {protocol} {_operand(source)} {_operand(destination)}"


def _mirrored(entries: Iterable[AclEntry]) -> list[str]:
    return [
        _entry(e.action, e.protocol, e.destination, e.source)
        for e in entries
        if e.source is not None and e.destination is not None and not e.source_ports and not e.destination_ports
    ]


def mirror(call: Call) -> Iterator[Change]:
    """The list of one end is the mirror image of the other's."""
    if len(call.sides) < 2:
        return
    for side, other in (call.sides, call.sides[::-1]):
        own, theirs = _list(side), _list(other)
        if own is None or theirs is None or own.ipv6 or theirs.ipv6:
            continue
        entries = _mirrored(theirs.entries)
        title = f"Let access list {own.name} of {side.router.name} be the mirror image of {theirs.name} of {other.router.name}"
        if entries:
            yield change(title, *((side.router, block) for block in retyped(side.router, own, entries)))


def turned(case: Case) -> Iterator[Change]:
    """The lists that the finding names, with source and destination exchanged, or netmasks written as wildcards."""
    lines = {(router.name, line) for router, line in case.lines}
    for router in case.routers:
        for acl in router.acls:
            named = [e for e in acl.entries if (router.name, e.line) in lines]
            if not named or acl.ipv6 or acl.name not in {end.acl for end in case.fleet.rules(router.name).endpoints}:
                continue
            swapped, masked = [], []
            for entry in acl.entries:
                text = _plain(router, acl, entry)
                swapped.append((_mirrored([entry]) or [text])[0] if entry in named else text)
                masked.append(_wildcards(text) if entry in named else text)
            for title, entries in (("Exchange source and destination", swapped), ("Write wildcards", masked)):
                blocks = retyped(router, acl, entries)
                yield change(
                    f"{title} in access list {acl.name} of {router.name}", *((router, block) for block in blocks)
                )


def _plain(router: Router, acl: AccessList, entry: AclEntry) -> str:
    text = router.text(entry.line)
    return text if header_of(router, entry.line) is not None else text.split(f" {acl.name} ", 1)[1]


def _wildcards(text: str) -> str:
    """Netmasks of a line as wildcards."""
    words = []
    for word in text.split():
        parts = word.split(".")
        mask = len(parts) == 4 and parts[0] == "255" and all(part.isdigit() for part in parts)
        words.append(".".join(str(255 - int(part)) for part in parts) if mask else word)
    return " ".join(words)


def exempt(case: Case) -> Iterator[Change]:
    """What is to be protected is denied in the lists of translations."""
    for router in case.routers:
        inner = [e for m in router.crypto_maps for one in m.entries if one.acl for acl in router.acls
                 if acl.name == one.acl.name for e in acl.entries]  # fmt: skip
        wanted = [(e.source, e.destination) for e in inner if e.action == "permit" and e.source and e.destination]
        maps = {m.name: m for m in router.route_maps}
        for rule in router.nat_rules:
            names = {rule.acl, *(a for m in [maps.get(rule.route_map or "")] if m for e in m.entries for a in e.acls)}
            for acl in router.acls:
                if acl.name not in names or acl.ipv6:
                    continue
                routed = [
                    (entry.source, route.prefix)
                    for route in router.static_routes
                    for entry in acl.entries
                    if route.interface is not None and route.interface.startswith("Tunnel") and entry.source is not None
                ]
                for pairs in (wanted, routed):
                    denied = [_entry("deny", "ip", s, d) for s, d in dict.fromkeys(pairs)]
                    if denied:
                        title = f"Leave what tunnels carry out of the translation by {acl.name} on {router.name}"
                        entries = (*denied, *(_plain(router, acl, e) for e in acl.entries))
                        yield change(title, *((router, block) for block in retyped(router, acl, entries)))


def let_in(call: Call) -> Iterator[Change]:
    """The lists for what comes in permit IKE and ESP of the peer."""
    if "PW-FILTERED" not in call.codes:
        return
    for side in call.sides:
        address = side.end.local.address
        if side.peer is None or address is None or side.peer.version == 6:
            continue
        permits = [
            command("acl-extended/permit", f"{protocol} host {side.peer} host {address}{port}")
            for protocol, port in (("udp", " eq isakmp"), ("udp", " eq non500-isakmp"), ("esp", ""))
        ]
        filters = dict.fromkeys(i.traffic_filter.name for i in side.router.interfaces if i.traffic_filter is not None)
        for acl in side.router.acls:
            if acl.name in filters and acl.entries:
                title = f"Let {side.router.name} take IKE and ESP of {side.peer} in"
                header = header_of(side.router, acl.entries[0].line)
                for wanted in (permits[:1], permits[1:2], permits[2:], permits):
                    numbered = [(command("global/access-list", acl.name, line),) for line in wanted]
                    blocks = numbered if header is None else [(header.strip(), *wanted)]
                    yield change(title, *((side.router, block) for block in blocks))
                entries = (*permits, *(_plain(side.router, acl, e) for e in acl.entries))
                yield change(title, *((side.router, block) for block in retyped(side.router, acl, entries)))


def inside_only(case: Case) -> Iterator[Change]:
    """A tunnel is no outside of a translation."""
    for router in case.routers:
        for interface in router.interfaces:
            if interface.tunnel is not None and interface.nat is not None:
                title = f"Take the translation off {interface.name} of {router.name}"
                yield change(title, (router, (router.text(interface.line), undone("interface/ip-nat", interface.nat))))


BY_CALL = (mirror, let_in)
BY_FINDING = (turned, exempt, inside_only)
