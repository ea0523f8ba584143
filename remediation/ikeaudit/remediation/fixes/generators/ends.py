"""The ends of tunnels: addresses, sources, maps on interfaces, protection, NHRP and routes."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.facts.near import near
from ikeaudit.ios.writing import command
from ikeaudit.ios.writing import no as undone
from ikeaudit.model import Ikev2Profile, IPAddress, IsakmpProfile, Router
from ikeaudit.remediation.fixes.case import Call, Case, Side
from ikeaudit.remediation.fixes.contract import Block, Change, change, together
from ikeaudit.remediation.fixes.lines import interface_of, map_entry, masked, no, replaced, transform_set, typed

_ADDRESSED = ("peer-address-mismatch", "no-key-on-initiator", "no-key-on-responder")
"""Reasons that an address may be behind."""
_ASTRAY = ("PW-PEERADDR", "CM-LOCALADDR", "PW-NAT-INITIATE", "FL-DUPIP")
"""Hazards that are about addresses."""


def called(call: Call) -> Iterator[Change]:
    """An end calls the address from which the other one calls; or both do."""
    if call.reasons.isdisjoint(_ADDRESSED) and call.codes.isdisjoint(_ASTRAY):
        return
    straight: list[Change] = []
    for side in call.sides:
        if side.other_end is None or side.other is None:
            continue
        addresses = [side.other_end.local.address, *side.other.addresses.all()]
        for address in dict.fromkeys(a for a in addresses if a is not None and a != side.end.peer):
            title = f"Let {side.end.interface} of {side.router.name} call {address}"
            for block in _calling(side, address):
                elsewhere = address != side.other_end.local.address
                slip = not elsewhere and side.end.peer is not None and near(str(side.end.peer), str(address))
                around = f"{side.other.router.name} goes on calling from another address" if elsewhere else ""
                one = change(title, (side.router, block), detour=int(elsewhere) - int(slip), around=around)
                straight += [one] if not elsewhere else []
                yield one
    if len(straight) > 1:
        yield together(straight)


def astray(case: Case) -> Iterator[Change]:
    """An end that the finding names, of the router called, calls the caller in place of somebody who is not there."""
    named = {(member.host, member.object) for member in case.finding.members}
    for answer in (call.answer for call in case.calls):
        for end in case.fleet.ends_of(answer.router.name) if answer is not None and not answer.end.interface else ():
            if answer is not None and answer.peer is not None and (end.router, end.interface) in named:
                title = f"Let {end.interface} of {end.router} call {answer.peer}"
                for block in _calling(Side(answer.rules, end, end.peer, None, None, True), answer.peer):
                    yield change(title, (answer.router, block))


def _calling(side: Side, address: IPAddress) -> Iterator[Block]:
    entry = map_entry(side.router, side.end)
    if entry is not None:
        for peer in entry.peers:
            if peer.address == side.end.peer:
                yield replaced(side.router, peer.line, command("crypto-map/set-peer", address))
        return
    interface = interface_of(side)
    tunnel = interface.tunnel if interface is not None else None
    if tunnel is not None and tunnel.destination_line:
        yield typed(side.router, tunnel.destination_line, command("interface/tunnel-destination", address))


def source(call: Call) -> Iterator[Change]:
    """An end calls from the address that the other one calls."""
    if call.reasons.isdisjoint(_ADDRESSED) and call.codes.isdisjoint(_ASTRAY):
        return
    for side in call.sides:
        if side.other_end is None or side.other_end.peer is None:
            continue
        for owner in side.rules.addresses.owners(side.other_end.peer):
            interface = interface_of(side)
            tunnel = interface.tunnel if interface is not None else None
            title = f"Let {side.end.interface} of {side.router.name} call from {owner.name}"
            if tunnel is not None and tunnel.source_line:
                yield change(
                    title,
                    (
                        side.router,
                        typed(side.router, tunnel.source_line, command("interface/tunnel-source", owner.name)),
                    ),
                )
                if tunnel.vrf != owner.vrf and interface is not None:
                    row = "interface/tunnel-vrf"
                    words = command(row, owner.vrf) if owner.vrf else undone(row, tunnel.vrf)
                    yield change(f"{title}, in its VRF", (side.router, (side.router.text(interface.line), words)))
            elif side.end.crypto_map is not None:
                name = side.end.crypto_map
                yield change(title, (side.router, (command("global/crypto-map-local-address", name, owner.name),)))
        own = next((m for m in side.router.crypto_maps if m.name == side.end.crypto_map), None)
        if own is not None and own.local_address is not None:
            title = f"Let crypto map {own.name} of {side.router.name} call from its interface"
            yield change(title, (side.router, (no(side.router.text(own.local_address.line)),)))


def protect(call: Call) -> Iterator[Change]:
    """The other end's tunnel is protected as this one is."""
    if "PW-HALF-PROTECTED" not in call.codes:
        return
    for side in call.sides:
        if side.other is None:
            continue
        far = side.other.router
        for interface in far.interfaces:
            tunnel = interface.tunnel
            if tunnel is None or tunnel.protection is not None or tunnel.destination != side.end.local.address:
                continue
            title = f"Protect {interface.name} of {far.name}"
            header = far.text(interface.line)
            for profile in far.ipsec_profiles:
                words = command("interface/tunnel-protection", profile.name)
                yield change(f"{title} by {profile.name}", (far, (header, words)))
            yield change(title, *((far, block) for block in (*_copied(side, far), (header, _protection(side)))))


def _copied(side: Side, far: Router) -> Iterator[Block]:
    """The IPsec profile of an end, for another router."""
    profile = next((p for p in side.router.ipsec_profiles if p.name == side.end.ipsec_profile), None)
    if profile is None:
        return
    for one in side.router.transform_sets:
        if one.name in side.end.transform_sets and one.name not in {t.name for t in far.transform_sets}:
            yield transform_set(one.name, one)
    pfs = [command("ipsec-profile/set-pfs", profile.pfs)] if profile.pfs else []
    names = side.end.transform_sets
    sets = [command("ipsec-profile/set-transform-set", *names)] if names else []
    yield (command("global/crypto-ipsec-profile", profile.name), *sets, *pfs)


def _protection(side: Side) -> str:
    return command("interface/tunnel-protection", side.end.ipsec_profile)


def apply_map(case: Case) -> Iterator[Change]:
    """A crypto map that stands on no interface stands on one with an address."""
    for router in case.routers:
        applied = {reference.name for i in router.interfaces for reference in i.crypto_maps}
        for crypto_map in router.crypto_maps:
            for interface in router.interfaces if crypto_map.name not in applied else ():
                if interface.addresses and interface.tunnel is None and not interface.crypto_maps:
                    title = f"Apply crypto map {crypto_map.name} to {interface.name} of {router.name}"
                    line = command("interface/crypto-map", crypto_map.name)
                    yield change(title, (router, (router.text(interface.line), line)))


def answering(call: Call) -> Iterator[Change]:
    """An end that only responds may call."""
    for side in call.sides:
        profile = next((p for p in side.router.ipsec_profiles if p.name == side.end.ipsec_profile), None)
        if profile is not None and profile.responder_only:
            title = f"Let {side.end.interface} of {side.router.name} call"
            yield change(title, (side.router, (side.router.text(profile.line), undone("ipsec-profile/responder-only"))))


def waiting(call: Call) -> Iterator[Change]:
    """An end whose calls cannot arrive only responds."""
    if "PW-NAT-INITIATE" not in call.codes:
        return
    for side in call.sides:
        profile = next((p for p in side.router.ipsec_profiles if p.name == side.end.ipsec_profile), None)
        if profile is not None and not profile.responder_only:
            title = f"Let {side.end.interface} of {side.router.name} only respond"
            line = (side.router.text(profile.line), command("ipsec-profile/responder-only"))
            yield change(title, (side.router, line), detour=1, around="its calls still could not arrive")


def routes(call: Call) -> Iterator[Change]:
    """A route to the peer by a next hop that other routes have; none to nowhere."""
    if "PW-ROUTE" not in call.codes and "null-route" not in call.reasons:
        return
    for side in call.sides:
        if side.peer is None:
            continue
        router, vrf = side.router, ("vrf", side.end.fvrf) if side.end.fvrf else ()
        for route in router.static_routes:
            if route.interface == "Null0" and route.prefix.covers(side.peer):
                title = f"Take the route that throws away what is for {side.peer} off {router.name}"
                yield change(title, (router, (no(router.text(route.line)),)))
        hops = dict.fromkeys(
            r.next_hop for r in router.static_routes if r.next_hop is not None and r.vrf == side.end.fvrf
        )
        for hop in hops:
            title = f"Let {router.name} reach {side.peer} by {hop}"
            line = (command("global/ip-route", *vrf, side.peer, "255.255.255.255", hop),)
            yield change(title, (router, line))
            for entry in [map_entry(router, side.end)]:
                acl = next(
                    (a for a in router.acls if entry is not None and entry.acl and a.name == entry.acl.name), None
                )
                nets = dict.fromkeys(e.destination for e in acl.entries if e.destination is not None) if acl else {}
                lines = [(router, (command("global/ip-route", *vrf, masked(net), hop),)) for net in nets if net.length]
                if lines:
                    yield change(f"Let {router.name} reach what is behind {side.peer} by {hop}", *lines)
                    yield change(
                        f"Let {router.name} reach {side.peer} and what is behind it by {hop}", (router, line), *lines
                    )


def nhrp(call: Call) -> Iterator[Change]:
    """A multipoint tunnel with a network number, and a spoke that registers."""
    if call.codes.isdisjoint(("PW-NHRP", "TP-NETWORK-ID")):
        return
    for side in call.sides:
        interface = interface_of(side)
        if interface is None or interface.tunnel is None:
            continue
        header, tunnel = side.router.text(interface.line), interface.tunnel
        if tunnel.multipoint and tunnel.nhrp_network is None:
            number = next((n for n in _networks(side)), 1)
            title = f"Give {interface.name} of {side.router.name} an NHRP network"
            yield change(title, (side.router, (header, command("interface/ip-nhrp-network-id", number))))
        if not any(m.nhs for m in tunnel.nhrp_maps):
            for mapping in tunnel.nhrp_maps:
                if mapping.tunnel is not None:
                    title = f"Let {interface.name} of {side.router.name} register with {mapping.tunnel}"
                    yield change(title, (side.router, (header, command("interface/ip-nhrp-nhs", mapping.tunnel))))
        if not tunnel.multipoint and side.other is not None:
            title = f"Let {interface.name} of {side.router.name} be multipoint"
            mode = command("interface/tunnel-mode", "gre", "multipoint")
            lines = (header, no(side.router.text(tunnel.destination_line)), mode)
            if tunnel.destination_line:
                yield change(title, (side.router, lines), detour=1)


def _networks(side: Side) -> Iterator[int]:
    far = side.other.router.interfaces if side.other is not None else ()
    for interface in (*far, *side.router.interfaces):
        if interface.tunnel is not None and interface.tunnel.nhrp_network is not None:
            yield interface.tunnel.nhrp_network


def cloned(call: Call) -> Iterator[Change]:
    """The profile that a virtual template is bound to names it."""
    for side in call.sides:
        number, bound = side.end.virtual_template, (side.end.isakmp_profile, side.end.ikev2_profile)
        profiles: list[IsakmpProfile | Ikev2Profile] = [*side.router.isakmp_profiles, *side.router.ikev2.profiles]
        for profile in profiles if number is not None else ():
            if profile.name in bound and profile.virtual_template != number:
                kind = "ikev2" if isinstance(profile, Ikev2Profile) else "isakmp"
                title = f"Let profile {profile.name} of {side.router.name} name {side.end.interface}"
                header = side.router.text(profile.line)
                yield change(title, (side.router, (header, command(f"{kind}-profile/virtual-template", str(number)))))


BY_CALL = (called, source, protect, answering, waiting, routes, nhrp, cloned)
BY_FINDING = (astray, apply_map)
