"""Configuration lines of interfaces; tunnel lines in full, the rest as far as order and replacement matter."""

from __future__ import annotations

from ikeaudit.candidate import spelling
from ikeaudit.candidate.modes_ipsec import IKEV2_PROFILE as _IKEV2
from ikeaudit.candidate.modes_ipsec import ISAKMP_PROFILE as _ISAKMP
from ikeaudit.candidate.modes_ipsec import MAP_KIND, PROFILE_KIND
from ikeaudit.candidate.rules import Command, Mode, Reference, plain_words, single

_PLAIN = (
    "arp authentication auto backup bfd bridge-group carrier-delay cdp channel-group channel-protocol clns cts dialer "
    "dot1x encapsulation ethernet fair-queue flow flowcontrol frame-relay full-duplex half-duplex glbp hold-queue history "
    "isis lacp lldp logging mab macro map-group media-type mka mls mop mpls nat negotiation network-policy pagp peer "
    "platform port-channel power ppp pppoe pppoe-client priority-queue pvc qos random-detect rate-limit redundancy "
    "service service-instance service-policy snmp spanning-tree speed standby storm-control switchport tx-ring-limit udld "
    "virtual-ppp virtual-reassembly vrrp vrrs vtp x25 xconnect zone-member zone-pair medium clock serial crc physical-layer"
)


def _one_each(keywords: str) -> tuple[Command, ...]:
    """Lines of which an interface holds one each: ``a b; c`` gives ``a b <rest>`` and ``c <rest>``."""
    return tuple(single(f"{words.strip()} <rest:text>") for words in keywords.split(";"))


def _lists(keywords: str) -> tuple[Command, ...]:
    """Lines of which an interface may hold several: ``a b; c`` gives ``a b [<rest>]`` and ``c [<rest>]``."""
    return tuple(
        single(f"{words.strip()} [<rest:text>]", words.strip(), key=("rest",)) for words in keywords.split(";")
    )


def _flags(keywords: str) -> tuple[Command, ...]:
    """Switches that are on by default: only their ``no`` form is printed."""
    return tuple(single(words.strip(), negative=True, hidden=True) for words in keywords.split(";"))


def _protection(order: str, **more: object) -> Command:
    """One order of the operands of ``tunnel protection ipsec profile``."""
    return single(
        f"tunnel protection ipsec profile <ipsec> {order}",
        "tunnel protection",
        refers=(
            Reference(PROFILE_KIND, "ipsec"),
            Reference(_ISAKMP.kind, "isakmp"),
            Reference(_IKEV2.kind, "ikev2"),
        ),
        **more,
    )


INTERFACE = Mode(
    name="interface",
    prompt="(config-if)#",
    prompt_for=lambda header: "(config-subif)#" if "." in header else "(config-if)#",
    commands=(
        single("description <text:text>"),
        single("mtu <n:num>"),
        single("bandwidth <rest:text>"),
        single("vrf forwarding <vrf>", "vrf forwarding", effect="vrf"),
        single("ip vrf forwarding <vrf>", "vrf forwarding", effect="vrf"),
        single("ip address <address:ip> <mask:mask> secondary", rank="ip address", key=("address",)),
        single(
            "ip address <address:ip> <mask:mask>", "ip address", rank="ip address", negative=True, no=("ip address",)
        ),
        single("ip address dhcp [<rest:text>]", "ip address", rank="ip address", negative=True),
        single("ip address negotiated [<rest:text>]", "ip address", rank="ip address", negative=True),
        single("ip unnumbered <interface:interface>"),
        *_flags("ip redirects; ip unreachables; ip proxy-arp; ip split-horizon"),
        *_one_each("ip mtu; ip nhrp authentication"),
        *_lists("ip nhrp map"),
        *_one_each("ip nhrp network-id; ip nhrp holdtime"),
        *_lists("ip nhrp nhs; ip nhrp"),
        *_one_each("ip tcp adjust-mss"),
        *_lists(
            "ip ospf; ip access-group; ip policy; ip helper-address; ip virtual-reassembly; ip verify; ip flow; "
            "ip summary-address; ip hello-interval; ip hold-time; ip authentication; ip pim; ip igmp; ip next-hop-self; "
            "ip rip; ip router; ip bandwidth-percent; ip accounting; ip dampening-change"
        ),
        single("ip nat {side:inside|outside}", "ip nat"),
        single("ip inspect <name> {way:in|out}", "ip inspect", key=("way",)),
        single("ip dhcp {what:relay|client|snooping} <rest:text>", "ip dhcp", key=("what", "rest")),
        *plain_words("ip load-interval"),
        single("delay <n:num>"),
        single("duplex <value>"),
        single("keepalive [<rest:text>]", "keepalive"),
        single("shutdown"),
        *plain_words("ipv6"),
        *plain_words(_PLAIN),
        single("tunnel source <interface:interface>", "tunnel source"),
        single("tunnel source <address:ip>", "tunnel source"),
        single("tunnel source <address:ipv6>", "tunnel source"),
        single("tunnel source dynamic", "tunnel source"),
        single("tunnel mode gre {payload:ip|ipv6|multipoint}", "tunnel mode", defaults=("tunnel mode gre ip",)),
        single("tunnel mode gre multipoint ipv6", "tunnel mode"),
        single("tunnel mode ipsec {payload:ipv4|ipv6} [<rest:text>]", "tunnel mode"),
        single(
            "tunnel mode {payload:ipip|ipv6ip|mpls|udlp|eon|dvmrp|nos|cayman|iptalk|vxlan} [<rest:text>]", "tunnel mode"
        ),
        single("tunnel destination <destination>"),
        single("tunnel key <n>"),
        single("tunnel checksum"),
        single("tunnel path-mtu-discovery [<rest:text>]", "tunnel path-mtu-discovery"),
        single("tunnel route-via <rest:text>"),
        single("tunnel bandwidth {way:transmit|receive} <n:num>", key=("way",)),
        single("tunnel vrf <vrf>"),
        _protection("[shared] [isakmp-profile <isakmp>] [ikev2-profile <ikev2>]", no=("tunnel protection",)),
        _protection("isakmp-profile <isakmp> [ikev2-profile <ikev2>] shared"),
        _protection("ikev2-profile <ikev2> shared"),
        single("tunnel protection psk <rest:text>", "tunnel protection"),
        single("tunnel {what:ttl|tos|flow|csum|snooping|entropy|rbscp|sequence-datagrams} <rest:text>", key=("what",)),
        single("crypto map <name> [redundancy <rest:text>]", "crypto map", refers=(Reference(MAP_KIND, "name"),)),
        single("crypto ipsec <rest:text>", key=("rest",)),
        single("crypto engine <rest:text>"),
    ),
)

MODES = (INTERFACE,)

GLOBAL = (
    single(
        "interface <name:interface> [{point:point-to-point|multipoint}]",
        "interface",
        key=("name",),
        opens="interface",
        placed=spelling.by_interface,
        permitted=spelling.interface_removal,
        separated=True,
    ),
    single(
        "interface <name:interface> type <type>",
        "interface",
        rank="interface",
        key=("name",),
        opens="interface",
        placed=spelling.by_interface,
        separated=True,
    ),
)
"""Lines of the global mode; interfaces are sorted by type and number."""
