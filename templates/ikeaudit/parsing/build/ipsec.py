"""Transform sets, IPsec profiles and crypto maps (END-PLACES)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from ikeaudit.model import (
    CryptoMap,
    CryptoMapEntry,
    CryptoPeer,
    EntryKind,
    IpsecProfile,
    NamedLine,
    TransformSet,
)
from ikeaudit.parsing.operands import address, host_name, interface
from ikeaudit.parsing.statements import Context, Fields, Statement, header_line, named, statements

_SECONDS_A_DAY = 86_400
_SHORT_HMAC = re.compile(r"(?:ah|esp)-(?:md5|sha\d*)$")


def transforms(value: str) -> tuple[str, ...]:
    """``esp-aes 256 esp-sha-hmac`` -> ``("esp-aes 256", "esp-sha-hmac")``: a number belongs to the word before it.

    ``esp-md5`` is what hands type for ``esp-md5-hmac``.
    """
    found: list[str] = []
    for word in value.split():
        if word.isdigit() and found:
            found[-1] += f" {word}"
        else:
            found.append(f"{word}-hmac" if _SHORT_HMAC.match(word) else word)
    return tuple(found)


def build_transform_sets(blocks: Iterable[Fields], context: Context) -> tuple[TransformSet, ...]:
    """The transform sets in order of first appearance; defining one again replaces its transforms."""
    drafts: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for name in named(block):
            line = header_line(block)
            draft = drafts.setdefault(name, {"name": name, "line": line, "transforms": ()})
            if isinstance(block.get("transforms"), str):
                draft["transforms"] = transforms(block["transforms"])
            if draft["transforms"]:
                context.ledger.use(line)  # without any the command is cut short
            for statement in statements(block):
                mode = statement.value.split()[0]
                if mode in ("tunnel", "transport"):
                    draft["mode"] = mode
                    context.ledger.use(statement.line)
    return tuple(TransformSet(**draft) for draft in drafts.values())


def crypto_peer(line: int, value: str) -> CryptoPeer | None:
    """``{A|H} [dynamic] [default]`` after ``set peer``."""
    name, *flags = value.split()
    if not set(flags) <= {"dynamic", "default"}:
        return None
    found = address(name)
    host = None if found else host_name(name)
    if found is None and host is None:
        return None
    return CryptoPeer(line, found, host, dynamic="dynamic" in flags, default="default" in flags)


def read_body(statement: Statement, values: dict[str, Any]) -> bool:
    """Commands that IPsec profiles and crypto map entries share; False when the command is none of them."""
    line, value = statement.line, statement.value
    match statement.kind:
        case "transform_set":
            values["transform_sets"] = tuple(NamedLine(line, name) for name in value.split())
        case "pfs":
            values["pfs"] = value or "group1"
        case "isakmp_profile" | "ikev2_profile":
            values[statement.kind] = NamedLine(line, value)
        case "identity":
            values["identity"] = value
        case "lifetime_seconds":
            values["lifetime"] = int(value)
        case "lifetime_days":
            values["lifetime"] = int(value) * _SECONDS_A_DAY
        case "responder_only":
            values["responder_only"] = True
        case "description":
            pass
        case _:
            return False
    return True


def build_ipsec_profiles(blocks: Iterable[Fields], context: Context) -> tuple[IpsecProfile, ...]:
    """The IPsec profiles in order of first appearance."""
    drafts: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for name in named(block):
            line = header_line(block)
            draft = drafts.setdefault(name, {"name": name, "line": line})
            context.ledger.use(line)
            for statement in statements(block):
                if read_body(statement, draft) or statement.kind == "reverse_route":
                    context.ledger.use(statement.line)
    return tuple(IpsecProfile(**draft) for draft in drafts.values())


@dataclass
class _MapDraft:
    name: str
    line: int
    ipv6: bool = False
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)

    def freeze(self, *, dynamic: bool) -> CryptoMap:
        """The finished map, entries by sequence number."""
        entries = tuple(
            CryptoMapEntry(**{**values, "peers": tuple(values.get("peers", {}).values())})
            for _, values in sorted(self.entries.items())
        )
        return CryptoMap(self.name, self.line, entries, ipv6=self.ipv6, dynamic=dynamic, **self.attributes)


def entry_kind(text: str) -> tuple[EntryKind, str | None] | None:
    """``ipsec-isakmp [dynamic D [discover] | profile P]``, ``gdoi`` or ``ipsec-manual``."""
    words = text.split()
    if words == ["ipsec-isakmp"] or not words:
        return "ipsec-isakmp", None
    if words[0] == "ipsec-isakmp" and len(words) >= 3 and words[1] in ("dynamic", "profile"):
        if words[3:] in ([], ["discover"]):
            return cast(EntryKind, words[1]), words[2]
        return None
    if len(words) == 1 and words[0] in ("gdoi", "ipsec-manual"):
        return cast(EntryKind, words[0]), None
    return None


def _fill_entry(entry: dict[str, Any], statement: Statement) -> bool:
    line, value = statement.line, statement.value
    match statement.kind:
        case "peer":
            peer = crypto_peer(line, value)
            if peer is None:
                return False
            entry.setdefault("peers", {}).setdefault((peer.address, peer.hostname), peer)
        case "acl":
            name = value.removeprefix("ipv4 ").removeprefix("ipv6 ").strip()
            if " " in name:
                return False
            entry["acl"] = NamedLine(line, name)
        case "reverse_route":
            entry["reverse_route"] = True
        case "gdoi_group":
            entry["reference"] = value
        case _:
            return read_body(statement, entry)
    return True


def build_maps(
    blocks: Iterable[Fields], attributes: Iterable[Statement], context: Context, *, dynamic: bool = False
) -> tuple[CryptoMap, ...]:
    """Crypto maps (or dynamic maps) in order of first appearance, be it an entry or an attribute of the whole map."""
    drafts: dict[str, _MapDraft] = {}
    order: list[tuple[int, Fields | Statement]] = [(header_line(block), block) for block in blocks]
    order += [(statement.line, statement) for statement in attributes]
    order.sort(key=lambda item: item[0])
    for line, item in order:
        if isinstance(item, Statement):
            _attribute(drafts, item, context)
            continue
        name, sequence = item.get("name"), item.get("sequence")
        kind = entry_kind(item.get("kind", ""))
        if not isinstance(name, str) or not isinstance(sequence, str) or kind is None:
            continue
        draft = drafts.setdefault(name, _MapDraft(name, line))
        draft.ipv6 = draft.ipv6 or "ipv6" in item
        entry = draft.entries.setdefault(int(sequence), {"sequence": int(sequence), "line": line})
        if "kind" in item or "kind" not in entry:
            entry |= {"kind": kind[0], "reference": kind[1]}
        context.ledger.use(line)
        for statement in statements(item):
            if _fill_entry(entry, statement):
                context.ledger.use(statement.line)
    return tuple(draft.freeze(dynamic=dynamic) for draft in drafts.values())


def _attribute(drafts: dict[str, _MapDraft], statement: Statement, context: Context) -> None:
    """``crypto map [ipv6] NAME {local-address I | isakmp-profile P | client ... | isakmp authorization list L}``."""
    words = statement.value.split()
    ipv6 = words[0] == "ipv6" and len(words) > 3
    name, *rest = words[1:] if ipv6 else words
    line = statement.line
    found: dict[str, Any]
    match rest:
        case ["local-address", *operand] if (local := interface(" ".join(operand))) is not None:
            found = {"local_address": NamedLine(line, local)}
        case ["isakmp-profile", profile]:
            found = {"isakmp_profile": NamedLine(line, profile)}
        case ["client", "authentication", "list", listed]:
            found = {"client_authentication": NamedLine(line, listed)}
        case ["isakmp", "authorization", "list", listed]:
            found = {"authorization": NamedLine(line, listed)}
        case ["client", "configuration", "address", ("initiate" | "respond") as how]:
            found = {"client_configuration_address": how}
        case _:
            return
    draft = drafts.setdefault(name, _MapDraft(name, line))
    draft.ipv6 = draft.ipv6 or ipv6
    draft.attributes |= found
    context.ledger.use(line)
