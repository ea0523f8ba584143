"""Configuration lines of interfaces; tunnel lines in full, the rest as far as order and replacement matter."""

from __future__ import annotations

from typing import Any

from ikeaudit.ios import spelling
from ikeaudit.ios.command import Command, Mode, Reference, alike, kept, plain_words, single
from ikeaudit.ios.names import removable
from ikeaudit.ios.tables import secrets
from ikeaudit.ios.tables.ipsec import IKEV2_PROFILE as _IKEV2
from ikeaudit.ios.tables.ipsec import ISAKMP_PROFILE as _ISAKMP
from ikeaudit.ios.tables.ipsec import MAP_KIND, PROFILE_KIND

_PLAIN = (
    "arp auto backup bfd bridge-group carrier-delay cdp channel-protocol clns dialer "
    "dot1x ethernet fair-queue flow flowcontrol frame-relay history hold-queue lacp lldp logging mab macro map-group "
    "mka mls mop mpls nat network-policy pagp peer platform port-channel power pppoe pppoe-client priority-queue pvc "
    "qos random-detect rate-limit redundancy service service-instance snmp spanning-tree storm-control tx-ring-limit udld "
    "virtual-ppp virtual-reassembly vrrs vtp x25 xconnect zone-pair medium clock serial crc physical-layer"
)
_TELLING = "encapsulation full-duplex half-duplex media-type negotiation service-policy speed switchport zone-member"
"""Commands that are known by their first word; those of the second list stand in interfaces only."""

_FIRST_HOP = ("standby", "vrrp", "glbp")
FIRST_HOP_SETTINGS = (
    "address-family arp authentication bfd client-cache delay description follow forwarder ip ipv6 load-balancing mac-address "
    "mac-refresh match-address name preempt priority redirect redirects shutdown sso timers track use-bia version vrrpv2 vrrs "
    "weighting"
)
"""What may stand behind the commands of first hops, and behind the number of a group."""

_NHRP = (
    "registration; attribute; group; cache; server-only; path; responder; record; interest; max-send; trigger-svc; use;"
    "send-routed"
)
_NHRP_OTHER = (
    "connect; reject; route-watch; summary-map; event-publisher; bfd; set-unreachable; multicast; role; timeout"
)
_NHRP_IPV6 = (
    "holdtime; registration; attribute; group; cache; responder; record; path;"
    "interest; max-send; use; server-only; event-publisher"
)
_TUNNEL = (
    "ip; mpls; udlr; qos; rbscp; entropy; sequence-datagrams; endpoint; raw; src-port; dst-port; tsp-hop; destination list;"
    "protection ipsec initiate"
)
_OTHER_TUNNELS = (
    "aurp|auto|cayman|decapsulate|dvmrp|eon|ethernet|iptalk|ipip|ipv6|ipv6ip|mpls|geneve|l2tpv3|nos|rbscp|sdwan|udp|vxlan|"
    "vxlan-gpe|udlp|tag-switching"
)


def _one_each(keywords: str) -> tuple[Command, ...]:
    """Lines of which an interface holds one each: ``a b; c`` gives ``a b <rest>`` and ``c <rest>``."""
    return tuple(single(f"{words.strip()} <rest:operands>") for words in keywords.split(";"))


def _lists(keywords: str, before: str = "", **more: object) -> tuple[Command, ...]:
    """Lines of which an interface may hold several: ``a b; c`` gives ``a b [<rest>]`` and ``c [<rest>]``."""
    return tuple(
        single(f"{before}{words.strip()} [<rest:text>]", f"{before}{words.strip()}", key=("rest",), **more)
        for words in keywords.split(";")
    )


def _flags(keywords: str) -> tuple[Command, ...]:
    """Switches that are on by default: only their ``no`` form is printed."""
    return tuple(single(words.strip(), negative=True, hidden=True) for words in keywords.split(";"))


def _protection(order: str, **more: object) -> Command:
    """One order of the operands of ``tunnel protection ipsec profile``."""
    return single(
        f"tunnel protection ipsec profile <ipsec> {order}",
        "tunnel protection",
        refers=(Reference(PROFILE_KIND, "ipsec"), Reference(_ISAKMP.kind, "isakmp"), Reference(_IKEV2.kind, "ikev2")),
        bears="modelled",
        told_by=("tunnel protection ipsec profile",),
        **more,
    )


_ADDRESSES = (
    single(
        "ip address <address:ip> <mask:mask> {secondary:secondary}",
        rank="ip address",
        key=("address",),
        effect="address",
        slot="ip address",
    ),
    single(
        "ip address <address:ip> <mask:mask>",
        "ip address",
        rank="ip address",
        effect="address",
        negative=True,
        no=("ip address",),
        seen=("ip address <value:text>",),
        closed=True,
    ),
    single("ip address {how:dhcp} [<rest:text>]", "ip address", rank="ip address", negative=True, effect="address"),
    single(
        "ip address {how:negotiated} [<rest:text>]", "ip address", rank="ip address", negative=True, effect="address"
    ),
    single("ip address {how:pool|dynamic} [<rest:text>]", "ip address", kept=True),
)

_BORROWED = (single("ip unnumbered <interface:interface>", seen=("ip unnumbered <value:text>",)),)

_IPV6 = (
    single("ipv6 address <value:text>", rank="~ipv6", key=("value",), bears="modelled"),
    single("ipv6 unnumbered <value:text>", rank="~ipv6", bears="modelled"),
    *_lists("map group", "ipv6 nhrp ", bears="irrelevant", kept=True, told_by=()),
    *_lists("map; nhs", "ipv6 nhrp ", bears="modelled", closed=True, kept=True),
    single("ipv6 nhrp network-id <rest:text>", bears="modelled", kept=True),
    *_lists("redirect; shortcut", "ipv6 nhrp ", bears="modelled", kept=True),
    single("ipv6 nhrp authentication <secret:secrettag>", bears="modelled", kept=True),
    *_lists(_NHRP_IPV6, "ipv6 nhrp ", bears="irrelevant", kept=True),
    *_lists("ipv6 nhrp", bears="unclear", kept=True),
    single("ipv6 crypto map <name>", bears="modelled", kept=True),
    single("ipv6 traffic-filter <acl> {way:in|out}", bears="modelled", key=("way",), kept=True),
    single("ipv6 policy route-map <name:text>", "ipv6 policy", key=("name",), kept=True),
    *_lists("enable; mtu; nd; ospf; eigrp", "ipv6 ", kept=True),
    *_lists("group; map group; attribute; event-publisher; route-watch", "nhrp ", bears="irrelevant", kept=True),
    *_lists("nhrp", bears="unclear", kept=True),
)

_TUNNEL_MODES = (
    single(
        "tunnel mode {family:gre} {payload:ip|ipv6|multipoint}",
        "tunnel mode",
        defaults=("tunnel mode gre ip",),
        seen=("tunnel mode {family:gre}",),
        told_by=("tunnel mode", "tunnel mode gre", *(f"tunnel mode gre {p}" for p in ("ip", "ipv6", "multipoint"))),
    ),
    single("tunnel mode {family:gre} {payload:multipoint} {inner:ipv6}", "tunnel mode"),
    single(
        "tunnel mode {family:ipsec} {payload:ipv4|ipv6} [<rest:text>]",
        "tunnel mode",
        told_by=("tunnel mode ipsec", "tunnel mode ipsec ipv4 v6-overlay", "tunnel mode ipsec ipv6 v4-overlay"),
    ),
    single("tunnel mode {family:ipsec} {payload:dual-overlay}", "tunnel mode", kept=True),
    single(
        f"tunnel mode {{payload:{_OTHER_TUNNELS}}} [<rest:text>]",
        "tunnel mode",
        told_by=(
            *(
                f"tunnel mode {p}"
                for p in ("aurp", "auto", "cayman", "dvmrp", "eon", "iptalk", "ipip", "ipv6", "ipv6ip")
            ),
            *(f"tunnel mode {p}" for p in ("mpls", "nos", "sdwan", "udp", "ethernet gre")),
        ),
    ),
)

INTERFACE = Mode(
    name="interface",
    prompt="(config-if)#",
    prompt_for=lambda header: "(config-subif)#" if "." in header else "(config-if)#",
    commands=(
        single("description <text:text>", bears="modelled"),
        single("mtu <n:num>"),
        single("bandwidth <rest:operands>"),
        *(
            single(
                f"{words} <vrf>",
                "vrf forwarding",
                effect="vrf",
                bears="modelled",
                seen=(f"{words} <vrf> downstream <downstream>",),
            )
            for words in ("vrf forwarding", "ip vrf forwarding")
        ),
        *_lists("receive; sitemap; select", "ip vrf ", bears="irrelevant", kept=True),
        *_lists("select; receive", "vrf ", bears="irrelevant", kept=True, told_by=()),
        *alike("modelled", *_ADDRESSES),
        *alike("modelled", *_BORROWED),
        *_flags("ip redirects; ip unreachables; ip proxy-arp; ip split-horizon"),
        *_one_each("ip mtu"),
        single("ip nhrp authentication <secret:secrettag>", bears="modelled"),
        single(
            "ip nhrp map group <name> service-policy <rest:text>", "ip nhrp map group", bears="irrelevant", kept=True
        ),
        *_lists(
            "ip nhrp map",
            bears="modelled",
            closed=True,
            told_by=("ip nhrp map", "ip nhrp map multicast", "ip nhrp map multicast dynamic"),
        ),
        single("ip nhrp network-id <rest:text>", bears="modelled"),
        single("ip nhrp holdtime <rest:operands>", bears="irrelevant"),
        *_lists("ip nhrp nhs", bears="modelled", closed=True),
        *_lists("redirect; shortcut", "ip nhrp ", bears="modelled", kept=True),
        *_lists(_NHRP, "ip nhrp ", bears="irrelevant", kept=True),
        *_lists(_NHRP_OTHER, "ip nhrp ", bears="irrelevant", kept=True, told_by=()),
        *_lists("ip nhrp", bears="unclear", told_by=()),
        *_one_each("ip tcp adjust-mss"),
        single("ip next-hop-self eigrp <rest:text>", bears="modelled", kept=True, told_by=()),
        single(
            "ip ospf network {kind:broadcast|non-broadcast|point-to-multipoint|point-to-point} [non-broadcast]",
            bears="modelled",
            kept=True,
            told_by=(),
        ),
        *_lists(
            "ip ospf; ip helper-address; ip virtual-reassembly; ip verify; ip flow; "
            "ip summary-address; ip hello-interval; ip hold-time; ip authentication; ip pim; ip igmp; ip next-hop-self; "
            "ip rip; ip router; ip bandwidth-percent; ip accounting; ip dampening-change"
        ),
        single("ip policy route-map <name:text>", "ip policy", key=("name",)),
        single("ip nat {side:inside|outside}", "ip nat", bears="modelled"),
        single("ip nat enable", "ip nat enable", bears="modelled", kept=True),
        single("ip access-group <acl> {way:in|out}", "ip access-group", key=("way",), bears="modelled"),
        single("ip inspect <name> {way:in|out}", "ip inspect", key=("way",), bears="modelled", told_by=("ip inspect",)),
        single("ip dhcp {what:relay|client|snooping} <rest:text>", "ip dhcp", key=("what", "rest"), told_by=()),
        *_lists("ip broadcast-address; ip directed-broadcast", kept=True),
        *_lists("ip route-cache", kept=True, told_by=()),
        *plain_words("ip load-interval", told_by=(), hides=secrets.OSPF),
        single("delay <n:num>"),
        single("duplex <value>"),
        single("keepalive [<rest:operands>]", "keepalive"),
        single("shutdown", bears="modelled"),
        single(
            "channel-group <number:num> [mode {mode=active|passive|on|auto|desirable} [non-silent]]",
            "channel-group",
            bears="modelled",
            also=("channel-group <number:num> <rest:operands>",),
            closed=True,
            told_by=("channel-group",),
        ),
        single("pppoe-client dial-pool-number <number:num> [<rest:operands>]", bears="modelled", kept=True, told_by=()),
        single("dialer pool-member <number:num> [<rest:operands>]", bears="modelled", kept=True, told_by=()),
        single("dialer pool <number:num>", bears="modelled", kept=True, told_by=()),
        *_IPV6,
        *plain_words("ipv6", told_by=(), hides=secrets.OSPF_IPV6),
        *plain_words(_PLAIN, told_by=()),
        *plain_words("ppp", told_by=(), hides=secrets.PPP),
        *plain_words("isis", told_by=(), hides=secrets.ISIS),
        *plain_words("cts", told_by=(), hides=secrets.CTS),
        *plain_words("authentication", told_by=(), hides=secrets.EIGRP),
        *plain_words(_TELLING),
        *plain_words(" ".join(_FIRST_HOP), bears="modelled", hides=secrets.FIRST_HOP),
        *(single(f"{word} <group:num> ip [<rest:text>]", word, bears="modelled", kept=True) for word in _FIRST_HOP),
        *_lists("address", bears="modelled", kept=True, told_by=()),
        *kept(
            "other", "cdp enable", "clock rate <rest:operands>", "load-interval <rest:operands>", "mpls ip", "no-arp"
        ),
        *kept("other", "ntp [<rest:text>]", "qos pre-classify", "serial restart-delay <rest:text>"),
        single("tunnel source <interface:interface>", "tunnel source", bears="modelled"),
        single("tunnel source <address:ip>", "tunnel source", bears="modelled"),
        single("tunnel source <address:ipv6>", "tunnel source", bears="modelled"),
        single("tunnel source {address:dynamic}", "tunnel source", bears="modelled"),
        single("tunnel source <value:text>", "tunnel source", bears="modelled", kept=True),
        *alike("modelled", *_TUNNEL_MODES),
        single("tunnel destination <destination>", bears="modelled"),
        single("tunnel destination dynamic", bears="modelled", kept=True),
        single("tunnel key <n>", bears="modelled"),
        single("tunnel checksum", bears="irrelevant"),
        single("tunnel path-mtu-discovery [<rest:text>]", "tunnel path-mtu-discovery", bears="irrelevant"),
        single("tunnel route-via <rest:text>", bears="irrelevant"),
        single(
            "tunnel bandwidth {way:transmit|receive} <n:num>",
            key=("way",),
            bears="irrelevant",
            told_by=("tunnel bandwidth",),
        ),
        single("tunnel vrf <vrf>", bears="modelled"),
        _protection("[{shared:shared}] [isakmp-profile <isakmp>] [ikev2-profile <ikev2>]", no=("tunnel protection",)),
        _protection("isakmp-profile <isakmp> [ikev2-profile <ikev2>] {shared:shared}"),
        _protection("ikev2-profile <ikev2> {shared:shared}"),
        single(
            "tunnel protection psk [<encoding:encoding>] <secret:psktext>",
            "tunnel protection",
            id="tunnel-protection-psk",
            bears="modelled",
        ),
        single(
            "tunnel protection ipsec policy {family:ipv4|ipv6} <acl>",
            "tunnel protection policy",
            key=("family",),
            bears="modelled",
        ),
        single("tunnel vxlan vni <vni:num>", bears="irrelevant"),
        single(
            "tunnel {what:ttl|tos|flow|csum|snooping|entropy|rbscp|sequence-datagrams} <rest:text>",
            key=("what",),
            bears="irrelevant",
            told_by=("tunnel ttl", "tunnel tos", "tunnel flow"),
        ),
        *_lists(_TUNNEL, "tunnel ", bears="irrelevant", kept=True),
        *kept("irrelevant", "tunnel 6to4 <rest:text>", "tunnel 6rd <rest:text>", "tunnel-interface"),
        single(
            "crypto map <name> [redundancy <rest:text>]",
            "crypto map",
            refers=(Reference(MAP_KIND, "name"),),
            bears="modelled",
            seen=("crypto map {family:ipv6} <name>",),
            told_by=("crypto map",),
        ),
        single("crypto ipsec client ezvpn <name> [{side:inside|outside}]", bears="modelled", key=("name",)),
        *kept("irrelevant", "crypto ipsec df-bit <rest:text>", "crypto ipsec fragmentation <rest:text>"),
        single("crypto ipsec <rest:text>", key=("rest",), bears="unclear", told_by=()),
        single("crypto engine <rest:text>", bears="irrelevant"),
        *kept("irrelevant", "crypto ssl [<rest:text>]"),
        single("crypto connect vlan <number:num>", bears="irrelevant", kept=True, told_by=()),
    ),
)

MODES = (INTERFACE,)

_HEADER: dict[str, Any] = {
    "key": ("name",), "opens": "interface", "section": "interface", "title": "{name}{text}", "bears": "modelled",
    "placed": spelling.by_interface, "separated": True,
}  # fmt: skip
_NOT_REMOVED = "% Removal of physical interfaces is not permitted"

GLOBAL = (
    single(
        "interface <name:interface> [{point:point-to-point|multipoint}]",
        "interface",
        seen=("interface <text:text>",),
        permitted=lambda args: "" if removable(args["name"]) else _NOT_REMOVED,
        **_HEADER,
    ),
    single("interface <name:interface> type <type>", "interface", rank="interface", **_HEADER),
)
"""Lines of the global mode; interfaces are sorted by type and number."""
