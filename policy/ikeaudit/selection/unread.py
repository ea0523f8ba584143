"""Ends that lines which were not understood may make: a tunnel's protection, a map on its interface, an entry's peer."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.model import Interface, IPAddress, NamedLine, Router, UnknownLine
from ikeaudit.selection.endpoint import Endpoint
from ikeaudit.selection.local import Addresses, LocalEnd


def unread_of_calls(router: Router) -> tuple[UnknownLine, ...]:
    """The lines not understood that calls may depend on: none of sections but those of GET VPN groups and Easy VPN clients."""
    named = {thing.name for things in (router.gdoi_groups, router.ezvpn_clients) for thing in things}
    return tuple(line for line in router.unknown if line.kind != "other" or line.name in named)


def unread_ends(router: Router, addresses: Addresses) -> Iterator[Endpoint]:
    """The ends of ``router`` beside :func:`~ikeaudit.selection.endpoint.endpoints` of which not everything could be read."""
    unread: dict[tuple[str, str], int] = {}
    for line in reversed(router.unknown):
        unread[line.kind, line.name] = line.line
    applied = {reference.name for interface in router.interfaces for reference in interface.crypto_maps}
    for interface in router.interfaces:
        at = unread.get(("interface", interface.name))
        if at is not None and interface.name.startswith("Tunnel"):
            if interface.tunnel is None or interface.tunnel.protection is None:
                yield unprotected_end(router.name, interface, addresses, unread=at)
        elif at is not None:
            for crypto_map in router.crypto_maps if not interface.crypto_maps else ():
                if crypto_map.name not in applied:
                    yield from _map_ends(router, interface, NamedLine(at, crypto_map.name), at, addresses, unread)
        for reference in interface.crypto_maps:
            yield from _map_ends(router, interface, reference, None, addresses, unread)


def unprotected_end(router: str, interface: Interface, addresses: Addresses, *, unread: int | None = None) -> Endpoint:
    """The end that a tunnel without protection would be, had it one; ``unread`` is the line that may hold that."""
    tunnel = interface.tunnel
    source = tunnel.source_interface if tunnel else None
    address = addresses.primary(source) if source is not None else tunnel.source_address if tunnel else None
    return Endpoint(
        router=router,
        interface=interface.name,
        kind="tunnel",
        local=LocalEnd(address, source, tunnel.vrf if tunnel else None),
        peer=tunnel.destination if tunnel else None,
        peer_name=tunnel.destination_name if tunnel else None,
        tunnel_mode=tunnel.mode if tunnel else None,
        shutdown=interface.shutdown,
        undescribed=_words(router, unread) if unread else None,
        lines=(interface.line, *([unread] if unread else [])),
    )


def _map_ends(
    router: Router,
    interface: Interface,
    reference: NamedLine,
    at: int | None,
    addresses: Addresses,
    unread: dict[tuple[str, str], int],
) -> Iterator[Endpoint]:
    """The ends of a map that may be on an interface by line ``at``; of one that is (None), the entries without a peer."""
    for crypto_map in router.crypto_maps:
        for entry in crypto_map.entries if crypto_map.name == reference.name else ():
            line = at or unread.get(("crypto-map", f"{crypto_map.name} {entry.sequence}"))
            if line is None or entry.kind != "ipsec-isakmp" or (at is None and entry.peers):
                continue
            peers: list[tuple[IPAddress | None, str | None]] = [(p.address, p.hostname) for p in entry.peers]
            for peer, name in peers or [(None, None)]:
                yield Endpoint(
                    router=router.name,
                    interface=f"{interface.name} {crypto_map.name} {entry.sequence}",
                    kind="crypto-map",
                    local=LocalEnd(addresses.primary(interface.name), interface.name, interface.vrf),
                    peer=peer,
                    peer_name=name,
                    acl=entry.acl.name if entry.acl else None,
                    crypto_map=crypto_map.name,
                    shutdown=interface.shutdown,
                    undescribed=_words(router.name, line),
                    lines=tuple(dict.fromkeys((reference.line, entry.line, line))),
                )


def _words(router: str, line: int) -> str:
    return f"line {line} of {router} could not be read, and this end depends on it"
