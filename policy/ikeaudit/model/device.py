"""What show commands said about a router at collection time; the configuration alone stays authoritative."""

from __future__ import annotations

import msgspec

from ikeaudit.model.address import IPAddress, Prefix
from ikeaudit.model.secret import Secret
from ikeaudit.model.shown import (
    CryptoConnection,
    DmvpnPeer,
    Ikev2Sa,
    IsakmpDetail,
    ShownLine,
)


class ShownKey(msgspec.Struct, frozen=True, gc=False):
    """One row of ``show crypto isakmp key`` (SHOW-LAYOUT)."""

    line: int
    keyring: str
    secret: Secret
    prefix: Prefix | None = None
    hostname: str | None = None
    vrf: str | None = None


class IsakmpSa(msgspec.Struct, frozen=True):
    """One row of ``show crypto isakmp sa``: ``source`` is the initiator; ``at`` is where it stands."""

    destination: IPAddress
    source: IPAddress
    state: str
    status: str
    conn_id: int = 0
    at: ShownLine | None = None


class CryptoSession(msgspec.Struct, frozen=True):
    """One session of ``show crypto session [detail]``.

    What only the detailed form prints may be None: ``uptime`` in seconds, and the packets encrypted and decrypted since the
    IPsec SAs were made (all flows together). ``connections`` are its IKE SAs; ``at`` is where its peer stands.
    """

    interface: str
    status: str
    peer: IPAddress | None = None
    local: IPAddress | None = None
    fvrf: str | None = None
    profile: str | None = None
    ike_version: int | None = None
    active_sas: int = 0
    uptime: int | None = None
    encaps: int | None = None
    decaps: int | None = None
    connections: tuple[CryptoConnection, ...] = ()
    at: ShownLine | None = None


class ShowOutputs(msgspec.Struct, frozen=True):
    """The parsed show commands of a snapshot; a field is None when the command was not collected or not understood.

    ``clock`` is what the router took the time for, and ``read`` when whoever read it began (UTC): ``2026-11-29T20:15:00Z``.
    ``last_change`` is the remark of the running-config that says when it was changed last, where it was asked for apart.
    """

    keys: tuple[ShownKey, ...] | None = None
    isakmp_sas: tuple[IsakmpSa, ...] | None = None
    sessions: tuple[CryptoSession, ...] | None = None
    version: str | None = None
    platform: str | None = None
    ikev2_sas: tuple[Ikev2Sa, ...] | None = None
    dmvpn_peers: tuple[DmvpnPeer, ...] | None = None
    isakmp_details: tuple[IsakmpDetail, ...] | None = None
    clock: str | None = None
    last_change: str | None = None
    read: str | None = None

    @property
    def has_state(self) -> bool:
        """Whether it says which associations there are."""
        return any(rows is not None for rows in (self.isakmp_sas, self.ikev2_sas, self.sessions))

    def without_state(self) -> ShowOutputs:
        """What is shown of the router itself: a configuration that nobody runs yet has no state."""
        return ShowOutputs(keys=self.keys, version=self.version, platform=self.platform)
