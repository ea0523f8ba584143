"""Interfaces and their tunnel half (END-PLACES, TEXT-PRINTED)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address

from ikeaudit.ios.command import Args
from ikeaudit.ios.tables.interface import FIRST_HOP_SETTINGS
from ikeaudit.ios.tables.names import IP
from ikeaudit.ios.words import any_of
from ikeaudit.model import EzvpnUse, Interface, InterfaceAddress, IPAddress, NamedLine, Prefix
from ikeaudit.parsing.build import tunnels
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.statement import Begin, Context, Statement, flag, set_to, take, understood
from ikeaudit.parsing.operands import address, interface, interface_name, ipv6_prefix, mask_of, peer_prefix

_FHRP_COMMANDS = re.compile(rf"(?:\d+ )?{any_of(FIRST_HOP_SETTINGS.split())}\b")
_HEADER_OPTIONS = ("point-to-point", "multipoint", "l2transport")
_PLACEHOLDER = re.compile(r"[a-z] [xXyYnN]$")
_FHRP_ADDRESS = re.compile(
    rf"(?:(?:\d+ )?{any_of(IP)} )?(?P<address>\d\S*|[0-9A-Fa-f]*:\S*|autoconfig)(?: (?:secondary|primary))?$"
)


def freeze(drafts: Drafts) -> tuple[Interface, ...]:
    """The interfaces under their full names, in order of first appearance."""
    _carry_down(drafts.interfaces)
    return tuple(map(_frozen, drafts.interfaces.values()))


def _carry_down(found: Mapping[str, Draft]) -> None:
    """Shuts down what stands on interfaces that are shut down."""
    members: dict[str, list[Draft]] = {}
    for draft in found.values():
        if "member" in draft:
            members.setdefault(draft.pop("member"), []).append(draft)
    for name, draft in found.items():
        own = members.get(draft.pop("pool", name), [])
        if own and all(member.get("shutdown") for member in own):
            draft.update(shutdown=True, down_line=own[0]["line"])
    for name, draft in found.items():
        parent = found.get(name.partition(".")[0], draft)
        if parent is not draft and parent.get("shutdown"):
            draft.update(shutdown=True, down_line=parent["line"])


def _frozen(draft: Draft) -> Interface:
    if draft["name"].startswith("Tunnel") or draft.get("virtual_template_type") == "tunnel":
        tunnels.outer(draft)
    if "tunnel" in draft:
        draft["tunnel"] = tunnels.freeze(draft["tunnel"])
    draft["addresses"] = tuple(draft.get("addresses", ()))
    for name in ("crypto_maps", "ezvpn"):
        if name in draft:
            draft[name] = tuple(draft[name].values())
    draft.pop("secondary", None)
    return Interface(**draft)


def _header_name(text: str) -> str | None:
    """The interface that a header names, ``point-to-point`` behind it left out."""
    words = [word for word in text.split() if word not in _HEADER_OPTIONS]
    if _PLACEHOLDER.search(text):
        return interface_name(words[0]) + words[-1]
    return interface(" ".join(words))


def _interface(drafts: Drafts, args: Args, line: int, context: Context) -> Draft | None:
    name = args.get("name") or _header_name(args["text"])
    if name is None:
        return None  # cut short or damaged: whose commands these are is not known
    if not name[-1].isdigit():
        context.ledger.remark(line, "a placeholder instead of an interface number")
    draft: Draft = drafts.interfaces.setdefault(name, {"name": name, "line": line})
    if "type" in args:
        draft["virtual_template_type"] = args["type"]
    return draft


# -- addresses -------------------------------------------------------------------------------------------------------


def _has(draft: Draft, one: InterfaceAddress) -> None:
    draft.setdefault("addresses", []).append(one)


def _ipv4(draft: Draft, args: Args, line: int, context: Context) -> bool:
    """``ip address {A M [secondary] | dhcp ... | negotiated ...}``; a damaged mask leaves the address (C-10)."""
    how = args.get("how")
    if how is not None:
        draft["addressing"] = "negotiated" if how == "negotiated" else "dhcp"
        return True
    if "value" in args:
        found, prefix, secondary = _damaged_ipv4(args["value"].split(), line, context)
    else:
        found, secondary = address(args["address"]), "secondary" in args
        prefix = peer_prefix(args["address"], args["mask"])
    if found is None or found.version != 4:
        return False
    if not secondary:
        if known := draft.get("addresses"):
            draft["addresses"] = [one for one in known if one.role != "primary" or one.address.version == 6]
        _has(draft, InterfaceAddress(line, found, prefix))
    elif found not in (others := draft.setdefault("secondary", set())):
        others.add(found)
        _has(draft, InterfaceAddress(line, found, prefix, "secondary"))
    draft["addressing"] = "static"
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


def _no_ipv4(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    if args:
        return False
    draft.pop("addressing", None)
    return True


def _ipv6(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    """``ipv6 address {P/L [eui-64|anycast] | A link-local | autoconfig | dhcp}``."""
    words = args["value"].split()
    if words[0] in ("autoconfig", "dhcp"):
        draft.setdefault("addressing", "dhcp")
        return True
    if "eui-64" in words or (
        len(words) > 1 and words[0].partition("/")[0].replace("-", "").isidentifier() and ":" not in words[0]
    ):
        return True  # the host part comes from the hardware address or a general prefix
    found, prefix = address(words[0].partition("/")[0]), ipv6_prefix(words[0])
    if not isinstance(found, IPv6Address) or prefix is None:
        return False
    _has(draft, InterfaceAddress(line, found, prefix, "link-local" if "link-local" in words else "primary"))
    draft.setdefault("addressing", "static")
    return True


def _unnumbered(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    borrowed = interface((args.get("interface") or args["value"]).removesuffix(" poll"))
    if borrowed is not None:
        draft.setdefault("unnumbered", borrowed)
    return borrowed is not None


def _fhrp(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    """``standby|vrrp|glbp [G] ip A``; the protocol's other settings do not matter."""
    text = args.get("rest", "")
    if "group" in args:
        text = f"{args['group']} ip {text}".rstrip()
    if not text:
        return False
    known, where = _first_hop(text)
    if where is not None:
        _has(draft, InterfaceAddress(line, where, role="fhrp"))
    return known


@lru_cache(maxsize=1 << 10)
def _first_hop(text: str) -> tuple[bool, IPAddress | None]:
    """Whether ``text`` is a command of a first-hop protocol, and the address that it gives."""
    found = _FHRP_ADDRESS.match(text)
    if found is None or found["address"] in ("autoconfig", "dhcp"):
        words = text.split()
        cut = words[-1] != "ip" and words[-2:-1] == ["ip"]  # the address behind "ip" makes no sense
        return found is not None or (not cut and _FHRP_COMMANDS.match(text) is not None), None
    where = address(found["address"].partition("/")[0])
    return where is not None, where


# -- the rest of an interface ----------------------------------------------------------------------------------------


def _crypto_map(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    """One of each family can be bound."""
    draft.setdefault("crypto_maps", {})["ipv6" if "family" in args else "ipv4"] = NamedLine(line, args["name"])
    if "rest" in args:
        draft["map_redundancy"] = NamedLine(line, args["rest"].split()[0])
    return True


def _crypto_map6(draft: Draft, args: Args, line: int, context: Context) -> bool:
    return _crypto_map(draft, {**args, "family": "ipv6"}, line, context)


def _filter(name: str) -> Statement:
    """``ip access-group ACL {in | out}``; one for each way, of which only what comes in matters (FILTER-IN)."""

    def read(draft: Draft, args: Args, line: int, _context: Context) -> bool:
        if args["way"] == "in":
            draft[name] = NamedLine(line, args["acl"])
        return True

    return read


def _ospf_network(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    """In ``broadcast`` and ``non-broadcast`` networks OSPF leaves next hops alone."""
    draft["next_hops_kept"] = args["kind"] in ("broadcast", "non-broadcast")
    return True


def _ezvpn(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    use = EzvpnUse(line, args["name"], args.get("side") == "inside")
    draft.setdefault("ezvpn", {})[args["name"]] = use
    return True


HEADERS: Mapping[str, Begin] = {"global/interface": _interface}
STATEMENTS: Mapping[str, Statement] = {
    "interface/description": set_to("description", "text"),
    "interface/shutdown": flag("shutdown"),
    "interface/channel-group": take("member", lambda args, *_: f"Port-channel{args['number']}"),
    "interface/pppoe-client-dial-pool-number": take("member", lambda args, *_: f"pool {args['number']}"),
    "interface/dialer-pool-member": take("member", lambda args, *_: f"pool {args['number']}"),
    "interface/dialer-pool": take("pool", lambda args, *_: f"pool {args['number']}"),
    "interface/vrf-forwarding": set_to("vrf", "vrf"),
    "interface/ip-address": _ipv4,
    "interface/ipv6-address": _ipv6,
    "interface/ip-unnumbered": _unnumbered,
    "interface/ipv6-unnumbered": _unnumbered,
    "interface/standby": _fhrp,
    "interface/vrrp": _fhrp,
    "interface/glbp": _fhrp,
    "interface/address": _fhrp,
    "interface/ip-nat": set_to("nat", "side"),
    "interface/ip-ospf-network": _ospf_network,
    "interface/ip-access-group": _filter("traffic_filter"),
    "interface/ipv6-traffic-filter": _filter("traffic_filter6"),
    "interface/ip-inspect": flag("inspected"),
    "interface/ip-next-hop-self-eigrp": understood,
    "interface/ip-nat-enable": take("nat", lambda *_: "enable"),
    "interface/crypto-map": _crypto_map,
    "interface/ipv6-crypto-map": _crypto_map6,
    "interface/crypto-ipsec-client-ezvpn": _ezvpn,
}
NEGATED: Mapping[str, Statement] = {
    "interface/ip-address": _no_ipv4,
    "interface/ip-next-hop-self-eigrp": flag("next_hops_kept"),
}
