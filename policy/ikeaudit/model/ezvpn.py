"""Easy VPN clients as configured; their servers are dynamic maps, virtual templates and client groups (CLIENT-EZVPN)."""

from __future__ import annotations

import msgspec

from ikeaudit.model.ikev1 import NamedLine
from ikeaudit.model.ipsec import CryptoPeer


class EzvpnClient(msgspec.Struct, frozen=True):
    """``crypto ipsec client ezvpn``: the servers it calls and the group that it presents, None for a certificate.

    The group's key is redacted and never compared, ``has_key`` tells only that there is one. ``connect`` and ``mode`` are as
    written (``auto``, ``manual``, ``acl 100``; ``client``, ``network-extension``); ``virtual_interface`` is 0 without a number.
    """

    name: str
    line: int
    group: str | None = None
    group_line: int = 0
    has_key: bool = False
    peers: tuple[CryptoPeer, ...] = ()
    local_address: NamedLine | None = None
    connect: str | None = None
    mode: str | None = None
    virtual_interface: int | None = None


class EzvpnUse(msgspec.Struct, frozen=True, gc=False):
    """``crypto ipsec client ezvpn NAME [inside]`` on an interface; calls leave from the one that is not inside."""

    line: int
    name: str
    inside: bool = False
