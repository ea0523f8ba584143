"""Known and harmless: commands that stand where tunnels are configured and do not change which key or profile is picked.

Each pattern is a command this project understands well enough to say that; nothing is listed to make a number look good.
A command that a builder reads is not listed, so that a damaged form of it stays unknown.
"""

from __future__ import annotations

import re

from ikeaudit.parsing.grammar import GLOBAL, KIND_BY_NAME

_SA = r"set security-association (?:lifetime kilobytes (?:\d+|disable)|replay (?:disable|window-size \d+)"
_MAP_BODY = (
    _SA + r"|idle-time \d+(?: default)?|level per-host|ecn .+|dfbit .+|dummy .+)$",
    r"set nat demux$",
    r"set mixed-mode$",
    r"set ip access-group \S+(?: (?:in|out))?$",
    r"set reverse-route (?:distance|tag|gateway) \S+$",
    r"set session-key .+",
    r"qos (?:pre-classify|default)$",
    r"redundancy .+",
    r"discover$",
    r"set security-policy limit \d+$",
    r"dialer .+",
)

_BY_KIND: dict[str, tuple[str, ...]] = {
    "keyring": (r"(?:key-string|quit|serial-number|address)\b.*", r"[0-9A-F ]{2,}$"),
    "isakmp_profile": (
        r"accounting \S+$",
        r"client pki authorization list \S+$",
        r"qos-group \d+$",
        r"rekey$",
        r"reverse-route(?: .+)?$",
    ),
    "client_group": (
        r"(?:access-restrict|acl|auto-update|backup-gateway|banner|browser-proxy|configuration|crypto aaa|dhcp|dns|domain"
        r"|firewall|group-lock|include-local-lan|ipv6|max-logins|max-users|netmask|pfs|pool|save-password"
        r"|smartcard-removal-disconnect|split-dns|subscriber|wins)\b.*",
    ),
    "transform_set": (r"esn$",),
    "ipsec_profile": (*_MAP_BODY, r"virtual-template \d+$"),
    "crypto_map": _MAP_BODY,
    "dynamic_map": _MAP_BODY,
    "ikev2_proposal": (r"description .+",),
    "ikev2_policy": (r"description .+",),
    "ikev2_keyring": (r"description .+",),
    "ikev2_profile": (
        r"description .+",
        r"(?:aaa (?:accounting|authentication|authorization)|anyconnect|config-exchange|initial-contact|redirect"
        r"|reconnect)\b.*",
        r"lifetime certificate$",
        r"config-mode set$",
        r"dynamic$",
        r"nat (?:keepalive \d+|force-encap)$",
        r"session-lifetime .+",
    ),
    "interface": (
        r"ip nhrp map group \S+ service-policy .+",
        r"ip nhrp (?:authentication|holdtime|redirect|shortcut|registration|attribute|group|cache|server-only|path|responder"
        r"|record|interest|max-send|trigger-svc|use|send-routed|connect|summary-map|event-publisher|bfd|set-unreachable|multicast"
        r"|role|timeout)\b.*",
        r"ipv6 nhrp (?:authentication|holdtime|redirect|shortcut|registration|attribute|group|cache|responder|record|path"
        r"|interest|max-send|use|server-only|event-publisher|map group \S+ service-policy)\b.*",
        r"nhrp (?:group|map group|attribute|event-publisher|route-watch).*",
        r"ip vrf (?:receive|sitemap|select)\b.*",
        r"vrf (?:select|receive)\b.*",
        r"crypto (?:engine|ipsec (?:df-bit|fragmentation)|ssl|connect vlan \d+$)\b.*",
        r"tunnel (?:path-mtu-discovery|route-via|bandwidth|checksum|tos|ttl|udlr|mpls|qos|rbscp|sequence-datagrams|entropy"
        r"|flow|raw|raw-forwarding|ip|6to4|6rd|flow-direction|endpoint service)\b.*",
        r"tunnel-interface$",
    ),
    "vrf": (r".*",),
    "archive": (r"(?!path\b).*",),
    "gdoi_group": (
        r"(?!(?:server|client|address|identity|authorization|gikev2)\b).*",
        r"client (?!registration|protocol gikev2).*",
        r"identity number$",
        r"authorization identity .*",
    ),
    "ezvpn": (r"(?!(?:group|peer|local-address)\b).*",),
    "pki": (r".*",),
    "ikev2_other": (r".*",),
    "crypto_other": (r".*",),
}

_GLOBAL = (
    r"version .+",
    r"platform .+",
    r"crypto isakmp (?:nat keepalive \d+|fragmentation|xauth timeout \d+|diagnose error(?: \d+)?|disconnect-revoked-peers"
    r"|enable|client configuration address-pool local \S+|client configuration browser-proxy .+|client firewall .+"
    r"|ca-trustpoint .+|performance .+|session .+|ccm|ssp \d+)$",
    r"crypto ipsec security-association (?:lifetime (?:seconds \d+|kilobytes (?:\d+|disable)|days \d+)"
    r"|replay (?:disable|window-size \d+)|idle-time \d+|multi-sn|dummy .+|ecn .+)$",
    r"crypto ipsec (?:df-bit \S+|fragmentation \S+|nat-transparency \S+.*|optional.*"
    r"|ipv4-deny(?:-policy)? .+|server .+|control-plane .+)$",
    r"crypto (?:ikev2|ikev2 nat) (?:limit .+|cookie-challenge \d+|certificate-cache \d+|diagnose .+|fragmentation.*"
    r"|http-url .+|keepalive \d+|nat keepalive \d+|redirect .+|reconnect .+|window \d+|disconnect-revoked-peers|cts sgt)$",
    r"crypto (?:pki|ca) .+",
    r"crypto key .+",
    r"crypto engine .+",
    r"crypto ctcp(?: (?:port|keepalive) .+)?",
    r"crypto (?:isakmp|ipsec) nat-traversal.*",
    r"crypto (?:gdoi|gkm) (?!group).+",
    r"crypto (?:logging|mib|call admission limit|vpn|xauth|tls-tunnel|ssl|provisioning|wui|identity) .+",
    r"crypto map (?:ipv6 )?\S+ (?:client accounting list \S+|redundancy .+|gdoi fail-close.*)$",
    r"ip (?:domain|domain-lookup|domain-list).*",
    r"ip (?:nat|nhrp|vrf) .+",
    r"ip route (?:profile|static .+|(?:topology|multicast) .+)",
    r"ipv6 route static .+",
    r"ip host \S+ (?:srv|ns|mx) .+",
    r"ip host-routing",
    r"key config-key (?:password-encryption|newpass)\b.*",
    r"ip access-list (?:resequence|logging|log-update|persistent|fragment|role-based)\b.*",
    r"password (?:logging|encryption) .+",
)

_NO_SUCH_KEY = ("no pre-shared-key address ", "no pre-shared-key hostname ")
"""Takes a key away that was not there, else the key and this line would be gone."""

_COMPILED = {kind: re.compile("|".join(patterns)) for kind, patterns in _BY_KIND.items()}
_COMPILED_GLOBAL = re.compile("|".join(_GLOBAL))


def is_harmless(kind: str, text: str) -> bool:
    """Whether a command of a section of ``kind`` (``global`` outside sections) is known not to matter."""
    if text in ("exit", "quit"):
        return True
    pattern = _COMPILED_GLOBAL if kind == "global" else _COMPILED.get(kind)
    return pattern is not None and pattern.fullmatch(text) is not None


def is_known_negation(kind: str, text: str) -> bool:
    """Whether ``no X`` or ``default X`` takes away a command that is known in sections of ``kind``."""
    if not text.startswith(("no ", "default ")):
        return False
    if kind == "global":
        return GLOBAL.spell(text).known or text.startswith("no crypto map ") or is_harmless(kind, text.split(" ", 1)[1])
    if kind == "keyring" and text.startswith(_NO_SUCH_KEY):
        return True
    grammar, taken = KIND_BY_NAME[kind].grammar, text.split(" ", 1)[1]
    whole = grammar.depth(taken) == len(taken.split())  # "no tunnel protection": all forms of it
    return whole or grammar.spell(text).known or is_harmless(kind, taken)
