"""Readers of operands: small functions from the words behind a command to a value, None when the words make no sense."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from netutils.interface import canonical_interface_name

from ikeaudit.ios.names import INTERFACE_TYPES
from ikeaudit.ios.quads import ipv4_number
from ikeaudit.ios.syntax import TRANSFORMS
from ikeaudit.model import IPAddress, LocalAddress, Prefix, parse_address
from ikeaudit.parsing.likeness import near

_ALL_ONES = (1 << 32) - 1
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}$")
_HOST_NAME = re.compile(r"(?:[\w\-]+\.)*[\w\-]*[A-Za-z][\w\-]*\.?$")
_INTERFACE_NAME = re.compile(r"[A-Za-z][A-Za-z\-]*\d+(?:[/.:]\d+)*$")
_NUMBER = re.compile(r"\d+(?:[/.:]\d+)*$")
_CUT_MASK = re.compile(r"[\d.]+$")
_AROUND_SLASH = re.compile(r"\s*/\s*")
_INTERFACE = re.compile(r"((?:Virtual-)?Dot11Radio|[A-Za-z][A-Za-z\-]*)\s*(\d.*)?$", re.IGNORECASE)
_ONE_LETTER = {"f": "FastEthernet", "t": "Tunnel"}
_WITHOUT_NUMBER = ("Sdwan-system-intf",)
_MEANT_FIRST = ("ATM", "BDI", "TenGigabitEthernet", "TwentyFiveGigE", "Vlan")
_OTHERS = (
    "FiveGigabitEthernet Virtual-PPP LISP Group-Async Dot11Radio Virtual-Dot11Radio Wlan-GigabitEthernet Hssi TokenRing "
    "Virtual-TokenRing CTunnel Integrated-Service-Engine Overlay Auto-Template MFR wlan-ap"
)
_INTERFACE_TYPES = tuple(dict.fromkeys((*_MEANT_FIRST, *INTERFACE_TYPES, *_OTHERS.split())))
"""Known types; of two that begin alike the first is meant."""


@lru_cache(maxsize=16384)
def interface_name(text: str) -> str:
    """The full name of an interface as IOS prints it: ``gi0/0`` -> ``GigabitEthernet0/0``, ``Tunnel 1`` -> ``Tunnel1``.

    Sub-interface numbers stay; words after the number (``type tunnel``, ``point-to-point``) are left out.
    """
    text = _AROUND_SLASH.sub("/", text.strip())
    found = _INTERFACE.match(text)
    if found is None:
        return text
    kind, number = found[1], (found[2] or "").split(" ", 1)[0]
    for name in _INTERFACE_TYPES:
        if name.lower() == kind.lower():
            return name + number
    if not number:
        return text
    if kind.lower() in _ONE_LETTER and not (kind in "tT" and "/" in number):
        return _ONE_LETTER[kind.lower()] + number
    canonical = str(canonical_interface_name(kind + number))
    if canonical != kind + number:
        return canonical
    return next((name for name in _INTERFACE_TYPES if name.lower().startswith(kind.lower())), kind) + number


def interface(text: str) -> str | None:
    """The full name of an interface, None when ``text`` cannot be one: a number, a name cut short, or more than both."""
    words = _AROUND_SLASH.sub("/", text).split()
    if not 1 <= len(words) <= 2 or not text[0].isalpha() or (len(words) == 2 and not words[1][0].isdigit()):
        return None
    name = interface_name(text)
    return None if _damaged_interface(name) else name


def is_interface(text: str) -> bool:
    """Whether ``text`` is the name of an interface of a known type, a number behind it."""
    name = interface_name(text)
    kind = name.rstrip("0123456789/.:")
    return kind in _INTERFACE_TYPES and kind != name


@lru_cache(maxsize=16384)
def _damaged_interface(name: str) -> bool:
    """Whether a name is no interface's: strange characters in it, no number, or a known type with a typing error."""
    kind = name.rstrip("0123456789/.:")
    if (kind in _INTERFACE_TYPES and _NUMBER.match(name, len(kind))) or name in _WITHOUT_NUMBER:
        return False
    return _INTERFACE_NAME.match(name) is None or any(near(kind, known) for known in _INTERFACE_TYPES)


def spelt_transforms(text: str) -> str:
    """``crypto ipsec transform-set TS ...`` with its transforms spelt out: ``esp-sha-h`` stands for ``esp-sha-hmac``."""
    words = text.split()
    for at in range(4, len(words)):
        meant = [known for known in TRANSFORMS if known.startswith(words[at])]
        if len(meant) == 1 and len(words[at]) > len("esp-"):
            words[at] = meant[0]
    return " ".join(words)


@lru_cache(maxsize=1 << 14)
def address(text: str) -> IPAddress | None:
    """An address, None when it is none."""
    return parse_address(text)


def is_dotted(text: str) -> bool:
    """Whether ``text`` is shaped like a dotted quad, its octets in range or not."""
    return _DOTTED.match(text) is not None


def host_name(text: str) -> str | None:
    """A name that DNS could resolve; None for an address with something missing or wrong (``192.0.2.``, ``192.0.2d.1``)."""
    return text if _HOST_NAME.match(text) else None


def mask_of(text: str) -> IPv4Address | None:
    """A dotted mask."""
    number = ipv4_number(text)
    return None if number is None else IPv4Address(number)


def peer_prefix(base: str, mask: str | None = None) -> Prefix | None:
    """Address and mask of a key or a match: without a mask a host, except that 0.0.0.0 is everything (KEY-FORMS)."""
    if mask is None and ":" not in base and (value := ipv4_number(base)) is not None:
        return Prefix(4, value, _ALL_ONES if value else 0)
    if mask is not None and (value := ipv4_number(base)) is not None and (bits := ipv4_number(mask)) is not None:
        return Prefix(4, value, bits)
    found = address(base)
    if found is None:
        return ipv6_prefix(base) if mask is None else None
    if mask is None:
        return Prefix.of(found, 0 if int(found) == 0 else None)
    dotted = mask_of(mask)
    return Prefix.masked(found, dotted) if dotted is not None and found.version == 4 else None


def ipv6_prefix(text: str) -> Prefix | None:
    """``2001:db8::/32``; without a length a host, except that ``::`` is everything."""
    base, slash, length = text.partition("/")
    found = address(base)
    if not isinstance(found, IPv6Address):
        return None
    if not slash:
        return Prefix.of(found, 0 if int(found) == 0 else None)
    if not length.isdigit() or int(length) > 128:
        return None
    return Prefix.of(found, int(length))


def matched_vrf(text: str | None, *, after_address: bool) -> bool:
    """Whether ``text`` can be a VRF, or none is given; where a mask might stand, digits and dots are one with something
    missing."""
    return text is None or not _CUT_MASK.match(text) or ("." not in text and not after_address)


def wildcard_prefix(base: str, wildcard: str) -> Prefix | None:
    """Address and wildcard mask of an access list."""
    found, inverse = address(base), mask_of(wildcard)
    if not isinstance(found, IPv4Address) or inverse is None:
        return None
    return Prefix(4, int(found), ~int(inverse) & _ALL_ONES).network


def local_address_of(args: Mapping[str, str], line: int, *_: object) -> LocalAddress | None:
    """``local-address {A [VRF] | IFACE}``."""
    if "address" in args:
        vrf = args.get("vrf")
        found = address(args["address"])
        return LocalAddress(line, address=found, vrf=vrf) if matched_vrf(vrf, after_address=True) else None
    if "interface" in args:
        return LocalAddress(line, interface=args["interface"])
    words = args["value"].split()
    found = address(words[0])
    if found is not None:
        return LocalAddress(line, address=found) if len(words) == 1 else None
    name = interface(args["value"])
    return None if name is None else LocalAddress(line, interface=name)
