"""Transform sets, IPsec profiles and crypto maps (END-PLACES)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.ios.syntax import TRANSFORMS
from ikeaudit.model import CryptoMap, CryptoMapEntry, CryptoPeer, EntryKind, IpsecProfile, NamedLine, TransformSet
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.statement import CUT, Begin, Context, Statement, flag, set_to, understood
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


def freeze_transform_sets(drafts: Drafts) -> tuple[TransformSet, ...]:
    """The transform sets in order of first appearance."""
    return tuple(TransformSet(**draft) for draft in drafts.transform_sets.values())


# -- what profiles and entries share ---------------------------------------------------------------------------------


def crypto_peer(line: int, name: str, *, dynamic: bool = False, default: bool = False) -> CryptoPeer | None:
    """The peer of ``set peer``: an address or a host name."""
    found = address(name)
    host = None if found else host_name(name)
    if found is None and host is None:
        return None
    return CryptoPeer(line, found, host, dynamic=dynamic, default=default)


def named(name: str, operand: str) -> Statement:
    """A command that refers to one object by name."""

    def read(draft: Draft, args: Args, line: int, _context: Context) -> bool:
        draft[name] = NamedLine(line, args[operand])
        return True

    return read


def _transform_sets(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    draft["transform_sets"] = tuple(NamedLine(line, name) for name in args["sets"].split())
    return True


def _pfs(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    draft["pfs"] = args.get("group", "group1")
    return True


def _lifetime(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    draft["lifetime"] = int(args["value"]) * _SECONDS[args["unit"]]
    return True


def _default_lifetime(drafts: Drafts, args: Args, _line: int, _context: Context) -> bool:
    drafts.values["ipsec_lifetime"] = int(args["value"]) * _SECONDS[args["unit"]]
    return True


_SHARED: Mapping[str, Statement] = {
    "description": understood,
    "set-transform-set": _transform_sets,
    "set-pfs": _pfs,
    "set-isakmp-profile": named("isakmp_profile", "profile"),
    "set-ikev2-profile": named("ikev2_profile", "profile"),
    "set-identity": set_to("identity", "name"),
    "set-security-association-lifetime": _lifetime,
    "responder-only": flag("responder_only"),
}


def _ipsec_profile(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft | None:
    name = args["name"]
    if CUT in name:
        return None
    return drafts.ipsec_profiles.setdefault(name, {"name": name, "line": line})


def freeze_ipsec_profiles(drafts: Drafts) -> tuple[IpsecProfile, ...]:
    """The IPsec profiles in order of first appearance."""
    return tuple(IpsecProfile(**draft) for draft in drafts.ipsec_profiles.values())


# -- crypto maps -----------------------------------------------------------------------------------------------------


class _MapDraft(msgspec.Struct):
    name: str
    line: int
    ipv6: bool = False
    entries: dict[int, Draft] = {}
    attributes: Draft = {}

    def freeze(self, *, dynamic: bool) -> CryptoMap:
        """The finished map, entries by sequence number."""
        entries = tuple(
            CryptoMapEntry(**{**values, "peers": tuple(values.get("peers", {}).values())})
            for _, values in sorted(self.entries.items())
        )
        return CryptoMap(self.name, self.line, entries, ipv6=self.ipv6, dynamic=dynamic, **self.attributes)


def freeze_maps(drafts: Drafts) -> tuple[CryptoMap, ...]:
    """Crypto maps in order of first appearance, be it an entry or an attribute of the whole map."""
    return tuple(draft.freeze(dynamic=False) for draft in drafts.maps.values())


def freeze_dynamic_maps(drafts: Drafts) -> tuple[CryptoMap, ...]:
    """Dynamic maps in order of first appearance."""
    return tuple(draft.freeze(dynamic=True) for draft in drafts.dynamic_maps.values())


def _map(maps: dict[str, Any], args: Args, line: int) -> _MapDraft:
    draft = maps.get(args["name"])
    if draft is None:
        draft = maps[args["name"]] = _MapDraft(args["name"], line)
    draft.ipv6 = draft.ipv6 or "family" in args
    return cast(_MapDraft, draft)


def _entry_kind(args: Args) -> tuple[EntryKind, str | None]:
    """``ipsec-isakmp [dynamic D [discover] | profile P]``, ``gdoi`` or ``ipsec-manual``."""
    for kind in ("dynamic", "profile"):
        if kind in args:
            return kind, args[kind]
    return cast(EntryKind, args.get("kind", "ipsec-isakmp")), None


def _entry(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft | None:
    return _of_map(_map(drafts.maps, args, line), args, line)


def _dynamic_entry(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft | None:
    return _of_map(_map(drafts.dynamic_maps, args, line), args, line)


def _of_map(draft: _MapDraft, args: Args, line: int) -> Draft:
    sequence = int(args["seq"])
    entry = draft.entries.setdefault(sequence, {"sequence": sequence, "line": line})
    if "kind" not in entry or {"kind", "dynamic", "profile"} & args.keys():
        kind, reference = _entry_kind(args)
        entry |= {"kind": kind, "reference": reference}
    return entry


def _peer(entry: Draft, args: Args, line: int, _context: Context) -> bool:
    peer = crypto_peer(line, args["peer"], dynamic="dynamic" in args, default="default" in args)
    if peer is None:
        return False
    entry.setdefault("peers", {}).setdefault((peer.address, peer.hostname), peer)
    return True


def _attribute(statement: Statement) -> Statement:
    """A command about a whole map."""

    def read(drafts: Drafts, args: Args, line: int, context: Context) -> bool:
        return statement(_map(drafts.maps, args, line).attributes, args, line, context)

    return read


HEADERS: Mapping[str, Begin] = {
    "global/crypto-ipsec-transform-set": _transform_set,
    "global/crypto-ipsec-profile": _ipsec_profile,
    "global/crypto-map-entry": _entry,
    "global/crypto-dynamic-map": _dynamic_entry,
}
STATEMENTS: Mapping[str, Statement] = {
    "transform-set/mode": set_to("mode", "mode"),
    **{f"ipsec-profile/{name}": statement for name, statement in _SHARED.items()},
    "ipsec-profile/set-reverse-route": understood,
    "ipsec-profile/reverse-route": understood,
    **{f"crypto-map/{name}": statement for name, statement in _SHARED.items()},
    "crypto-map/set-peer": _peer,
    "crypto-map/match-address": named("acl", "acl"),
    "crypto-map/set-group": set_to("reference", "group"),
    "crypto-map/set-reverse-route": flag("reverse_route"),
    "crypto-map/reverse-route": flag("reverse_route"),
}
GLOBALS: Mapping[str, Statement] = {
    "global/crypto-ipsec-security-association-lifetime": _default_lifetime,
    "global/crypto-map-local-address": _attribute(named("local_address", "interface")),
    "global/crypto-map-isakmp-profile": _attribute(named("isakmp_profile", "profile")),
    "global/crypto-map-client-authentication-list": _attribute(named("client_authentication", "list")),
    "global/crypto-map-client-configuration-address": _attribute(set_to("client_configuration_address", "mode")),
    "global/crypto-map-isakmp-authorization-list": _attribute(named("authorization", "list")),
}
