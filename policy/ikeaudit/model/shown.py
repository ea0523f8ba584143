"""Rows of the show commands that tell how a router runs what it is configured with (DOMAIN 9); names as IOS prints them."""

from __future__ import annotations

import msgspec

from ikeaudit.model.address import IPAddress


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


class DmvpnPeer(msgspec.Struct, frozen=True, gc=False):
    """A row of ``show dmvpn``: ``state`` is IKE, NHRP, UP ...; ``attributes`` the legend's letters (``D``, ``S``, ``X``)."""

    interface: str
    nbma: str
    tunnel: IPAddress
    state: str
    attributes: str = ""
