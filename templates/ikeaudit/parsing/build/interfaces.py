"""Interfaces and their tunnel half (END-PLACES, TEXT-PRINTED)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from typing import Any

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
)
from ikeaudit.parsing.operands import address, host_name, interface, interface_name, ipv6_prefix, is_dotted, mask_of
from ikeaudit.parsing.statements import Context, Fields, Statement, header_line, named, statements

_MODES: dict[str, TunnelMode] = {
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
_OTHER_MODES = (
    *("aurp", "auto", "cayman", "decapsulate", "dvmrp", "eon", "ethernet", "iptalk", "ipip", "ipv6", "ipv6ip", "mpls"),
    *("geneve", "l2tpv3", "nos", "rbscp", "sdwan", "udp", "vxlan", "vxlan-gpe"),
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


@dataclass
class _Draft:
    name: str
    line: int
    addresses: list[InterfaceAddress] = field(default_factory=list)
    secondary: set[IPAddress] = field(default_factory=set)
    single: dict[str, Any] = field(default_factory=dict)
    maps: dict[str, NamedLine] = field(default_factory=dict)
    ezvpn: dict[str, EzvpnUse] = field(default_factory=dict)
    tunnel: dict[str, Any] = field(default_factory=dict)
    nhrp: list[NhrpMap] = field(default_factory=list)

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


def _ipv4(draft: _Draft, statement: Statement, context: Context) -> bool:
    """``ip address {A M [secondary] | dhcp ... | negotiated ...}``; a damaged mask leaves the address (C-10)."""
    line, words = statement.line, statement.value.split()
    if words[0] in ("dhcp", "negotiated", "pool", "dynamic"):
        draft.single["addressing"] = "negotiated" if words[0] == "negotiated" else "dhcp"
        return True
    text, slash, length = words[0].partition("/")
    found = address(text)
    if found is None or found.version != 4:
        return False
    secondary = "secondary" in words[1:]
    prefix: Prefix | None = None
    if slash and length.isdigit() and int(length) <= 32:
        prefix = Prefix.of(found, int(length))
    elif len(words) > 1 and (mask := mask_of(words[1])) is not None:
        prefix = Prefix.masked(found, mask)
    else:
        context.ledger.remark(line, "the mask is missing or damaged: the address is used without it")
    if not secondary:
        draft.addresses = [known for known in draft.addresses if known.role != "primary" or known.address.version == 6]
        draft.addresses.append(InterfaceAddress(line, found, prefix))
    elif found not in draft.secondary:
        draft.secondary.add(found)
        draft.addresses.append(InterfaceAddress(line, found, prefix, "secondary"))
    draft.single["addressing"] = "static"
    return True


def _ipv6(draft: _Draft, statement: Statement) -> bool:
    """``ipv6 address {P/L [eui-64|anycast] | A link-local | autoconfig | dhcp}``."""
    words = statement.value.split()
    if words[0] in ("autoconfig", "dhcp"):
        draft.single.setdefault("addressing", "dhcp")
        return True
    if "eui-64" in words or (words[0].partition("/")[0].replace("-", "").isidentifier() and ":" not in words[0]):
        return True  # the host part comes from the hardware address or a general prefix
    found, prefix = address(words[0].partition("/")[0]), ipv6_prefix(words[0])
    if not isinstance(found, IPv6Address) or prefix is None:
        return False
    if "link-local" in words:
        draft.addresses.append(InterfaceAddress(statement.line, found, prefix, "link-local"))
    else:
        draft.addresses.append(InterfaceAddress(statement.line, found, prefix))
    draft.single.setdefault("addressing", "static")
    return True


def _fhrp(draft: _Draft, statement: Statement) -> bool:
    """``standby|vrrp|glbp [G] ip A``; the protocol's other settings do not matter."""
    found = _FHRP_ADDRESS.match(statement.value)
    if found is None or found["address"] in ("autoconfig", "dhcp"):
        words = statement.value.split()
        cut = words[-1] != "ip" and words[-2:-1] == ["ip"]  # the address behind "ip" makes no sense
        return found is not None or (not cut and _FHRP_COMMANDS.match(statement.value) is not None)
    where = address(found["address"].partition("/")[0])
    if where is not None:
        draft.addresses.append(InterfaceAddress(statement.line, where, role="fhrp"))
    return where is not None


def _nhrp(draft: _Draft, statement: Statement) -> bool:
    """``ip nhrp map A N``, ``ip nhrp nhs A [nbma N ...]``; multicast maps name no peer of their own."""
    line, words = statement.line, statement.value.split()
    if words[0] in ("multicast", "fallback", "priority", "cluster"):
        return True
    tunnel, nhs = address(words[0].partition("/")[0]), statement.kind == "nhrp_nhs"
    nbma_words = words[words.index("nbma") + 1 :] if "nbma" in words else ([] if nhs else words[1:])
    if (
        not nhs
        and len(nbma_words) > 1
        and is_dotted(nbma_words[0])
        and is_dotted(words[0])
        and is_dotted(nbma_words[1])
    ):
        nbma_words = nbma_words[1:]
    nbma = address(nbma_words[0]) if nbma_words else None
    if tunnel is None and words[0] != "dynamic":
        return False
    draft.nhrp.append(NhrpMap(line, tunnel, nbma, nhs))
    return True


def protection(line: int, value: str) -> TunnelProtection | None:
    """``IP [shared] [isakmp-profile P] [ikev2-profile P]`` behind ``tunnel protection ipsec profile``."""
    name, *rest = value.split()
    options: dict[str, str] = {}
    shared = False
    words = iter(rest)
    for word in words:
        if word == "shared":
            shared = True
        elif word in ("isakmp-profile", "ikev2-profile"):
            operand = next(words, None)
            if operand is None:
                return None
            options[word.replace("-", "_")] = operand
        else:
            return None
    return TunnelProtection(line, name, shared, options.get("isakmp_profile"), options.get("ikev2_profile"))


def _tunnel(draft: _Draft, statement: Statement) -> bool:
    line, value, tunnel = statement.line, statement.value, draft.tunnel
    match statement.kind:
        case "source":
            found, name = address(value), interface(value)
            if found is None and name is None and value != "dynamic":
                return False
            tunnel["source_address"], tunnel["source_interface"] = found, name
            tunnel["source_line"] = line
        case "destination":
            found = address(value)
            if found is None and (host_name(value) is None or " " in value):
                return False
            dynamic = value == "dynamic"
            tunnel["destination"] = found
            tunnel["destination_name"] = None if found or dynamic else value
            tunnel["destination_dynamic"] = dynamic
            tunnel["destination_line"] = line
        case "mode":
            mode = _MODES.get(" ".join(value.split()))
            if mode is None and value.split()[0] not in _OTHER_MODES:
                return False
            tunnel["mode"] = mode or "other"
        case "tunnel_vrf":
            tunnel |= {"vrf": value, "vrf_line": line}
        case "tunnel_key":
            tunnel["key"] = int(value)
        case "nhrp_network":
            tunnel["nhrp_network"] = int(value)
        case "protection":
            tunnel["protection"] = protection(line, value)
            return tunnel["protection"] is not None
        case "protection_psk":
            tunnel["protection"] = TunnelProtection(line, psk=True)
        case _:
            return False
    return True


def _fill(draft: _Draft, statement: Statement, context: Context) -> bool:
    line, value = statement.line, statement.value
    match statement.kind:
        case "address":
            return _ipv4(draft, statement, context)
        case "address6":
            return _ipv6(draft, statement)
        case "no_address":
            draft.single.pop("addressing", None)
        case "unnumbered" | "unnumbered6":
            borrowed = interface(value.removesuffix(" poll"))
            if borrowed is None:
                return False
            draft.single.setdefault("unnumbered", borrowed)
        case "vrf" | "description":
            draft.single[statement.kind] = value
        case "shutdown":
            draft.single["shutdown"] = True
        case "fhrp" | "vrrp_address":
            return _fhrp(draft, statement)
        case "nhrp_map" | "nhrp_nhs":
            return _nhrp(draft, statement)
        case "crypto_map":
            ipv6 = value.startswith("ipv6 ")
            name, *options = value.removeprefix("ipv6 ").split()
            draft.maps["ipv6" if ipv6 else "ipv4"] = NamedLine(line, name)
            if options[:1] == ["redundancy"] and len(options) > 1:
                draft.single["map_redundancy"] = NamedLine(line, options[1])
            return not options or options[0] == "redundancy"
        case "crypto_map6":
            draft.maps["ipv6"] = NamedLine(line, value)
        case "ezvpn":
            client, *role = value.split()
            draft.ezvpn[client] = EzvpnUse(line, client, role == ["inside"])
            return role in ([], ["inside"], ["outside"])
        case "nat":
            if value in ("inside", "outside"):
                draft.single["nat"] = value
        case _:
            return _tunnel(draft, statement)
    return True


def _header_name(text: str) -> str | None:
    """The interface that a header names, ``type tunnel`` or ``point-to-point`` behind it left out."""
    words = [word for word in text.split(" type ")[0].split() if word not in _HEADER_OPTIONS]
    if _PLACEHOLDER.search(text):
        return interface_name(words[0]) + words[-1]
    return interface(" ".join(words))


def build_interfaces(blocks: Iterable[Fields], context: Context) -> tuple[Interface, ...]:
    """The interfaces under their full names, in order of first appearance."""
    drafts: dict[str, _Draft] = {}
    for block in blocks:
        for text in named(block):
            name, line = _header_name(text), header_line(block)
            if name is None:
                continue  # cut short or damaged: whose commands these are is not known
            if not name[-1].isdigit():
                context.ledger.remark(line, "a placeholder instead of an interface number")
            draft = drafts.setdefault(name, _Draft(name, line))
            context.ledger.use(line)
            words = text.split()
            if "type" in words[:-1]:
                draft.single["virtual_template_type"] = words[words.index("type") + 1]
            for statement in statements(block):
                if _fill(draft, statement, context):
                    context.ledger.use(statement.line)
    return tuple(draft.freeze() for draft in drafts.values())
