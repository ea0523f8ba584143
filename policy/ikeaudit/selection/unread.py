"""Ends that lines which were not understood may make: a tunnel's protection, an entry's peer."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.model import Interface, NamedLine, Router, UnknownLine
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
    for interface in router.interfaces:
        at = unread.get(("interface", interface.name))
        bare = interface.tunnel is None or interface.tunnel.protection is None
        if at is not None and bare and interface.name.startswith("Tunnel"):
            yield unprotected_end(router.name, interface, addresses, unread=at)
        for reference in interface.crypto_maps:
            yield from _map_ends(router, interface, reference, addresses, unread)


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
    addresses: Addresses,
    unread: dict[tuple[str, str], int],
) -> Iterator[Endpoint]:
    """The entries without a peer of a map on an interface; one of their lines may name it."""
    for crypto_map in router.crypto_maps:
        for entry in crypto_map.entries if crypto_map.name == reference.name else ():
            line = unread.get(("crypto-map", f"{crypto_map.name} {entry.sequence}"))
            if line is not None and entry.kind == "ipsec-isakmp" and not entry.peers:
                yield Endpoint(
                    router=router.name,
                    interface=f"{interface.name} {crypto_map.name} {entry.sequence}",
                    kind="crypto-map",
                    local=LocalEnd(addresses.primary(interface.name), interface.name, interface.vrf),
                    acl=entry.acl.name if entry.acl else None,
                    crypto_map=crypto_map.name,
                    shutdown=interface.shutdown,
                    undescribed=_words(router.name, line),
                    lines=tuple(dict.fromkeys((reference.line, entry.line, line))),
                )


def _words(router: str, line: int) -> str:
    return f"line {line} of {router} could not be read, and this end depends on it"
