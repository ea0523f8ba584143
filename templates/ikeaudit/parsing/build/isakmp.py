"""ISAKMP profiles, policies and router-wide IKEv1 settings (PROFILE-MATCH, POLICY-DEFAULTS)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import msgspec

from ikeaudit.model import (
    AggressivePeer,
    ClientGroup,
    IdentityMatch,
    IsakmpPolicy,
    IsakmpProfile,
    IsakmpSettings,
    KeyringRef,
    NamedLine,
    SelfIdentity,
)
from ikeaudit.parsing.operands import address, keepalive, local_address, matched_prefix
from ikeaudit.parsing.statements import Context, Fields, Statement, header_line, named, statements


@dataclass
class _ProfileDraft:
    name: str
    line: int
    keyrings: list[KeyringRef] = field(default_factory=list)
    matches: list[IdentityMatch] = field(default_factory=list)
    trustpoints: list[NamedLine] = field(default_factory=list)
    single: dict[str, Any] = field(default_factory=dict)
    taken: set[object] = field(default_factory=set)

    def match(self, new: IdentityMatch) -> None:
        """Add a match statement; IOS ignores one that it has already."""
        said = msgspec.structs.replace(new, line=0)
        if said not in self.taken:
            self.taken.add(said)
            self.matches.append(new)

    def ring(self, new: KeyringRef) -> None:
        """Add a keyring, unless the profile has it already."""
        if new.name not in self.taken:
            self.taken.add(new.name)
            self.keyrings.append(new)

    def freeze(self) -> IsakmpProfile:
        """The finished profile."""
        return IsakmpProfile(
            self.name,
            self.line,
            tuple(self.keyrings),
            tuple(self.matches),
            trustpoints=tuple(self.trustpoints),
            **self.single,
        )


def identity_match(line: int, value: str) -> IdentityMatch | None:
    """What follows ``match identity`` in an ISAKMP profile: the kind, the value and the front-door VRF."""
    kind, *rest = value.split()
    if kind == "address":
        found = matched_prefix(rest)
        return None if found is None else IdentityMatch(line, "address", found[0], vrf=found[1])
    if kind in ("host", "user"):
        domain = len(rest) > 1 and rest[0] == "domain"
        words = rest[1:] if domain else rest
        if not 1 <= len(words) <= 2:
            return None
        kinds: dict[tuple[str, bool], Literal["host", "host-domain", "user", "user-domain"]] = {
            ("host", False): "host",
            ("host", True): "host-domain",
            ("user", False): "user",
            ("user", True): "user-domain",
        }
        return IdentityMatch(line, kinds[kind, domain], value=words[0], vrf=words[1] if len(words) > 1 else None)
    if kind == "group" and len(rest) == 1:
        return IdentityMatch(line, "group", value=rest[0])
    return None


def self_identity(line: int, value: str) -> SelfIdentity | None:
    """What follows ``self-identity``."""
    kind, *rest = value.split()
    if kind == "address" and rest == ["ipv6"]:
        return SelfIdentity(line, "address-ipv6")
    if kind in ("address", "dn") and not rest:
        return SelfIdentity(line, cast(Literal["address", "dn"], kind))
    if not rest and address(kind) is not None:
        return SelfIdentity(line, "address", kind)
    if kind in ("fqdn", "user-fqdn") and len(rest) <= 1:
        return SelfIdentity(line, cast(Literal["fqdn", "user-fqdn"], kind), rest[0] if rest else None)
    return None


_CUT = "<SECRET>"
_NAMES = {
    "vrf": "vrf",
    "description": "description",
    "client_authentication": "client_authentication",
    "authorization": "authorization",
    "client_group": "client_configuration_group",
    "client_address": "client_configuration_address",
}


def _fill(draft: _ProfileDraft, statement: Statement) -> bool:
    line, value = statement.line, statement.value
    match statement.kind:
        case "keyring":
            if _CUT in value:
                return False  # "key NAME" was taken for a key, and cut
            for name in value.split():
                draft.ring(KeyringRef(line, name))
            return True
        case "match":
            found = identity_match(line, value)
            if found is not None:
                draft.match(found)
            return found is not None
        case "certificate":
            draft.match(IdentityMatch(line, "certificate", value=value))
            return True
        case "trustpoint":
            draft.trustpoints.append(NamedLine(line, value))
            return True
        case "self_identity":
            parsed: object = self_identity(line, value)
        case "local_address":
            parsed = local_address(line, value)
        case "keepalive":
            parsed = keepalive(line, value, retry_word=True)
        case "initiate_mode":
            parsed = value if value in ("main", "aggressive") else None
        case "virtual_template":
            parsed = int(value)
        case kind if kind in _NAMES:
            draft.single[_NAMES[kind]] = value
            return True
        case _:
            return False
    if parsed is not None:
        draft.single[statement.kind] = parsed
    return parsed is not None


def build_profiles(blocks: Iterable[Fields], context: Context) -> tuple[IsakmpProfile, ...]:
    """The ISAKMP profiles in order of first appearance."""
    drafts: dict[str, _ProfileDraft] = {}
    for block in blocks:
        for name in named(block):
            draft = drafts.setdefault(name, _ProfileDraft(name, header_line(block)))
            context.ledger.use(header_line(block))
            for statement in statements(block):
                if _fill(draft, statement):
                    context.ledger.use(statement.line)
    return tuple(draft.freeze() for draft in drafts.values())


def build_policies(blocks: Iterable[Fields], context: Context) -> tuple[IsakmpPolicy, ...]:
    """The ISAKMP policies by number, which is their priority."""
    drafts: dict[int, dict[str, Any]] = {}
    for block in blocks:
        for name in named(block):
            line = header_line(block)
            draft = drafts.setdefault(int(name), {"number": int(name), "line": line})
            context.ledger.use(line)
            for statement in statements(block):
                draft[statement.kind] = int(statement.value) if statement.kind == "lifetime" else statement.value
                if statement.kind == "encryption":
                    draft["keyword"] = statement.fields["keyword"]
                    draft["encryption"] = " ".join(statement.value.split())
                context.ledger.use(statement.line)
    return tuple(IsakmpPolicy(**drafts[number]) for number in sorted(drafts))


def build_aggressive_peers(blocks: Iterable[Fields], context: Context) -> tuple[AggressivePeer, ...]:
    """``crypto isakmp peer`` sections."""
    drafts: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for block in blocks:
        kind, peer, vrf = block.get("kind"), block.get("peer"), block.get("vrf")
        kind = {"ip-address": "address", "fqdn": "hostname"}.get(str(kind), kind)  # as older releases spell them
        if kind not in ("address", "hostname") or not isinstance(peer, str):
            continue
        found = address(peer) if kind == "address" else None
        if kind == "address" and found is None:
            continue
        line = header_line(block)
        named_by = {"address": found} if kind == "address" else {"hostname": peer}
        draft = drafts.setdefault((kind, peer, vrf), {"line": line, "vrf": vrf, **named_by})
        context.ledger.use(line)
        for statement in statements(block):
            if statement.kind == "password":
                draft["password"] = context.secret(statement.fields["secret"])
            elif statement.kind == "client_endpoint":
                draft["client_endpoint"] = statement.value
            context.ledger.use(statement.line)
    return tuple(AggressivePeer(**draft) for draft in drafts.values())


def build_client_groups(blocks: Iterable[Fields], context: Context) -> tuple[ClientGroup, ...]:
    """EzVPN groups."""
    groups: dict[str, ClientGroup] = {}
    for block in blocks:
        for name in named(block):
            line = header_line(block)
            context.ledger.use(line)
            keys = statements(block)
            known = groups.get(name, ClientGroup(name, line))
            groups[name] = msgspec.structs.replace(known, has_key=known.has_key or bool(keys))
            for statement in keys:
                context.ledger.use(statement.line)
    return tuple(groups.values())


def build_settings(
    listed: Iterable[Statement],
    peers: tuple[AggressivePeer, ...],
    groups: tuple[ClientGroup, ...],
    context: Context,
) -> IsakmpSettings:
    """Router-wide settings from the global commands."""
    values: dict[str, Any] = {"peers": peers, "client_groups": groups}
    for statement in listed:
        match statement.kind:
            case "identity" if statement.value in ("address", "hostname", "dn"):
                values |= {"identity": statement.value, "identity_line": statement.line}
            case "aggressive_disable":
                values |= {"aggressive_mode_disabled": True, "aggressive_mode_line": statement.line}
            case "no_default_policy":
                values["default_policy_disabled"] = True
            case "no_enable":
                values |= {"enabled": False, "enabled_line": statement.line}
            case "spi_recovery":
                values["invalid_spi_recovery"] = True
            case "keepalive":
                found = keepalive(statement.line, statement.value)
                if found is None:
                    continue
                values["keepalive"] = found
            case _:
                continue
        context.ledger.use(statement.line)
    return IsakmpSettings(**values)
