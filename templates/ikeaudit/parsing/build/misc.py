"""Routes, host names, VRFs and the other commands that negotiation depends on (DOMAIN 13)."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.ios.command import Args
from ikeaudit.model import HostMapping, Prefix, StaticRoute
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.statement import Begin, Context, Statement
from ikeaudit.parsing.operands import address, host_name, ipv6_prefix, mask_of
from ikeaudit.parsing.operands import interface as interface_of


def _value(name: str, operand: str) -> Statement:
    def read(drafts: Drafts, args: Args, _line: int, _context: Context) -> bool:
        drafts.values[name] = args[operand].strip('"')
        return True

    return read


def _encrypted(drafts: Drafts, _args: Args, _line: int, _context: Context) -> bool:
    drafts.values["password_encryption_aes"] = True
    return True


def _shield(drafts: Drafts, args: Args, _line: int, _context: Context) -> bool:
    drafts.values["compliance_shield_disabled"] = args["state"].startswith("dis")
    return True


def _known(_drafts: Drafts, _args: Args, _line: int, _context: Context) -> bool:
    return True


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


def _vrf(drafts: Drafts, args: Args, _line: int, _context: Context) -> Drafts:
    drafts.vrfs[args["name"]] = None
    return drafts


def _trustpoint(drafts: Drafts, args: Args, _line: int, _context: Context) -> Drafts:
    drafts.trustpoints[args["name"]] = None
    return drafts


def _archive(drafts: Drafts, _args: Args, _line: int, _context: Context) -> Draft:
    return drafts.values


def _archive_path(values: Draft, args: Args, _line: int, _context: Context) -> bool:
    """Where ``archive`` keeps configurations; without it a router has no ``configure replace`` target of its own."""
    values["archive_path"] = args["url"]
    return True


HEADERS: Mapping[str, Begin] = {
    "global/vrf-definition": _vrf,
    "global/ip-vrf": _vrf,
    "global/crypto-pki-trustpoint": _trustpoint,
    "global/crypto-ca-trustpoint": _trustpoint,
    "global/archive": _archive,
}
STATEMENTS: Mapping[str, Statement] = {"archive/path": _archive_path}
GLOBALS: Mapping[str, Statement] = {
    "global/hostname": _value("hostname", "name"),
    "global/version": _value("version", "version"),
    "global/ip-domain-name": _value("domain_name", "name"),
    "global/ip-host": _host,
    "global/access-list": _access_list,
    "global/ip-route": _route(ipv6=False),
    "global/ipv6-route": _route(ipv6=True),
    "global/password-encryption-aes": _encrypted,
    "global/key-config-key-password-encrypt": _known,
    "global/crypto-engine-compliance-shield": _shield,
}
