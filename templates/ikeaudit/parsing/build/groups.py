"""GET VPN groups and Easy VPN clients (DOMAIN 3.4)."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.ios.command import Args
from ikeaudit.model import EzvpnClient, GdoiGroup, NamedLine
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.ipsec import crypto_peer, named
from ikeaudit.parsing.build.statement import CUT, Begin, Context, Statement, set_to
from ikeaudit.parsing.operands import address, interface


def freeze_gdoi(drafts: Drafts) -> tuple[GdoiGroup, ...]:
    """The GDOI and GKM groups in order of first appearance."""
    return tuple(GdoiGroup(**draft) for draft in drafts.gdoi_groups.values())


def freeze_ezvpn(drafts: Drafts) -> tuple[EzvpnClient, ...]:
    """The Easy VPN clients in order of first appearance."""
    return tuple(EzvpnClient(**draft) for draft in drafts.ezvpn_clients.values())


def _gdoi(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft | None:
    name = args["name"]
    if CUT in name:
        return None
    draft = drafts.gdoi_groups.setdefault(name, {"name": name, "line": line, "servers": ()})
    draft |= {"gkm": args["family"] == "gkm", "ipv6": "ipv6" in args}
    return draft


def _identity(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    draft |= {"identity": args.get("number") or args["address"], "identity_line": line}
    return True


def _server(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    peer = crypto_peer(line, args["address"]) if "address" in args else None
    if peer is not None:
        draft["servers"] = (*draft["servers"], peer)
    return peer is not None


def _local_server(draft: Draft, _args: Args, line: int, _context: Context) -> bool:
    draft["server_line"] = line
    return True


def _interface_line(name: str) -> Statement:
    def read(draft: Draft, args: Args, line: int, _context: Context) -> bool:
        found = interface(args["interface"])
        if found is not None:
            draft[name] = NamedLine(line, found)
        return found is not None

    return read


def _address(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    found = address(args["address"])
    if found is not None:
        draft |= {"address": found, "address_line": line}
    return found is not None


def _ezvpn(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft | None:
    name = args["name"]
    if CUT in name:
        return None
    return drafts.ezvpn_clients.setdefault(name, {"name": name, "line": line, "peers": ()})


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


def _virtual_interface(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    draft["virtual_interface"] = int(args.get("number", 0))
    return True


HEADERS: Mapping[str, Begin] = {"global/crypto-gdoi": _gdoi, "global/crypto-ipsec-client-ezvpn": _ezvpn}
STATEMENTS: Mapping[str, Statement] = {
    "gdoi/identity-number": _identity,
    "gdoi/identity-address-ipv4": _identity,
    "gdoi/server-address": _server,
    "gdoi/server-local": _local_server,
    "gdoi/client-registration-interface": _interface_line("registration_interface"),
    "gdoi/client-protocol-gikev2": named("ikev2_profile", "profile"),
    "gdoi/gikev2": named("ikev2_profile", "profile"),
    "gdoi/authorization-address-ipv4": named("authorization", "list"),
    "gdoi/address": _address,
    "ezvpn/group": _group,
    "ezvpn/peer": _peer,
    "ezvpn/local-address": _interface_line("local_address"),
    "ezvpn/connect": set_to("connect", "connect"),
    "ezvpn/mode": set_to("mode", "mode"),
    "ezvpn/virtual-interface": _virtual_interface,
}
