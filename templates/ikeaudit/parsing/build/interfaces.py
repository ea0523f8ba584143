"""Interfaces and their tunnel half (DOMAIN 3.4, 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv6Address
from typing import Any

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.model import (
    EzvpnUse,
    Interface,
    InterfaceAddress,
    IPAddress,
    NamedLine,
    NhrpMap,
    Prefix,
    Tunnel,
    TunnelMode,
    TunnelProtection,
    quad,
)
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import Begin, Context, Statement
from ikeaudit.parsing.operands import address, host_name, interface, interface_name, ipv6_prefix, is_dotted, mask_of

_MODES: Mapping[str, TunnelMode] = {
    "gre": "gre ip",
    "gre ip": "gre ip",
    "gre ipv6": "gre ipv6",
    "gre multipoint": "gre multipoint",
    "gre multipoint ipv6": "gre multipoint ipv6",
    "ipsec ipv4": "ipsec ipv4",
    "ipsec ipv4 v6-overlay": "ipsec ipv4",
    "ipsec ipv6": "ipsec ipv6",
    "ipsec ipv6 v4-overlay": "ipsec ipv6",
    "ipsec dual-overlay": "ipsec dual-overlay",
}
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
    name: str
    line: int
    addresses: list[InterfaceAddress] = []
    secondary: set[IPAddress] = set()
    single: dict[str, Any] = {}
    maps: dict[str, NamedLine] = {}
    ezvpn: dict[str, EzvpnUse] = {}
    tunnel: dict[str, Any] = {}
    nhrp: list[NhrpMap] = []

    def freeze(self) -> Interface:
        """The finished interface."""
        tunnel = None
        if self.name.startswith("Tunnel") or self.single.get("virtual_template_type") == "tunnel" or self.tunnel:
            tunnel = Tunnel(nhrp_maps=tuple(self.nhrp), **self.tunnel)
        return Interface(
            self.name,
            self.line,
            tuple(self.addresses),
            crypto_maps=tuple(self.maps.values()),
            tunnel=tunnel,
            ezvpn=tuple(self.ezvpn.values()),
            **self.single,
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
        draft.single["virtual_template_type"] = args["type"]
    return draft


# -- addresses -------------------------------------------------------------------------------------------------------


def _ipv4(draft: _Draft, args: Args, line: int, context: Context) -> bool:
    """``ip address {A M [secondary] | dhcp ... | negotiated ...}``; a damaged mask leaves the address (DOMAIN C-10)."""
    how = args.get("how")
    if how is not None:
        draft.single["addressing"] = "negotiated" if how == "negotiated" else "dhcp"
        return True
    if "value" in args:
        found, prefix, secondary = _damaged_ipv4(args["value"].split(), line, context)
    else:
        found, secondary = address(args["address"]), "secondary" in args
        prefix = Prefix(4, quad(args["address"]), quad(args["mask"]))
    if found is None or found.version != 4:
        return False
    if not secondary:
        draft.addresses = [known for known in draft.addresses if known.role != "primary" or known.address.version == 6]
        draft.addresses.append(InterfaceAddress(line, found, prefix))
    elif found not in draft.secondary:
        draft.secondary.add(found)
        draft.addresses.append(InterfaceAddress(line, found, prefix, "secondary"))
    draft.single["addressing"] = "static"
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
    draft.single.pop("addressing", None)
    return True


def _ipv6(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    """``ipv6 address {P/L [eui-64|anycast] | A link-local | autoconfig | dhcp}``."""
    words = args["value"].split()
    if words[0] in ("autoconfig", "dhcp"):
        draft.single.setdefault("addressing", "dhcp")
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
    draft.single.setdefault("addressing", "static")
    return True


def _unnumbered(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    borrowed = interface((args.get("interface") or args["value"]).removesuffix(" poll"))
    if borrowed is not None:
        draft.single.setdefault("unnumbered", borrowed)
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
    draft.single["nat"] = args["side"]
    return True


# -- the rest of an interface ----------------------------------------------------------------------------------------


def _vrf(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    draft.single["vrf"] = args["vrf"]
    return True


def _description(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    draft.single["description"] = args["text"]
    return True


def _shutdown(draft: _Draft, _args: Args, _line: int, _context: Context) -> bool:
    draft.single["shutdown"] = True
    return True


def _crypto_map(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    draft.maps["ipv6" if "family" in args else "ipv4"] = NamedLine(line, args["name"])
    if "rest" in args:
        draft.single["map_redundancy"] = NamedLine(line, args["rest"].split()[0])
    return True


def _crypto_map6(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    draft.maps["ipv6"] = NamedLine(line, args["name"])
    return True


def _ezvpn(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    draft.ezvpn[args["name"]] = EzvpnUse(line, args["name"], args.get("side") == "inside")
    return True


# -- tunnels ---------------------------------------------------------------------------------------------------------


def _nhrp_map(*, nhs: bool) -> Statement:
    """``ip nhrp map A N``, ``ip nhrp nhs A [nbma N ...]``; multicast maps name no peer of their own."""

    def read(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
        words = args.get("rest", "").split()
        if not words:
            return False
        if words[0] in ("multicast", "fallback", "priority", "cluster"):
            return True
        tunnel = address(words[0].partition("/")[0])
        nbma_words = words[words.index("nbma") + 1 :] if "nbma" in words else ([] if nhs else words[1:])
        if not nhs and len(nbma_words) > 1 and all(map(is_dotted, (words[0], *nbma_words[:2]))):
            nbma_words = nbma_words[1:]
        nbma = address(nbma_words[0]) if nbma_words else None
        if tunnel is None and words[0] != "dynamic":
            return False
        draft.nhrp.append(NhrpMap(line, tunnel, nbma, nhs))
        return True

    return read


def _nhrp_network(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    if not args["rest"].isdigit():
        return False
    draft.tunnel["nhrp_network"] = int(args["rest"])
    return True


def _source(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    name = args.get("interface")
    value = name or args.get("address") or args["value"]
    found = address(value) if name is None else None
    if name is None:
        name = interface(value)
    if found is None and name is None and value != "dynamic":
        return False
    draft.tunnel |= {"source_address": found, "source_interface": name, "source_line": line}
    return True


def _destination(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    value = args["destination"]
    found = address(value)
    if found is None and host_name(value) is None:
        return False
    draft.tunnel |= {
        "destination": found,
        "destination_name": None if found else value,
        "destination_dynamic": False,
        "destination_line": line,
    }
    return True


def _dynamic_destination(draft: _Draft, _args: Args, line: int, _context: Context) -> bool:
    draft.tunnel |= {
        "destination": None,
        "destination_name": None,
        "destination_dynamic": True,
        "destination_line": line,
    }
    return True


def _mode(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    mode = _MODES.get(" ".join(args[name] for name in ("family", "payload", "inner", "rest") if name in args), "other")
    if mode == "other" and "family" in args:
        return False
    draft.tunnel["mode"] = mode
    return True


def _tunnel_vrf(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    draft.tunnel |= {"vrf": args["vrf"], "vrf_line": line}
    return True


def _tunnel_key(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    if not args["n"].isdigit():
        return False
    draft.tunnel["key"] = int(args["n"])
    return True


def _protection(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    """``IP [shared] [isakmp-profile P] [ikev2-profile P]`` behind ``tunnel protection ipsec profile``."""
    draft.tunnel["protection"] = TunnelProtection(
        line, args["ipsec"], "shared" in args, args.get("isakmp"), args.get("ikev2")
    )
    return True


def _protection_psk(draft: _Draft, _args: Args, line: int, _context: Context) -> bool:
    draft.tunnel["protection"] = TunnelProtection(line, psk=True)
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
    "interface/ip-nhrp-map": _nhrp_map(nhs=False),
    "interface/ipv6-nhrp-map": _nhrp_map(nhs=False),
    "interface/ip-nhrp-nhs": _nhrp_map(nhs=True),
    "interface/ipv6-nhrp-nhs": _nhrp_map(nhs=True),
    "interface/ip-nhrp-network-id": _nhrp_network,
    "interface/ipv6-nhrp-network-id": _nhrp_network,
    "interface/crypto-map": _crypto_map,
    "interface/ipv6-crypto-map": _crypto_map6,
    "interface/crypto-ipsec-client-ezvpn": _ezvpn,
    "interface/tunnel-source": _source,
    "interface/tunnel-destination": _destination,
    "interface/tunnel-destination-dynamic": _dynamic_destination,
    "interface/tunnel-mode": _mode,
    "interface/tunnel-vrf": _tunnel_vrf,
    "interface/tunnel-key": _tunnel_key,
    "interface/tunnel-protection": _protection,
    "interface/tunnel-protection-psk": _protection_psk,
}
NEGATED: Mapping[str, Statement] = {"interface/ip-address": _no_ipv4}
