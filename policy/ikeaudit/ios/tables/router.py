"""Lines of the global mode that are not about crypto, around those that are; sections that are kept as they come."""

from __future__ import annotations

from ikeaudit.ios.command import Command, Mode, alike, kept, kept_words, plain_words, single
from ikeaudit.ios.tables import ikev1, ikev2, interface, ipsec, others, secrets


def _section(syntax: str, mode: str, slot: str = "", **more: object) -> Command:
    """A section that is told from others by the whole of its header."""
    return single(syntax, slot, key_of=_whole, opens=mode, separated=True, **more)


def _whole(args: dict[str, str]) -> tuple[str, ...]:
    return tuple(" ".join(value.split()) for value in args.values())


_PKI = {"section": "other", "title": "crypto pki *", "bears": "irrelevant"}
_CA = _PKI | {"title": "crypto ca *"}
_TRUSTPOINT = {"bears": "modelled"}

_CRYPTO = (
    _section("crypto key pubkey-chain rsa", "section", section="other", title="crypto *"),
    *kept_words(
        "irrelevant",
        "crypto key generate rsa; crypto key generate ec; crypto key encrypt; crypto key export; crypto key import;"
        "crypto key zeroize",
    ),
    single("crypto key [<rest:text>]", "crypto key", kept=True, bears="irrelevant", hides=secrets.KEY_FILES),
    single("crypto engine compliance shield <state>", bears="modelled", kept=True),
    single("crypto engine <rest:text>", key=("rest",)),
    single("crypto logging <rest:text>", key=("rest",)),
    single("crypto call admission <rest:text>", key=("rest",)),
    *(
        _section(f"crypto {word} [<rest:text>]", "crypto-other", f"crypto {word}", section="other", title="crypto *")
        for word in ("identity", "provisioning", "ssl", "tls-tunnel", "wui", "skip-client", "sks-client")
    ),
    single("crypto vpn <rest:text>", key=("rest",)),
    single("crypto xauth <rest:text>", key=("rest",)),
    single("crypto mib <rest:text>", key=("rest",)),
    single("crypto ctcp [<rest:text>]", "crypto ctcp"),
    single("crypto ipv6 [<rest:text>]", "crypto ipv6", bears="unclear", kept=True),
)

_HEAD = (
    *plain_words("upgrade", told_by=()),
    single("version <version>"),
    single("service <rest:operands>", key=("rest",), negative=True),
    *plain_words("platform"),
    *plain_words("downward-compatible-config", told_by=()),
    single("hostname <name>", bears="modelled"),
    *plain_words("boot boot-start-marker boot-end-marker"),
    _section("vrf definition <name>", "vrf", section="other", bears="modelled"),
    single("logging buffered <rest:operands>", "logging buffered"),
    single("logging console [<rest:text>]", "logging console", negative=True),
    single("enable secret <rest:text>"),
    single("enable password <rest:text>"),
    single("enable [<rest:text>]", "enable", kept=True, hides=secrets.ENABLE),
    single("aaa new-model", negative=True),
    _section("aaa group server {kind:tacacs+|radius|ldap} <name>", "aaa-group"),
    single("password encryption aes", bears="modelled", kept=True),
    *kept("irrelevant", "password logging [<rest:text>]"),
    *plain_words("aaa clock memory call-home"),
    *plain_words("security mmi memory-size errdisable cts authentication", told_by=()),
    _section("ip vrf <name>", "vrf", section="other", bears="modelled"),
    single("ip cef [<rest:text>]", "ip cef", negative=True),
    single("ip source-route", negative=True),
    single("ip routing", negative=True, hidden=True),
    single("ip icmp rate-limit <rest:text>", key=("rest",), negative=True),
    single("ip domain lookup", negative=True, hidden=True),
    single("ip domain lookup <rest:text>", "ip domain lookup", id="ip-domain-lookup-operands", key=("rest",)),
    single("ip domain-lookup", negative=True, hidden=True),
    single("ip domain name <name>", id="ip-domain-name", bears="modelled"),
    single("ip domain-name <name>", id="ip-domain-name", bears="modelled"),
    single("ip domain <rest:text>", key=("rest",), told_by=("ip domain list",)),
    single(
        "ip host <name> {kind:mx|ns|srv} <rest:text>", id="ip-host-record", bears="irrelevant", kept=True, told_by=()
    ),
    single("ip host <rest:text>", key=("rest",), bears="modelled"),
    single("ip name-server <rest:text>", key=("rest",)),
    single("ip multicast-routing [<rest:text>]", "ip multicast-routing"),
    single("ip dhcp excluded-address <rest:text>", key=("rest",)),
    single("ip dhcp snooping [<rest:text>]", "ip dhcp snooping", key=("rest",), negative=True),
    _section("ip dhcp pool <name>", "dhcp"),
    single("ipv6 unicast-routing"),
    single("ipv6 cef", negative=True),
    _section("ipv6 dhcp pool <name>", "dhcpv6"),
    *plain_words("login multilink mpls"),
    *plain_words("subscriber parser flow", told_by=()),
    _section("key chain <name>", "keychain"),
    _section("parameter-map type <rest:text>", "parameter-map"),
    _section("crypto pki trustpoint <name>", "trustpoint", **(_PKI | _TRUSTPOINT)),
    _section("crypto ca trustpoint <name>", "trustpoint", **(_CA | _TRUSTPOINT)),
    _section("crypto pki server <name>", "pki-server", **_PKI),
    _section("crypto ca certificate map <rest:text>", "certificate-map", **_CA),
    _section("crypto pki certificate map <rest:text>", "certificate-map", **_PKI),
    _section("crypto pki certificate chain <name>", "certificate-chain", **_PKI),
    _section("crypto ca certificate chain <name>", "certificate-chain", **_CA),
    _section("crypto pki profile <rest:text>", "crypto-other", **_PKI),
    _section("crypto pki trustpool [<rest:text>]", "crypto-other", "crypto pki trustpool", kept=True, **_PKI),
    *(
        _section(f"crypto ca {word} [<rest:text>]", "crypto-other", f"crypto ca {word}", kept=True, **_CA)
        for word in ("identity", "root", "trusted-root")
    ),
    *kept_words(
        "irrelevant",
        "crypto pki certificate pool; crypto pki token; crypto pki authenticate; crypto pki enroll; crypto ca",
    ),
    single("crypto pki <rest:text>", key=("rest",), bears="irrelevant", told_by=(), hides=secrets.PKI_FILES),
    *plain_words("license", hides=secrets.LICENSE),
    *plain_words("diagnostic spanning-tree"),
    *plain_words("username", hides=secrets.USERNAME),
    _section("redundancy", "redundancy"),
    *plain_words("scheduler lldp cdp"),
    *plain_words("bsd-client process-max-time vtp", told_by=()),
    single("archive", opens="archive", separated=True, section="other", title="archive", bears="modelled"),
    single("ip tcp <rest:text>", key=("rest",)),
    single("ip ssh <rest:text>", key=("rest",)),
    single("ip scp server enable"),
    _section("track <rest:text>", "track"),
    _section("object-group <rest:text>", "object-group", section="acl", title="object-group *"),
    _section("class-map <rest:text>", "class-map"),
    _section("policy-map <rest:text>", "policy-map"),
    _section("zone security <rest:text>", "zone"),
    _section("zone-pair security <rest:text>", "zone-pair"),
    _section("vlan <rest:text>", "vlan"),
    *plain_words("xconnect l2vpn l2tp-class pseudowire-class vpdn vpdn-group voice-card", told_by=()),
    *plain_words("voice voice-port dial-peer"),
    *alike("irrelevant", *_CRYPTO),
)

_IP = (
    "ip access-list logging; ip access-list resequence; ip access-list log-update; ip access-list match-local-traffic;"
    "ip access-list persistent; ip access-list helper; ip admission; ip arp; ip as-path; ip auth-proxy; ip bgp-community;"
    "ip bootp; ip classless; ip default-gateway; ip default-network; ip dhcp; ip finger; ip flow-cache; ip ftp;"
    "ip gratuitous-arps; ip icmp; ip igmp; ip inspect; ip local; ip mroute; ip msdp; ip nhrp; ip options;"
    "ip pim; ip rsvp; ip scp; ip subnet-zero; ip telnet; ip tftp; ip wccp"
)
"""Further lines that begin with ``ip``: it takes both words to tell them from those of an interface."""

_TAIL = (
    _section(
        "crypto {family:gdoi|gkm} group [{ipv6:ipv6}] <name>", "gdoi", "crypto gdoi", section="other", bears="modelled"
    ),
    *kept("irrelevant", "crypto gdoi <rest:text>", "crypto gkm <rest:text>"),
    _section("crypto ipsec client ezvpn <name>", "ezvpn", section="other", bears="modelled"),
)

_RARE = (
    "arp bba-group bfd bridge buffers cns config-register configuration controller dot1x ethernet facility-alarm file "
    "frame-relay ftp-server gateway global-address-family hw-module isdn l2 ldap macro map-class map-list mls "
    "network-clock nat oer pfr port- channel power prefix-list process process-cpu profile qos queue regexp resource "
    "router-id rtr sampler scripting service-template sip-ua source switch table-map tclsh tftp- server time-range "
    "transceiver transport udld virtual-service vrf warm-reboot wsma class ipx ipc"
)
"""Words that also are commands of sections, or hardly ever seen: they do not tell a line to be a global one."""

_MORE = "ccm-manager; configure; dialer; exit; keyring; module; parameter-map; sccp; write; zone-pair"
"""Words that tell a line to be a global one, or none of a section."""

_END = (
    _section("router <rest:text>", "router"),
    single("ip local policy route-map <name:text>", "ip local policy", key=("name",), kept=True),
    single("ip local pool <name> <rest:operands>", "ip local pool", key=("name", "rest")),
    single("ip forward-protocol <rest:text>", key=("rest",), negative=True),
    single("ip http server", negative=True),
    single("ip http secure-server", negative=True),
    single("ip http <rest:text>", key=("rest",)),
    single("ip flow-export <rest:text>", key=("rest",)),
    single("ip nat <rest:operands>", key=("rest",), told_by=()),
    single("ip route {what:static|topology} <rest:text>", id="ip-route-setting", bears="irrelevant", kept=True),
    single("ip route <rest:text>", key=("rest",), bears="modelled", closed=True),
    single("ip tacacs <rest:text>", key=("rest",)),
    single("ip radius <rest:text>", key=("rest",)),
    _section("ip access-list standard <name>", "acl-standard", section="acl"),
    _section("ip access-list extended <name>", "acl-extended", section="acl"),
    single("ip prefix-list <rest:operands>", key=("rest",)),
    *(_section(f"ip access-list {kind} <rest:text>", "section") for kind in ("role-based", "fqdn")),
    single("ip access-list <rest:text>", key=("rest",), bears="unclear", told_by=()),
    single("ip as-path access-list <rest:text>", key=("rest",)),
    single("ip community-list <rest:text>", key=("rest",)),
    _section("ip sla <number:num>", "ip-sla"),
    single("ip sla <rest:text>", key=("rest",)),
    *kept_words("other", _IP),
    *(
        single(f"ip nat {words} [<rest:operands>]", bears="other", kept=True, closed=True)
        for words in ("inside source", "outside source", "source")
    ),
    *kept_words("other", "ip nat pool; ip nat translation", "operands"),
    *plain_words("ip", told_by=(), hides=secrets.IP),
    *plain_words("logging dialer-list"),
    single("ipv6 route {what:static|topology} <rest:text>", id="ipv6-route-setting", bears="irrelevant", kept=True),
    single("ipv6 route <rest:text>", key=("rest",), bears="modelled", closed=True),
    single("ipv6 prefix-list <rest:text>", key=("rest",)),
    *kept_words("other", "ipv6 multicast-routing; ipv6 router"),
    *plain_words("ipv6", told_by=()),
    _section("route-map <rest:text>", "route-map", section="acl", title="route-map *"),
    single("access-list <number> <entry:operands>", key=("number", "entry"), rank="~access-list", kept=True),
    *plain_words("access-list", kind="operands"),
    *plain_words("snmp-server", hides=secrets.SNMP),
    *plain_words("tacacs-server", hides=secrets.TACACS),
    *plain_words("radius-server", hides=secrets.RADIUS),
    *plain_words("radius tacacs"),
    _section("tacacs server <name>", "tacacs", id="tacacs-server-section"),
    _section("radius server <name>", "radius", id="radius-server-section"),
    _section("ldap server <name>", "ldap"),
    _section("ipv6 access-list <name>", "acl-ipv6", section="acl"),
    _section("control-plane [{part:host|transit|cef-exception}]", "control-plane", "control-plane"),
    Command(syntax="banner <kind> <text:text>", slot="banner", key=("kind",), captures="banner", separated=True),
    Command(syntax="banner <text:text>", slot="banner", captures="banner", separated=True),
    *plain_words("mgcp gatekeeper alias monitor"),
    *plain_words("privilege exception", told_by=()),
    _section("line <rest:text>", "line"),
    *plain_words("ntp", hides=secrets.NTP),
    *plain_words("sntp telemetry netconf netconf-yang restconf", told_by=()),
    _section("event manager applet <name>", "applet"),
    *kept("modelled", "key config-key password-encrypt [<secret:secret>]"),
    *kept("irrelevant", "key config-key newpass [<secret:secret>]"),
    *kept("unclear", "key [<rest:text>]", "password [<rest:text>]"),
    *kept_words("other", _MORE),
    single("do [<rest:text>]", kept=True, told_by=("do", "no")),
    *plain_words("call default event mac object standby template webvpn zone"),
    *plain_words(_RARE, told_by=()),
    *plain_words("snmp", told_by=(), hides=secrets.SNMP_MIB),
    *plain_words("kerberos", told_by=(), hides=secrets.KERBEROS),
    *plain_words("rmon", told_by=(), hides=secrets.RMON),
    *plain_words("chat-script", told_by=(), hides=secrets.CHAT_SCRIPT),
    single("end"),
)

GLOBAL = Mode(
    name="global",
    prompt="(config)#",
    indent=0,
    commands=(*_HEAD, *ikev2.GLOBAL, *ikev1.GLOBAL, *ipsec.GLOBAL, *_TAIL, *interface.GLOBAL, *_END),
)
"""The global mode; the order of its table is that of a running-config."""

ALL = (GLOBAL, *ikev1.MODES, *ikev2.MODES, *ipsec.MODES, *interface.MODES, *others.MODES)
