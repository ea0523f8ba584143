"""Address translation of the router itself: ``ip nat ... source`` (NAT-BEFORE-MAP)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.model import NatRule, Prefix
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import Context, Statement
from ikeaudit.parsing.operands import address, mask_of

_KINDS = ("list", "route-map", "static")


def nat_rule(line: int, way: str, value: str) -> NatRule | None:
    """``{list A | route-map R | static ...} ...`` behind ``ip nat inside source``; None when it makes no sense."""
    kind, *words = value.split()
    kind = next((word for word in _KINDS if word.startswith(kind)), "")
    at = {name: words[n + 1] for n, name in enumerate(words[:-1]) if name in ("vrf", "route-map")}
    rule = NatRule(line, way, vrf=at.get("vrf"), in_vrf="match-in-vrf" in words)  # type: ignore[arg-type]
    change = msgspec.structs.replace
    if kind in ("list", "route-map") and words:
        return change(rule, acl=words[0]) if kind == "list" else change(rule, route_map=words[0])
    if kind != "static" or not words:
        return None
    network = words[0] == "network"
    ports = address(words[0]) is None and not network
    words = words[1:] if network or ports else words
    local = address(words[0]) if words else None
    if local is None:
        return None
    length = None
    if network:
        mask = words[2] if len(words) > 2 else ""
        dotted = mask_of(mask)
        length = (
            int(mask[1:]) if mask[:1] == "/" and mask[1:].isdigit() else int(dotted).bit_count() if dotted else None
        )
        if length is None or length > 32:
            return None
    return change(rule, local=Prefix.of(local, length).network, ports=ports, route_map=at.get("route-map"))


def _rule(way: str) -> Statement:
    def read(drafts: Drafts, args: Args, line: int, _context: Context) -> bool:
        found = nat_rule(line, way, args["rest"]) if args.get("rest") else None
        if found is not None:
            drafts.nat_rules.append(found)
        return found is not None

    return read


GLOBALS: Mapping[str, Statement] = {
    "global/ip-nat-inside-source": _rule("inside"),
    "global/ip-nat-outside-source": _rule("outside"),
    "global/ip-nat-source": _rule("any"),
}
