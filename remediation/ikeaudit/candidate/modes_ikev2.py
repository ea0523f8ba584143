"""Configuration lines of IKEv2: proposals, policies, keyrings, profiles (IKEV2-OBJECTS)."""

from __future__ import annotations

from ikeaudit.candidate import replies, spelling
from ikeaudit.candidate.rules import Command, Mode, Reference, single

PROPOSAL_KIND = "crypto ikev2 proposal"
KEYRING_KIND = "crypto ikev2 keyring"
PROFILE_KIND = "crypto ikev2 profile"

PROPOSAL = Mode(
    name="ikev2-proposal",
    prompt="(config-ikev2-proposal)#",
    commands=(
        single("encryption <algorithms:ciphers>"),
        single("integrity <algorithms:hashes>"),
        single("prf <algorithms:hashes>"),
        single("group <groups:groups>"),
    ),
)

POLICY = Mode(
    name="ikev2-policy",
    prompt="(config-ikev2-policy)#",
    commands=(
        single("match fvrf <vrf>"),
        single("match address local <address>", key=("address",)),
        single(
            "proposal <name>",
            key=("name",),
            again=replies.SAME_PROPOSAL,
            refers=(Reference(PROPOSAL_KIND, "name"),),
        ),
    ),
)


KEYRING = Mode(
    name="ikev2-keyring",
    prompt="(config-ikev2-keyring)#",
    commands=(
        single("description <text:text>"),
        single("aaa authorization <rest:text>"),
        single("peer <name>", key=("name",), opens="ikev2-peer", closing=("!",)),
    ),
)

PEER = Mode(
    name="ikev2-peer",
    prompt="(config-ikev2-keyring-peer)#",
    commands=(
        single("description <text:text>"),
        single("address <address:ip> [<mask:mask>]", "address", unique=True, spell=spelling.ikev2_peer_address),
        single("address <prefix:ipv6>", "address ipv6", unique=True),
        single("hostname <host>", unique=True),
        single("identity address <value>", "identity", unique=True),
        single("identity {kind:fqdn|email} [{whole:domain}] <value>", "identity", unique=True),
        single("identity key-id <value>", "identity", unique=True),
        single(
            "pre-shared-key [{side:local|remote}] [<encoding:encoding>] <secret:text>",
            "pre-shared-key",
            rank="pre-shared-key",
            key=("side",),
            no=("pre-shared-key [{side:local|remote}]",),
            spell=spelling.ikev2_peer_key,
            psk="secret",
        ),
        single(
            "pre-shared-key [{side:local|remote}] hex <secret:text>",
            "pre-shared-key",
            rank="pre-shared-key",
            key=("side",),
            psk="secret",
        ),
        single("ppk <rest:text>"),
    ),
)

_METHODS = "pre-share|rsa-sig|ecdsa-sig|eap|anyconnect-eap"

PROFILE = Mode(
    name="ikev2-profile",
    prompt="(config-ikev2-profile)#",
    commands=(
        single("description <text:text>"),
        single("match fvrf <vrf>"),
        single("match address local <address:ip>", "match address local", key=("address",)),
        single("match address local interface <interface:interface>", key=("interface",)),
        single("match inbound-only"),
        single(
            "match identity remote address <address:ip> [<mask:mask>]",
            "match identity remote",
            rank="match identity",
            key_of=lambda a: ("address", *spelling.address_and_mask(a)),
            again=replies.SAME_MATCH,
            spell=spelling.match_remote_address,
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
            "match identity remote key-id <value>",
            rank="match identity",
            key=("value",),
            again=replies.SAME_MATCH,
        ),
        single("match identity remote any", rank="match identity", again=replies.SAME_MATCH),
        single("match certificate <map>", rank="match identity", key=("map",), again=replies.SAME_MATCH),
        single("identity local address <value>", "identity local"),
        single("identity local {kind:fqdn|email|key-id} <value>", "identity local"),
        single("identity local dn", "identity local"),
        single(
            f"authentication remote {{method:{_METHODS}}} [<rest:text>]",
            "authentication remote",
            key=("method",),
        ),
        single(f"authentication local {{method:{_METHODS}}} [<rest:text>]", "authentication local"),
        single("keyring local <name>", refers=(Reference(KEYRING_KIND, "name"),)),
        single("keyring aaa <list> [<rest:text>]", "keyring aaa"),
        single("keyring ppk <name>"),
        single("pki trustpoint <name> [{use:sign|verify}]", "pki trustpoint", key=("name",)),
        single("lifetime <seconds:num>", defaults=("lifetime 86400",)),
        single("lifetime certificate", "lifetime certificate"),
        single("dpd <interval:num> <retry:num> {when:on-demand|periodic}", "dpd", no=("dpd",)),
        single("initial-contact force"),
        single("ivrf <vrf>"),
        single("nat keepalive <seconds:num>"),
        single("nat force-encap"),
        single("virtual-template <number:num> [mode auto]", "virtual-template"),
        single("reconnect [<rest:text>]", "reconnect"),
        single("redirect gateway <rest:text>"),
        single("config-exchange <rest:text>", key=("rest",)),
        single("anyconnect profile <name>"),
        single("ppk <rest:text>", "ppk"),
        single("shutdown"),
        Command(syntax="aaa <rest:text>", slot="aaa", key=("rest",)),
    ),
)

AUTHORIZATION = Mode(name="ikev2-authorization", prompt="(config-ikev2-author-policy)#", accepts_any=True)
NAME_MANGLER = Mode(name="ikev2-name-mangler", prompt="(config-ikev2-name-mangler)#", accepts_any=True)
CLIENT = Mode(name="ikev2-client", prompt="(config-ikev2-flexvpn)#", accepts_any=True)

MODES = (PROPOSAL, POLICY, KEYRING, PEER, PROFILE, AUTHORIZATION, NAME_MANGLER, CLIENT)

GLOBAL = (
    single("crypto ikev2 limit <rest:text>", key=("rest",)),
    single("crypto ikev2 cookie-challenge <number:num>"),
    single("crypto ikev2 diagnose error <number:num>"),
    single("crypto ikev2 http-url cert", negative=True),
    single("crypto ikev2 certificate-cache <number:num>"),
    single("crypto ikev2 redirect <rest:text>", key=("rest",)),
    single(
        "crypto ikev2 authorization policy <name>",
        key=("name",),
        opens="ikev2-authorization",
        separated=True,
    ),
    single("crypto ikev2 name-mangler <name>", key=("name",), opens="ikev2-name-mangler", separated=True),
    single(
        "crypto ikev2 proposal <name>",
        key=("name",),
        opens="ikev2-proposal",
        defines=PROPOSAL_KIND,
        created=replies.IKEV2_PROPOSAL_NEEDS,
        separated=True,
    ),
    single(
        "crypto ikev2 policy <name>",
        key=("name",),
        opens="ikev2-policy",
        created=replies.IKEV2_POLICY_NEEDS,
        separated=True,
    ),
    single("crypto ikev2 keyring <name>", key=("name",), opens="ikev2-keyring", defines=KEYRING_KIND, separated=True),
    single(
        "crypto ikev2 profile <name>",
        key=("name",),
        opens="ikev2-profile",
        defines=PROFILE_KIND,
        created=replies.IKEV2_PROFILE_NEEDS,
        separated=True,
    ),
    single("crypto ikev2 client flexvpn <name>", key=("name",), opens="ikev2-client", separated=True),
    single("crypto ikev2 nat keepalive <seconds:num>"),
    single("crypto ikev2 dpd <interval:num> <retry:num> {when:on-demand|periodic}", "crypto ikev2 dpd"),
    single("crypto ikev2 fragmentation [mtu <mtu:num>]", "crypto ikev2 fragmentation"),
    single("crypto ikev2 window <number:num>"),
    single("crypto ikev2 disconnect-revoked-peers"),
)
"""Lines of the global mode, in the order in which a running-config lists them."""
