"""Modes that are not about crypto: archive, routing, lines, PKI, GET VPN, Easy VPN, and sections kept as they come."""

from __future__ import annotations

from ikeaudit.ios.command import Bears, Command, Mode, kept, kept_words, single
from ikeaudit.ios.tables import secrets
from ikeaudit.ios.tables.names import DATA_ENDS

ARCHIVE = Mode(
    name="archive",
    prompt="(config-archive)#",
    bears="irrelevant",
    rest="irrelevant",
    commands=(
        single("log config", opens="archive-log"),
        single("path <url:url>", bears="modelled"),
        single("maximum <n:num>"),
        single("time-period <n:num>"),
        single("write-memory"),
        single("rollback <rest:text>", key=("rest",)),
    ),
)

ARCHIVE_LOG = Mode(
    name="archive-log",
    prompt="(config-archive-log-cfg)#",
    bears="irrelevant",
    rest="irrelevant",
    commands=(
        single("record rc", told_by=("record",)),
        single("logging enable", told_by=("logging",)),
        single("logging persistent [<rest:text>]", "logging persistent"),
        single("logging size <n:num>"),
        single("notify syslog [<rest:text>]", "notify syslog", told_by=("notify",)),
        single("hidekeys"),
    ),
)

VRF = Mode(
    name="vrf",
    prompt="(config-vrf)#",
    accepts_any=True,
    bears="irrelevant",
    rest="irrelevant",
    commands=(
        single("description <text:text>"),
        single("rd <rd>"),
        single("address-family <rest:text>", key=("rest",), opens="vrf-af", closing=("exit-address-family", "!")),
        *kept_words(
            "irrelevant",
            "route-target; exit-address-family; import; export; vpn; mdt; maximum routes; context; route-replicate;"
            "inter-as-hybrid; bgp; snmp",
        ),
    ),
)

ROUTER = Mode(
    name="router",
    prompt="(config-router)#",
    accepts_any=True,
    commands=(
        *kept("other", "neighbor <peer> password [<encoding:encoding>] <secret:secret>"),
        *kept("other", "neighbor <peer> remote-as <number>", "neighbor <peer> peer-group [<group>]"),
        *kept("other", "neighbor <peer> activate", "network <rest:operands>", "autonomous-system <number:num>"),
        *kept("other", "passive-interface <interface>"),
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
        single("password [<encoding:encoding>] <secret:secret>"),
        single("login [<rest:text>]", "login"),
        single("access-class <acl> <rest:text>", key=("rest",)),
    ),
)

CERTIFICATES = Mode(
    name="certificate-chain",
    prompt="(config-cert-chain)#",
    bears="irrelevant",
    rest="irrelevant",
    commands=(Command(syntax="certificate <rest:text>", slot="certificate", key=("rest",), captures=DATA_ENDS),),
)


def _open(name: str, prompt: str, *commands: Command, rest: Bears = "unclear", ordered: bool = False) -> Mode:
    return Mode(name=name, prompt=prompt, accepts_any=True, commands=commands, rest=rest, ordered=ordered)


_ENTRY = kept_words("modelled", "permit; deny; remark; evaluate; dynamic")
_NUMBERED = kept("modelled", *(f"<number:num> {word} [<rest:text>]" for word in ("permit", "deny", "remark")))

_OF_GROUPS = (
    *kept_words("other", "range; group-object; tcp; udp; tcp-udp; icmp", "operands"),
    *kept(
        "other",
        "host <address>",
        "any",
        "ip",
        "esp",
        "ahp",
        "gre",
        "<address:ip> <mask:mask>",
        "<address:ip> <length:word>",
        "<prefix:ipv6>",
        "<protocol:num>",
    ),
)

_TRUSTPOINT = (
    single("password [<encoding:encoding>] <secret:secret>", kept=True, bears="irrelevant"),
    *kept_words(
        "irrelevant",
        "enrollment; revocation-check; rsakeypair; eckeypair; subject-name; subject-alt-name; serial-number; fqdn;"
        "ip-address; usage; auto-enroll; fingerprint; hash; vrf; source interface; database; issuer-name; grant; lifetime;"
        "shutdown; crl; cdp-url; authorization; match certificate; chain-validation; ocsp; regenerate; root; quit",
    ),
)

_GDOI = (
    *kept(
        "modelled",
        "identity number <number:num>",
        "identity address ipv4 <address>",
        "server address {family:ipv4|ipv6} <address>",
        "server hostname {family:ipv4|ipv6} <host>",
        "server local",
        "client registration interface <interface:text>",
        "client protocol gikev2 <profile>",
        "gikev2 <profile>",
        "authorization address ipv4 <list>",
        "address {family:ipv4|ipv6} <address>",
    ),
    *kept("unclear", "identity address [<rest:text>]", "server address [<rest:text>]"),
    *kept("irrelevant", "authorization identity <rest:text>"),
    *kept_words("unclear", "authorization; gikev2; client protocol gikev2"),
    *kept_words(
        "irrelevant",
        "passive; rekey; sa ipsec; sa receive-only; sa d3p; sa pair-wise-keying; gdoi;"
        "registration; client; client protocol; profile; match address;"
        "replay; no replay; redundancy; local priority; peer address; protocol version; protocol pdu; tag cts; group size; pfs;"
        "identifier; range; value",
    ),
)

_EZVPN = (
    *kept(
        "modelled",
        "group <group> key [<encoding:encoding>] <key:secret>",
        "peer <peer:text>",
        "local-address <interface:text>",
        "connect <connect:text>",
        "mode <mode:text>",
        "virtual-interface [<number:num>]",
    ),
    single("username <name> password [<encoding:encoding>] <secret:secret>", bears="irrelevant", kept=True),
    *kept_words(
        "irrelevant",
        "acl; backup; ctcp port; dead-peer-detection; default; flow allow acl; flow restrict; idletime; nat allow; nat acl;"
        "xauth userid mode",
    ),
)


OPEN_MODES = (
    _open("vrf-af", "(config-vrf-af)#", rest="irrelevant"),
    _open("router-af", "(config-router-af)#"),
    _open("acl-extended", "(config-ext-nacl)#", *_ENTRY, *_NUMBERED, ordered=True),
    _open("acl-standard", "(config-std-nacl)#", *_ENTRY, *_NUMBERED, ordered=True),
    _open("acl-ipv6", "(config-ipv6-acl)#", *_ENTRY, *_NUMBERED, ordered=True),
    _open(
        "route-map",
        "(config-route-map)#",
        *kept_words("other", "match ip address; match interface", "operands"),
        *kept_words("unclear", "continue"),
    ),
    _open("class-map", "(config-cmap)#", *kept("other", "match any")),
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
    _open("trustpoint", "(ca-trustpoint)#", *_TRUSTPOINT, rest="irrelevant"),
    _open("pki-server", "(cs-server)#", *_TRUSTPOINT, rest="irrelevant"),
    _open("certificate-map", "(ca-certificate-map)#", rest="irrelevant"),
    _open("gdoi", "(config-gdoi-group)#", *_GDOI),
    _open("ezvpn", "(config-crypto-ezvpn)#", *_EZVPN),
    Mode(
        name="keychain",
        prompt="(config-keychain)#",
        accepts_any=True,
        commands=(single("key <number:num>", key=("number",), opens="keychain-key"),),
    ),
    _open("keychain-key", "(config-keychain-key)#", *kept("other", "key-string [<encoding:encoding>] <secret:secret>")),
    _open("track", "(config-track)#"),
    _open("ip-sla", "(config-ip-sla)#"),
    _open("applet", "(config-applet)#"),
    _open("object-group", "(config-network-group)#", *_OF_GROUPS),
    _open("parameter-map", "(config-profile)#"),
    _open("zone", "(config-sec-zone)#"),
    _open("zone-pair", "(config-sec-zone-pair)#"),
    _open("tacacs", "(config-server-tacacs)#", *kept("other", "key [<encoding:encoding>] <secret:secret>")),
    _open("radius", "(config-radius-server)#", *kept("other", "key [<encoding:encoding>] <secret:secret>")),
    _open("ldap", "(config-ldap-server)#"),
    _open("aaa-group", "(config-sg)#", *kept("other", *secrets.AAA_GROUP)),
    _open("redundancy", "(config-red)#"),
    _open("section", "(config-section)#"),
    _open("crypto-other", "(config-section)#", rest="irrelevant"),
)

MODES = (ARCHIVE, ARCHIVE_LOG, VRF, ROUTER, LINE, CERTIFICATES, *OPEN_MODES)
