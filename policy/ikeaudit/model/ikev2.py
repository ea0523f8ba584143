"""IKEv2 as configured (IKEV2-OBJECTS)."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model.address import IPAddress, Prefix
from ikeaudit.model.ikev1 import Keepalive, NamedLine
from ikeaudit.model.secret import Secret

ANY_VRF = "any"
"""The operand of ``match fvrf any``."""


class Ikev2Proposal(msgspec.Struct, frozen=True, gc=False):
    """Algorithms in order of preference, as written; ``post_quantum`` says that there are ``pqc`` lines (IKEV2-QUANTUM)."""

    name: str
    line: int
    encryption: tuple[str, ...] = ()
    integrity: tuple[str, ...] = ()
    prf: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    post_quantum: bool = False


class Ikev2Policy(msgspec.Struct, frozen=True, gc=False):
    """``fvrf`` None is the global VRF, ``any`` every VRF (IKEV2-FVRF)."""

    name: str
    line: int
    fvrf: str | None = None
    local_addresses: tuple[IPAddress, ...] = ()
    proposals: tuple[NamedLine, ...] = ()


IdentityKind = Literal["address", "fqdn", "fqdn-domain", "email", "email-domain", "key-id", "dn", "any"]


class Ikev2Identity(msgspec.Struct, frozen=True, gc=False):
    """An identity or a match on one; ``prefix`` for kind ``address``, ``value`` for the others."""

    line: int
    kind: IdentityKind
    prefix: Prefix | None = None
    value: str | None = None


class Ikev2Peer(msgspec.Struct, frozen=True, gc=False):
    """A peer block of a keyring; a symmetric key stands in both ``local`` and ``remote``."""

    name: str
    line: int
    addresses: tuple[Prefix, ...] = ()
    hostname: str | None = None
    identity: Ikev2Identity | None = None
    local: Secret | None = None
    remote: Secret | None = None
    description: str | None = None
    ppk: bool = False


class Ikev2Keyring(msgspec.Struct, frozen=True, gc=False):
    """An IKEv2 keyring."""

    name: str
    line: int
    peers: tuple[Ikev2Peer, ...] = ()


AuthMethod = Literal["pre-share", "rsa-sig", "ecdsa-sig", "eap"]


class Ikev2Auth(msgspec.Struct, frozen=True, gc=False):
    """``authentication local|remote``; ``key`` is the inline key, when there is one."""

    line: int
    method: AuthMethod
    key: Secret | None = None


class Ikev2Profile(msgspec.Struct, frozen=True, gc=False):
    """An IKEv2 profile; ``fvrf`` as in :class:`Ikev2Policy`."""

    name: str
    line: int
    fvrf: str | None = None
    matches: tuple[Ikev2Identity, ...] = ()
    certificate_maps: tuple[NamedLine, ...] = ()
    local_addresses: tuple[IPAddress, ...] = ()
    local_interfaces: tuple[str, ...] = ()
    inbound_only: bool = False
    identity_local: Ikev2Identity | None = None
    local_auth: tuple[Ikev2Auth, ...] = ()
    remote_auth: tuple[Ikev2Auth, ...] = ()
    keyring: NamedLine | None = None
    keyring_kind: Literal["local", "aaa"] | None = None
    ppk_keyring: str | None = None
    trustpoints: tuple[NamedLine, ...] = ()
    ivrf: str | None = None
    lifetime: int | None = None
    dpd: Keepalive | None = None
    virtual_template: int | None = None
    shutdown: bool = False


class Ikev2(msgspec.Struct, frozen=True):
    """Everything under ``crypto ikev2``.

    ``policy_off_line`` and ``proposal_off_line`` are the lines that switch the built-in ones off, 0 where nothing does
    (IKEV2-BUILT-IN).
    """

    proposals: tuple[Ikev2Proposal, ...] = ()
    policies: tuple[Ikev2Policy, ...] = ()
    keyrings: tuple[Ikev2Keyring, ...] = ()
    profiles: tuple[Ikev2Profile, ...] = ()
    dpd: Keepalive | None = None
    policy_off_line: int = 0
    proposal_off_line: int = 0
