"""IKEv2 proposals, policies, keyrings and profiles (IKEV2-OBJECTS)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgspec

from ikeaudit.model import (
    Ikev2Auth,
    Ikev2Identity,
    Ikev2Keyring,
    Ikev2Peer,
    Ikev2Policy,
    Ikev2Profile,
    Ikev2Proposal,
    Keepalive,
    NamedLine,
)
from ikeaudit.model.ikev2 import AuthMethod, IdentityKind
from ikeaudit.parsing.operands import address, interface, is_dotted, keepalive, peer_prefix
from ikeaudit.parsing.statements import Context, Fields, Statement, header_line, named, statements

_METHODS = ("pre-share", "rsa-sig", "ecdsa-sig", "eap")


def identity(line: int, value: str) -> Ikev2Identity | None:
    """``address A [MASK]``, ``fqdn [domain] X``, ``email [domain] X``, ``key-id X``, ``dn`` or ``any``."""
    kind, *rest = value.split()
    if kind == "address" and 1 <= len(rest) <= 2:
        prefix = peer_prefix(*rest)
        return None if prefix is None else Ikev2Identity(line, "address", prefix)
    if kind in ("fqdn", "email") and rest[:1] == ["domain"] and len(rest) == 2:
        return Ikev2Identity(line, cast(IdentityKind, f"{kind}-domain"), value=rest[1])
    if kind in ("fqdn", "email", "key-id") and len(rest) == 1:
        return Ikev2Identity(line, cast(IdentityKind, kind), value=rest[0])
    if kind in ("dn", "any") and not rest:
        return Ikev2Identity(line, cast(IdentityKind, kind))
    return None


def build_proposals(blocks: Iterable[Fields], context: Context) -> tuple[Ikev2Proposal, ...]:
    """IKEv2 proposals; a list given again replaces the one before."""
    drafts: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for name in named(block):
            draft = drafts.setdefault(name, {"name": name, "line": header_line(block)})
            context.ledger.use(header_line(block))
            for statement in statements(block):
                draft[statement.kind] = tuple(statement.value.split())
                context.ledger.use(statement.line)
    return tuple(Ikev2Proposal(**draft) for draft in drafts.values())


def build_policies(blocks: Iterable[Fields], context: Context) -> tuple[Ikev2Policy, ...]:
    """IKEv2 policies in order of first appearance."""
    drafts: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for name in named(block):
            draft = drafts.setdefault(name, {"name": name, "line": header_line(block)})
            context.ledger.use(header_line(block))
            for statement in statements(block):
                line, value = statement.line, statement.value
                if statement.kind == "fvrf":
                    draft["fvrf"] = value
                elif statement.kind == "proposal":
                    for proposal in value.split():
                        _extend(draft, "proposals", NamedLine(line, proposal))
                elif (found := address(value)) is not None:
                    _extend(draft, "local_addresses", found)
                elif value != "any":
                    continue
                context.ledger.use(line)
    return tuple(Ikev2Policy(**_listed(draft)) for draft in drafts.values())


def _fill_peer(draft: dict[str, Any], statement: Statement, context: Context) -> bool:
    match statement.kind:
        case "address":
            words = statement.value.split()
            prefix = peer_prefix(*words) if len(words) <= 2 else None
            if prefix is None:
                return False
            others = tuple(known for known in draft.get("addresses", ()) if known.version != prefix.version)
            draft["addresses"] = (*others, prefix)
        case "identity":
            found = identity(statement.line, statement.value)
            if found is None:
                return False
            draft["identity"] = found
        case "key":
            secret = context.secret(statement.fields["secret"])
            side = statement.fields.get("side")
            draft |= {name: secret for name in ("local", "remote") if side in (None, name)}
        case "hostname" | "description":
            draft[statement.kind] = statement.value
        case _:
            return False
    return True


def build_keyrings(blocks: Iterable[Fields], context: Context) -> tuple[Ikev2Keyring, ...]:
    """IKEv2 keyrings with their peer blocks."""
    keyrings: dict[str, tuple[int, dict[str, dict[str, Any]]]] = {}
    for block in blocks:
        for name in named(block):
            _, peers = keyrings.setdefault(name, (header_line(block), {}))
            context.ledger.use(header_line(block))
            for fields in block.get("peer", ()):
                if "line" not in fields:
                    continue  # a command before the first peer
                line, label = int(fields["line"]), fields["name"]
                draft = peers.setdefault(label, {"name": label, "line": line})
                context.ledger.use(line)
                for statement in statements(fields):
                    if _fill_peer(draft, statement, context):
                        context.ledger.use(statement.line)
    return tuple(
        Ikev2Keyring(name, line, tuple(Ikev2Peer(**draft) for draft in peers.values()))
        for name, (line, peers) in keyrings.items()
    )


def _extend(draft: dict[str, Any], name: str, item: Any) -> None:
    """Append ``item`` unless the same was said before, on whatever line; :func:`_listed` makes a tuple of it in the end."""
    said = msgspec.structs.replace(item, line=0) if isinstance(item, msgspec.Struct) else item
    draft.setdefault(name, {}).setdefault(said, item)


def _listed(draft: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value.values()) if isinstance(value, dict) else value for name, value in draft.items()}


def _fill_profile(draft: dict[str, Any], statement: Statement, context: Context) -> bool:
    line, value = statement.line, statement.value
    match statement.kind:
        case "match" | "match_any":
            found = identity(line, value or "any")
            if found is None:
                return False
            _extend(draft, "matches", found)
        case "certificate":
            _extend(draft, "certificate_maps", NamedLine(line, value))
        case "trustpoint":
            _extend(draft, "trustpoints", NamedLine(line, value))
        case "match_local":
            return _match_local(draft, value)
        case "identity":
            draft["identity_local"] = identity(line, value)
            return draft["identity_local"] is not None
        case "authentication":
            return _authentication(draft, statement, context)
        case "keyring":
            return _keyring(draft, line, value)
        case "dpd":
            draft["dpd"] = keepalive(line, value)
            return draft["dpd"] is not None
        case "inbound_only" | "shutdown":
            draft[statement.kind] = True
        case "lifetime" | "virtual_template":
            draft[statement.kind] = int(value)
        case "fvrf" | "ivrf":
            draft[statement.kind] = value
        case _:
            return False
    return True


def _match_local(draft: dict[str, Any], value: str) -> bool:
    """``match address local {A | interface I | any}``."""
    words = value.split(" ", 1)
    if words[0] == "interface" and len(words) == 2:
        name = interface(words[1])
        if name is not None:
            _extend(draft, "local_interfaces", name)
        return name is not None
    if value == "any":
        return True
    found = address(value)
    if found is not None:
        _extend(draft, "local_addresses", found)
    return found is not None and not is_dotted(words[-1] if len(words) > 1 else "")


def _authentication(draft: dict[str, Any], statement: Statement, context: Context) -> bool:
    fields = statement.fields
    method = "eap" if "eap" in fields else fields.get("method")
    if method not in _METHODS:
        return False
    key = context.secret(fields["secret"]) if "secret" in fields else None
    auth = Ikev2Auth(statement.line, cast(AuthMethod, method), key)
    side = "local_auth" if fields["side"] == "local" else "remote_auth"
    draft[side] = (*(known for known in draft.get(side, ()) if known.method != method), auth)
    return True


def _keyring(draft: dict[str, Any], line: int, value: str) -> bool:
    """``keyring {local K | aaa L ... | ppk K}``; older releases print ``keyring K``."""
    words = value.split()
    if "<SECRET>" in words[:2]:
        return False  # "key local NAME" was taken for a key, and cut
    if words[0] == "ppk" and len(words) == 2:
        draft["ppk_keyring"] = words[1]
    elif words[0] in ("local", "aaa") and len(words) >= 2:
        draft["keyring"], draft["keyring_kind"] = NamedLine(line, words[1]), words[0]
    elif len(words) == 1 and words[0] not in ("local", "aaa", "ppk"):
        draft["keyring"], draft["keyring_kind"] = NamedLine(line, words[0]), "local"
    else:
        return False
    return True


def build_profiles(blocks: Iterable[Fields], context: Context) -> tuple[Ikev2Profile, ...]:
    """IKEv2 profiles in order of first appearance."""
    drafts: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for name in named(block):
            draft = drafts.setdefault(name, {"name": name, "line": header_line(block)})
            context.ledger.use(header_line(block))
            for statement in statements(block):
                if _fill_profile(draft, statement, context):
                    context.ledger.use(statement.line)
    return tuple(Ikev2Profile(**_listed(draft)) for draft in drafts.values())


def global_dpd(statement: Statement, context: Context) -> Keepalive | None:
    """``crypto ikev2 dpd INTERVAL RETRY {on-demand|periodic}``."""
    found = keepalive(statement.line, statement.value)
    if found is not None:
        context.ledger.use(statement.line)
    return found
