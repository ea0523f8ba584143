"""The sections of IOS that matter here: for each kind its header, its commands, and what reports call it.

One table serves three purposes: spelling abbreviations out, telling which lines belong to a section when the indentation
is lost (a copy out of a PDF), and naming the object that an unknown line stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ikeaudit.model import UnknownKind
from ikeaudit.parsing import global_vocabulary, vocabulary
from ikeaudit.parsing.words import Grammar


class Kind(NamedTuple):
    """A kind of section: ``header`` finds the object's name, ``unknown`` is how reports call it.

    The commands of a section that is ``indented_only`` are not declared; its lines are told by their indentation alone.
    """

    name: str
    header: re.Pattern[str]
    unknown: UnknownKind
    grammar: Grammar
    indented_only: bool = False


def _commands(table: str) -> Iterator[str]:
    return (command for entry in table.split(",") if (command := " ".join(entry.split())))


def _kind(name: str, header: str, unknown: UnknownKind, table: str = "") -> Kind:
    return Kind(name, re.compile(header), unknown, Grammar([*_commands(table), "exit"]), indented_only=not table)


_MAP_HEADER = r"crypto map (?:ipv6 )?(?P<name>\S+ \d+)(?: (?:ipsec-isakmp|ipsec-manual|gdoi)(?: .*)?)?$"
_PKI = "trustpoint|server|certificate map|certificate chain|profile|trustpool|identity|root|trusted-root"
_IKEV2_OTHER = r"authorization policy|client (?:flexvpn|configuration)|name-mangler|cluster"
_OTHER = (
    r"identity|key pubkey-chain|ssl|provisioning|tls-tunnel|wui|skip-client"
    r"|map (?:ipv6 )?\S+ gdoi fail-close"
)

KINDS: tuple[Kind, ...] = (
    _kind("keyring", r"crypto keyring (?P<name>\S+)", "keyring", vocabulary.KEYRING),
    _kind("isakmp_profile", r"crypto isakmp profile (?P<name>\S+)", "isakmp-profile", vocabulary.ISAKMP_PROFILE),
    _kind("isakmp_policy", r"crypto isakmp policy (?P<name>\d+)", "isakmp-policy", vocabulary.ISAKMP_POLICY),
    _kind("isakmp_peer", r"crypto isakmp peer (?P<name>.+)", "other", vocabulary.ISAKMP_PEER),
    _kind(
        "client_group",
        r"crypto isakmp client configuration group (?P<name>\S+)",
        "other",
        vocabulary.CLIENT_GROUP,
    ),
    _kind("transform_set", r"crypto ipsec transform-set (?P<name>\S+)", "transform-set", vocabulary.TRANSFORM_SET),
    _kind("ipsec_profile", r"crypto ipsec profile (?P<name>\S+)", "ipsec-profile", vocabulary.MAP_BODY),
    _kind("crypto_map", _MAP_HEADER, "crypto-map", vocabulary.MAP_BODY),
    _kind(
        "dynamic_map",
        r"crypto (?:ipv6 )?dynamic-map (?:ipv6 )?(?P<name>\S+ \d+)",
        "dynamic-map",
        vocabulary.MAP_BODY,
    ),
    _kind("ikev2_proposal", r"crypto ikev2 proposal (?P<name>\S+)", "ikev2-proposal", vocabulary.IKEV2_PROPOSAL),
    _kind("ikev2_policy", r"crypto ikev2 policy (?P<name>\S+)", "ikev2-policy", vocabulary.IKEV2_POLICY),
    _kind("ikev2_keyring", r"crypto ikev2 keyring (?P<name>\S+)", "ikev2-keyring", vocabulary.IKEV2_KEYRING),
    _kind("ikev2_profile", r"crypto ikev2 profile (?P<name>\S+)", "ikev2-profile", vocabulary.IKEV2_PROFILE),
    _kind("interface", r"interface (?!ra\w* )(?P<name>\S.*)", "interface", vocabulary.INTERFACE),
    _kind("vrf", r"(?:vrf definition|ip vrf) (?P<name>\S+)$", "other", vocabulary.VRF),
    _kind(
        "acl",
        r"(?:ip access-list (?:extended|standard)|ipv6 access-list) (?P<name>\S+)",
        "acl",
        vocabulary.ACL,
    ),
    _kind("archive", r"(?P<name>archive)$", "other", vocabulary.ARCHIVE),
    _kind("gdoi_group", r"crypto (?:gdoi|gkm) group (?:ipv6 )?(?P<name>\S+)", "other", vocabulary.GDOI_GROUP),
    _kind("ezvpn", r"crypto ipsec client ezvpn (?P<name>\S+)", "other", vocabulary.EZVPN),
    _kind("pki", rf"crypto (?:pki|ca) (?P<name>(?:{_PKI})(?: .*)?)$", "other", vocabulary.PKI),
    _kind("ikev2_other", rf"crypto ikev2 (?P<name>(?:{_IKEV2_OTHER})\b.*)", "other"),
    _kind("crypto_other", rf"crypto (?P<name>(?:{_OTHER})\b.*)", "other"),
)
"""Every kind of section that crypto or tunnels depend on; anything else is of no interest to this project."""

KIND_BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}

GLOBAL = Grammar(_commands(global_vocabulary.GLOBAL))
"""The commands of global configuration mode."""

_OPENING_WORDS = {"crypto", "interface", "vrf", "ip", "ipv6", "archive"}


def header_of(text: str) -> tuple[Kind, str] | None:
    """The kind and name of the section that ``text``, spelt out, opens."""
    if text.split(" ", 1)[0] not in _OPENING_WORDS:
        return None
    for kind in KINDS:
        if found := kind.header.match(text):
            return kind, found["name"]
    return None
