"""IKEv1 as configured: keys, keyrings, ISAKMP profiles and policies (KEY-FORMS, PROFILE-MATCH, POLICY-DEFAULTS).

``line`` is always the number, from 1, of the line in the file that the user has.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model.address import IPAddress, Prefix
from ikeaudit.model.secret import Secret

DEFAULT_KEYRING = "default"
"""Name of the predefined keyring that holds the global keys (KEY-GLOBAL)."""


class LocalAddress(msgspec.Struct, frozen=True, gc=False):
    """``local-address``: by interface name or by address, the latter with an optional front-door VRF."""

    line: int
    interface: str | None = None
    address: IPAddress | None = None
    vrf: str | None = None


class Key(msgspec.Struct, frozen=True, gc=False):
    """One pre-shared key: for an address and mask (``prefix``), or for a host name (``hostname``); never both."""

    line: int
    secret: Secret
    prefix: Prefix | None = None
    hostname: str | None = None
    no_xauth: bool = False


class RsaPubkey(msgspec.Struct, frozen=True, gc=False):
    """An ``rsa-pubkey`` entry of a keyring; ``peer`` is the address or name it belongs to."""

    line: int
    kind: Literal["address", "name"]
    peer: str


class Keyring(msgspec.Struct, frozen=True, gc=False):
    """A keyring: ``vrf`` is the front-door VRF that its peers are reached through, None the default VRF.

    The global keys form the keyring called ``default``; its ``line`` is that of its first key, 0 when there is none.
    """

    name: str
    line: int
    vrf: str | None = None
    local_address: LocalAddress | None = None
    keys: tuple[Key, ...] = ()
    rsa_keys: tuple[RsaPubkey, ...] = ()
    description: str | None = None


class KeyringRef(msgspec.Struct, frozen=True, gc=False):
    """A ``keyring NAME`` line of an ISAKMP profile; the name may be ``default``."""

    line: int
    name: str


MatchKind = Literal["address", "host", "host-domain", "user", "user-domain", "group", "certificate"]


class IdentityMatch(msgspec.Struct, frozen=True, gc=False):
    """One ``match identity`` or ``match certificate`` line of an ISAKMP profile.

    ``prefix`` is set for kind ``address``; ``value`` holds the name, domain, group or certificate map otherwise. ``vrf`` is
    the front-door VRF operand, None the default VRF (PROFILE-VRF).
    """

    line: int
    kind: MatchKind
    prefix: Prefix | None = None
    value: str | None = None
    vrf: str | None = None


class SelfIdentity(msgspec.Struct, frozen=True, gc=False):
    """``self-identity``; ``value`` is None where IOS derives it (address; fqdn from host and domain name)."""

    line: int
    kind: Literal["address", "address-ipv6", "fqdn", "user-fqdn", "dn"]
    value: str | None = None


class Keepalive(msgspec.Struct, frozen=True, gc=False):
    """Dead peer detection: ``interval`` and ``retry`` in seconds."""

    line: int
    interval: int
    retry: int | None = None
    periodic: bool = False


class NamedLine(msgspec.Struct, frozen=True, gc=False):
    """A reference by name, with the line it stands on."""

    line: int
    name: str


class IsakmpProfile(msgspec.Struct, frozen=True, gc=False):
    """An ISAKMP profile; ``vrf`` is the inside VRF that its tunnels are mapped to."""

    name: str
    line: int
    keyrings: tuple[KeyringRef, ...] = ()
    matches: tuple[IdentityMatch, ...] = ()
    vrf: str | None = None
    self_identity: SelfIdentity | None = None
    local_address: LocalAddress | None = None
    initiate_mode: Literal["main", "aggressive"] | None = None
    trustpoints: tuple[NamedLine, ...] = ()
    keepalive: Keepalive | None = None
    virtual_template: int | None = None
    client_authentication: str | None = None
    authorization: str | None = None
    client_configuration_group: str | None = None
    client_configuration_address: str | None = None
    description: str | None = None


class IsakmpPolicy(msgspec.Struct, frozen=True, gc=False):
    """An ISAKMP policy; an attribute is None when the configuration does not print it (POLICY-DEFAULTS, U-13).

    ``encryption`` is the keyword with its key length (``aes 256``, ``3des``); ``keyword`` tells which spelling the line
    used (``encr`` or ``encryption``), None when no encryption is printed. ``lifetime`` is in seconds.
    """

    number: int
    line: int
    encryption: str | None = None
    keyword: Literal["encr", "encryption"] | None = None
    hash: str | None = None
    authentication: str | None = None
    group: str | None = None
    lifetime: int | None = None


class AggressivePeer(msgspec.Struct, frozen=True, gc=False):
    """``crypto isakmp peer``: attributes with which the router initiates aggressive mode (MODE-AGGRESSIVE).

    ``client_endpoint`` is kind and value as written: ``fqdn r1.example.com``, ``ipv4-address 192.0.2.1``.
    """

    line: int
    address: IPAddress | None = None
    hostname: str | None = None
    vrf: str | None = None
    password: Secret | None = None
    client_endpoint: str | None = None


class ClientGroup(msgspec.Struct, frozen=True, gc=False):
    """``crypto isakmp client configuration group`` (EzVPN); ``key`` is redacted and never compared."""

    name: str
    line: int
    has_key: bool = False


class IsakmpSettings(msgspec.Struct, frozen=True):
    """Router-wide IKEv1 settings. ``identity`` is what the router presents (ID-SENT)."""

    identity: Literal["address", "hostname", "dn"] = "address"
    identity_line: int = 0
    aggressive_mode_disabled: bool = False
    aggressive_mode_line: int = 0
    default_policy_disabled: bool = False
    enabled: bool = True
    enabled_line: int = 0
    keepalive: Keepalive | None = None
    invalid_spi_recovery: bool = False
    peers: tuple[AggressivePeer, ...] = ()
    client_groups: tuple[ClientGroup, ...] = ()
