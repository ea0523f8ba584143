"""Lines of the global mode that are not about crypto, around those that are; sections that are kept as they come."""

from __future__ import annotations

from ikeaudit.remediation.candidate import modes_ikev1, modes_ikev2, modes_interface, modes_ipsec
from ikeaudit.remediation.candidate.rules import Command, Mode, plain_words, single


def _section(syntax: str, mode: str, slot: str = "", **more: object) -> Command:
    """A section that is told from others by the whole of its header."""
    return single(syntax, slot, key_of=_whole, opens=mode, separated=True, **more)


def _whole(args: dict[str, str]) -> tuple[str, ...]:
    return tuple(" ".join(value.split()) for value in args.values())


ARCHIVE = Mode(
    name="archive",
    prompt="(config-archive)#",
    commands=(
        single("log config", opens="archive-log"),
        single("path <url:text>"),
        single("maximum <n:num>"),
        single("time-period <n:num>"),
        single("write-memory"),
        single("rollback <rest:text>", key=("rest",)),
    ),
)

ARCHIVE_LOG = Mode(
    name="archive-log",
    prompt="(config-archive-log-cfg)#",
    commands=(
        single("record rc"),
        single("logging enable"),
        single("logging persistent [<rest:text>]", "logging persistent"),
        single("logging size <n:num>"),
        single("notify syslog [<rest:text>]", "notify syslog"),
        single("hidekeys"),
    ),
)

VRF = Mode(
    name="vrf",
    prompt="(config-vrf)#",
    accepts_any=True,
    commands=(
        single("description <text:text>"),
        single("rd <rd>"),
        single("address-family <rest:text>", key=("rest",), opens="vrf-af", closing=("exit-address-family", "!")),
    ),
)

ROUTER = Mode(
    name="router",
    prompt="(config-router)#",
    accepts_any=True,
    commands=(
        single("address-family <rest:text>", key=("rest",), opens="router-af", closing=("exit-address-family", "!")),
    ),
)

LINE = Mode(
    name="line",
    prompt="(config-line)#",
    accepts_any=True,
    commands=(
        single("exec-timeout <rest:text>"),
        single("transport input <rest:text>"),
        single("transport output <rest:text>"),
        single("transport preferred <rest:text>"),
        single("privilege level <n:num>"),
        single("password <rest:text>"),
        single("login [<rest:text>]", "login"),
        single("access-class <acl> <rest:text>", key=("rest",)),
    ),
)

CERTIFICATES = Mode(
    name="certificate-chain",
    prompt="(config-cert-chain)#",
    commands=(Command(syntax="certificate <rest:text>", slot="certificate", key=("rest",), captures="quit"),),
)


def _open(name: str, prompt: str) -> Mode:
    return Mode(name=name, prompt=prompt, accepts_any=True)


OPEN_MODES = (
    _open("vrf-af", "(config-vrf-af)#"),
    _open("router-af", "(config-router-af)#"),
    _open("acl-extended", "(config-ext-nacl)#"),
    _open("acl-standard", "(config-std-nacl)#"),
    _open("acl-ipv6", "(config-ipv6-acl)#"),
    _open("route-map", "(config-route-map)#"),
    _open("class-map", "(config-cmap)#"),
    Mode(
        name="policy-map",
        prompt="(config-pmap)#",
        accepts_any=True,
        commands=(single("class <rest:text>", key=("rest",), opens="policy-map-class"),),
    ),
    _open("policy-map-class", "(config-pmap-c)#"),
    _open("control-plane", "(config-cp)#"),
    _open("vlan", "(config-vlan)#"),
    _open("dhcp", "(dhcp-config)#"),
    _open("dhcpv6", "(config-dhcpv6)#"),
    _open("trustpoint", "(ca-trustpoint)#"),
    _open("pki-server", "(cs-server)#"),
    _open("certificate-map", "(ca-certificate-map)#"),
    _open("gdoi", "(config-gdoi-group)#"),
    _open("ezvpn", "(config-crypto-ezvpn)#"),
    Mode(
        name="keychain",
        prompt="(config-keychain)#",
        accepts_any=True,
        commands=(single("key <number:num>", key=("number",), opens="keychain-key"),),
    ),
    _open("keychain-key", "(config-keychain-key)#"),
    _open("track", "(config-track)#"),
    _open("ip-sla", "(config-ip-sla)#"),
    _open("applet", "(config-applet)#"),
    _open("object-group", "(config-network-group)#"),
    _open("parameter-map", "(config-profile)#"),
    _open("zone", "(config-sec-zone)#"),
    _open("zone-pair", "(config-sec-zone-pair)#"),
    _open("tacacs", "(config-server-tacacs)#"),
    _open("radius", "(config-radius-server)#"),
    _open("aaa-group", "(config-sg)#"),
    _open("redundancy", "(config-red)#"),
    _open("section", "(config-section)#"),
)

MODES = (ARCHIVE, ARCHIVE_LOG, VRF, ROUTER, LINE, CERTIFICATES, *OPEN_MODES)

_HEAD = (
    *plain_words("upgrade"),
    single("version <version>"),
    single("service <rest:text>", key=("rest",), negative=True),
    *plain_words("platform downward-compatible-config"),
    single("hostname <name>"),
    *plain_words("boot boot-start-marker boot-end-marker"),
    _section("vrf definition <name>", "vrf"),
    single("logging buffered <rest:text>", "logging buffered"),
    single("logging console [<rest:text>]", "logging console", negative=True),
    single("enable secret <rest:text>"),
    single("enable password <rest:text>"),
    single("aaa new-model", negative=True),
    _section("aaa group server {kind:tacacs+|radius|ldap} <name>", "aaa-group"),
    *plain_words("aaa security password clock mmi memory memory-size errdisable cts call-home authentication"),
    _section("ip vrf <name>", "vrf"),
    single("ip cef [<rest:text>]", "ip cef", negative=True),
    single("ip source-route", negative=True),
    single("ip routing", negative=True, hidden=True),
    single("ip icmp rate-limit <rest:text>", key=("rest",), negative=True),
    single("ip domain lookup", negative=True, hidden=True),
    single("ip domain lookup <rest:text>", key=("rest",)),
    single("ip domain-lookup", negative=True, hidden=True),
    single("ip domain name <name>"),
    single("ip domain-name <name>"),
    single("ip domain <rest:text>", key=("rest",)),
    single("ip host <rest:text>", key=("rest",)),
    single("ip name-server <rest:text>", key=("rest",)),
    single("ip multicast-routing [<rest:text>]", "ip multicast-routing"),
    single("ip dhcp excluded-address <rest:text>", key=("rest",)),
    single("ip dhcp snooping [<rest:text>]", "ip dhcp snooping", key=("rest",), negative=True),
    _section("ip dhcp pool <name>", "dhcp"),
    single("ipv6 unicast-routing"),
    single("ipv6 cef", negative=True),
    _section("ipv6 dhcp pool <name>", "dhcpv6"),
    *plain_words("login subscriber multilink mpls parser flow"),
    _section("key chain <name>", "keychain"),
    _section("parameter-map type <rest:text>", "parameter-map"),
    _section("crypto pki trustpoint <name>", "trustpoint"),
    _section("crypto ca trustpoint <name>", "trustpoint"),
    _section("crypto pki server <name>", "pki-server"),
    _section("crypto pki certificate map <rest:text>", "certificate-map"),
    _section("crypto pki certificate chain <name>", "certificate-chain"),
    _section("crypto ca certificate chain <name>", "certificate-chain"),
    _section("crypto pki profile <rest:text>", "section"),
    single("crypto pki <rest:text>", key=("rest",)),
    *plain_words("license diagnostic spanning-tree username"),
    _section("redundancy", "redundancy"),
    *plain_words("bsd-client process-max-time scheduler vtp lldp cdp", "~"),
    single("archive", opens="archive", separated=True),
    single("ip tcp <rest:text>", key=("rest",)),
    single("ip ssh <rest:text>", key=("rest",)),
    single("ip scp server enable"),
    _section("track <rest:text>", "track"),
    _section("object-group <rest:text>", "object-group"),
    _section("class-map <rest:text>", "class-map"),
    _section("policy-map <rest:text>", "policy-map"),
    _section("zone security <rest:text>", "zone"),
    _section("zone-pair security <rest:text>", "zone-pair"),
    _section("vlan <rest:text>", "vlan"),
    *plain_words("xconnect l2vpn l2tp-class pseudowire-class vpdn vpdn-group voice voice-card voice-port dial-peer"),
    _section("crypto key pubkey-chain rsa", "section"),
    single("crypto engine <rest:text>", key=("rest",)),
    single("crypto logging <rest:text>", key=("rest",)),
    single("crypto call admission <rest:text>", key=("rest",)),
    _section("crypto identity <name>", "section"),
    _section("crypto provisioning <rest:text>", "section"),
    _section("crypto ssl <rest:text>", "section"),
    single("crypto vpn <rest:text>", key=("rest",)),
    single("crypto xauth <rest:text>", key=("rest",)),
    single("crypto mib <rest:text>", key=("rest",)),
)

_TAIL = (
    _section("crypto gdoi group <rest:text>", "gdoi"),
    _section("crypto gkm group <rest:text>", "gdoi"),
    _section("crypto ipsec client ezvpn <name>", "ezvpn"),
)

_END = (
    _section("router <rest:text>", "router"),
    single("ip local pool <name> <rest:text>", "ip local pool", key=("name", "rest")),
    single("ip forward-protocol <rest:text>", key=("rest",), negative=True),
    single("ip http server", negative=True),
    single("ip http secure-server", negative=True),
    single("ip http <rest:text>", key=("rest",)),
    single("ip flow-export <rest:text>", key=("rest",)),
    single("ip nat <rest:text>", key=("rest",)),
    single("ip route <rest:text>", key=("rest",)),
    single("ip tacacs <rest:text>", key=("rest",)),
    single("ip radius <rest:text>", key=("rest",)),
    _section("ip access-list standard <name>", "acl-standard"),
    _section("ip access-list extended <name>", "acl-extended"),
    single("ip prefix-list <rest:text>", key=("rest",)),
    single("ip as-path access-list <rest:text>", key=("rest",)),
    single("ip community-list <rest:text>", key=("rest",)),
    _section("ip sla <number:num>", "ip-sla"),
    single("ip sla <rest:text>", key=("rest",)),
    *plain_words("ip logging dialer-list"),
    single("ipv6 route <rest:text>", key=("rest",)),
    single("ipv6 prefix-list <rest:text>", key=("rest",)),
    *plain_words("ipv6"),
    _section("route-map <rest:text>", "route-map"),
    *plain_words("access-list snmp-server tacacs-server radius-server radius tacacs"),
    _section("tacacs server <name>", "tacacs"),
    _section("radius server <name>", "radius"),
    _section("ipv6 access-list <name>", "acl-ipv6"),
    _section("control-plane [<rest:text>]", "control-plane", "control-plane"),
    Command(syntax="banner <kind> <text:text>", slot="banner", key=("kind",), captures="banner", separated=True),
    Command(syntax="banner <text:text>", slot="banner", captures="banner", separated=True),
    *plain_words("mgcp gatekeeper alias privilege monitor exception"),
    _section("line <rest:text>", "line"),
    *plain_words("ntp sntp telemetry netconf netconf-yang restconf"),
    _section("event manager applet <name>", "applet"),
    *plain_words(
        "arp bba-group bfd bridge buffers call cns config-register configuration controller default dot1x "
        "ethernet event facility-alarm file frame-relay ftp-server gateway global-address-family hw-module "
        "isdn kerberos key l2 ldap mac macro map-class map-list mls network-clock nat object oer pfr port- "
        "channel power prefix-list process process-cpu profile qos queue regexp resource rmon router-id rtr "
        "sampler scripting service-template sip-ua snmp source standby switch table-map tclsh template tftp- "
        "server time-range transceiver transport udld virtual-service vrf warm-reboot wsma webvpn zone class"
    ),
    single("end"),
)

GLOBAL = Mode(
    name="global",
    prompt="(config)#",
    indent=0,
    commands=(
        *_HEAD,
        *modes_ikev2.GLOBAL,
        *modes_ikev1.GLOBAL,
        *modes_ipsec.GLOBAL,
        *_TAIL,
        *modes_interface.GLOBAL,
        *_END,
    ),
)
"""The global mode; the order of its table is that of a running-config."""

ALL = (GLOBAL, *modes_ikev1.MODES, *modes_ikev2.MODES, *modes_ipsec.MODES, *modes_interface.MODES, *MODES)
