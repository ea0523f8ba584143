"""Transform sets, IPsec profiles and crypto maps (END-PLACES)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from ikeaudit.ios.command import Args
from ikeaudit.ios.syntax import TRANSFORMS
from ikeaudit.model import CryptoMap, CryptoMapEntry, CryptoPeer, EntryKind, NamedLine
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.statement import (
    CUT,
    Begin,
    Context,
    Statement,
    begin,
    flag,
    named,
    set_to,
    take,
    understood,
)
from ikeaudit.parsing.operands import address, host_name

_SIZED = {"esp-aes", "esp-gcm", "esp-gmac"}
_OLD = ("esp-192-aes", "esp-256-aes")
_TRANSFORM = re.compile(rf"(?:{'|'.join(sorted((*TRANSFORMS, *_OLD)))})|(?:{'|'.join(sorted(_SIZED))}) (?:128|192|256)")
_SECONDS = {"seconds": 1, "days": 86_400}

# -- transform sets --------------------------------------------------------------------------------------------------


def transforms(value: str) -> tuple[str, ...] | None:
    """``esp-aes 256 esp-sha-hmac`` -> ``("esp-aes 256", "esp-sha-hmac")``: a number belongs to the word before it.

    ``esp-md5`` is what hands type for ``esp-md5-hmac``. None when a word is no transform.
    """
    found: list[str] = []
    for word in value.split():
        if word.isdigit() and found:
            found[-1] += f" {word}"
        else:
            found.append(f"{word}-hmac" if f"{word}-hmac" in TRANSFORMS else word)
    return tuple(found) if all(_TRANSFORM.fullmatch(one) for one in found) else None


def _transform_set(drafts: Drafts, args: Args, line: int, context: Context) -> Draft | None:
    """Defining a set again replaces its transforms; without any the command is cut short."""
    name = args["name"]
    found = transforms(args.get("transforms", ""))
    if CUT in name or found is None:
        return None
    draft = drafts.transform_sets.setdefault(name, {"name": name, "line": line, "transforms": ()})
    if found:
        draft["transforms"] = found
    elif not draft["transforms"]:
        context.ledger.doubted.add(line)
    return draft


# -- what profiles and entries share ---------------------------------------------------------------------------------


def crypto_peer(line: int, name: str, *, dynamic: bool = False, default: bool = False) -> CryptoPeer | None:
    """The peer of ``set peer``: an address or a host name."""
    found = address(name)
    host = None if found else host_name(name)
    if found is None and host is None:
        return None
    return CryptoPeer(line, found, host, dynamic=dynamic, default=default)


def _transform_sets(args: Args, line: int, _context: Context) -> tuple[NamedLine, ...]:
    return tuple([NamedLine(line, name) for name in args["sets"].split()])


def _pfs(args: Args, _line: int, _context: Context) -> str:
    """The group, with the post-quantum exchange that has to be added to it; one that is optional says nothing."""
    group, also = args.get("group", "group1"), args.get("algorithms", "optional")
    return group if also.endswith("optional") else f"{group} pqc {also.removesuffix(' required')}"


def _default_lifetime(drafts: Drafts, args: Args, _line: int, _context: Context) -> bool:
    drafts.values["ipsec_lifetime"] = int(args["value"]) * _SECONDS[args["unit"]]
    return True


_SHARED: Mapping[str, Statement] = {
    "description": understood,
    "set-transform-set": take("transform_sets", _transform_sets),
    "set-pfs": take("pfs", _pfs),
    "set-isakmp-profile": take("isakmp_profile", named("profile")),
    "set-ikev2-profile": take("ikev2_profile", named("profile")),
    "set-identity": set_to("identity", "name"),
    "set-security-association-lifetime": take("lifetime", lambda args, *_: int(args["value"]) * _SECONDS[args["unit"]]),
    "responder-only": flag("responder_only"),
}


# -- crypto maps -----------------------------------------------------------------------------------------------------


def freeze(maps: Mapping[str, Draft], *, dynamic: bool) -> tuple[CryptoMap, ...]:
    """Crypto maps in order of first appearance, be it an entry or an attribute of the whole map; entries by number."""
    return tuple(
        CryptoMap(**{**draft, "entries": _entries(draft["entries"])}, dynamic=dynamic) for draft in maps.values()
    )


def _entries(drafts: Mapping[int, Draft]) -> tuple[CryptoMapEntry, ...]:
    return tuple(
        CryptoMapEntry(**{**draft, "peers": tuple(draft.get("peers", {}).values())})
        for _, draft in sorted(drafts.items())
    )


def _map(maps: dict[str, Draft], args: Args, line: int) -> Draft:
    name = args["name"]
    draft = maps.setdefault(name, {"name": name, "line": line, "ipv6": False, "entries": {}})
    draft["ipv6"] = draft["ipv6"] or "family" in args
    return draft


def _entry_kind(args: Args) -> tuple[EntryKind, str | None]:
    """``ipsec-isakmp [dynamic D [discover] | profile P]``, ``gdoi`` or ``ipsec-manual``."""
    for kind in ("dynamic", "profile"):
        if kind in args:
            return kind, args[kind]
    return cast(EntryKind, args.get("kind", "ipsec-isakmp")), None


def _entry(table: str) -> Begin:
    def begin(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft:
        sequence = int(args["seq"])
        entries = _map(getattr(drafts, table), args, line)["entries"]
        entry: Draft = entries.setdefault(sequence, {"sequence": sequence, "line": line})
        if "kind" not in entry or {"kind", "dynamic", "profile"} & args.keys():
            kind, reference = _entry_kind(args)
            entry |= {"kind": kind, "reference": reference}
        return entry

    return begin


def _peer(entry: Draft, args: Args, line: int, _context: Context) -> bool:
    peer = crypto_peer(line, args["peer"], dynamic="dynamic" in args, default="default" in args)
    if peer is None:
        return False
    entry.setdefault("peers", {}).setdefault((peer.address, peer.hostname), peer)
    return True


def _attribute(statement: Statement) -> Statement:
    """A command about a whole map."""

    def read(drafts: Drafts, args: Args, line: int, context: Context) -> bool:
        return statement(_map(drafts.maps, args, line), args, line, context)

    return read


HEADERS: Mapping[str, Begin] = {
    "global/crypto-ipsec-transform-set": _transform_set,
    "global/crypto-ipsec-profile": begin("ipsec_profiles"),
    "global/crypto-map-entry": _entry("maps"),
    "global/crypto-dynamic-map": _entry("dynamic_maps"),
}
STATEMENTS: Mapping[str, Statement] = {
    "transform-set/mode": set_to("mode", "mode"),
    **{f"ipsec-profile/{name}": statement for name, statement in _SHARED.items()},
    "ipsec-profile/set-reverse-route": understood,
    "ipsec-profile/reverse-route": understood,
    **{f"crypto-map/{name}": statement for name, statement in _SHARED.items()},
    "crypto-map/set-peer": _peer,
    "crypto-map/match-address": take("acl", named("acl")),
    "crypto-map/set-group": set_to("reference", "group"),
    "crypto-map/set-reverse-route": flag("reverse_route"),
    "crypto-map/reverse-route": flag("reverse_route"),
}
GLOBALS: Mapping[str, Statement] = {
    "global/crypto-ipsec-security-association-lifetime": _default_lifetime,
    "global/crypto-map-local-address": _attribute(take("local_address", named("interface"))),
    "global/crypto-map-isakmp-profile": _attribute(take("isakmp_profile", named("profile"))),
    "global/crypto-map-client-authentication-list": _attribute(take("client_authentication", named("list"))),
    "global/crypto-map-client-configuration-address": _attribute(set_to("client_configuration_address", "mode")),
    "global/crypto-map-isakmp-authorization-list": _attribute(take("authorization", named("list"))),
}
