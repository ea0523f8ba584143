"""Rows of the show commands that tell how a router runs what it is configured with (SHOW-LAYOUT); names as IOS prints them."""

from __future__ import annotations

import re

import msgspec

from ikeaudit.model.address import IPAddress


class ShownLine(msgspec.Struct, frozen=True, gc=False):
    """A line of redacted show output: the command, its number in the output from 1, and its text."""

    command: str
    number: int
    text: str


class CryptoConnection(msgspec.Struct, frozen=True, gc=False):
    """An IKE SA of ``show crypto session``; ``conn_id`` and ``remaining`` (seconds) are printed by the detailed form only."""

    ike_version: int
    local: IPAddress | None
    remote: IPAddress | None
    state: str = ""
    conn_id: int | None = None
    remaining: int | None = None


class IsakmpDetail(msgspec.Struct, frozen=True, gc=False):
    """What ``show crypto isakmp sa detail`` adds: what was agreed on, as printed, and the seconds that remain."""

    conn_id: int
    local: IPAddress
    remote: IPAddress
    encryption: str
    hash: str
    authentication: str
    group: str
    remaining: int | None = None


class Ikev2Sa(msgspec.Struct, frozen=True):
    """An association of ``show crypto ikev2 sa`` or ``session``; what only the detailed form prints may be None.

    ``initiator`` says whether this router started it; ``children`` counts the child associations listed. ``lifetime`` and
    ``active``, for how long it has been up, are in seconds; ``at`` is where it stands.
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
    lifetime: int | None = None
    active: int | None = None
    at: ShownLine | None = None


class DmvpnPeer(msgspec.Struct, frozen=True, gc=False):
    """A row of ``show dmvpn``: ``state`` is IKE, NHRP, UP ...; ``attributes`` the legend's letters (``D``, ``S``, ``X``)."""

    interface: str
    nbma: str
    tunnel: IPAddress
    state: str
    attributes: str = ""
    at: ShownLine | None = None


def show_file(command: str) -> str:
    """The file of a snapshot that holds the output of ``command``: ``show-crypto-isakmp-key.txt``.

    What no file name should have becomes a dash, as blanks do.
    """
    return re.sub(r"[^\w.+%-]+", "-", command) + ".txt"
