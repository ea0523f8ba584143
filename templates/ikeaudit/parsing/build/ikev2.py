"""IKEv2 proposals, policies, keyrings and profiles (IKEV2-OBJECTS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ikeaudit.ios.command import Args
from ikeaudit.model import (
    Ikev2,
    Ikev2Auth,
    Ikev2Identity,
    Ikev2Keyring,
    Ikev2Peer,
    Ikev2Policy,
    Ikev2Profile,
    Ikev2Proposal,
    NamedLine,
    Prefix,
)
from ikeaudit.model.ikev2 import AuthMethod, IdentityKind
from ikeaudit.parsing.build.drafts import Draft, Drafts
from ikeaudit.parsing.build.isakmp import keepalive
from ikeaudit.parsing.build.statement import (
    CUT,
    Begin,
    Context,
    Statement,
    add,
    begin,
    flag,
    frozen,
    gather,
    named,
    set_number,
    set_to,
    take,
    within,
)
from ikeaudit.parsing.operands import address, interface, ipv6_prefix, peer_prefix


def freeze(drafts: Drafts) -> Ikev2:
    """All of it, each kind in order of first appearance."""
    return Ikev2(
        frozen(Ikev2Proposal, drafts.proposals.values()),
        frozen(Ikev2Policy, drafts.v2_policies.values()),
        tuple(
            Ikev2Keyring(draft["name"], draft["line"], frozen(Ikev2Peer, draft["peers"].values()))
            for draft in drafts.v2_keyrings.values()
        ),
        frozen(Ikev2Profile, drafts.v2_profiles.values()),
        **drafts.ikev2,
    )


def _keyring(drafts: Drafts, args: Args, line: int, context: Context) -> Draft | None:
    draft: Draft | None = begin("v2_keyrings")(drafts, args, line, context)
    if draft is not None:
        draft.setdefault("peers", {})
    return draft


def _algorithms(name: str) -> Statement:
    """A list of a proposal; given again it replaces the one before."""
    return take(name, lambda args, *_: tuple(args["groups" if name == "groups" else "algorithms"].split()))


# -- policies --------------------------------------------------------------------------------------------------------


def _proposals(draft: Draft, args: Args, line: int, _context: Context) -> bool:
    for name in args["name"].split():
        add(draft, "proposals", NamedLine(line, name))
    return True


def _local_address(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    """``match address local {A | any}``."""
    found = address(args["address"])
    if found is not None:
        add(draft, "local_addresses", found)
    return found is not None or args["address"] == "any"


# -- identities ------------------------------------------------------------------------------------------------------


def _identity(args: Args, line: int, _context: Context) -> Ikev2Identity | None:
    """``address A [MASK]``, ``fqdn [domain] X``, ``email [domain] X``, ``key-id X``, ``dn`` or ``any``."""
    kind = args.get("kind", "address")
    if kind == "address":
        prefix = _prefix(args)
        return None if prefix is None else Ikev2Identity(line, "address", prefix)
    kind = f"{kind}-domain" if "whole" in args else kind
    return Ikev2Identity(line, cast(IdentityKind, kind), value=args.get("value"))


def _prefix(args: Args) -> Prefix | None:
    if "prefix" in args:
        return ipv6_prefix(args["prefix"])
    return peer_prefix(args.get("address") or args["value"], args.get("mask"))


# -- keyrings --------------------------------------------------------------------------------------------------------


def _peer(keyring: Draft, args: Args, line: int, _context: Context) -> Draft:
    return cast(Draft, keyring["peers"].setdefault(args["name"], {"name": args["name"], "line": line}))


def _peer_address(draft: Draft, args: Args, _line: int, _context: Context) -> bool:
    """One of each family."""
    prefix = _prefix(args)
    if prefix is None:
        return False
    others = tuple(known for known in draft.get("addresses", ()) if known.version != prefix.version)
    draft["addresses"] = (*others, prefix)
    return True


def _peer_key(draft: Draft, args: Args, _line: int, context: Context) -> bool:
    secret, side = context.secret(args), args.get("side")
    if secret is None:
        return False
    draft |= {name: secret for name in ("local", "remote") if side in (None, name)}
    return True


# -- profiles --------------------------------------------------------------------------------------------------------


_METHODS = ("pre-share", "rsa-sig", "ecdsa-sig", "eap")


def _authentication(side: str | None) -> Statement:
    def read(draft: Draft, args: Args, line: int, context: Context) -> bool:
        method = args.get("method", "pre-share")
        if method == "anyconnect-eap":
            method = "eap"
        elif method not in _METHODS or ("rest" in args and method != "eap"):
            return False
        key = context.secret(args) if "secret" in args else None
        if "secret" in args and key is None:
            return False
        field = f"{side or args['side']}_auth"
        auth = Ikev2Auth(line, cast(AuthMethod, method), key)
        draft[field] = (*(known for known in draft.get(field, ()) if known.method != method), auth)
        return True

    return read


def _keyring_of(kind: str, operand: str) -> Statement:
    """``keyring {local K | aaa L ...}``; older releases print ``keyring K``."""

    def read(draft: Draft, args: Args, line: int, _context: Context) -> bool:
        name = args[operand]
        if CUT in name or name in ("local", "aaa", "ppk"):
            return False  # "key local NAME" was taken for a key, and cut; or the name is missing
        draft["keyring"], draft["keyring_kind"] = NamedLine(line, name), kind
        return True

    return read


def _built_in_off(field: str) -> Statement:
    """``no crypto ikev2 {policy | proposal} default``."""
    return within("ikev2", take(field, lambda args, line, _: line if args["name"] == "default" else None))


HEADERS: Mapping[str, Begin] = {
    "global/crypto-ikev2-proposal": begin("proposals"),
    "global/crypto-ikev2-policy": begin("v2_policies"),
    "global/crypto-ikev2-keyring": _keyring,
    "global/crypto-ikev2-profile": begin("v2_profiles"),
    "ikev2-keyring/peer": _peer,
}
STATEMENTS: Mapping[str, Statement] = {
    "ikev2-proposal/encryption": _algorithms("encryption"),
    "ikev2-proposal/integrity": _algorithms("integrity"),
    "ikev2-proposal/prf": _algorithms("prf"),
    "ikev2-proposal/group": _algorithms("groups"),
    "ikev2-policy/match-fvrf": set_to("fvrf", "vrf"),
    "ikev2-policy/match-address-local": _local_address,
    "ikev2-policy/proposal": _proposals,
    "ikev2-proposal/pqc": flag("post_quantum"),
    "ikev2-peer/ppk": flag("ppk"),
    "ikev2-peer/description": set_to("description", "text"),
    "ikev2-peer/address": _peer_address,
    "ikev2-peer/address-ipv6": _peer_address,
    "ikev2-peer/hostname": set_to("hostname", "host"),
    "ikev2-peer/identity": take("identity", _identity),
    "ikev2-peer/pre-shared-key": _peer_key,
    "ikev2-profile/match-fvrf": set_to("fvrf", "vrf"),
    "ikev2-profile/match-address-local": _local_address,
    "ikev2-profile/match-address-local-interface": gather(
        "local_interfaces", lambda args, *_: interface(args["interface"])
    ),
    "ikev2-profile/match-inbound-only": flag("inbound_only"),
    "ikev2-profile/match-identity-remote": gather("matches", _identity),
    "ikev2-profile/match-identity-remote-ipv6": gather("matches", _identity),
    "ikev2-profile/match-identity-remote-name": gather("matches", _identity),
    "ikev2-profile/match-identity-remote-key-id": gather("matches", _identity),
    "ikev2-profile/match-identity-remote-any": gather("matches", _identity),
    "ikev2-profile/match-any": gather("matches", _identity),
    "ikev2-profile/match-certificate": gather("certificate_maps", named("map")),
    "ikev2-profile/identity-local": take("identity_local", _identity),
    "ikev2-profile/authentication-local": _authentication("local"),
    "ikev2-profile/authentication-remote": _authentication("remote"),
    "ikev2-profile/authentication-key": _authentication(None),
    "ikev2-profile/keyring-local": _keyring_of("local", "name"),
    "ikev2-profile/keyring-aaa": _keyring_of("aaa", "list"),
    "ikev2-profile/keyring-ppk": set_to("ppk_keyring", "name"),
    "ikev2-profile/pki-trustpoint": gather("trustpoints", named("name")),
    "ikev2-profile/lifetime": set_number("lifetime", "seconds"),
    "ikev2-profile/dpd": take("dpd", keepalive),
    "ikev2-profile/ivrf": set_to("ivrf", "vrf"),
    "ikev2-profile/virtual-template": set_number("virtual_template", "number"),
    "ikev2-profile/shutdown": flag("shutdown"),
}
GLOBALS: Mapping[str, Statement] = {"global/crypto-ikev2-dpd": within("ikev2", take("dpd", keepalive))}
NEGATED: Mapping[str, Statement] = {
    "global/crypto-ikev2-policy": _built_in_off("policy_off_line"),
    "global/crypto-ikev2-proposal": _built_in_off("proposal_off_line"),
}
