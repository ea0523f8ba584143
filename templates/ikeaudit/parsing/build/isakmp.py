"""ISAKMP profiles, policies and router-wide IKEv1 settings (PROFILE-MATCH, POLICY-DEFAULTS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from ikeaudit.ios.command import Args
from ikeaudit.model import (
    AggressivePeer,
    ClientGroup,
    IdentityMatch,
    IsakmpSettings,
    Keepalive,
    KeyringRef,
    NamedLine,
    SelfIdentity,
)
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.statement import (
    CUT,
    Begin,
    Context,
    Statement,
    Value,
    add,
    begin,
    flag,
    frozen,
    gather,
    set_number,
    set_to,
    take,
    understood,
    within,
)
from ikeaudit.parsing.operands import address, ipv6_prefix, local_address_of, matched_vrf, peer_prefix

# -- profiles --------------------------------------------------------------------------------------------------------


def _ring(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    if CUT in args["name"]:
        return False  # "key NAME" was taken for a key, and cut
    for name in args["name"].split():
        add(draft, "keyrings", KeyringRef(line, name))
    return True


def _match_address(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    """An address with a mask, a VRF behind it (TEXT-PRINTED); IOS ignores a statement that it has already."""
    mask, vrf = args.get("mask"), args.get("vrf")
    prefix = peer_prefix(args["address"], mask)
    if prefix is None or not matched_vrf(vrf, after_address=mask is None and prefix.length > 0):
        return False
    add(draft, "matches", IdentityMatch(line, "address", prefix, vrf=vrf))
    return True


def _match_ipv6(args: Args, line: int, _context: Context) -> IdentityMatch | None:
    prefix = ipv6_prefix(args["prefix"])
    return None if prefix is None else IdentityMatch(line, "address", prefix, vrf=args.get("vrf"))


def _match_name(args: Args, line: int, _context: Context) -> IdentityMatch:
    kind = f"{args['kind']}-domain" if "whole" in args else args["kind"]
    kinds = cast('Literal["host", "host-domain", "user", "user-domain"]', kind)
    return IdentityMatch(line, kinds, value=args["value"], vrf=args.get("vrf"))


def _self_identity(args: Args, line: int, _context: Context) -> SelfIdentity:
    kind = "address-ipv6" if "family" in args else args.get("kind", "address")
    kinds = cast('Literal["address", "address-ipv6", "fqdn", "user-fqdn", "dn"]', kind)
    return SelfIdentity(line, kinds, args.get("value") or args.get("address"))


def keepalive(args: Args, line: int, _context: Context) -> Keepalive:
    """``10 [3] [periodic|on-demand]``, or ``10 retry 3`` in a profile: seconds."""
    retry = args.get("retry")
    return Keepalive(
        line,
        int(args.get("seconds") or args["interval"]),
        int(retry) if retry else None,
        periodic=args.get("when") == "periodic",
    )


def _trustpoint(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    draft["trustpoints"] = (*draft.get("trustpoints", ()), NamedLine(line, args["name"]))
    return True


# -- policies, peers, groups -----------------------------------------------------------------------------------------


def _policy(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft:
    number = int(args["number"])
    return drafts.policies.setdefault(number, {"number": number, "line": line})


def _encryption(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    bits = args.get("bits")
    draft["encryption"] = f"{args['algorithm']} {bits}" if bits else args["algorithm"]
    draft["keyword"] = args.get("keyword", "encryption")
    return True


_OLD_KINDS = {"ip-address": "address", "fqdn": "hostname"}
"""How older releases spell them."""


def _peer(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft | None:
    kind, peer, vrf = _OLD_KINDS.get(args["kind"], args["kind"]), args["peer"], args.get("vrf")
    found = address(peer) if kind == "address" else None
    if kind == "address" and found is None:
        return None
    named_by: Draft = {"address": found} if kind == "address" else {"hostname": peer}
    return drafts.peers.setdefault((kind, peer, vrf), {"line": line, "vrf": vrf, **named_by})


# -- settings --------------------------------------------------------------------------------------------------------


def freeze_settings(drafts: Drafts) -> IsakmpSettings:
    """Router-wide settings."""
    return IsakmpSettings(
        peers=frozen(AggressivePeer, drafts.peers.values()),
        client_groups=frozen(ClientGroup, drafts.groups.values()),
        **drafts.isakmp,
    )


def _setting(name: str, line_name: str, value: Value) -> Statement:
    """A setting, and the line that it stands on."""

    def read(drafts: Drafts, args: Args, line: int, context: Context) -> bool:
        drafts.isakmp |= {name: value(args, line, context), line_name: line}
        return True

    return read


HEADERS: Mapping[str, Begin] = {
    "global/crypto-isakmp-profile": begin("profiles"),
    "global/crypto-isakmp-policy": _policy,
    "global/crypto-isakmp-peer": _peer,
    "global/crypto-isakmp-client-configuration-group": begin("groups"),
}
STATEMENTS: Mapping[str, Statement] = {
    "isakmp-profile/description": set_to("description", "text"),
    "isakmp-profile/vrf": set_to("vrf", "vrf"),
    "isakmp-profile/keyring": _ring,
    "isakmp-profile/ca-trust-point": _trustpoint,
    "isakmp-profile/self-identity": take("self_identity", _self_identity),
    "isakmp-profile/match": _match_address,
    "isakmp-profile/match-identity-ipv6": gather("matches", _match_ipv6),
    "isakmp-profile/match-identity-name": gather("matches", _match_name),
    "isakmp-profile/match-identity-group": gather(
        "matches", lambda args, line, _: IdentityMatch(line, "group", value=args["group"])
    ),
    "isakmp-profile/match-certificate": gather(
        "matches", lambda args, line, _: IdentityMatch(line, "certificate", value=args["map"])
    ),
    "isakmp-profile/local-address": take("local_address", local_address_of),
    "isakmp-profile/client-authentication-list": set_to("client_authentication", "list"),
    "isakmp-profile/client-configuration-address": set_to("client_configuration_address", "mode"),
    "isakmp-profile/client-configuration-group": set_to("client_configuration_group", "group"),
    "isakmp-profile/isakmp-authorization-list": set_to("authorization", "list"),
    "isakmp-profile/initiate-mode": set_to("initiate_mode", "mode"),
    "isakmp-profile/keepalive": take("keepalive", keepalive),
    "isakmp-profile/virtual-template": set_number("virtual_template", "number"),
    "isakmp-policy/encryption": _encryption,
    "isakmp-policy/hash": set_to("hash", "hash"),
    "isakmp-policy/authentication": set_to("authentication", "method"),
    "isakmp-policy/group": set_to("group", "group"),
    "isakmp-policy/lifetime": set_number("lifetime", "seconds"),
    "isakmp-peer/description": understood,
    "isakmp-peer/set-aggressive-mode-password": take("password", lambda args, _line, context: context.secret(args)),
    "isakmp-peer/set-aggressive-mode-client-endpoint": take(
        "client_endpoint", lambda args, *_: f"{args.get('kind', '')} {args['value']}".strip()
    ),
    "isakmp-group/key": flag("has_key"),
}
GLOBALS: Mapping[str, Statement] = {
    "global/crypto-isakmp-identity": _setting("identity", "identity_line", lambda args, *_: args["kind"]),
    "global/crypto-isakmp-aggressive-mode-disable": _setting(
        "aggressive_mode_disabled", "aggressive_mode_line", lambda *_: True
    ),
    "global/crypto-isakmp-invalid-spi-recovery": within("isakmp", flag("invalid_spi_recovery")),
    "global/crypto-isakmp-default-policy": understood,
    "global/crypto-isakmp-enable": understood,
    "global/crypto-isakmp-keepalive": within("isakmp", take("keepalive", keepalive)),
}
NEGATED: Mapping[str, Statement] = {
    "global/crypto-isakmp-default-policy": within("isakmp", flag("default_policy_disabled")),
    "global/crypto-isakmp-enable": _setting("enabled", "enabled_line", lambda *_: False),
}
"""Commands of which the ``no`` form says something of its own."""
