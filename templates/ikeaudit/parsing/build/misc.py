"""Routes, host names, VRFs and the other global commands that negotiation depends on (TEXT-PRINTED)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ikeaudit.model import HostMapping, Prefix, StaticRoute
from ikeaudit.parsing.operands import address, host_name, ipv6_prefix, mask_of
from ikeaudit.parsing.operands import interface as interface_of
from ikeaudit.parsing.statements import Context, Fields, Statement, header_line, statements


def host_mapping(statement: Statement) -> HostMapping | None:
    """``ip host [vrf V] NAME [PORT] A...``."""
    words = statement.value.split()
    vrf = None
    if words[0] == "vrf" and len(words) > 3:
        vrf, words = words[1], words[2:]
    addresses = [found for word in words[1:] if (found := address(word)) is not None]
    if not addresses or any(
        host_name(word) is None and not word.isdigit() for word in words[1:] if address(word) is None
    ):
        return None
    return HostMapping(statement.line, words[0], tuple(addresses), vrf)


def static_route(statement: Statement) -> StaticRoute | None:
    """``ip route [vrf V] A M {NEXT-HOP | IFACE [NEXT-HOP]} ...`` and its IPv6 form; None when it makes no sense."""
    words = statement.value.split()
    vrf = None
    if words[0] == "vrf" and len(words) > 2:
        vrf, words = words[1], words[2:]
    if statement.kind == "route6":
        prefix, words = ipv6_prefix(words[0]), words[1:]
    elif len(words) > 1 and (base := address(words[0])) is not None and (mask := mask_of(words[1])) is not None:
        prefix, words = Prefix.masked(base, mask), words[2:]
    else:
        return None
    if prefix is None or not words:
        return None
    interface = None
    if words[0] == "dhcp":
        return StaticRoute(statement.line, prefix, vrf)
    if address(words[0]) is None:
        size = 1 if words[0][-1].isdigit() else 2
        interface = interface_of(" ".join(words[:size]))
        if interface is None:
            return None
        words = words[size:]
    next_hop = address(words[0]) if words else None
    options = words[1:] if next_hop is not None else words
    distance = int(options[0]) if options and options[0].isdigit() else 1
    return StaticRoute(statement.line, prefix, vrf, next_hop, interface, distance, "track" in options)


def build_globals(listed: Iterable[Statement], context: Context) -> dict[str, Any]:
    """Fields of the router that single global commands set."""
    values: dict[str, Any] = {}
    hosts: list[HostMapping] = []
    routes: list[StaticRoute] = []
    for statement in listed:
        match statement.kind:
            case "hostname":
                values["hostname"] = statement.value.strip('"')
            case "domain_name" | "version":
                values[statement.kind] = statement.value
            case "host":
                mapping = host_mapping(statement)
                if mapping is None:
                    continue
                hosts.append(mapping)
            case "route" | "route6":
                route = static_route(statement)
                if route is None:
                    continue
                routes.append(route)
            case "password_aes":
                values["password_encryption_aes"] = True
            case "compliance":
                values["compliance_shield_disabled"] = statement.value.startswith("dis")
            case "config_key":
                pass
            case _:
                continue
        context.ledger.use(statement.line)
    return {**values, "host_mappings": tuple(hosts), "static_routes": tuple(routes)}


def build_vrfs(blocks: Iterable[Fields], context: Context) -> tuple[str, ...]:
    """Names of the VRFs defined."""
    names: dict[str, None] = {}
    for block in blocks:
        name = block.get("name")
        if isinstance(name, str):
            names[name] = None
            context.ledger.use(header_line(block))
    return tuple(names)


def build_trustpoints(blocks: Iterable[Fields], context: Context) -> tuple[str, ...]:
    """Names of the trust-points."""
    names: dict[str, None] = {}
    for block in blocks:
        name = block.get("trustpoint")
        if isinstance(name, str):
            names[name] = None
            context.ledger.use(header_line(block))
    return tuple(names)


def archive_path(blocks: Iterable[Fields], context: Context) -> str | None:
    """Where ``archive`` keeps configurations; without it a router has no ``configure replace`` target of its own."""
    path = None
    for block in blocks:
        context.ledger.use(header_line(block))
        for statement in statements(block):
            path = statement.value
            context.ledger.use(statement.line)
    return path
