"""How tunnels and entries of maps lie beside each other: shared sources, clouds and their numbers, entries in their order.

What is mended here concerns several of them, of one router or of the fleet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ikeaudit.ios.writing import command
from ikeaudit.model import Interface, Router
from ikeaudit.remediation.fixes.case import Case
from ikeaudit.remediation.fixes.contract import Block, Change, change
from ikeaudit.remediation.fixes.lines import no, section, typed

SHARED = 8
"""So many IPsec profiles are tried as the one that tunnels of one source share, those of most tunnels first."""


def shared(case: Case) -> Iterator[Change]:
    """Tunnels of one source share what protects them, by one IPsec profile and an interface as source."""
    for router in case.routers:
        groups: dict[tuple[object, ...], list[Interface]] = {}
        for interface in router.interfaces:
            tunnel = interface.tunnel
            if tunnel is not None and tunnel.protection is not None and not interface.shutdown:
                address = tunnel.source_address or next(
                    (a.address for i in router.interfaces if i.name == tunnel.source_interface for a in i.addresses),
                    None,
                )
                groups.setdefault((address, tunnel.vrf), []).append(interface)
        for (own, _), some in groups.items():
            owner = next((i.name for i in router.interfaces for a in i.addresses if a.address == own), None)
            if len(some) < 2 or owner is None:
                continue
            used = Counter(i.tunnel.protection.ipsec_profile for i in some if i.tunnel and i.tunnel.protection)
            for profile, _ in used.most_common(SHARED):
                title = f"Let the tunnels of {owner} on {router.name} share IPsec profile {profile}"
                yield change(
                    title,
                    *(
                        (
                            router,
                            (
                                router.text(i.line),
                                command("interface/tunnel-source", owner),
                                command("interface/tunnel-protection", profile, "shared"),
                            ),
                        )
                        for i in some
                    ),
                )


def own_source(case: Case) -> Iterator[Change]:
    """A tunnel of several with one source gets another interface of the router's, at both ends."""
    for router in case.routers:
        for interface in router.interfaces:
            tunnel = interface.tunnel
            if tunnel is None or not tunnel.source_line:
                continue
            for other in router.interfaces:
                if (
                    other.tunnel is None
                    and other.addresses
                    and other.name != tunnel.source_interface
                    and other.vrf == tunnel.vrf
                ):
                    title = f"Let {interface.name} of {router.name} call from {other.name}"
                    blocks = [
                        (router, typed(router, tunnel.source_line, command("interface/tunnel-source", other.name)))
                    ]
                    for far in case.routers:
                        for there in far.interfaces:
                            back = there.tunnel
                            if far is router or back is None or not back.destination_line:
                                continue
                            old = [
                                a.address
                                for i in router.interfaces
                                if i.name == tunnel.source_interface
                                for a in i.addresses
                            ]
                            if back.destination in old and there.name == interface.name:
                                words = command("interface/tunnel-destination", other.addresses[0].address)
                                blocks.append((far, typed(far, back.destination_line, words)))
                    if len(blocks) > 1:
                        yield change(title, *blocks, detour=1)


def protect_beside(case: Case) -> Iterator[Change]:
    """A tunnel without protection on the endpoints of one that is protected gets the same, shared, at both ends."""
    if case.finding.code != "TP-UNPROTECTED":
        return
    blocks: list[tuple[Router, Block]] = []
    for router in dict.fromkeys((*case.routers, *_neighbours(case))):
        tunnels = [(i, i.tunnel) for i in router.interfaces if i.tunnel is not None and not i.shutdown]
        for interface, tunnel in tunnels:
            for other, bare in tunnels:
                same = (tunnel.source_interface, tunnel.vrf, tunnel.destination) == (
                    bare.source_interface, bare.vrf, bare.destination
                )  # fmt: skip
                if same and tunnel.protection is not None and bare.protection is None:
                    words = command("interface/tunnel-protection", tunnel.protection.ipsec_profile, "shared")
                    blocks += [(router, (router.text(one.line), words)) for one in (interface, other)]
    if blocks:
        yield change("Protect both tunnels of the same endpoints by one shared IPsec profile", *blocks)


def tunnel_keys(case: Case) -> Iterator[Change]:
    """A tunnel key of its own for each cloud: the number of its NHRP network, at all its routers."""
    blocks: list[tuple[Router, Block]] = []
    routers = dict.fromkeys((*case.routers, *_neighbours(case)))
    for router in routers:
        for interface in router.interfaces:
            tunnel = interface.tunnel
            if tunnel is not None and tunnel.nhrp_network is not None:
                blocks.append(
                    (router, (router.text(interface.line), command("interface/tunnel-key", tunnel.nhrp_network)))
                )
    if len({block[-1] for _, block in blocks}) > 1:
        yield change("Give each cloud the number of its NHRP network as tunnel key", *blocks)


def _neighbours(case: Case) -> Iterator[Router]:
    own = {router.name for router in case.routers}
    for e in case.fleet.exchanges:
        for here, there in ((e.initiator, e.responder), (e.responder, e.initiator)):
            if here in own and there is not None and there not in own:
                yield case.fleet.router(there)


def network_ids(case: Case) -> Iterator[Change]:
    """Multipoint tunnels that have no NHRP network get the one that others have."""
    used = [
        i.tunnel.nhrp_network for r in case.fleet.routers for i in r.interfaces if i.tunnel and i.tunnel.nhrp_network
    ]
    for router in case.routers:
        for interface in router.interfaces:
            if interface.tunnel is not None and interface.tunnel.multipoint and interface.tunnel.nhrp_network is None:
                title = f"Give {interface.name} of {router.name} an NHRP network"
                for number in dict.fromkeys((*used, 1)):
                    line = command("interface/ip-nhrp-network-id", number)
                    yield change(title, (router, (router.text(interface.line), line)))


def traversal(case: Case) -> Iterator[Change]:
    """NAT traversal is switched on again, at every end."""
    off = [router for router in case.routers if router.nat_transparency_off_line]
    for some in (off, *([one] for one in off)):
        if some:
            title = f"Switch NAT traversal on at {', '.join(router.name for router in some)}"
            yield change(title, *((r, (no(r.text(r.nat_transparency_off_line)),)) for r in some))


def last_entry(case: Case) -> Iterator[Change]:
    """A dynamic entry gets the last number of its map."""
    if case.finding.code != "CM-DYNAMIC":
        return
    for router in case.routers:
        for crypto_map in router.crypto_maps:
            taken = {entry.sequence for entry in crypto_map.entries}
            for entry in crypto_map.entries:
                if entry.kind == "dynamic":
                    text = router.text(entry.line)
                    number = next(n for n in range(65535, 0, -1) if n not in taken)
                    words = text.replace(f" {crypto_map.name} {entry.sequence} ", f" {crypto_map.name} {number} ")
                    title = f"Give the dynamic entry of {crypto_map.name} on {router.name} the number {number}"
                    yield change(title, (router, (words,)), (router, (no(text),)))


def split_peers(case: Case) -> Iterator[Change]:
    """An entry for each peer of an entry."""
    for router in case.routers:
        for crypto_map in router.crypto_maps:
            for entry in crypto_map.entries:
                taken = {one.sequence for one in crypto_map.entries}
                blocks: list[tuple[Router, Block]] = []
                for peer in entry.peers[1:]:
                    number = next(n for n in range(entry.sequence + 1, 65536) if n not in taken)
                    taken.add(number)
                    body = [t for n, t in section(router, entry.line) if n not in {p.line for p in entry.peers}]
                    head = router.text(entry.line).replace(f" {entry.sequence} ", f" {number} ")
                    blocks.append((router, (router.text(entry.line), no(router.text(peer.line)))))
                    blocks.append((router, (head, router.text(peer.line), *body)))
                if blocks:
                    title = f"Make an entry for each peer of {crypto_map.name} {entry.sequence} on {router.name}"
                    yield change(title, *blocks, detour=1)


BY_FINDING = (
    shared,
    own_source,
    tunnel_keys,
    network_ids,
    traversal,
    last_entry,
    split_peers,
    protect_beside,
)
