"""ISAKMP profiles, policies and router-wide IKEv1 settings (PROFILE-MATCH, POLICY-DEFAULTS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from ikeaudit.ios.command import Args
from ikeaudit.model import (
    AggressivePeer,
    ClientGroup,
    IdentityMatch,
    IsakmpPolicy,
    IsakmpProfile,
    IsakmpSettings,
    Keepalive,
    KeyringRef,
    NamedLine,
    SelfIdentity,
)
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.statement import CUT, Begin, Context, Statement, add, flag, listed, set_number, set_to
from ikeaudit.parsing.operands import address, ipv6_prefix, local_address_of, matched_vrf, peer_prefix

# -- profiles --------------------------------------------------------------------------------------------------------


def _profile(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft | None:
    name = args["name"]
    if CUT in name:
        return None
    return drafts.profiles.setdefault(name, {"name": name, "line": line})


def freeze_profiles(drafts: Drafts) -> tuple[IsakmpProfile, ...]:
    """The ISAKMP profiles in order of first appearance."""
    return tuple(IsakmpProfile(**listed(draft)) for draft in drafts.profiles.values())


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


def _match_ipv6(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    prefix = ipv6_prefix(args["prefix"])
    if prefix is not None:
        add(draft, "matches", IdentityMatch(line, "address", prefix, vrf=args.get("vrf")))
    return prefix is not None


def _match_name(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    kind = f"{args['kind']}-domain" if "whole" in args else args["kind"]
    kinds = cast('Literal["host", "host-domain", "user", "user-domain"]', kind)
    add(draft, "matches", IdentityMatch(line, kinds, value=args["value"], vrf=args.get("vrf")))
    return True


def _match_group(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    add(draft, "matches", IdentityMatch(line, "group", value=args["group"]))
    return True


def _match_certificate(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    add(draft, "matches", IdentityMatch(line, "certificate", value=args["map"]))
    return True


def _self_identity(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    kind = args.get("kind", "address")
    if kind == "address" and "family" in args:
        kind = "address-ipv6"
    value = args.get("value") or args.get("address")
    kinds = cast('Literal["address", "address-ipv6", "fqdn", "user-fqdn", "dn"]', kind)
    draft["self_identity"] = SelfIdentity(line, kinds, value)
    return True


def _local_address(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    found = local_address_of(line, args)
    if found is not None:
        draft["local_address"] = found
    return found is not None


def keepalive_of(args: Args, line: int, interval: str) -> Keepalive:
    """``10 [3] [periodic|on-demand]``, or ``10 retry 3`` in a profile: seconds."""
    retry = args.get("retry")
    periodic = args.get("when") == "periodic"
    return Keepalive(line, int(args[interval]), int(retry) if retry else None, periodic=periodic)


def _keepalive(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    draft["keepalive"] = keepalive_of(args, line, "seconds")
    return True


def _trustpoint(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    draft["trustpoints"] = (*draft.get("trustpoints", ()), NamedLine(line, args["name"]))
    return True


# -- policies, peers, groups -----------------------------------------------------------------------------------------


def _policy(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft:
    number = int(args["number"])
    return drafts.policies.setdefault(number, {"number": number, "line": line})


def freeze_policies(drafts: Drafts) -> tuple[IsakmpPolicy, ...]:
    """The ISAKMP policies by number, which is their priority."""
    return tuple(IsakmpPolicy(**drafts.policies[number]) for number in sorted(drafts.policies))


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


def _password(draft: Draft, args: Args, _line: int, context: Context) -> bool:
    secret = context.secret(args)
    if secret is not None:
        draft["password"] = secret
    return secret is not None


def _endpoint(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    draft["client_endpoint"] = f"{args['kind']} {args['value']}" if "kind" in args else args["value"]
    return True


def _description(_draft: Draft, _args: Args, _line: int, _context: Context) -> bool:
    return True


def _group(drafts: Drafts, args: Args, line: int, _context: Context) -> Draft | None:
    name = args["name"]
    if CUT in name:
        return None
    return drafts.groups.setdefault(name, {"name": name, "line": line})


# -- settings --------------------------------------------------------------------------------------------------------


def freeze_settings(drafts: Drafts) -> IsakmpSettings:
    """Router-wide settings."""
    return IsakmpSettings(
        peers=tuple(AggressivePeer(**draft) for draft in drafts.peers.values()),
        client_groups=tuple(ClientGroup(**draft) for draft in drafts.groups.values()),
        **drafts.isakmp,
    )


def _identity(drafts: Drafts, args: Args, line: int, _context: Context) -> bool:
    drafts.isakmp |= {"identity": args["kind"], "identity_line": line}
    return True


def _aggressive_off(drafts: Drafts, _args: Args, line: int, _context: Context) -> bool:
    drafts.isakmp |= {"aggressive_mode_disabled": True, "aggressive_mode_line": line}
    return True


def _invalid_spi(drafts: Drafts, _args: Args, _line: int, _context: Context) -> bool:
    drafts.isakmp["invalid_spi_recovery"] = True
    return True


def _dead_peers(drafts: Drafts, args: Args, line: int, _context: Context) -> bool:
    drafts.isakmp["keepalive"] = keepalive_of(args, line, "seconds")
    return True


def _no_default_policy(drafts: Drafts, _args: Args, _line: int, _context: Context) -> bool:
    drafts.isakmp["default_policy_disabled"] = True
    return True


def _no_isakmp(drafts: Drafts, _args: Args, line: int, _context: Context) -> bool:
    drafts.isakmp |= {"enabled": False, "enabled_line": line}
    return True


HEADERS: Mapping[str, Begin] = {
    "global/crypto-isakmp-profile": _profile,
    "global/crypto-isakmp-policy": _policy,
    "global/crypto-isakmp-peer": _peer,
    "global/crypto-isakmp-client-configuration-group": _group,
}
STATEMENTS: Mapping[str, Statement] = {
    "isakmp-profile/description": set_to("description", "text"),
    "isakmp-profile/vrf": set_to("vrf", "vrf"),
    "isakmp-profile/keyring": _ring,
    "isakmp-profile/ca-trust-point": _trustpoint,
    "isakmp-profile/self-identity": _self_identity,
    "isakmp-profile/match": _match_address,
    "isakmp-profile/match-identity-ipv6": _match_ipv6,
    "isakmp-profile/match-identity-name": _match_name,
    "isakmp-profile/match-identity-group": _match_group,
    "isakmp-profile/match-certificate": _match_certificate,
    "isakmp-profile/local-address": _local_address,
    "isakmp-profile/client-authentication-list": set_to("client_authentication", "list"),
    "isakmp-profile/client-configuration-address": set_to("client_configuration_address", "mode"),
    "isakmp-profile/client-configuration-group": set_to("client_configuration_group", "group"),
    "isakmp-profile/isakmp-authorization-list": set_to("authorization", "list"),
    "isakmp-profile/initiate-mode": set_to("initiate_mode", "mode"),
    "isakmp-profile/keepalive": _keepalive,
    "isakmp-profile/virtual-template": set_number("virtual_template", "number"),
    "isakmp-policy/encryption": _encryption,
    "isakmp-policy/hash": set_to("hash", "hash"),
    "isakmp-policy/authentication": set_to("authentication", "method"),
    "isakmp-policy/group": set_to("group", "group"),
    "isakmp-policy/lifetime": set_number("lifetime", "seconds"),
    "isakmp-peer/description": _description,
    "isakmp-peer/set-aggressive-mode-password": _password,
    "isakmp-peer/set-aggressive-mode-client-endpoint": _endpoint,
    "isakmp-group/key": flag("has_key"),
}
GLOBALS: Mapping[str, Statement] = {
    "global/crypto-isakmp-identity": _identity,
    "global/crypto-isakmp-aggressive-mode-disable": _aggressive_off,
    "global/crypto-isakmp-invalid-spi-recovery": _invalid_spi,
    "global/crypto-isakmp-keepalive": _dead_peers,
}
NEGATED: Mapping[str, Statement] = {
    "global/crypto-isakmp-default-policy": _no_default_policy,
    "global/crypto-isakmp-enable": _no_isakmp,
}
"""Commands of which the ``no`` form says something of its own."""
