"""Keyrings and global keys (KEY-FORMS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from ikeaudit.ios.command import Args
from ikeaudit.model import DEFAULT_KEYRING, Key, Keyring, Prefix, RsaPubkey
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.statement import Begin, Context, Statement, begin, set_to, take, within
from ikeaudit.parsing.operands import ipv6_prefix, local_address_of, peer_prefix


def freeze(drafts: Drafts) -> tuple[Keyring, ...]:
    """The named keyrings in order of first appearance."""
    return tuple(map(_frozen, drafts.keyrings.values()))


def freeze_default(drafts: Drafts) -> Keyring:
    """The keyring ``default``: all ``crypto isakmp key`` lines; its line is that of the first."""
    keys = drafts.default_keyring.get("keys", {})
    line = next((key.line for key in keys.values()), 0)
    return _frozen({"name": DEFAULT_KEYRING, "line": line, **drafts.default_keyring})


def _frozen(draft: Draft) -> Keyring:
    return Keyring(
        **{**draft, "keys": tuple(draft.get("keys", {}).values()), "rsa_keys": tuple(draft.get("rsa_keys", ()))}
    )


def _keyring(drafts: Drafts, args: Args, line: int, context: Context) -> Draft | None:
    """Entering a keyring again continues it."""
    draft: Draft | None = begin("keyrings")(drafts, args, line, context)
    if draft is not None and "vrf" in args:
        draft["vrf"] = args["vrf"]
    return draft


def _add(draft: Draft, args: Args, line: int, context: Context, prefix: Prefix | None, host: str | None) -> bool:
    """One more key; IOS refuses a second one for one address and mask, and keeps the first (KEY-DUPLICATE)."""
    secret = context.secret(args)
    if secret is None or (prefix is None and host is None):
        return False
    key = Key(line, secret, prefix, host, "noxauth" in args)
    if draft.setdefault("keys", {}).setdefault(prefix or host, key) is not key:
        context.ledger.remark(line, "second key for the same peer: IOS keeps the first")
    return True


def _by_address(draft: Draft, args: Args, line: int, context: Context) -> bool:
    return _add(draft, args, line, context, peer_prefix(args["address"], args.get("mask")), None)


def _by_ipv6(draft: Draft, args: Args, line: int, context: Context) -> bool:
    return _add(draft, args, line, context, ipv6_prefix(args["prefix"]), None)


def _by_name(draft: Draft, args: Args, line: int, context: Context) -> bool:
    return _add(draft, args, line, context, None, args["host"])


def _rsa(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    kind = cast('Literal["address", "name"]', args["kind"])
    draft.setdefault("rsa_keys", []).append(RsaPubkey(line, kind, args["peer"]))
    return True


HEADERS: Mapping[str, Begin] = {"global/crypto-keyring": _keyring}
STATEMENTS: Mapping[str, Statement] = {
    "keyring/description": set_to("description", "text"),
    "keyring/local-address": take("local_address", local_address_of),
    "keyring/pre-shared-key-address": _by_address,
    "keyring/pre-shared-key-address-ipv6": _by_ipv6,
    "keyring/pre-shared-key-hostname": _by_name,
    "keyring/rsa-pubkey": _rsa,
}
GLOBALS: Mapping[str, Statement] = {
    "global/crypto-isakmp-key-address": within("default_keyring", _by_address),
    "global/crypto-isakmp-key-ipv6": within("default_keyring", _by_ipv6),
    "global/crypto-isakmp-key-hostname": within("default_keyring", _by_name),
}
