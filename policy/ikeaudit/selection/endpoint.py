"""The ends of tunnels: every place in a configuration from which, or at which, a negotiation can happen (END-PLACES)."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.ios.words import slot
from ikeaudit.model import (
    CryptoMap,
    CryptoMapEntry,
    Interface,
    IPAddress,
    IpsecProfile,
    NamedLine,
    Router,
    Tunnel,
    TunnelProtection,
)
from ikeaudit.selection.defined import Defined
from ikeaudit.selection.host_names import HostNames
from ikeaudit.selection.local import Addresses, LocalEnd

NETWORK_ID = slot("interface/ip-nhrp-network-id")
"""What a spoke's tunnel is missing without which it never calls (DMVPN-CLOUDS)."""

Shortcut = Literal["both", "theirs", "ours", "open", "kept", "unseen", "refused", "none"]
"""What makes a spoke call a spoke (DMVPN-SPOKES): the hub redirects them and both, the one called or the caller alone take
shortcuts, or the release of one does not tell; the hub leaves next hops alone, or is not known; any of these, but NHRP refuses
one for its word, so that entries from before are needed; nothing does."""


class Endpoint(msgspec.Struct, frozen=True):
    """One end of a tunnel.

    ``interface`` is its label (``Tunnel1``, ``GigabitEthernet0/0 CM 10``). ``peer`` None stands for any
    caller (mGRE, dynamic map, ``tunnel destination dynamic``) or for a name that only DNS knows (``peer_name``).
    ``dynamic`` marks an entry of a dynamic map, which never starts (CALL-POSSIBLE) and so is ``responder_only`` as well.
    ``isakmp_profile`` and ``ikev2_profile`` are the bound profiles by name, whether or not they are defined. ``lines`` are
    the configuration lines that define the end; ``missing`` what it refers to that is not defined, with the line.
    ``unapplied`` marks an entry of a crypto map that stands on no interface (:func:`unapplied_ends`).
    ``lifetime`` is that of its IPsec SAs in seconds, None where it has none of its own.
    ``virtual_template`` is the number of a template cloned for each caller whose profile names it (END-TEMPLATE); ``group`` the
    GDOI group's identity or the EzVPN group (:mod:`ikeaudit.selection.clients`). ``undescribed`` says what about the end no
    source describes, or could not be read, so that no verdict is known. ``shortcut`` is for the end of a spoke that calls
    another spoke.
    """

    router: str
    interface: str
    kind: Literal["tunnel", "crypto-map", "gdoi", "ezvpn"]
    local: LocalEnd
    peer: IPAddress | None = None
    peer_name: str | None = None
    isakmp_profile: str | None = None
    ikev2_profile: str | None = None
    ipsec_profile: str | None = None
    transform_sets: tuple[str, ...] = ()
    pfs: str | None = None
    lifetime: int | None = None
    responder_only: bool = False
    dynamic: bool = False
    tunnel_mode: str | None = None
    acl: str | None = None
    crypto_map: str | None = None
    shutdown: bool = False
    unapplied: bool = False
    virtual_template: int | None = None
    group: str | None = None
    undescribed: str | None = None
    shortcut: Shortcut | None = None
    lines: tuple[int, ...] = ()
    missing: tuple[tuple[str, int], ...] = ()

    @property
    def fvrf(self) -> str | None:
        """Front-door VRF of the outer packets; None is the default VRF."""
        return self.local.fvrf

    @property
    def ike_version(self) -> Literal[1, 2]:
        """2 exactly when an IKEv2 profile is bound (IKEV2-VERSIONS)."""
        return 2 if self.ikev2_profile is not None else 1

    @property
    def accepts_any(self) -> bool:
        """Whether the end answers any caller, because it names no peer."""
        return self.peer is None and self.peer_name is None

    @property
    def incomplete(self) -> bool:
        """Whether a static crypto map entry says nothing of the traffic to protect."""
        return any(what == _TRAFFIC for what, _ in self.missing)


_TRAFFIC, _PEER = slot("crypto-map/match-address"), slot("crypto-map/set-peer")


def endpoints(router: Router, addresses: Addresses) -> tuple[Endpoint, ...]:
    """Every end of ``router`` in configuration order: protected tunnels, then crypto map entries by interface."""
    names = Defined(router)
    tunnels = [end for interface in router.interfaces for end in tunnel_ends(router, interface, names, addresses)]
    found: list[Endpoint] = []
    maps = {crypto_map.name: crypto_map for crypto_map in router.crypto_maps}
    dynamic = {crypto_map.name: crypto_map for crypto_map in router.dynamic_maps}
    for interface in router.interfaces:
        for reference in interface.crypto_maps:
            crypto_map = maps.get(reference.name)
            if crypto_map is not None:
                found += _map_ends(router, interface, reference, crypto_map, dynamic, names, addresses)
    return (*tunnels, *(_resolved(names.hosts, end) for end in found))


def tunnel_ends(router: Router, interface: Interface, names: Defined, addresses: Addresses) -> tuple[Endpoint, ...]:
    """The ends of one interface that is a protected tunnel: those that NHRP maps make, then its own; none of another one."""
    if interface.tunnel is None or interface.tunnel.protection is None:
        return ()
    end = _tunnel_end(router, interface, interface.tunnel, names, addresses)
    return tuple(_resolved(names.hosts, one) for one in (*_nhrp_ends(interface.tunnel, end), end))


def unapplied_ends(router: Router, addresses: Addresses) -> tuple[Endpoint, ...]:
    """The static entries of crypto maps that stand on no interface, whose own address nobody knows (END-PLACES)."""
    applied = {reference.name for interface in router.interfaces for reference in interface.crypto_maps}
    found: list[Endpoint] = []
    for crypto_map in router.crypto_maps:
        if crypto_map.name not in applied:
            nowhere, named = Interface("", 0), NamedLine(crypto_map.line, crypto_map.name)
            found += _map_ends(router, nowhere, named, crypto_map, {}, Defined(router), addresses)
    return tuple(
        msgspec.structs.replace(end, interface=end.interface.strip(), local=LocalEnd(None), unapplied=True)
        for end in found
    )


def _resolved(hosts: HostNames, end: Endpoint) -> Endpoint:
    """The end with the address of a peer given by name, where ``ip host`` tells it."""
    if end.peer_name is None or end.peer is not None:
        return end
    mapping = hosts.mapping(end.fvrf, end.peer_name)
    if mapping is None:
        return end
    return msgspec.structs.replace(end, peer=mapping.addresses[0], peer_name=None, lines=(*end.lines, mapping.line))


def _tunnel_end(
    router: Router,
    interface: Interface,
    tunnel: Tunnel,
    names: Defined,
    addresses: Addresses,
) -> Endpoint:
    protection = tunnel.protection
    assert protection is not None
    version = 6 if tunnel.mode in ("gre ipv6", "ipsec ipv6", "gre multipoint ipv6") else 4
    if tunnel.source_interface is not None:
        local = LocalEnd(addresses.primary(tunnel.source_interface, version), tunnel.source_interface, tunnel.vrf)
    else:
        owners = addresses.owners(tunnel.source_address) if tunnel.source_address is not None else ()
        owner = next((o.name for o in owners if o.vrf == tunnel.vrf), owners[0].name if owners else None)
        local = LocalEnd(tunnel.source_address, owner, tunnel.vrf)
    missing = []
    profile = names.ipsec_profiles.get(protection.ipsec_profile) if protection.ipsec_profile else None
    if profile is None and protection.ipsec_profile == "default":
        profile = _built_in(protection)
    if profile is None and not protection.psk:
        missing.append((f"ipsec profile {protection.ipsec_profile}", protection.line))
    if profile is None:
        profile = IpsecProfile("", 0)
    missing += names.undefined_sets(profile.transform_sets)
    isakmp = protection.isakmp_profile or (profile.isakmp_profile.name if profile.isakmp_profile else None)
    ikev2 = protection.ikev2_profile or (profile.ikev2_profile.name if profile.ikev2_profile else None)
    template = _template_number(interface)
    if ikev2 is None and isakmp is None and template is not None:
        ikev2 = next((p.name for p in router.ikev2.profiles if p.virtual_template == template), None)
    named = [n.line for n in (profile.isakmp_profile, profile.ikev2_profile) if n is not None]
    missing += names.undefined_profiles(isakmp, ikev2, named[0] if named else protection.line)
    policy = next(iter(tunnel.policies), None)
    if policy is not None and policy.name not in names.acls:
        missing.append((f"access list {policy.name}", policy.line))
    return Endpoint(
        router=router.name,
        interface=interface.name,
        kind="tunnel",
        local=local,
        peer=tunnel.destination,
        peer_name=tunnel.destination_name,
        isakmp_profile=isakmp,
        ikev2_profile=ikev2,
        ipsec_profile=protection.ipsec_profile,
        transform_sets=tuple(n.name for n in profile.transform_sets),
        pfs=profile.pfs,
        lifetime=profile.lifetime,
        responder_only=profile.responder_only,
        tunnel_mode=tunnel.mode,
        acl=policy.name if policy else None,
        shutdown=interface.shutdown or addresses.down(local.interface),
        virtual_template=template,
        undescribed="no source describes tunnel protection psk" if protection.psk else None,
        lines=tuple(
            n
            for n in (
                interface.line,
                tunnel.source_line,
                tunnel.destination_line,
                protection.line,
                *(p.line for p in tunnel.policies),
                *named,
            )
            if n
        ),
        missing=tuple(missing),
    )


def _built_in(protection: TunnelProtection) -> IpsecProfile:
    """The IPsec profile ``default`` of a router that does not define one (IKEV2-BUILT-IN): IKEv2, with the defaults of that."""
    named = NamedLine(protection.line, "default")
    bound = None if protection.isakmp_profile or protection.ikev2_profile else named
    return IpsecProfile("default", protection.line, transform_sets=(named,), ikev2_profile=bound)


def _template_number(interface: Interface) -> int | None:
    """The number of a virtual template, None for any other interface."""
    number = interface.name.removeprefix("Virtual-Template")
    return int(number) if number != interface.name and number.isdigit() else None


def _nhrp_ends(tunnel: Tunnel, end: Endpoint) -> list[Endpoint]:
    """The ends of a multipoint tunnel that know their peer from the configuration: a spoke's hubs, by NHRP."""
    if not tunnel.multipoint:
        return []
    lines: dict[IPAddress, int] = {}
    for mapping in tunnel.nhrp_maps:
        if mapping.nbma is not None and mapping.nbma != end.local.address:
            lines.setdefault(mapping.nbma, mapping.line)
    missing = end.missing if tunnel.nhrp_network is not None else (*end.missing, (NETWORK_ID, end.lines[0]))
    return [
        msgspec.structs.replace(end, peer=nbma, lines=(*end.lines, line), missing=missing)
        for nbma, line in lines.items()
    ]


def _map_ends(
    router: Router,
    interface: Interface,
    reference: NamedLine,
    crypto_map: CryptoMap,
    dynamic: dict[str, CryptoMap],
    names: Defined,
    addresses: Addresses,
) -> list[Endpoint]:
    """The ends of a crypto map on one interface: one for each peer of each entry."""
    source = crypto_map.local_address.name if crypto_map.local_address else interface.name
    version = 6 if crypto_map.ipv6 else 4
    shared = interface.map_redundancy is not None and crypto_map.local_address is None and version == 4
    address = addresses.shared(interface.name) if shared else addresses.primary(source, version)
    local = LocalEnd(address, source, interface.vrf)
    found: list[Endpoint] = []
    for entry in crypto_map.entries:
        if entry.kind == "dynamic":
            inner = dynamic.get(entry.reference) if entry.reference else None
            for sub in inner.entries if inner else ():
                found += _entry_ends(router, interface, reference, crypto_map, entry, sub, local, names, addresses)
        elif entry.kind == "ipsec-isakmp":
            found += _entry_ends(router, interface, reference, crypto_map, entry, entry, local, names, addresses)
    return found


def _entry_ends(
    router: Router,
    interface: Interface,
    reference: NamedLine,
    crypto_map: CryptoMap,
    place: CryptoMapEntry,
    entry: CryptoMapEntry,
    local: LocalEnd,
    names: Defined,
    addresses: Addresses,
) -> list[Endpoint]:
    """``place`` is the entry of the static map; ``entry`` the one that holds the settings (a dynamic map's, or the same)."""
    # An entry's own profile outranks the map's (BIND-ENTRY).
    bound = entry.isakmp_profile or (crypto_map.isakmp_profile if entry.ikev2_profile is None else None)
    isakmp = bound.name if bound else None
    ikev2 = entry.ikev2_profile.name if entry.ikev2_profile else None
    missing = names.undefined_sets(entry.transform_sets)
    missing += names.undefined_profiles(isakmp, ikev2, bound.line if bound else entry.line)
    if entry.acl is not None and entry.acl.name not in names.acls:
        missing.append((f"access list {entry.acl.name}", entry.acl.line))
    if place is entry and (entry.acl is None or not entry.peers):
        missing.append((_TRAFFIC if entry.acl is None else _PEER, entry.line))
    peers: tuple[tuple[IPAddress | None, str | None, int], ...] = tuple(
        (peer.address, peer.hostname, peer.line) for peer in sorted(entry.peers, key=lambda one: not one.default)
    )
    if place is not entry:
        peers = peers or ((None, None, 0),)
    bound_lines = [n.line for n in (bound, entry.ikev2_profile, entry.acl) if n is not None]
    return [
        Endpoint(
            router=router.name,
            interface=f"{interface.name} {crypto_map.name} {place.sequence}",
            kind="crypto-map",
            local=local,
            peer=address,
            peer_name=name,
            isakmp_profile=isakmp,
            ikev2_profile=ikev2,
            transform_sets=tuple(n.name for n in entry.transform_sets),
            pfs=entry.pfs,
            lifetime=entry.lifetime,
            responder_only=entry.responder_only or place is not entry,
            dynamic=place is not entry,
            acl=entry.acl.name if entry.acl else None,
            crypto_map=crypto_map.name,
            shutdown=interface.shutdown or addresses.down(local.interface),
            lines=tuple(dict.fromkeys(n for n in (reference.line, place.line, entry.line, line, *bound_lines) if n)),
            missing=tuple(missing),
        )
        for address, name, line in peers
    ]
