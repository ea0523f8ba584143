"""IPsec as configured: transform sets, IPsec profiles, crypto maps and access lists (END-PLACES)."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model.address import IPAddress, Prefix
from ikeaudit.model.ikev1 import NamedLine


class TransformSet(msgspec.Struct, frozen=True, gc=False):
    """A transform set: ``transforms`` as written, key lengths attached (``esp-aes 256``, ``esp-sha256-hmac``)."""

    name: str
    line: int
    transforms: tuple[str, ...]
    mode: Literal["tunnel", "transport"] = "tunnel"

    @property
    def aes_cbc(self) -> bool:
        """Whether it encrypts with AES in CBC, of any key length."""
        return any(one.startswith("esp-aes") for one in self.algorithms)

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The transforms in one spelling and order, to compare two sets by: ``esp-aes 128`` is ``esp-aes``."""
        return tuple(sorted(_SPELT.get(transform, transform) for transform in self.transforms))


_SPELT = {
    "esp-aes 128": "esp-aes",
    "esp-192-aes": "esp-aes 192",
    "esp-256-aes": "esp-aes 256",
    "esp-gcm 128": "esp-gcm",
    "esp-gmac 128": "esp-gmac",
}


class IpsecProfile(msgspec.Struct, frozen=True, gc=False):
    """An IPsec profile; ``lifetime`` in seconds, ``pfs`` as ``group14``."""

    name: str
    line: int
    transform_sets: tuple[NamedLine, ...] = ()
    pfs: str | None = None
    isakmp_profile: NamedLine | None = None
    ikev2_profile: NamedLine | None = None
    lifetime: int | None = None
    responder_only: bool = False
    identity: str | None = None


class CryptoPeer(msgspec.Struct, frozen=True, gc=False):
    """A ``set peer`` line: an address, or a host name that only DNS resolves."""

    line: int
    address: IPAddress | None = None
    hostname: str | None = None
    dynamic: bool = False
    default: bool = False


EntryKind = Literal["ipsec-isakmp", "ipsec-manual", "gdoi", "dynamic", "profile"]


class CryptoMapEntry(msgspec.Struct, frozen=True, gc=False):
    """One sequence number of a crypto map or of a dynamic map.

    ``kind`` ``dynamic`` refers to the dynamic map ``reference``, ``profile`` to a crypto map profile, ``gdoi`` to the GDOI
    group ``reference``.
    """

    sequence: int
    line: int
    kind: EntryKind = "ipsec-isakmp"
    reference: str | None = None
    peers: tuple[CryptoPeer, ...] = ()
    acl: NamedLine | None = None
    transform_sets: tuple[NamedLine, ...] = ()
    pfs: str | None = None
    isakmp_profile: NamedLine | None = None
    ikev2_profile: NamedLine | None = None
    lifetime: int | None = None
    identity: str | None = None
    reverse_route: bool = False
    responder_only: bool = False


class CryptoMap(msgspec.Struct, frozen=True, gc=False):
    """A crypto map with its entries by sequence number and the attributes of the whole map."""

    name: str
    line: int
    entries: tuple[CryptoMapEntry, ...] = ()
    local_address: NamedLine | None = None
    isakmp_profile: NamedLine | None = None
    client_authentication: NamedLine | None = None
    authorization: NamedLine | None = None
    client_configuration_address: str | None = None
    ipv6: bool = False
    dynamic: bool = False


class AclEntry(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """One permit or deny of an access list, as far as a proxy needs it.

    A None prefix means that the operand could not be turned into one; ``ports`` keeps the operators as written. ``grouped``
    marks one that a line with an object-group stands for; ``narrowed`` one whose further words make it fit some packets only
    (``fragments``, ``dscp ef``, ``time-range T``, or words that nobody knows).
    """

    line: int
    action: Literal["permit", "deny"]
    protocol: str
    source: Prefix | None
    destination: Prefix | None
    source_ports: str = ""
    destination_ports: str = ""
    grouped: bool = False
    narrowed: bool = False


class AccessList(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """A named or numbered access list; ``unread`` are lines of it that make no sense."""

    name: str
    line: int
    entries: tuple[AclEntry, ...] = ()
    ipv6: bool = False
    extended: bool = True
    unread: tuple[int, ...] = ()
