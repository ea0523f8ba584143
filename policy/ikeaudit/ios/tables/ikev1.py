"""Configuration lines of IKEv1: keyrings, ISAKMP profiles, policies, global keys and settings (KEY-FORMS, POLICY-DEFAULTS)."""

from __future__ import annotations

from typing import Any

import msgspec

from ikeaudit.ios import replies, spelling
from ikeaudit.ios.command import Args, Command, Mode, Placed, Reference, alike, kept, kept_words, section, single
from ikeaudit.ios.tables.names import DATA_ENDS

KEYRING_KIND = "crypto keyring"
PROFILE_KIND = "crypto isakmp profile"


def _matched(args: Args) -> tuple[str, ...]:
    return ("address", *spelling.address_and_mask(args), args.get("vrf", ""))


_KEY_PEERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "address",
        "address <address:ip> [<mask:mask>]",
        {"key_of": spelling.address_and_mask, "clash_reply": replies.KEY_EXISTS},
    ),
    ("address ipv6", "address ipv6 <prefix:ipv6>", {"key": ("prefix",), "clash_reply": replies.KEY_EXISTS_IPV6}),
    ("hostname", "hostname <host>", {"key": ("host",), "clash_reply": replies.KEY_EXISTS_HOST}),
)
"""Whom a key is for: the keywords, with what follows them, and what tells whether two are for the same."""

_RING_KEYS = tuple(
    single(
        f"pre-shared-key {peer} key [<encoding:encoding>] <secret:psk>",
        f"pre-shared-key {words}",
        no=(f"pre-shared-key {peer}",),
        spell=lambda args: f"pre-shared-key {spelling.key_peer(args)} key {spelling.encoded(args)}",
        rank="key",
        clash="refuse",
        **more,
    )
    for words, peer, more in _KEY_PEERS
)

KEYRING = Mode(
    name="keyring",
    prompt="(conf-keyring)#",
    indent=2,
    bears="modelled",
    commands=(
        single("description <text:text>"),
        single("local-address <interface:interface>", "local-address", seen=("local-address <value:text>",)),
        single("local-address <address:ip> [<vrf>]", "local-address"),
        *_RING_KEYS,
        single(
            "rsa-pubkey {kind:address|name} <peer> [{use:encryption|signature}]",
            key=("kind", "peer"),
            opens="rsa-pubkey",
            seen=("rsa-pubkey {kind:address|name} <peer> <use:text>",),
            closed=True,
        ),
    ),
)

RSA_PUBKEY = Mode(
    name="rsa-pubkey",
    prompt="(config-pubkey-key)#",
    bears="irrelevant",
    commands=(
        single("address <address:ip>", seen=("address <rest:text>",)),
        single("serial-number <number>", seen=("serial-number <rest:text>",)),
        single(DATA_ENDS, kept=True),
        Command(syntax="key-string [<text:text>]", slot="key-string", captures=DATA_ENDS),
    ),
)

POLICY = Mode(
    name="isakmp-policy",
    prompt="(config-isakmp)#",
    bears="modelled",
    commands=(
        single(
            "encryption {algorithm=des|3des|aes} [{bits=128|192|256}]",
            classic_word="encr",
            seen=("{keyword:encr} {algorithm=des|3des|aes} [{bits=128|192|256}]",),
            classic_defaults=("encryption des",),
            spell=lambda a: f"encryption {a['algorithm']}" + (f" {a['bits']}" if a.get("bits", "128") != "128" else ""),
        ),
        single("hash {hash=md5|sha|sha256|sha384|sha512}", classic_defaults=("hash sha",)),
        single("authentication {method:pre-share|rsa-sig|rsa-encr|ecdsa-sig}", defaults=("authentication rsa-sig",)),
        single("group {group=1|2|5|14|15|16|19|20|21|24}", classic_defaults=("group 1",)),
        single("lifetime <seconds:num>", defaults=("lifetime 86400",)),
    ),
)

PROFILE = Mode(
    name="isakmp-profile",
    prompt="(conf-isa-prof)#",
    indent=3,
    bears="modelled",
    commands=(
        single("description <text:text>"),
        single("vrf <vrf>"),
        single(
            "keyring <name>",
            key=("name",),
            again=replies.SAME_KEYRING,
            ordered=True,
            refers=(Reference(KEYRING_KIND, "name", many=True),),
            seen=("keyring <name:text>",),
        ),
        single("ca trust-point <name>", key=("name",)),
        single("self-identity {kind:address} [{family:ipv6}]", "self-identity"),
        single("self-identity {kind:fqdn|user-fqdn} [<value>]", "self-identity"),
        single("self-identity {kind:dn}", "self-identity", kept=True, seen=("self-identity <address:ip>",)),
        single(
            "match identity address <address:ip> [<mask:mask>] [<vrf:notip>]",
            "match",
            rank="match",
            key_of=_matched,
            again=replies.SAME_MATCH,
            spell=lambda a: f"match identity address {spelling.matched(a)} {a.get('vrf', '')}".rstrip(),
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
        single("local-address <interface:interface>", "local-address", seen=("local-address <value:text>",)),
        single("local-address <address:ip> [<vrf>]", "local-address"),
        single("client authentication list <list>"),
        single("client configuration address {mode:initiate|respond}", key=("mode",)),
        single("client configuration group <group>"),
        *kept("irrelevant", "client authentication username <user>", "client authentication password <secret:secret>"),
        single("client pki authorization list <list>", bears="irrelevant"),
        single("isakmp authorization list <list>"),
        *kept(
            "irrelevant",
            "client pki authorization password [<encoding:encoding>] <secret:secret>",
            "isakmp authorization password [<encoding:encoding>] <secret:secret>",
        ),
        single("accounting <list>", bears="irrelevant"),
        single(
            "initiate mode {mode:aggressive|main}",
            told_by=("initiate mode", "initiate mode aggressive", "initiate mode main"),
        ),
        single("keepalive <seconds:num> [retry <retry:num>]", "keepalive"),
        single("virtual-template <number:num> [per-user]", "virtual-template"),
        single("qos-group <number:num>", bears="irrelevant"),
        single("rekey", bears="irrelevant"),
        single("no-xauth", bears="unclear"),
        single("reverse-route [<rest:text>]", "reverse-route", bears="irrelevant", kept=True, told_by=()),
    ),
)

PEER = Mode(
    name="isakmp-peer",
    prompt="(config-isakmp-peer)#",
    bears="modelled",
    commands=(
        single("description <text:text>"),
        single("set aggressive-mode password [<encoding:encoding>] <secret:psktext>", "set aggressive-mode password"),
        single(
            "set aggressive-mode client-endpoint {kind:ipv4-address|ipv6-address|fqdn|user-fqdn} <value>",
            seen=("set aggressive-mode client-endpoint <value:text>",),
        ),
    ),
)

CLIENT_GROUP = Mode(
    name="isakmp-group",
    prompt="(config-isakmp-group)#",
    accepts_any=True,
    commands=(
        single("key [<encoding:encoding>] <secret:secret>", bears="modelled", kept=True),
        *kept_words(
            "irrelevant",
            "access-restrict; acl; auto-update; backup-gateway; banner; browser-proxy; configuration;"
            "crypto aaa attribute list; dhcp; dns; domain; firewall; group-lock; include-local-lan; ipv6; max-logins;"
            "max-users; netmask; pfs; pool; route-metric; save-password; smartcard-removal-disconnect; split-dns; wins",
        ),
        single("subscriber [<rest:text>]", bears="irrelevant", kept=True, told_by=()),
        single("crypto aaa <rest:text>", bears="irrelevant", kept=True, told_by=()),
    ),
)

MODES = (KEYRING, RSA_PUBKEY, POLICY, PROFILE, PEER, CLIENT_GROUP)


def _global_key(args: Args) -> str:
    flag = " no-xauth" if args.get("noxauth") else ""
    return f"crypto isakmp key {spelling.encoded(args)} {spelling.key_peer(args)}{flag}"


_GLOBAL_KEYS = tuple(
    single(
        f"crypto isakmp key [<encoding:encoding>] <secret:pskword> {peer} [{{noxauth:no-xauth}}]",
        f"crypto isakmp key {words.split()[-1]}",
        no=(f"crypto isakmp key {peer}",) if words == "address" else (),
        spell=_global_key,
        bears="modelled",
        rank="crypto isakmp key",
        clash="refuse",
        part="global-key",
        **more,
    )
    for words, peer, more in _KEY_PEERS
)
_PARTS = ("keyring", "isakmp-policy", "isakmp-profile")

KEYRINGS = (
    single(
        "crypto keyring <name> [vrf <vrf>]",
        "crypto keyring",
        key=("name",),
        clash="refuse",
        clash_reply=replies.OTHER_HEADER,
        opens="keyring",
        defines=KEYRING_KIND,
        section="keyring",
        ordered=True,
        bears="modelled",
    ),
)
"""Keyrings come first among the lines of IKEv1."""

_GLOBAL = (
    *KEYRINGS,
    single("crypto isakmp enable", negative=True, hidden=True, bears="modelled"),
    single("crypto isakmp default policy", negative=True, hidden=True, bears="modelled"),
    single(
        "crypto isakmp policy <number:num>",
        "crypto isakmp policy",
        key=("number",),
        opens="isakmp-policy",
        section="isakmp-policy",
        title="{number}",
        bears="modelled",
        placed=lambda args: Placed(0, "", (int(args["number"]),)),
        separated=True,
    ),
    *_GLOBAL_KEYS,
    single(
        "crypto isakmp identity {kind:address|hostname|dn}",
        defaults=("crypto isakmp identity address",),
        bears="modelled",
    ),
    single("crypto isakmp aggressive-mode disable", bears="modelled"),
    single("crypto isakmp invalid-spi-recovery", bears="modelled"),
    single("crypto isakmp disconnect-revoked-peers"),
    single("crypto isakmp fragmentation"),
    single(
        "crypto isakmp keepalive <seconds:num> [<retry:num>] [{when:periodic|on-demand}]",
        "crypto isakmp keepalive",
        bears="modelled",
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
        section="other",
        title="crypto isakmp peer *",
        bears="modelled",
        seen=(
            "crypto isakmp peer {kind:ip-address|fqdn} <peer> [vrf <vrf>]",
            "crypto isakmp peer {kind:address} ipv6 <peer> [vrf <vrf>]",
        ),
        separated=True,
    ),
    single(
        "crypto isakmp client configuration group <name>",
        key=("name",),
        opens="isakmp-group",
        section="other",
        bears="modelled",
        separated=True,
    ),
    single("crypto isakmp client configuration address-pool <rest:text>"),
    single("crypto isakmp client configuration browser-proxy <rest:text>", key=("rest",)),
    single("crypto isakmp client firewall <name> <rest:text>", "crypto isakmp client firewall", key=("name",)),
    single("crypto isakmp ca-trustpoint <rest:text>", key=("rest",)),
    single("crypto isakmp performance <rest:text>", key=("rest",)),
    single("crypto isakmp session <rest:text>", key=("rest",)),
    single("crypto isakmp ccm"),
    single("crypto isakmp ssp <number:num>"),
    section(PROFILE_KIND, "isakmp-profile", ordered=True, created=replies.PROFILE_INCOMPLETE),
)

GLOBAL = tuple(
    row if row.opens in _PARTS else msgspec.structs.replace(row, part=row.part or "isakmp-setting")
    for row in alike("irrelevant", *_GLOBAL)
)
"""Lines of the global mode, in the order in which a running-config lists them (TEXT-PRINTED)."""
