"""Routes, host names, VRFs and the other commands that negotiation depends on (TEXT-PRINTED)."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.ios.command import Args
from ikeaudit.model import HostMapping, Prefix, StaticRoute
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import Begin, Context, Statement, Value, flag, set_to, take, understood, within
from ikeaudit.parsing.operands import address, host_name, ipv6_prefix, mask_of
from ikeaudit.parsing.operands import interface as interface_of


def host_mapping(line: int, value: str) -> HostMapping | None:
    """``ip host [vrf V] NAME [PORT] A...``."""
    words = value.split()
    vrf = None
    if words[0] == "vrf" and len(words) > 3:
        vrf, words = words[1], words[2:]
    addresses = [found for word in words[1:] if (found := address(word)) is not None]
    if not addresses or any(
        host_name(word) is None and not word.isdigit() for word in words[1:] if address(word) is None
    ):
        return None
    return HostMapping(line, words[0], tuple(addresses), vrf)


def _host(drafts: Drafts, args: Args, line: int, _context: Context) -> bool:
    found = host_mapping(line, args["rest"])
    if found is not None:
        drafts.hosts.append(found)
    return found is not None


def static_route(line: int, value: str, *, ipv6: bool) -> StaticRoute | None:
    """``ip route [vrf V] A M {NEXT-HOP | IFACE [NEXT-HOP]} ...`` and its IPv6 form; None when it makes no sense."""
    words = value.split()
    vrf = None
    if words[0] == "vrf" and len(words) > 2:
        vrf, words = words[1], words[2:]
    if ipv6:
        prefix, words = ipv6_prefix(words[0]), words[1:]
    elif len(words) > 1 and (base := address(words[0])) is not None and (mask := mask_of(words[1])) is not None:
        prefix, words = Prefix.masked(base, mask), words[2:]
    else:
        return None
    if prefix is None or not words:
        return None
    interface = None
    if words[0] == "dhcp":
        return StaticRoute(line, prefix, vrf)
    if address(words[0]) is None:
        size = 1 if words[0][-1].isdigit() else 2
        interface = interface_of(" ".join(words[:size]))
        if interface is None:
            return None
        words = words[size:]
    next_hop = address(words[0]) if words else None
    options = words[1:] if next_hop is not None else words
    distance = int(options[0]) if options and options[0].isdigit() else 1
    return StaticRoute(line, prefix, vrf, next_hop, interface, distance, "track" in options)


def _route(*, ipv6: bool) -> Statement:
    def read(drafts: Drafts, args: Args, line: int, _context: Context) -> bool:
        found = static_route(line, args["rest"], ipv6=ipv6)
        if found is not None:
            drafts.routes.append(found)
        return found is not None

    return read


def _access_list(drafts: Drafts, args: Args, line: int, _context: Context) -> bool:
    drafts.lists.take_numbered(args, line)
    return True


def _noted(table: str) -> Begin:
    """An object of which no more than the name is known."""

    def begin(drafts: Drafts, args: Args, _line: int, _context: Context) -> Drafts:
        getattr(drafts, table)[args["name"]] = None
        return drafts

    return begin


def _value(name: str, value: Value) -> Statement:
    """A field of the router itself."""
    return within("values", take(name, value))


HEADERS: Mapping[str, Begin] = {
    "global/vrf-definition": _noted("vrfs"),
    "global/ip-vrf": _noted("vrfs"),
    "global/crypto-pki-trustpoint": _noted("trustpoints"),
    "global/crypto-ca-trustpoint": _noted("trustpoints"),
    "global/archive": lambda drafts, *_: drafts.values,
}
STATEMENTS: Mapping[str, Statement] = {"archive/path": set_to("archive_path", "url")}
"""Where ``archive`` keeps configurations; without it a router has no ``configure replace`` target of its own."""
GLOBALS: Mapping[str, Statement] = {
    "global/hostname": _value("hostname", lambda args, *_: args["name"].strip('"')),
    "global/version": within("values", set_to("version", "version")),
    "global/ip-domain-name": within("values", set_to("domain_name", "name")),
    "global/ip-host": _host,
    "global/access-list": _access_list,
    "global/ip-route": _route(ipv6=False),
    "global/ipv6-route": _route(ipv6=True),
    "global/password-encryption-aes": within("values", flag("password_encryption_aes")),
    "global/key-config-key-password-encrypt": understood,
    "global/crypto-ipsec-nat-transparency-udp-encapsulation": understood,
    "global/crypto-engine-compliance-shield": _value(
        "compliance_shield_disabled", lambda args, *_: args["state"].startswith("dis")
    ),
}
NEGATED: Mapping[str, Statement] = {
    "global/crypto-ipsec-nat-transparency-udp-encapsulation": _value(
        "nat_transparency_off_line", lambda args, line, _: line if "rest" not in args else None
    ),
}
