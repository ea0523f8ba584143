"""The tunnel half of an interface, and NHRP (END-PLACES, TEXT-PRINTED)."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.ios.command import Args
from ikeaudit.ios.words import slot
from ikeaudit.model import IPAddress, NamedLine, NhrpMap, Tunnel, TunnelMode, TunnelProtection
from ikeaudit.parsing.build.drafts import Draft
from ikeaudit.parsing.build.statement import Context, Statement
from ikeaudit.parsing.likeness import edits
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
_DYNAMIC = slot("interface/tunnel-destination-dynamic").split()[-1]
_OF_MODES = ("family", "payload", "inner", "rest")


def outer(draft: Draft) -> Draft:
    """The tunnel half of an interface so far, by the fields of :class:`Tunnel`."""
    half: Draft | None = draft.get("tunnel")
    if half is None:
        half = draft["tunnel"] = {}
    return half


def freeze(half: Draft) -> Tunnel:
    """The finished tunnel."""
    return Tunnel(**{**half, "nhrp_maps": tuple(half.get("nhrp_maps", ()))})


def _nhrp_map(*, nhs: bool) -> Statement:
    """``ip nhrp map A N``, ``ip nhrp nhs A [nbma N ...]``; multicast maps name no peer of their own."""

    def read(draft: Draft, args: Args, line: int, _context: Context) -> bool:
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
        if tunnel is None and not (words[0] == "dynamic" and words[1:2] in ([], ["nbma"])):
            return False
        outer(draft).setdefault("nhrp_maps", []).append(NhrpMap(line, tunnel, nbma, nhs))
        return True

    return read


def _nhrp_network(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    if not args["rest"].isdigit():
        return False
    outer(draft)["nhrp_network"] = int(args["rest"])
    return True


def _nhrp_setting(name: str, *, on: bool = True) -> Statement:
    """A switch of NHRP."""

    def read(draft: Draft, _args: Args, _line: int, _context: Context) -> bool:
        outer(draft)[name] = on
        return True

    return read


def _nhrp_authentication(draft: Draft, args: Args, line: int, context: Context) -> bool:
    """Of a word without fingerprint (``<SECRET>``) only the line is known."""
    digit, _, word = args["secret"].partition(" ")
    said = {"secret": word, "encoding": digit} if word and digit.isdigit() else args
    outer(draft).update(nhrp_authentication=context.secret(said), nhrp_authentication_line=line)
    return True


def _source(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    name = args.get("interface")
    value = name or args.get("address") or args["value"]
    found = address(value) if name is None else None
    if name is None:
        name = interface(value)
    if found is None and name is None and value != "dynamic":
        return False
    outer(draft).update(source_address=found, source_interface=name, source_line=line)
    return True


def _destination(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    value = args["destination"]
    found = address(value)
    if found is None and (host_name(value) is None or edits(value, _DYNAMIC) == 1):
        return False
    return _goes_to(draft, line, found, None if found else value)


def _dynamic_destination(draft: Draft, _args: Args, line: int, _context: Context) -> bool:
    return _goes_to(draft, line, dynamic=True)


def _goes_to(
    draft: Draft, line: int, found: IPAddress | None = None, name: str | None = None, *, dynamic: bool = False
) -> bool:
    outer(draft).update(destination=found, destination_name=name, destination_dynamic=dynamic, destination_line=line)
    return True


def _mode(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    mode = _MODES.get(" ".join([args[name] for name in _OF_MODES if name in args]), "other")
    if mode == "other" and "family" in args:
        return False
    outer(draft)["mode"] = mode
    return True


def _tunnel_vrf(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    outer(draft).update(vrf=args["vrf"], vrf_line=line)
    return True


def _tunnel_key(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    if not args["n"].isdigit():
        return False
    outer(draft).update(key=int(args["n"]), key_line=line)
    return True


def _protection(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    """``IP [shared] [isakmp-profile P] [ikev2-profile P]`` behind ``tunnel protection ipsec profile``."""
    outer(draft)["protection"] = TunnelProtection(
        line, args["ipsec"], "shared" in args, args.get("isakmp"), args.get("ikev2")
    )
    return True


def _policy(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    outer(draft)["policies"] = (*outer(draft).get("policies", ()), NamedLine(line, args["acl"]))
    return True


def _protection_psk(draft: Draft, _args: Args, line: int, _context: Context) -> bool:
    outer(draft)["protection"] = TunnelProtection(line, psk=True)
    return True


STATEMENTS: Mapping[str, Statement] = {
    "interface/ip-nhrp-map": _nhrp_map(nhs=False),
    "interface/ipv6-nhrp-map": _nhrp_map(nhs=False),
    "interface/ip-nhrp-nhs": _nhrp_map(nhs=True),
    "interface/ipv6-nhrp-nhs": _nhrp_map(nhs=True),
    "interface/ip-nhrp-network-id": _nhrp_network,
    "interface/ipv6-nhrp-network-id": _nhrp_network,
    "interface/ip-nhrp-authentication": _nhrp_authentication,
    "interface/ipv6-nhrp-authentication": _nhrp_authentication,
    "interface/ip-nhrp-redirect": _nhrp_setting("redirect"),
    "interface/ipv6-nhrp-redirect": _nhrp_setting("redirect"),
    "interface/ip-nhrp-shortcut": _nhrp_setting("shortcut"),
    "interface/ipv6-nhrp-shortcut": _nhrp_setting("shortcut"),
    "interface/tunnel-source": _source,
    "interface/tunnel-destination": _destination,
    "interface/tunnel-destination-dynamic": _dynamic_destination,
    "interface/tunnel-mode": _mode,
    "interface/tunnel-vrf": _tunnel_vrf,
    "interface/tunnel-key": _tunnel_key,
    "interface/tunnel-protection": _protection,
    "interface/tunnel-protection-policy": _policy,
    "interface/tunnel-protection-psk": _protection_psk,
}
NEGATED: Mapping[str, Statement] = {
    "interface/ip-nhrp-shortcut": _nhrp_setting("shortcut", on=False),
    "interface/ipv6-nhrp-shortcut": _nhrp_setting("shortcut", on=False),
}
