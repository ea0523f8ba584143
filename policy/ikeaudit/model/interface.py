"""Interfaces, tunnels and routes, as far as negotiation depends on them."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model.address import IPAddress, Prefix
from ikeaudit.model.ezvpn import EzvpnUse
from ikeaudit.model.ikev1 import NamedLine
from ikeaudit.model.secret import Secret

AddressRole = Literal["primary", "secondary", "fhrp", "link-local"]


class InterfaceAddress(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """An address of an interface; ``prefix`` is None when the mask on the line is damaged (C-10)."""

    line: int
    address: IPAddress
    prefix: Prefix | None = None
    role: AddressRole = "primary"


class TunnelProtection(msgspec.Struct, frozen=True, gc=False):
    """``tunnel protection ipsec profile``; the profiles named here override those of the IPsec profile."""

    line: int
    ipsec_profile: str | None = None
    shared: bool = False
    isakmp_profile: str | None = None
    ikev2_profile: str | None = None
    psk: bool = False


class NhrpMap(msgspec.Struct, frozen=True, gc=False):
    """``ip nhrp map`` or the ``nbma`` operand of ``ip nhrp nhs``: a tunnel address and the outer address behind it."""

    line: int
    tunnel: IPAddress | None
    nbma: IPAddress | None
    nhs: bool = False


TunnelMode = Literal[
    "gre ip",
    "gre ipv6",
    "gre multipoint",
    "gre multipoint ipv6",
    "ipsec ipv4",
    "ipsec ipv6",
    "ipsec dual-overlay",
    "other",
]


class Tunnel(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The tunnel half of an interface: outer source, destination, front-door VRF and protection.

    Exactly one of ``source_interface`` and ``source_address`` is set when a source is configured; ``destination_dynamic``
    is ``tunnel destination dynamic``. ``policies`` are the access lists of ``tunnel protection ipsec policy``, whose lines are
    the proxies then, instead of everything (QM-PROXIES). ``nhrp_authentication_line`` is 0 without ``ip nhrp authentication``;
    ``nhrp_authentication`` is its word, None where that is not known. ``redirect`` and ``shortcut`` are those of NHRP,
    ``shortcut`` None where nothing is printed and the release decides (DMVPN-SPOKES).
    """

    source_interface: str | None = None
    source_address: IPAddress | None = None
    source_line: int = 0
    destination: IPAddress | None = None
    destination_name: str | None = None
    destination_dynamic: bool = False
    destination_line: int = 0
    mode: TunnelMode = "gre ip"
    vrf: str | None = None
    vrf_line: int = 0
    key: int | None = None
    key_line: int = 0
    protection: TunnelProtection | None = None
    policies: tuple[NamedLine, ...] = ()
    nhrp_maps: tuple[NhrpMap, ...] = ()
    nhrp_network: int | None = None
    nhrp_authentication: Secret | None = None
    nhrp_authentication_line: int = 0
    redirect: bool = False
    shortcut: bool | None = None

    @property
    def multipoint(self) -> bool:
        """Whether the tunnel has no destination of its own (mGRE)."""
        return self.mode in ("gre multipoint", "gre multipoint ipv6")


class Interface(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An interface under its full name; ``vrf`` is its own VRF (the inside VRF of a tunnel).

    ``addressing`` is ``static``, or the way an address is learnt, in which case ``addresses`` says nothing of it;
    ``unnumbered`` names the interface whose address is borrowed. ``map_redundancy`` is the standby group of ``crypto map NAME
    redundancy GROUP``: the map then speaks from the shared address. ``next_hops_kept`` says that its routing protocol leaves
    next hops alone, as phase 2 of a DMVPN wants it. ``traffic_filter`` and ``traffic_filter6`` are the access lists for what
    comes in; ``inspected`` that stateful inspection opens them. ``shutdown`` holds for what stands on an interface that is shut
    down, too: its subinterfaces, and a port-channel or dialer all of whose members are; ``down_line`` is that one's line then.
    """

    name: str
    line: int
    addresses: tuple[InterfaceAddress, ...] = ()
    addressing: Literal["static", "dhcp", "negotiated", "none"] = "none"
    unnumbered: str | None = None
    vrf: str | None = None
    shutdown: bool = False
    crypto_maps: tuple[NamedLine, ...] = ()
    tunnel: Tunnel | None = None
    virtual_template_type: str | None = None
    nat: Literal["inside", "outside", "enable"] | None = None
    ezvpn: tuple[EzvpnUse, ...] = ()
    map_redundancy: NamedLine | None = None
    description: str | None = None
    next_hops_kept: bool = False
    traffic_filter: NamedLine | None = None
    traffic_filter6: NamedLine | None = None
    inspected: bool = False
    down_line: int = 0


class StaticRoute(msgspec.Struct, frozen=True, gc=False):
    """A static route; ``interface`` ``Null0`` is the only one that says a peer is unreachable (ROUTE-NULL0).

    ``distance`` is its administrative distance, ``tracked`` tells that it stands only while something is up.
    """

    line: int
    prefix: Prefix
    vrf: str | None = None
    next_hop: IPAddress | None = None
    interface: str | None = None
    distance: int = 1
    tracked: bool = False
