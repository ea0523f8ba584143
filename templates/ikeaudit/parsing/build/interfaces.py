"""Interfaces and their tunnel half (DOMAIN 3.4, 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv6Address
from typing import Literal

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.model import (
    EzvpnUse,
    Interface,
    InterfaceAddress,
    IPAddress,
    NamedLine,
    Prefix,
)
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import Begin, Context, Statement
from ikeaudit.parsing.build.tunnels import Outer
from ikeaudit.parsing.operands import (
    address,
    interface,
    interface_name,
    ipv6_prefix,
    mask_of,
    peer_prefix,
)

_FHRP_COMMANDS = re.compile(
    r"(?:\d+ )?(?:address-family|arp|authentication|bfd|client-cache|delay|description|follow|forwarder|ip|ipv6|load-balancing"
    r"|mac-address|mac-refresh|match-address|name|preempt|priority|redirect|redirects|shutdown|sso|timers|track|use-bia"
    r"|version|vrrpv2|vrrs|weighting)\b"
)
_HEADER_OPTIONS = ("point-to-point", "multipoint", "l2transport")
_PLACEHOLDER = re.compile(r"[a-z] [xXyYnN]$")
_FHRP_ADDRESS = re.compile(
    r"(?:(?:\d+ )?(?:ip|ipv6) )?(?P<address>\d\S*|[0-9A-Fa-f]*:\S*|autoconfig)(?: (?:secondary|primary))?$"
)


class _Draft(msgspec.Struct):
    """An interface so far, field by field as in :class:`Interface`; ``secondary`` are its secondary addresses again."""

    name: str
    line: int
    addresses: list[InterfaceAddress] = []
    addressing: Literal["static", "dhcp", "negotiated"] | None = None
    unnumbered: str | None = None
    vrf: str | None = None
    shutdown: bool = False
    maps: dict[str, NamedLine] | None = None
    tunnel: Outer | None = None
    virtual_template_type: str | None = None
    nat: Literal["inside", "outside"] | None = None
    ezvpn: dict[str, EzvpnUse] | None = None
    map_redundancy: NamedLine | None = None
    description: str | None = None
    secondary: set[IPAddress] | None = None

    @property
    def outer(self) -> Outer:
        """Its tunnel half."""
        if self.tunnel is None:
            self.tunnel = Outer()
        return self.tunnel

    def add_map(self, family: str, name: NamedLine) -> None:
        """Bind a crypto map; one of each family can be."""
        self.maps = {**(self.maps or {}), family: name}

    def freeze(self) -> Interface:
        """The finished interface."""
        if self.name.startswith("Tunnel") or self.virtual_template_type == "tunnel":
            _ = self.outer
        return Interface(
            self.name,
            self.line,
            tuple(self.addresses),
            self.addressing or "none",
            self.unnumbered,
            self.vrf,
            self.shutdown,
            tuple(self.maps.values()) if self.maps else (),
            self.tunnel.freeze() if self.tunnel is not None else None,
            self.virtual_template_type,
            self.nat,
            tuple(self.ezvpn.values()) if self.ezvpn else (),
            self.map_redundancy,
            self.description,
        )


def freeze(drafts: Drafts) -> tuple[Interface, ...]:
    """The interfaces under their full names, in order of first appearance."""
    return tuple(draft.freeze() for draft in drafts.interfaces.values())


def _header_name(text: str) -> str | None:
    """The interface that a header names, ``point-to-point`` behind it left out."""
    words = [word for word in text.split() if word not in _HEADER_OPTIONS]
    if _PLACEHOLDER.search(text):
        return interface_name(words[0]) + words[-1]
    return interface(" ".join(words))


def _interface(drafts: Drafts, args: Args, line: int, context: Context) -> _Draft | None:
    name = args.get("name") or _header_name(args["text"])
    if name is None:
        return None  # cut short or damaged: whose commands these are is not known
    if not name[-1].isdigit():
        context.ledger.remark(line, "a placeholder instead of an interface number")
    draft: _Draft | None = drafts.interfaces.get(name)
    if draft is None:
        draft = drafts.interfaces[name] = _Draft(name, line)
    if "type" in args:
        draft.virtual_template_type = args["type"]
    return draft


# -- addresses -------------------------------------------------------------------------------------------------------


def _ipv4(draft: _Draft, args: Args, line: int, context: Context) -> bool:
    """``ip address {A M [secondary] | dhcp ... | negotiated ...}``; a damaged mask leaves the address (DOMAIN C-10)."""
    how = args.get("how")
    if how is not None:
        draft.addressing = "negotiated" if how == "negotiated" else "dhcp"
        return True
    if "value" in args:
        found, prefix, secondary = _damaged_ipv4(args["value"].split(), line, context)
    else:
        found, secondary = address(args["address"]), "secondary" in args
        prefix = peer_prefix(args["address"], args["mask"])
    if found is None or found.version != 4:
        return False
    if not secondary:
        if draft.addresses:
            draft.addresses = [one for one in draft.addresses if one.role != "primary" or one.address.version == 6]
        draft.addresses.append(InterfaceAddress(line, found, prefix))
    elif found not in (known := draft.secondary or set()):
        draft.secondary = known
        known.add(found)
        draft.addresses.append(InterfaceAddress(line, found, prefix, "secondary"))
    draft.addressing = "static"
    return True


def _damaged_ipv4(words: list[str], line: int, context: Context) -> tuple[IPAddress | None, Prefix | None, bool]:
    """Address, prefix and whether it is secondary, of an address without a mask as IOS prints it."""
    text, slash, length = words[0].partition("/")
    found = address(text)
    prefix: Prefix | None = None
    if found is None or found.version != 4:
        return None, None, False
    if slash and length.isdigit() and int(length) <= 32:
        prefix = Prefix.of(found, int(length))
    elif len(words) > 1 and (mask := mask_of(words[1])) is not None:
        prefix = Prefix.masked(found, mask)
    else:
        context.ledger.remark(line, "the mask is missing or damaged: the address is used without it")
    return found, prefix, "secondary" in words[1:]


def _no_ipv4(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    if args:
        return False
    draft.addressing = None
    return True


def _ipv6(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    """``ipv6 address {P/L [eui-64|anycast] | A link-local | autoconfig | dhcp}``."""
    words = args["value"].split()
    if words[0] in ("autoconfig", "dhcp"):
        draft.addressing = draft.addressing or "dhcp"
        return True
    if "eui-64" in words or (words[0].partition("/")[0].replace("-", "").isidentifier() and ":" not in words[0]):
        return True  # the host part comes from the hardware address or a general prefix
    found, prefix = address(words[0].partition("/")[0]), ipv6_prefix(words[0])
    if not isinstance(found, IPv6Address) or prefix is None:
        return False
    if "link-local" in words:
        draft.addresses.append(InterfaceAddress(line, found, prefix, "link-local"))
    else:
        draft.addresses.append(InterfaceAddress(line, found, prefix))
    draft.addressing = draft.addressing or "static"
    return True


def _unnumbered(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    borrowed = interface((args.get("interface") or args["value"]).removesuffix(" poll"))
    if borrowed is not None:
        draft.unnumbered = draft.unnumbered or borrowed
    return borrowed is not None


def _fhrp(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    """``standby|vrrp|glbp [G] ip A``; the protocol's other settings do not matter."""
    text = args.get("rest", "")
    if "group" in args:
        text = f"{args['group']} ip {text}".rstrip()
    if not text:
        return False
    found = _FHRP_ADDRESS.match(text)
    if found is None or found["address"] in ("autoconfig", "dhcp"):
        words = text.split()
        cut = words[-1] != "ip" and words[-2:-1] == ["ip"]  # the address behind "ip" makes no sense
        return found is not None or (not cut and _FHRP_COMMANDS.match(text) is not None)
    where = address(found["address"].partition("/")[0])
    if where is not None:
        draft.addresses.append(InterfaceAddress(line, where, role="fhrp"))
    return where is not None


def _nat(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    draft.nat = "inside" if args["side"] == "inside" else "outside"
    return True


# -- the rest of an interface ----------------------------------------------------------------------------------------


def _vrf(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    draft.vrf = args["vrf"]
    return True


def _description(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    draft.description = args["text"]
    return True


def _shutdown(draft: _Draft, _args: Args, _line: int, _context: Context) -> bool:
    draft.shutdown = True
    return True


def _crypto_map(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    draft.add_map("ipv6" if "family" in args else "ipv4", NamedLine(line, args["name"]))
    if "rest" in args:
        draft.map_redundancy = NamedLine(line, args["rest"].split()[0])
    return True


def _crypto_map6(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    draft.add_map("ipv6", NamedLine(line, args["name"]))
    return True


def _ezvpn(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    draft.ezvpn = {**(draft.ezvpn or {}), args["name"]: EzvpnUse(line, args["name"], args.get("side") == "inside")}
    return True


HEADERS: Mapping[str, Begin] = {"global/interface": _interface}
STATEMENTS: Mapping[str, Statement] = {
    "interface/description": _description,
    "interface/shutdown": _shutdown,
    "interface/vrf-forwarding": _vrf,
    "interface/ip-address": _ipv4,
    "interface/ipv6-address": _ipv6,
    "interface/ip-unnumbered": _unnumbered,
    "interface/ipv6-unnumbered": _unnumbered,
    "interface/standby": _fhrp,
    "interface/vrrp": _fhrp,
    "interface/glbp": _fhrp,
    "interface/address": _fhrp,
    "interface/ip-nat": _nat,
    "interface/crypto-map": _crypto_map,
    "interface/ipv6-crypto-map": _crypto_map6,
    "interface/crypto-ipsec-client-ezvpn": _ezvpn,
}
NEGATED: Mapping[str, Statement] = {"interface/ip-address": _no_ipv4}
