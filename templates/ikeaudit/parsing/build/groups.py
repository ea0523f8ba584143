"""GET VPN groups and Easy VPN clients (CLIENT-GETVPN)."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.ios.command import Args
from ikeaudit.model import NamedLine
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.ipsec import crypto_peer
from ikeaudit.parsing.build.statement import Begin, Context, Statement, begin, named, set_to, take
from ikeaudit.parsing.operands import address, interface


def _gdoi(drafts: Drafts, args: Args, line: int, context: Context) -> Draft | None:
    draft: Draft | None = begin("gdoi_groups", servers=())(drafts, args, line, context)
    if draft is not None:
        draft |= {"gkm": args["family"] == "gkm", "ipv6": "ipv6" in args}
    return draft


def _identity(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    draft |= {"identity": args.get("number") or args["address"], "identity_line": line}
    return True


def _server(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    named = args.get("address") or args.get("host")
    peer = crypto_peer(line, named) if named else None
    if peer is not None:
        draft["servers"] = (*draft["servers"], peer)
    return peer is not None


def _interface(args: Args, line: int, _context: Context) -> NamedLine | None:
    found = interface(args["interface"])
    return None if found is None else NamedLine(line, found)


def _address(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    found = address(args["address"])
    if found is not None:
        draft |= {"address": found, "address_line": line}
    return found is not None


def _group(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    draft |= {"group": args["group"], "group_line": line, "has_key": True}
    return True


def _peer(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    name, *flags = args["peer"].split()
    if not set(flags) <= {"dynamic", "default"}:
        return False
    peer = crypto_peer(line, name, dynamic="dynamic" in flags, default="default" in flags)
    if peer is not None:
        draft["peers"] = (*draft["peers"], peer)
    return peer is not None


HEADERS: Mapping[str, Begin] = {
    "global/crypto-gdoi": _gdoi,
    "global/crypto-ipsec-client-ezvpn": begin("ezvpn_clients", peers=()),
}
STATEMENTS: Mapping[str, Statement] = {
    "gdoi/identity-number": _identity,
    "gdoi/identity-address-ipv4": _identity,
    "gdoi/server-address": _server,
    "gdoi/server-hostname": _server,
    "gdoi/server-local": take("server_line", lambda _args, line, _context: line),
    "gdoi/client-registration-interface": take("registration_interface", _interface),
    "gdoi/client-protocol-gikev2": take("ikev2_profile", named("profile")),
    "gdoi/gikev2": take("ikev2_profile", named("profile")),
    "gdoi/authorization-address-ipv4": take("authorization", named("list")),
    "gdoi/address": _address,
    "ezvpn/group": _group,
    "ezvpn/peer": _peer,
    "ezvpn/local-address": take("local_address", _interface),
    "ezvpn/connect": set_to("connect", "connect"),
    "ezvpn/mode": set_to("mode", "mode"),
    "ezvpn/virtual-interface": take("virtual_interface", lambda args, *_: int(args.get("number", 0))),
}
