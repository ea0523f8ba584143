"""What show commands said about a router at collection time; the configuration alone stays authoritative."""

from __future__ import annotations

import msgspec

from ikeaudit.model.address import IPAddress, Prefix
from ikeaudit.model.secret import Secret
from ikeaudit.model.shown import (
    DmvpnPeer,
    Ikev2Sa,
)


class ShownKey(msgspec.Struct, frozen=True, gc=False):
    """One row of ``show crypto isakmp key`` (DOMAIN 9)."""

    line: int
    keyring: str
    secret: Secret
    prefix: Prefix | None = None
    hostname: str | None = None
    vrf: str | None = None


class IsakmpSa(msgspec.Struct, frozen=True, gc=False):
    """One row of ``show crypto isakmp sa``: ``source`` is the initiator."""

    destination: IPAddress
    source: IPAddress
    state: str
    status: str
    conn_id: int = 0


class CryptoSession(msgspec.Struct, frozen=True):
    """One session of ``show crypto session [detail]``."""

    interface: str
    status: str
    peer: IPAddress | None = None
    local: IPAddress | None = None
    fvrf: str | None = None
    profile: str | None = None
    ike_version: int | None = None
    active_sas: int = 0


class ShowOutputs(msgspec.Struct, frozen=True):
    """The parsed show commands of a snapshot; a field is None when the command was not collected or not understood."""

    keys: tuple[ShownKey, ...] | None = None
    isakmp_sas: tuple[IsakmpSa, ...] | None = None
    sessions: tuple[CryptoSession, ...] | None = None
    version: str | None = None
    platform: str | None = None
    ikev2_sas: tuple[Ikev2Sa, ...] | None = None
    dmvpn_peers: tuple[DmvpnPeer, ...] | None = None
