"""Configuration lines of IKEv1: keyrings, ISAKMP profiles, policies, global keys and settings (KEY-FORMS, POLICY-DEFAULTS)."""

from __future__ import annotations

from ikeaudit.candidate import replies, spelling
from ikeaudit.candidate.rules import Args, Command, Mode, Reference, single

KEYRING_KIND = "crypto keyring"
PROFILE_KIND = "crypto isakmp profile"


def _matched(args: Args) -> tuple[str, ...]:
    return ("address", *spelling.address_and_mask(args), args.get("vrf", ""))


_KEY = {"rank": "key", "clash": "refuse", "psk": "secret"}

KEYRING = Mode(
    name="keyring",
    prompt="(conf-keyring)#",
    indent=2,
    commands=(
        single("description <text:text>"),
        single("local-address <interface:interface>", "local-address"),
        single("local-address <address:ip> [<vrf>]", "local-address"),
        single(
            "pre-shared-key address <address:ip> [<mask:mask>] key [<encoding:encoding>] <secret:line>",
            "pre-shared-key address",
            key_of=spelling.address_and_mask,
            no=("pre-shared-key address <address:ip> [<mask:mask>]",),
            clash_reply=replies.KEY_EXISTS,
            spell=spelling.keyring_key,
            **_KEY,
        ),
        single(
            "pre-shared-key address ipv6 <prefix:ipv6> key [<encoding:encoding>] <secret:line>",
            "pre-shared-key address ipv6",
            key=("prefix",),
            no=("pre-shared-key address ipv6 <prefix:ipv6>",),
            clash_reply=replies.KEY_EXISTS_IPV6,
            spell=spelling.keyring_key_ipv6,
            **_KEY,
        ),
        single(
            "pre-shared-key hostname <host> key [<encoding:encoding>] <secret:line>",
            "pre-shared-key hostname",
            key=("host",),
            no=("pre-shared-key hostname <host>",),
            clash_reply=replies.KEY_EXISTS_HOST,
            spell=spelling.keyring_key_hostname,
            **_KEY,
        ),
        single(
            "rsa-pubkey {kind:address|name} <peer> [{use:encryption|signature}]",
            key=("kind", "peer"),
            opens="rsa-pubkey",
        ),
    ),
)

RSA_PUBKEY = Mode(
    name="rsa-pubkey",
    prompt="(config-pubkey-key)#",
    commands=(
        single("address <address:ip>"),
        single("serial-number <number>"),
        Command(syntax="key-string [<text:text>]", slot="key-string", captures="quit"),
    ),
)

POLICY = Mode(
    name="isakmp-policy",
    prompt="(config-isakmp)#",
    commands=(
        single(
            "encryption {algorithm:des|3des|aes} [{bits:128|192|256}]",
            classic_word="encr",
            classic_defaults=("encryption des",),
            spell=lambda a: f"encryption {a['algorithm']}" + (f" {a['bits']}" if a.get("bits", "128") != "128" else ""),
        ),
        single("hash {hash:md5|sha|sha256|sha384|sha512}", classic_defaults=("hash sha",)),
        single("authentication {method:pre-share|rsa-sig|rsa-encr|ecdsa-sig}", defaults=("authentication rsa-sig",)),
        single("group {group:1|2|5|14|15|16|19|20|21|24}", classic_defaults=("group 1",)),
        single("lifetime <seconds:num>", defaults=("lifetime 86400",)),
    ),
)

PROFILE = Mode(
    name="isakmp-profile",
    prompt="(conf-isa-prof)#",
    indent=3,
    commands=(
        single("description <text:text>"),
        single("vrf <vrf>"),
        single(
            "keyring <name>",
            key=("name",),
            again=replies.SAME_KEYRING,
            refers=(Reference(KEYRING_KIND, "name"),),
        ),
        single("ca trust-point <name>", key=("name",)),
        single("self-identity {kind:address} [ipv6]", "self-identity"),
        single("self-identity {kind:fqdn|user-fqdn} [<value>]", "self-identity"),
        single(
            "match identity address <address:ip> [<mask:mask>] [<vrf:notip>]",
            "match",
            rank="match",
            key_of=_matched,
            again=replies.SAME_MATCH,
            spell=spelling.match_identity_address,
        ),
        single(
            "match identity address ipv6 <prefix:ipv6> [<vrf>]",
            "match identity ipv6",
            rank="match",
            key=("prefix", "vrf"),
            again=replies.SAME_MATCH,
        ),
        single(
            "match identity {kind:host|user} [{whole:domain}] <value> [<vrf>]",
            "match identity name",
            rank="match",
            key=("kind", "whole", "value", "vrf"),
            again=replies.SAME_MATCH,
        ),
        single("match identity group <group>", rank="match", key=("group",), again=replies.SAME_MATCH),
        single("match certificate <map>", rank="match", key=("map",), again=replies.SAME_MATCH),
        single("local-address <interface:interface>", "local-address"),
        single("local-address <address:ip> [<vrf>]", "local-address"),
        single("client authentication list <list>"),
        single("client configuration address {mode:initiate|respond}", key=("mode",)),
        single("client configuration group <group>"),
        single("client pki authorization list <list>"),
        single("isakmp authorization list <list>"),
        single("accounting <list>"),
        single("initiate mode {mode:aggressive|main}"),
        single("keepalive <seconds:num> [retry <retry:num>]", "keepalive"),
        single("virtual-template <number:num>"),
        single("qos-group <number:num>"),
        single("rekey"),
        single("no-xauth"),
    ),
)

PEER = Mode(
    name="isakmp-peer",
    prompt="(config-isakmp-peer)#",
    commands=(
        single("description <text:text>"),
        single(
            "set aggressive-mode password [<encoding:encoding>] <secret:text>",
            "set aggressive-mode password",
            psk="secret",
        ),
        single("set aggressive-mode client-endpoint {kind:ipv4-address|ipv6-address|fqdn|user-fqdn} <value>"),
    ),
)

CLIENT_GROUP = Mode(name="isakmp-group", prompt="(config-isakmp-group)#", accepts_any=True)

MODES = (KEYRING, RSA_PUBKEY, POLICY, PROFILE, PEER, CLIENT_GROUP)

_GLOBAL_KEY = {"rank": "crypto isakmp key", "clash": "refuse", "psk": "secret"}

KEYRINGS = (
    single(
        "crypto keyring <name> [vrf <vrf>]",
        "crypto keyring",
        key=("name",),
        clash="refuse",
        clash_reply=replies.OTHER_HEADER,
        opens="keyring",
        defines=KEYRING_KIND,
    ),
)
"""Keyrings come first among the lines of IKEv1."""

GLOBAL = (
    *KEYRINGS,
    single("crypto isakmp enable", negative=True, hidden=True),
    single("crypto isakmp default policy", negative=True, hidden=True),
    single(
        "crypto isakmp policy <number:num>",
        "crypto isakmp policy",
        key=("number",),
        opens="isakmp-policy",
        placed=spelling.by_number,
        separated=True,
    ),
    single(
        "crypto isakmp key [<encoding:encoding>] <secret:any> address <address:ip> [<mask:mask>] [{noxauth:no-xauth}]",
        "crypto isakmp key address",
        key_of=spelling.address_and_mask,
        no=("crypto isakmp key address <address:ip> [<mask:mask>]",),
        clash_reply=replies.KEY_EXISTS,
        spell=spelling.global_key,
        **_GLOBAL_KEY,
    ),
    single(
        "crypto isakmp key [<encoding:encoding>] <secret:any> address ipv6 <prefix:ipv6> [{noxauth:no-xauth}]",
        "crypto isakmp key ipv6",
        key=("prefix",),
        clash_reply=replies.KEY_EXISTS_IPV6,
        spell=spelling.global_key_ipv6,
        **_GLOBAL_KEY,
    ),
    single(
        "crypto isakmp key [<encoding:encoding>] <secret:any> hostname <host> [{noxauth:no-xauth}]",
        "crypto isakmp key hostname",
        key=("host",),
        clash_reply=replies.KEY_EXISTS_HOST,
        spell=spelling.global_key_hostname,
        **_GLOBAL_KEY,
    ),
    single("crypto isakmp identity {kind:address|hostname|dn}", defaults=("crypto isakmp identity address",)),
    single("crypto isakmp aggressive-mode disable"),
    single("crypto isakmp invalid-spi-recovery"),
    single("crypto isakmp disconnect-revoked-peers"),
    single("crypto isakmp fragmentation"),
    single(
        "crypto isakmp keepalive <seconds:num> [<retry:num>] [{when:periodic|on-demand}]", "crypto isakmp keepalive"
    ),
    single("crypto isakmp nat keepalive <seconds:num>"),
    single("crypto isakmp nat-traversal [<rest:text>]"),
    single("crypto isakmp xauth timeout <seconds:num>"),
    single("crypto isakmp diagnose error [<number:num>]", "crypto isakmp diagnose"),
    single(
        "crypto isakmp peer {kind:address|hostname} <peer> [vrf <vrf>]",
        "crypto isakmp peer",
        key=("kind", "peer", "vrf"),
        opens="isakmp-peer",
        separated=True,
    ),
    single(
        "crypto isakmp client configuration group <name>",
        key=("name",),
        opens="isakmp-group",
        separated=True,
    ),
    single("crypto isakmp client configuration address-pool <rest:text>"),
    single("crypto isakmp client firewall <name> <rest:text>", "crypto isakmp client firewall", key=("name",)),
    single(
        "crypto isakmp profile <name>",
        key=("name",),
        opens="isakmp-profile",
        defines=PROFILE_KIND,
        created=replies.PROFILE_INCOMPLETE,
    ),
)
"""Lines of the global mode, in the order in which a running-config lists them (TEXT-PRINTED)."""
