"""One router: everything that its configuration says about negotiating tunnels."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.ios.command import ObjectKind
from ikeaudit.model.address import IPAddress
from ikeaudit.model.device import ShowOutputs
from ikeaudit.model.evidence import Evidence
from ikeaudit.model.ezvpn import EzvpnClient
from ikeaudit.model.gdoi import GdoiGroup
from ikeaudit.model.ikev1 import DEFAULT_KEYRING, IsakmpPolicy, IsakmpProfile, IsakmpSettings, Keyring
from ikeaudit.model.ikev2 import Ikev2
from ikeaudit.model.interface import Interface, StaticRoute
from ikeaudit.model.ipsec import AccessList, CryptoMap, IpsecProfile, TransformSet
from ikeaudit.model.nat import NatRule, RouteMap

FileKind = Literal["ios", "template", "not-ios", "unreadable"]
"""What became of a file: a router's configuration; one whose values are not filled in; something that is known to be no IOS;
what could not be read, or is nothing known."""


class UnknownLine(msgspec.Struct, frozen=True, gc=False):
    """A crypto-relevant line that was not understood, and the object it stands in.

    ``kind`` is ``global`` for a top-level line whose effect is not known, ``other`` for one inside a section that no tunnel
    depends on; ``name`` is the object's name, a crypto map's with its sequence number (``CM 10``).
    """

    line: int
    kind: ObjectKind
    name: str = ""


class HostMapping(msgspec.Struct, frozen=True, gc=False):
    """``ip host NAME ADDRESS...``."""

    line: int
    name: str
    addresses: tuple[IPAddress, ...]
    vrf: str | None = None


class Router(msgspec.Struct, frozen=True, omit_defaults=True):
    """A router's configuration as a model; ``lines`` is its redacted text, ``lines[0]`` being ``file``'s line ``first_line``.

    ``name`` is the host name, or ``NAME@file-stem`` where two files claim one name. ``weak_ways`` is what was weak in the
    session that read it: ``telnet``, or algorithms of SSH. Every sequence keeps the order of the configuration, because IOS
    breaks ties by it (TEXT-PRINTED). ``ipsec_lifetime`` is in seconds, ``nat_transparency_off_line`` the line that switches NAT
    traversal off, 0 where nothing does. ``keys_in_names`` are the lines whose object has a name
    that spells out one of its keys.
    """

    name: str
    file: str
    lines: tuple[str, ...] = ()
    first_line: int = 1
    hostname: str | None = None
    domain_name: str | None = None
    version: str | None = None
    platform: str | None = None
    interfaces: tuple[Interface, ...] = ()
    vrfs: tuple[str, ...] = ()
    default_keyring: Keyring = Keyring(DEFAULT_KEYRING, 0)
    keyrings: tuple[Keyring, ...] = ()
    isakmp_policies: tuple[IsakmpPolicy, ...] = ()
    isakmp_profiles: tuple[IsakmpProfile, ...] = ()
    isakmp: IsakmpSettings = IsakmpSettings()
    ipsec_lifetime: int = 3600
    transform_sets: tuple[TransformSet, ...] = ()
    ipsec_profiles: tuple[IpsecProfile, ...] = ()
    crypto_maps: tuple[CryptoMap, ...] = ()
    dynamic_maps: tuple[CryptoMap, ...] = ()
    ikev2: Ikev2 = Ikev2()
    gdoi_groups: tuple[GdoiGroup, ...] = ()
    ezvpn_clients: tuple[EzvpnClient, ...] = ()
    acls: tuple[AccessList, ...] = ()
    host_mappings: tuple[HostMapping, ...] = ()
    static_routes: tuple[StaticRoute, ...] = ()
    nat_rules: tuple[NatRule, ...] = ()
    route_maps: tuple[RouteMap, ...] = ()
    trustpoints: tuple[str, ...] = ()
    password_encryption_aes: bool = False
    compliance_shield_disabled: bool = False
    nat_transparency_off_line: int = 0
    archive_path: str | None = None
    truncated: bool = False
    keys_in_names: tuple[int, ...] = ()
    unknown: tuple[UnknownLine, ...] = ()
    shows: ShowOutputs = ShowOutputs()
    weak_ways: tuple[str, ...] = ()

    def text(self, line: int) -> str:
        """The redacted text of ``line`` (numbered as in the file), empty when the file has no such line."""
        index = line - self.first_line
        return self.lines[index].strip() if 0 <= index < len(self.lines) else ""

    def without_state(self) -> Router:
        """The router as one whose state is not known, as that of a configuration to come is not."""
        return msgspec.structs.replace(self, shows=self.shows.without_state()) if self.shows.has_state else self

    def evidence(self, *lines: int) -> tuple[Evidence, ...]:
        """The given lines as evidence, duplicates and line 0 (nothing configured) left out."""
        name, file, text = self.name, self.file, self.text
        return tuple([Evidence(name, file, n, text(n)) for n in dict.fromkeys(lines) if n])
