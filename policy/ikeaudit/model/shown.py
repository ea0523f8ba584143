"""Rows of the show commands that tell how a router runs what it is configured with (SHOW-LAYOUT); names as IOS prints them."""

from __future__ import annotations

import msgspec

from ikeaudit.model.address import IPAddress


class ShownPolicy(msgspec.Struct, frozen=True, gc=False):
    """A protection suite of ``show crypto isakmp policy``; ``priority`` is None for the nameless default suite.

    ``lifetime`` is in seconds; ``encryption``, ``hash`` and ``authentication`` are spelt as in the configuration where that
    spelling is known (``aes 256``, ``sha256``, ``pre-share``), else as printed.
    """

    priority: int | None
    default: bool = False
    encryption: str | None = None
    hash: str | None = None
    authentication: str | None = None
    group: str | None = None
    lifetime: int | None = None


class ShownIsakmpProfile(msgspec.Struct, frozen=True):
    """A profile of ``show crypto isakmp profile``; the layout is not verified (U-11)."""

    name: str
    vrf: str | None = None
    identities: tuple[str, ...] = ()
    certificate_maps: tuple[str, ...] = ()
    keyrings: tuple[str, ...] = ()
    trustpoints: tuple[str, ...] = ()
    presents: str | None = None


class IsakmpPeer(msgspec.Struct, frozen=True, gc=False):
    """A peer of ``show crypto isakmp peers``; ``identity`` is what it presented in phase 1."""

    address: IPAddress
    port: int | None = None
    local: IPAddress | None = None
    identity: str | None = None


class Ikev2Sa(msgspec.Struct, frozen=True):
    """An association of ``show crypto ikev2 sa`` or ``session``; what only the detailed form prints may be None.

    ``initiator`` says whether this router started it; ``children`` counts the child associations listed.
    """

    tunnel_id: int
    local: IPAddress
    remote: IPAddress
    status: str
    local_port: int | None = None
    remote_port: int | None = None
    fvrf: str | None = None
    ivrf: str | None = None
    encryption: str | None = None
    integrity: str | None = None
    prf: str | None = None
    group: str | None = None
    sign: str | None = None
    verify: str | None = None
    local_id: str | None = None
    remote_id: str | None = None
    initiator: bool | None = None
    children: int = 0


class ShownIkev2Proposal(msgspec.Struct, frozen=True):
    """A proposal of ``show crypto ikev2 proposal``: names as printed, groups as numbers."""

    name: str
    encryption: tuple[str, ...] = ()
    integrity: tuple[str, ...] = ()
    prf: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class ShownIkev2Policy(msgspec.Struct, frozen=True):
    """A policy of ``show crypto ikev2 policy``; ``fvrf`` None is the global VRF, ``any`` every VRF."""

    name: str
    fvrf: str | None = None
    local_addresses: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()


class ShownIkev2Profile(msgspec.Struct, frozen=True):
    """A profile of ``show crypto ikev2 profile``; ``fvrf`` None is the global VRF, ``any`` every VRF."""

    name: str
    fvrf: str | None = None
    identities: tuple[str, ...] = ()
    certificate_maps: tuple[str, ...] = ()
    local_identity: str | None = None
    local_authentication: str | None = None
    remote_authentication: tuple[str, ...] = ()
    keyring: str | None = None
    trustpoints: tuple[str, ...] = ()


class ShownIpsecProfile(msgspec.Struct, frozen=True):
    """A profile of ``show crypto ipsec profile``; ``lifetime`` in seconds, ``pfs_group`` None without PFS."""

    name: str
    isakmp_profile: str | None = None
    ikev2_profile: str | None = None
    lifetime: int | None = None
    responder_only: bool = False
    pfs_group: str | None = None
    transform_sets: tuple[str, ...] = ()


class ShownMapEntry(msgspec.Struct, frozen=True):
    """One entry of ``show crypto map``; ``interfaces`` are those of the whole map."""

    name: str
    sequence: int
    kind: str
    peers: tuple[str, ...] = ()
    acl: str | None = None
    isakmp_profile: str | None = None
    ikev2_profile: str | None = None
    lifetime: int | None = None
    responder_only: bool = False
    pfs_group: str | None = None
    transform_sets: tuple[str, ...] = ()
    incomplete: bool = False
    interfaces: tuple[str, ...] = ()


class DmvpnPeer(msgspec.Struct, frozen=True, gc=False):
    """A row of ``show dmvpn``: ``state`` is IKE, NHRP, UP ...; ``attributes`` the legend's letters (``D``, ``S``, ``X``)."""

    interface: str
    nbma: str
    tunnel: IPAddress
    state: str
    attributes: str = ""
