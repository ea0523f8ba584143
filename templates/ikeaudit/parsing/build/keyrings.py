"""Keyrings and global keys (KEY-FORMS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.model import DEFAULT_KEYRING, Key, Keyring, LocalAddress, Prefix, RsaPubkey
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import CUT, Begin, Context, Statement
from ikeaudit.parsing.operands import ipv6_prefix, local_address_of, peer_prefix


class _Draft(msgspec.Struct):
    name: str
    line: int
    vrf: str | None = None
    local_address: LocalAddress | None = None
    keys: list[Key] = []
    rsa_keys: list[RsaPubkey] = []
    description: str | None = None
    taken: set[Prefix | str] = set()

    def add(self, key: Key, context: Context) -> None:
        """Append ``key``; IOS refuses a second key for one address and mask, and keeps the first (KEY-DUPLICATE)."""
        known = len(self.taken)
        self.taken.add(key.prefix or key.hostname or "")
        if len(self.taken) == known:
            context.ledger.remark(key.line, "second key for the same peer: IOS keeps the first")
            return
        self.keys.append(key)

    def freeze(self) -> Keyring:
        """The finished keyring."""
        return Keyring(
            self.name, self.line, self.vrf, self.local_address, tuple(self.keys), tuple(self.rsa_keys), self.description
        )


def freeze(drafts: Drafts) -> tuple[Keyring, ...]:
    """The named keyrings in order of first appearance."""
    return tuple(draft.freeze() for draft in drafts.keyrings.values())


def freeze_default(drafts: Drafts) -> Keyring:
    """The keyring ``default``: all ``crypto isakmp key`` lines."""
    draft: _Draft | None = drafts.default_keyring
    return draft.freeze() if draft is not None else Keyring(DEFAULT_KEYRING, 0)


def _keyring(drafts: Drafts, args: Args, line: int, _context: Context) -> _Draft | None:
    """Entering a keyring again continues it."""
    name = args["name"]
    if CUT in name:
        return None
    draft = drafts.keyrings.get(name)
    if draft is None:
        draft = drafts.keyrings[name] = _Draft(name, line)
    draft.vrf = args.get("vrf", draft.vrf)
    return cast(_Draft, draft)


def _add(draft: _Draft, args: Args, line: int, context: Context, prefix: Prefix | None, host: str | None) -> bool:
    secret = context.secret(args)
    if secret is None or (prefix is None and host is None):
        return False
    draft.add(Key(line, secret, prefix, host, "noxauth" in args), context)
    return True


def _by_address(draft: _Draft, args: Args, line: int, context: Context) -> bool:
    return _add(draft, args, line, context, peer_prefix(args["address"], args.get("mask")), None)


def _by_ipv6(draft: _Draft, args: Args, line: int, context: Context) -> bool:
    return _add(draft, args, line, context, ipv6_prefix(args["prefix"]), None)


def _by_name(draft: _Draft, args: Args, line: int, context: Context) -> bool:
    return _add(draft, args, line, context, None, args["host"])


def _global(read: Statement) -> Statement:
    """A global key is one of the keyring ``default``, whose line is that of its first key."""

    def of_default(drafts: Drafts, args: Args, line: int, context: Context) -> bool:
        draft = drafts.default_keyring or _Draft(DEFAULT_KEYRING, line)
        done = read(draft, args, line, context)
        if done:
            drafts.default_keyring = draft
        return done

    return of_default


def _local_address(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    found = local_address_of(line, args)
    if found is not None:
        draft.local_address = found
    return found is not None


def _description(draft: _Draft, args: Args, _line: int, _context: Context) -> bool:
    draft.description = args["text"]
    return True


def _rsa(draft: _Draft, args: Args, line: int, _context: Context) -> bool:
    draft.rsa_keys.append(RsaPubkey(line, cast('Literal["address", "name"]', args["kind"]), args["peer"]))
    return True


HEADERS: Mapping[str, Begin] = {"global/crypto-keyring": _keyring}
STATEMENTS: Mapping[str, Statement] = {
    "keyring/description": _description,
    "keyring/local-address": _local_address,
    "keyring/pre-shared-key-address": _by_address,
    "keyring/pre-shared-key-address-ipv6": _by_ipv6,
    "keyring/pre-shared-key-hostname": _by_name,
    "keyring/rsa-pubkey": _rsa,
}
GLOBALS: Mapping[str, Statement] = {
    "global/crypto-isakmp-key-address": _global(_by_address),
    "global/crypto-isakmp-key-ipv6": _global(_by_ipv6),
    "global/crypto-isakmp-key-hostname": _global(_by_name),
}
