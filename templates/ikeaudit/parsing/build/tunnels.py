"""The tunnel half of an interface, and NHRP (END-PLACES, TEXT-PRINTED)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.model import IPAddress, NhrpMap, Tunnel, TunnelMode, TunnelProtection
from ikeaudit.parsing.build.statement import Context, Statement
from ikeaudit.parsing.operands import address, host_name, interface, is_dotted

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


class Outer(msgspec.Struct):
    """The tunnel half of an interface so far, field by field as in :class:`Tunnel`."""

    source_interface: str | None = None
    source_address: IPAddress | None = None
    source_line: int = 0
    destination: IPAddress | None = None
    destination_name: str | None = None
    destination_dynamic: bool = False
    destination_line: int = 0
    mode: TunnelMode = "gre ip"
    vrf: str | None = None
    vrf_line: int = 0
    key: int | None = None
    protection: TunnelProtection | None = None
    nhrp_maps: list[NhrpMap] | tuple[()] = ()
    nhrp_network: int | None = None

    def freeze(self) -> Tunnel:
        """The finished tunnel."""
        return Tunnel(
            self.source_interface,
            self.source_address,
            self.source_line,
            self.destination,
            self.destination_name,
            self.destination_dynamic,
            self.destination_line,
            self.mode,
            self.vrf,
            self.vrf_line,
            self.key,
            self.protection,
            tuple(self.nhrp_maps),
            self.nhrp_network,
        )


class HasOuter(Protocol):
    """An interface so far."""

    @property
    def outer(self) -> Outer:
        """Its tunnel half."""


def _nhrp_map(*, nhs: bool) -> Statement:
    """``ip nhrp map A N``, ``ip nhrp nhs A [nbma N ...]``; multicast maps name no peer of their own."""

    def read(draft: HasOuter, args: Args, line: int, _context: Context) -> bool:
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
        outer = draft.outer
        outer.nhrp_maps = outer.nhrp_maps or []
        outer.nhrp_maps.append(NhrpMap(line, tunnel, nbma, nhs))
        return True

    return read


def _nhrp_network(draft: HasOuter, args: Args, _line: int, _context: Context) -> bool:
    if not args["rest"].isdigit():
        return False
    draft.outer.nhrp_network = int(args["rest"])
    return True


def _source(draft: HasOuter, args: Args, line: int, _context: Context) -> bool:
    name = args.get("interface")
    value = name or args.get("address") or args["value"]
    found = address(value) if name is None else None
    if name is None:
        name = interface(value)
    if found is None and name is None and value != "dynamic":
        return False
    outer = draft.outer
    outer.source_address, outer.source_interface, outer.source_line = found, name, line
    return True


def _destination(draft: HasOuter, args: Args, line: int, _context: Context) -> bool:
    value = args["destination"]
    found = address(value)
    if found is None and host_name(value) is None:
        return False
    outer = draft.outer
    outer.destination, outer.destination_name = found, None if found else value
    outer.destination_dynamic, outer.destination_line = False, line
    return True


def _dynamic_destination(draft: HasOuter, _args: Args, line: int, _context: Context) -> bool:
    outer = draft.outer
    outer.destination = outer.destination_name = None
    outer.destination_dynamic, outer.destination_line = True, line
    return True


def _mode(draft: HasOuter, args: Args, _line: int, _context: Context) -> bool:
    mode = _MODES.get(" ".join(args[name] for name in ("family", "payload", "inner", "rest") if name in args), "other")
    if mode == "other" and "family" in args:
        return False
    draft.outer.mode = mode
    return True


def _tunnel_vrf(draft: HasOuter, args: Args, line: int, _context: Context) -> bool:
    outer = draft.outer
    outer.vrf, outer.vrf_line = args["vrf"], line
    return True


def _tunnel_key(draft: HasOuter, args: Args, _line: int, _context: Context) -> bool:
    if not args["n"].isdigit():
        return False
    draft.outer.key = int(args["n"])
    return True


def _protection(draft: HasOuter, args: Args, line: int, _context: Context) -> bool:
    """``IP [shared] [isakmp-profile P] [ikev2-profile P]`` behind ``tunnel protection ipsec profile``."""
    draft.outer.protection = TunnelProtection(
        line, args["ipsec"], "shared" in args, args.get("isakmp"), args.get("ikev2")
    )
    return True


def _protection_psk(draft: HasOuter, _args: Args, line: int, _context: Context) -> bool:
    draft.outer.protection = TunnelProtection(line, psk=True)
    return True


STATEMENTS: Mapping[str, Statement] = {
    "interface/ip-nhrp-map": _nhrp_map(nhs=False),
    "interface/ipv6-nhrp-map": _nhrp_map(nhs=False),
    "interface/ip-nhrp-nhs": _nhrp_map(nhs=True),
    "interface/ipv6-nhrp-nhs": _nhrp_map(nhs=True),
    "interface/ip-nhrp-network-id": _nhrp_network,
    "interface/ipv6-nhrp-network-id": _nhrp_network,
    "interface/tunnel-source": _source,
    "interface/tunnel-destination": _destination,
    "interface/tunnel-destination-dynamic": _dynamic_destination,
    "interface/tunnel-mode": _mode,
    "interface/tunnel-vrf": _tunnel_vrf,
    "interface/tunnel-key": _tunnel_key,
    "interface/tunnel-protection": _protection,
    "interface/tunnel-protection-psk": _protection_psk,
}
