"""Configuration lines of IKEv2: proposals, policies, keyrings, profiles (IKEV2-OBJECTS)."""

from __future__ import annotations

from typing import Any

from ikeaudit.ios import replies, spelling
from ikeaudit.ios.command import Command, Mode, Reference, alike, kept, section, single
from ikeaudit.ios.tables import secrets

PROPOSAL_KIND = "crypto ikev2 proposal"
KEYRING_KIND = "crypto ikev2 keyring"
PROFILE_KIND = "crypto ikev2 profile"

PROPOSAL = Mode(
    name="ikev2-proposal",
    prompt="(config-ikev2-proposal)#",
    bears="modelled",
    commands=(
        single("encryption <algorithms:ciphers>"),
        single("integrity <algorithms:hashes>"),
        single("prf <algorithms:hashes>"),
        single("group <groups:groups>"),
        single("dh-group <groups:groups>", "group", kept=True),
        single("description <text:text>", bears="irrelevant"),
        single("pqc <rest:text>", kept=True),
    ),
)

POLICY = Mode(
    name="ikev2-policy",
    prompt="(config-ikev2-policy)#",
    bears="modelled",
    commands=(
        single("match fvrf <vrf>"),
        single("match address local <address>", key=("address",)),
        single("match inbound-only", bears="unclear"),
        single(
            "proposal <name>",
            key=("name",),
            again=replies.SAME_PROPOSAL,
            ordered=True,
            refers=(Reference(PROPOSAL_KIND, "name", many=True),),
            seen=("proposal <name:text>",),
        ),
        single("description <text:text>", bears="irrelevant"),
    ),
)


KEYRING = Mode(
    name="ikev2-keyring",
    prompt="(config-ikev2-keyring)#",
    bears="modelled",
    commands=(
        single("description <text:text>", bears="irrelevant"),
        single("aaa authorization <rest:text>", bears="unclear"),
        single("peer <name>", key=("name",), opens="ikev2-peer", closing=("!",)),
    ),
)

PEER = Mode(
    name="ikev2-peer",
    prompt="(config-ikev2-keyring-peer)#",
    bears="modelled",
    commands=(
        single("description <text:text>"),
        single(
            "address <address:ip> [<mask:mask>]",
            "address",
            unique=True,
            spell=lambda a: f"address {spelling.masked(a)}",
        ),
        single("address <prefix:ipv6>", "address ipv6", unique=True),
        single("hostname <host>", unique=True),
        single("identity address <value>", "identity", unique=True),
        single("identity {kind:fqdn|email} [{whole:domain}] <value>", "identity", unique=True),
        single("identity {kind:key-id} <value>", "identity", unique=True),
        single(
            "pre-shared-key [{side:local|remote}] [<encoding:encoding>] <secret:psktext>",
            "pre-shared-key",
            rank="pre-shared-key",
            key=("side",),
            no=("pre-shared-key [{side:local|remote}]",),
            spell=lambda a: " ".join(("pre-shared-key", *filter(None, (a.get("side"), spelling.encoded(a))))),
        ),
        single(
            "pre-shared-key [{side:local|remote}] hex <secret:psktext>",
            "pre-shared-key",
            rank="pre-shared-key",
            key=("side",),
        ),
        single("ppk <rest:text>", hides=secrets.PPK),
    ),
)

_METHODS = "pre-share|rsa-sig|ecdsa-sig|eap|anyconnect-eap"

PROFILE = Mode(
    name="ikev2-profile",
    prompt="(config-ikev2-profile)#",
    bears="modelled",
    commands=(
        single("description <text:text>", bears="irrelevant"),
        single("match fvrf <vrf>"),
        single(
            "match address local <address:ip>",
            "match address local",
            key=("address",),
            seen=("match address local <address>",),
        ),
        single("match address local interface <interface:interface>", key=("interface",)),
        single("match inbound-only"),
        single(
            "match identity remote address <address:ip> [<mask:mask>]",
            "match identity remote",
            rank="match identity",
            key_of=lambda a: ("address", *spelling.address_and_mask(a)),
            again=replies.SAME_MATCH,
            spell=lambda a: f"match identity remote address {spelling.matched(a)}",
        ),
        single(
            "match identity remote address <prefix:ipv6>",
            "match identity remote ipv6",
            rank="match identity",
            key=("prefix",),
            again=replies.SAME_MATCH,
        ),
        single(
            "match identity remote {kind:fqdn|email} [{whole:domain}] <value>",
            "match identity remote name",
            rank="match identity",
            key=("kind", "whole", "value"),
            again=replies.SAME_MATCH,
        ),
        single(
            "match identity remote {kind:key-id} <value>",
            "match identity remote key-id",
            rank="match identity",
            key=("value",),
            again=replies.SAME_MATCH,
        ),
        single(
            "match identity remote {kind:any}",
            "match identity remote any",
            rank="match identity",
            again=replies.SAME_MATCH,
        ),
        single("match {kind:any}", "match any", rank="match identity", again=replies.SAME_MATCH),
        single("match certificate <map>", rank="match identity", key=("map",), again=replies.SAME_MATCH),
        single("identity local address <value>", "identity local"),
        single("identity local {kind:fqdn|email|key-id} <value>", "identity local"),
        single("identity local {kind:dn}", "identity local"),
        single(f"authentication remote {{method:{_METHODS}}} [<rest:text>]", "authentication remote", key=("method",)),
        single(
            "authentication {side:local|remote} pre-share key [<encoding:encoding>] <secret:psk>",
            "authentication key",
            kept=True,
        ),
        single(f"authentication local {{method:{_METHODS}}} [<rest:text>]", "authentication local"),
        *kept("unclear", "authentication local dynamic"),
        single("keyring local <name>", refers=(Reference(KEYRING_KIND, "name"),)),
        single(
            "keyring local <name> name-mangler <mangler>", "keyring local", refers=(Reference(KEYRING_KIND, "name"),)
        ),
        single("keyring <name>", "keyring local", kept=True),
        single("keyring aaa <list> [<rest:text>]", "keyring aaa"),
        single("keyring ppk <name>"),
        single(
            "pki trustpoint <name> [{use:sign|verify}]",
            "pki trustpoint",
            key=("name",),
            seen=("pki trustpoint <name> <use:text>",),
            closed=True,
        ),
        single("lifetime <seconds:num>", defaults=("lifetime 86400",)),
        single("lifetime certificate", "lifetime certificate", bears="irrelevant"),
        single(
            "dpd <interval:num> <retry:num> {when:on-demand|periodic}",
            "dpd",
            no=("dpd",),
            seen=("dpd <interval:num> [<retry:num>]",),
        ),
        single("initial-contact force", bears="irrelevant"),
        single("ivrf <vrf>"),
        single("nat keepalive <seconds:num>", bears="irrelevant"),
        single("nat force-encap", bears="irrelevant"),
        single("virtual-template <number:num> [mode auto]", "virtual-template"),
        single("reconnect [<rest:text>]", "reconnect", bears="irrelevant"),
        single("redirect gateway <rest:text>", bears="irrelevant"),
        single("config-exchange <rest:text>", key=("rest",), bears="irrelevant"),
        single("anyconnect profile <name>", bears="irrelevant"),
        single("ppk <rest:text>", "ppk", bears="unclear"),
        single("shutdown"),
        Command(
            syntax="aaa <rest:text>",
            slot="aaa",
            key=("rest",),
            bears="irrelevant",
            told_by=("aaa accounting", "aaa authentication", "aaa authorization"),
        ),
        *kept(
            "irrelevant",
            "anyconnect [<rest:text>]",
            "config-mode set",
            "dynamic",
            "initial-contact [<rest:text>]",
            "redirect [<rest:text>]",
            "session-lifetime <rest:text>",
        ),
        *kept("unclear", "certificate [<rest:text>]", "eap-identity [<rest:text>]"),
    ),
)

AUTHORIZATION = Mode(
    name="ikev2-authorization", prompt="(config-ikev2-author-policy)#", accepts_any=True, rest="irrelevant"
)
NAME_MANGLER = Mode(
    name="ikev2-name-mangler", prompt="(config-ikev2-name-mangler)#", accepts_any=True, rest="irrelevant"
)
CLIENT = Mode(name="ikev2-client", prompt="(config-ikev2-flexvpn)#", accepts_any=True, rest="irrelevant")
CLUSTER = Mode(name="ikev2-cluster", prompt="(config-ikev2-cluster)#", accepts_any=True, rest="irrelevant")

MODES = (PROPOSAL, POLICY, KEYRING, PEER, PROFILE, AUTHORIZATION, NAME_MANGLER, CLIENT, CLUSTER)

_OTHER: dict[str, Any] = {"section": "other", "title": "crypto ikev2 *", "separated": True}

_GLOBAL = (
    single("crypto ikev2 limit <rest:text>", key=("rest",)),
    single("crypto ikev2 cookie-challenge <number:num>"),
    single("crypto ikev2 diagnose error <number:num>", seen=("crypto ikev2 diagnose <rest:text>",)),
    single("crypto ikev2 http-url cert", negative=True, seen=("crypto ikev2 http-url <rest:text>",)),
    single("crypto ikev2 certificate-cache <number:num>"),
    single("crypto ikev2 redirect <rest:text>", key=("rest",)),
    single("crypto ikev2 authorization policy <name>", key=("name",), opens="ikev2-authorization", **_OTHER),
    single("crypto ikev2 name-mangler <name>", key=("name",), opens="ikev2-name-mangler", **_OTHER),
    single("crypto ikev2 cluster", opens="ikev2-cluster", **_OTHER),
    section(PROPOSAL_KIND, "ikev2-proposal", created=replies.IKEV2_PROPOSAL_NEEDS, separated=True),
    section(
        "crypto ikev2 policy",
        "ikev2-policy",
        ordered=True,
        defines=None,
        created=replies.IKEV2_POLICY_NEEDS,
        separated=True,
    ),
    section(KEYRING_KIND, "ikev2-keyring", ordered=True, separated=True),
    section(PROFILE_KIND, "ikev2-profile", ordered=True, created=replies.IKEV2_PROFILE_NEEDS, separated=True),
    single("crypto ikev2 client flexvpn <name>", key=("name",), opens="ikev2-client", **_OTHER),
    single("crypto ikev2 nat keepalive <seconds:num>"),
    single(
        "crypto ikev2 dpd <interval:num> <retry:num> {when:on-demand|periodic}",
        "crypto ikev2 dpd",
        bears="modelled",
        seen=("crypto ikev2 dpd <interval:num> [<retry:num>]",),
    ),
    single("crypto ikev2 reconnect <rest:text>"),
    single("crypto ikev2 cts sgt"),
    single(
        "crypto ikev2 fragmentation [mtu <mtu:num>]",
        "crypto ikev2 fragmentation",
        seen=("crypto ikev2 fragmentation <rest:text>",),
    ),
    single("crypto ikev2 window <number:num>"),
    single("crypto ikev2 disconnect-revoked-peers"),
)

GLOBAL = alike("irrelevant", *_GLOBAL)
"""Lines of the global mode, in the order in which a running-config lists them."""
