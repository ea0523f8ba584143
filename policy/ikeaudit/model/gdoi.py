"""GET VPN as configured: whom a group member registers with, and where a key server answers (CLIENT-GETVPN)."""

from __future__ import annotations

import msgspec

from ikeaudit.model.address import IPAddress
from ikeaudit.model.ikev1 import NamedLine
from ikeaudit.model.ipsec import CryptoPeer


class GdoiGroup(msgspec.Struct, frozen=True):
    """``crypto gdoi group`` or ``crypto gkm group``; ``identity`` is the group's number or address, as written.

    A member names its key ``servers`` in order of preference, and perhaps the interface that it registers from. On a key
    server ``server_line`` is that of ``server local``, else 0; ``address`` is the one that it answers on, None for any of
    its own; ``authorization`` the access list of the members that it admits. ``ikev2_profile`` makes registration IKEv2:
    ``client protocol gikev2`` on a member, ``gikev2`` on a server, which then takes both.
    """

    name: str
    line: int
    gkm: bool = False
    ipv6: bool = False
    identity: str | None = None
    identity_line: int = 0
    servers: tuple[CryptoPeer, ...] = ()
    registration_interface: NamedLine | None = None
    server_line: int = 0
    address: IPAddress | None = None
    address_line: int = 0
    authorization: NamedLine | None = None
    ikev2_profile: NamedLine | None = None
