"""GET VPN groups and Easy VPN clients (CLIENT-GETVPN)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ikeaudit.model import EzvpnClient, GdoiGroup, NamedLine
from ikeaudit.parsing.build.ipsec import crypto_peer
from ikeaudit.parsing.operands import address, interface
from ikeaudit.parsing.statements import Context, Fields, Statement, header_line, named, statements


def build_gdoi_groups(blocks: Iterable[Fields], context: Context) -> tuple[GdoiGroup, ...]:
    """The GDOI and GKM groups in order of first appearance."""
    drafts: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for name in named(block):
            line, family = header_line(block), block.get("family")
            if family not in ("gdoi", "gkm"):
                continue
            draft = drafts.setdefault(name, {"name": name, "line": line, "servers": ()})
            draft |= {"gkm": family == "gkm", "ipv6": "ipv6" in block}
            context.ledger.use(line)
            for statement in statements(block):
                if _fill_group(draft, statement):
                    context.ledger.use(statement.line)
    return tuple(GdoiGroup(**draft) for draft in drafts.values())


def _fill_group(draft: dict[str, Any], statement: Statement) -> bool:
    line, value = statement.line, statement.value
    match statement.kind:
        case "identity" | "identity_address":
            draft |= {"identity": value, "identity_line": line}
        case "server":
            peer = crypto_peer(line, value)
            if peer is None:
                return False
            draft["servers"] = (*draft["servers"], peer)
        case "server_local":
            draft["server_line"] = line
        case "registration_interface":
            name = interface(value)
            if name is None:
                return False
            draft["registration_interface"] = NamedLine(line, name)
        case "client_profile" | "server_profile":
            draft["ikev2_profile"] = NamedLine(line, value)
        case "authorization":
            draft["authorization"] = NamedLine(line, value)
        case "address":
            found = address(value)
            if found is None:
                return False
            draft |= {"address": found, "address_line": line}
        case _:
            return False
    return True


def build_ezvpn_clients(blocks: Iterable[Fields], context: Context) -> tuple[EzvpnClient, ...]:
    """The Easy VPN clients in order of first appearance."""
    drafts: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for name in named(block):
            line = header_line(block)
            draft = drafts.setdefault(name, {"name": name, "line": line, "peers": ()})
            context.ledger.use(line)
            for statement in statements(block):
                if _fill_client(draft, statement):
                    context.ledger.use(statement.line)
    return tuple(EzvpnClient(**draft) for draft in drafts.values())


def _fill_client(draft: dict[str, Any], statement: Statement) -> bool:
    line, value = statement.line, statement.value
    match statement.kind:
        case "group":
            draft |= {"group": value, "group_line": line, "has_key": True}
        case "peer":
            peer = crypto_peer(line, value)
            if peer is None:
                return False
            draft["peers"] = (*draft["peers"], peer)
        case "local_address":
            name = interface(value)
            if name is None:
                return False
            draft["local_address"] = NamedLine(line, name)
        case "connect" | "mode":
            draft[statement.kind] = value
        case "virtual_interface":
            draft["virtual_interface"] = int(value or 0)
        case _:
            return False
    return True
