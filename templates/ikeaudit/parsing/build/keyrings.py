"""Keyrings and global keys (KEY-FORMS)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ikeaudit.model import DEFAULT_KEYRING, Key, Keyring, LocalAddress, Prefix, RsaPubkey
from ikeaudit.parsing.operands import ipv6_prefix, local_address, peer_prefix
from ikeaudit.parsing.statements import Context, Fields, Statement, header_line, named, statements


@dataclass
class _Draft:
    name: str
    line: int
    vrf: str | None = None
    local_address: LocalAddress | None = None
    keys: list[Key] = field(default_factory=list)
    rsa_keys: list[RsaPubkey] = field(default_factory=list)
    description: str | None = None
    taken: set[tuple[Prefix | None, str | None]] = field(default_factory=set)

    def add(self, key: Key, context: Context) -> None:
        """Append ``key``; IOS refuses a second key for one address and mask, and keeps the first (KEY-DUPLICATE)."""
        target = (key.prefix, key.hostname)
        if target in self.taken:
            context.ledger.remark(key.line, "second key for the same peer: IOS keeps the first")
            return
        self.taken.add(target)
        self.keys.append(key)


def _key(statement: Statement, context: Context) -> Key | None:
    fields = statement.fields
    secret = context.secret(fields["secret"])
    if statement.kind == "key_hostname":
        return Key(statement.line, secret, hostname=fields["hostname"])
    base, mask = fields["address"], fields.get("mask")
    prefix = ipv6_prefix(base) if ":" in base else peer_prefix(base, mask)
    return None if prefix is None else Key(statement.line, secret, prefix)


def _fill(draft: _Draft, statement: Statement, context: Context) -> bool:
    """Apply one command to ``draft``; False when its operands make no sense."""
    match statement.kind:
        case "key_address" | "key_hostname":
            key = _key(statement, context)
            if key is None:
                return False
            draft.add(key, context)
        case "local_address":
            found = local_address(statement.line, statement.value)
            if found is None:
                return False
            draft.local_address = found
        case "description":
            draft.description = statement.value
        case "rsa":
            kind = statement.fields["kind"]
            if kind not in ("address", "name"):
                return False
            draft.rsa_keys.append(RsaPubkey(statement.line, kind, statement.fields["peer"]))
        case _:
            return False
    return True


def build_keyrings(blocks: Iterable[Fields], context: Context) -> tuple[Keyring, ...]:
    """The named keyrings in order of first appearance; entering one again continues it."""
    drafts: dict[str, _Draft] = {}
    for block in blocks:
        for name in named(block):
            line = header_line(block)
            draft = drafts.setdefault(name, _Draft(name, line))
            draft.vrf = block.get("vrf", draft.vrf)
            context.ledger.use(line)
            for statement in statements(block):
                if _fill(draft, statement, context):
                    context.ledger.use(statement.line)
    return tuple(
        Keyring(d.name, d.line, d.vrf, d.local_address, tuple(d.keys), tuple(d.rsa_keys), d.description)
        for d in drafts.values()
    )


def global_keys(listed: Iterable[Statement], context: Context) -> Keyring:
    """The keyring ``default``: all ``crypto isakmp key`` lines."""
    draft = _Draft(DEFAULT_KEYRING, 0)
    for statement in listed:
        key = _global_key(statement, context)
        if key is not None:
            context.ledger.use(statement.line)
            draft.line = draft.line or statement.line
            draft.add(key, context)
    return Keyring(DEFAULT_KEYRING, draft.line, keys=tuple(draft.keys))


def _global_key(statement: Statement, context: Context) -> Key | None:
    """``address A [MASK] [no-xauth]``, ``address ipv6 P/L [no-xauth]`` or ``hostname H [no-xauth]``."""
    words = statement.value.split()
    no_xauth = len(words) > 1 and words[-1].startswith("no-x") and "no-xauth".startswith(words[-1])
    if no_xauth:
        words.pop()
    secret = context.secret(statement.fields["secret"])
    if statement.kind == "key_hostname":
        return Key(statement.line, secret, hostname=words[0], no_xauth=no_xauth) if len(words) == 1 else None
    if words[0] == "ipv6":
        prefix = ipv6_prefix(words[1]) if len(words) == 2 else None
    else:
        prefix = peer_prefix(*words) if len(words) <= 2 else None
    return None if prefix is None else Key(statement.line, secret, prefix, no_xauth=no_xauth)
