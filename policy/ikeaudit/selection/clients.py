"""Ends that are no tunnels: GET VPN members and their key servers, and Easy VPN clients (CLIENT-GETVPN, CLIENT-EZVPN).

A member calls its key servers to register, by the keys that any other peer would be looked up by; a server answers. An
Easy VPN client calls its servers in aggressive mode and presents its group; what answers there is a dynamic map or a
virtual template, an end like any other. Co-operating key servers calling each other are not described, and left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ikeaudit.ios.words import slot
from ikeaudit.model import CryptoMapEntry, CryptoPeer, EzvpnClient, GdoiGroup, Interface, NamedLine, Router
from ikeaudit.selection.endpoint import Endpoint
from ikeaudit.selection.local import Addresses, LocalEnd


def client_ends(router: Router, addresses: Addresses) -> tuple[Endpoint, ...]:
    """Every end that calls a key server or an Easy VPN server, one for each server, by interface."""
    found: dict[tuple[object, ...], Endpoint] = {}
    for end in (*_members(router, addresses), *_ezvpn_clients(router, addresses)):
        # With a registration interface a member registers once, however many interfaces carry the map.
        found.setdefault((end.kind, end.group, end.crypto_map, end.local, end.peer, end.peer_name), end)
    return tuple(found.values())


def key_server_ends(router: Router) -> tuple[Endpoint, ...]:
    """The ends at which a key server answers its members; one with ``gikev2`` answers by both versions."""
    found = []
    for group in router.gdoi_groups:
        if not group.server_line:
            continue
        end = Endpoint(
            router=router.name,
            interface=f"{'GKM' if group.gkm else 'GDOI'} {group.name}",
            kind="gdoi",
            local=LocalEnd(group.address),
            group=group.identity,
            acl=group.authorization.name if group.authorization else None,
            lines=_lines(group.line, group.identity_line, group.server_line, group.address_line, group.authorization),
        )
        found.append(end)
        if group.ikev2_profile is not None:
            lines = (*end.lines, group.ikev2_profile.line)
            found.append(msgspec.structs.replace(end, ikev2_profile=group.ikev2_profile.name, lines=lines))
    return tuple(found)


def _members(router: Router, addresses: Addresses) -> Iterator[Endpoint]:
    maps = {crypto_map.name: crypto_map for crypto_map in router.crypto_maps}
    groups = {group.name: group for group in router.gdoi_groups}
    for interface in router.interfaces:
        for reference in interface.crypto_maps:
            crypto_map = maps.get(reference.name)
            if crypto_map is None:
                continue
            for entry in crypto_map.entries:
                if entry.kind != "gdoi":
                    continue
                group = groups.get(entry.reference) if entry.reference else None
                source = group.registration_interface if group is not None else None
                local = _local_end(addresses, source or crypto_map.local_address, interface)
                bound = entry.isakmp_profile or crypto_map.isakmp_profile
                yield from _member(router, interface, reference, entry, group, local, bound)


def _member(
    router: Router,
    interface: Interface,
    reference: NamedLine,
    entry: CryptoMapEntry,
    group: GdoiGroup | None,
    local: LocalEnd,
    bound: NamedLine | None,
) -> Iterator[Endpoint]:
    """A member's ends; by IKEv1 it takes the profile of its crypto map, ``bound`` (CLIENT-GETVPN, BIND-ENTRY)."""
    if group is None:
        missing: tuple[tuple[str, int], ...] = ((f"gdoi group {entry.reference}", entry.line),)
        group = GdoiGroup(entry.reference or "", 0)
    else:
        missing = () if group.identity else ((slot("gdoi/identity-number"), group.line),)
    known = {profile.name for profile in router.isakmp_profiles}
    profile = group.ikev2_profile.name if group.ikev2_profile else None
    isakmp = bound if profile is None else None
    if isakmp is not None and isakmp.name not in known:
        missing = (*missing, (f"isakmp profile {isakmp.name}", isakmp.line))
    for peer in _called(group.servers):
        yield Endpoint(
            router=router.name,
            interface=f"{interface.name} {reference.name} {entry.sequence}",
            kind="gdoi",
            local=local,
            peer=peer.address,
            peer_name=peer.hostname,
            isakmp_profile=isakmp.name if isakmp is not None else None,
            ikev2_profile=profile,
            crypto_map=reference.name,
            shutdown=interface.shutdown,
            group=group.identity,
            lines=_lines(
                reference.line,
                entry.line,
                group.line,
                group.identity_line,
                peer.line,
                group.registration_interface,
                group.ikev2_profile,
                isakmp,
            ),
            missing=missing,
        )


def _ezvpn_clients(router: Router, addresses: Addresses) -> Iterator[Endpoint]:
    clients = {client.name: client for client in router.ezvpn_clients}
    for interface in router.interfaces:
        for use in interface.ezvpn:
            if use.inside:
                continue
            client = clients.get(use.name)
            missing = () if client is not None else ((f"ezvpn client {use.name}", use.line),)
            client = client or EzvpnClient(use.name, 0)
            local = _local_end(addresses, client.local_address, interface)
            for peer in _called(client.peers):
                yield Endpoint(
                    router=router.name,
                    interface=f"{interface.name} {client.name}",
                    kind="ezvpn",
                    local=local,
                    peer=peer.address,
                    peer_name=peer.hostname,
                    shutdown=interface.shutdown,
                    group=client.group,
                    lines=_lines(use.line, client.line, client.group_line, peer.line, client.local_address),
                    missing=missing,
                )


def _called(peers: Iterable[CryptoPeer]) -> tuple[CryptoPeer, ...]:
    """The servers called; where none is named, one that nobody knows."""
    return tuple(peers) or (CryptoPeer(0, hostname="a server that is not named"),)


def _local_end(addresses: Addresses, source: NamedLine | None, interface: Interface) -> LocalEnd:
    name = source.name if source is not None else interface.name
    owner = addresses.interface(name)
    return LocalEnd(addresses.primary(name), name, owner.vrf if owner is not None else None)


def _lines(*lines: int | NamedLine | None) -> tuple[int, ...]:
    numbers = (line.line if isinstance(line, NamedLine) else line for line in lines)
    return tuple(dict.fromkeys(number for number in numbers if number))
