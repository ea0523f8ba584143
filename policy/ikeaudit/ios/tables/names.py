"""Where names of objects and texts of people stand in lines that other tables take as they come."""

from __future__ import annotations


def _entries(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.replace("\n", ";").split(";") if entry.strip())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMES = _entries(
    """
    route-map <name>; interface <name>; domain <name>; class <name>; class type <type> <name>; pool <name>; acl <name>
    fvrf <name>; object <name>; track <name>; rsakeypair <name>; key-chain <name>; template <name>; vpdn-group <name>
    service-policy (input|output) <name>; service-policy type <type> <name>
    service-policy type <type> (input|output) <name>; object-group <kind> <name>; group-object <name>
    (class-map|policy-map|parameter-map) <name>; (class-map|policy-map|parameter-map) (match-any|match-all) <name>
    (class-map|policy-map|parameter-map) type <type> <name>
    (class-map|policy-map|parameter-map) type <type> <kind> <name>
    zone security <name>; zone-member security <name>
    zone-pair security <name> [source <source> [destination <destination>]]
    policy route-map <name>; (ip|ipv6) policy route-map <name>; access-group <name>; (ip|ipv6) access-group <name>
    (ip|ipv6) access-list <name>; ip (domain-list|host|prefix-list) <name>; ip domain (name|list) <name>
    ip nat pool <name>; ip nat (inside|outside) source (list|static|route-map) <name> [pool <pool>]
    ip ospf authentication (message-digest|null); ip ospf authentication key-chain <name>
    ip route vrf <name>; ip local pool <name>; address-family <family> vrf <name>
    neighbor <peer:ip> (route-map|peer-group|prefix-list|filter-list) <name>; match (class-map|vrf|certificate|fvrf) <name>
    match ip address [prefix-list] <name>; match access-group [name] <name>; match identity <kind> <name> [<more> [<more>]]
    match identity remote <kind> [domain] <name>; match identity <kind> domain <name>
    match address <kind> <name> [<more> [<more>]]
    set (transform-set|isakmp-profile|ikev2-profile|peer|group|vrf) <name>; tunnel (source|destination|vrf) <name>
    aaa (authentication|authorization|accounting) <service> <list> [<list>]
    aaa authorization (group|user) [override] <name>; login authentication <name>
    [client] (authentication|authorization|accounting) list <name>; isakmp authorization list <name>
    crypto call admission limit <name>; crypto (pki|ca) (profile|identity|trustpoint|trust-point|server) <name>
    crypto (pki|ca) certificate (map|chain) <name>; identity [local] <kind> [domain] <name>
    self-identity <kind> [domain] <name>; crypto ikev2 cluster <name>; mka policy <name>; mka pre-shared-key key-chain <name>
    aaa authorization (group|user) [override] psk list <name>; password (restriction|policy) <name>
    security (password|passwords) (min-length|authentication) <name>
    crypto key (decrypt|lock|unlock|param|storage|move|certificate|mypubkey) <name>
    """
)
"""Commands behind which a name of an object stands."""

NAMING = _words(
    """
    vrf fvrf ivrf route-map class-map policy-map access-group access-class prefix-list key-chain list pool acl track
    object object-group group-object addrgroup class rsakeypair zone-member input output peer-group filter-list group map
    virtual-template
    """
)
"""Keywords right behind which a name of an object stands, in whatever command of the tables."""

NAMING_NEEDED = NAMING | _words(
    """
    address host nbma eq neq lt gt range source destination interface redundancy remote-peer certificate dynamic security
    """
)
"""As ``NAMING``, in commands whose operands the model needs."""

NAMES_BESIDE_SECRETS = _entries("snmp-server (group|view|user) <name>; username <name>; group <name>")
"""As ``NAMES``; the same lines may hold a secret."""

CRYPTO = "crypto"

AT_THE_MARGIN = (CRYPTO, "interface", "hostname", "ip")
"""What the commands begin with that are known for sure behind a mark of somebody, or in a text that is something else."""

VITAL = ("crypto", "interface", "hostname", "pre-shared-key")
"""First words of commands that tunnels depend on, wherever they stand: one with a typing error stays to be seen."""

VITAL_IN_INTERFACE = ("tunnel", "crypto", "shutdown", "vrf", "standby")
VITAL_AFTER_IP = ("address", "nhrp", "vrf", "unnumbered")
"""The same of an interface's commands: their first words, and what stands behind those of ``IP``."""

IP = ("ip", "ipv6")
FAMILIES = (CRYPTO, *IP)
"""First words of whole families of commands, which tell nothing without the next."""

NEVER_A_HALF = _words("ip ipv6 match set no peer crypto local-address pre-shared-key description")
"""What no line begins with that is the rest of one wrapped by a terminal."""

OF_ONE_WORD = _words("shutdown rekey archive")
"""Commands that are a whole line, and stand below others that want a name."""

PROSE = _entries(
    """
    description; remark; <number> remark; sequence <number> remark; access-list <words:words> remark
    (ip|ipv6) access-list <words:words> remark; banner; alias; name
    """
)
"""Commands behind which there is text that people write."""

DELIMITED = _entries(
    """
    banner [(motd|login|exec|incoming|slip-ppp|prompt-timeout)]; title; menu <name> (title|prompt)
    (vacant-message|refuse-message); busy-message <host>; (auth-banner|logon-banner); ip admission banner <name>
    aaa authentication (banner|fail-message)
    """
)
"""Commands behind which text stands between two delimiters, over several lines."""

DATA_ENDS = "quit"
"""The line behind the data of certificates and public keys."""

MACRO = "macro name"
"""The command behind which lines are text up to one that holds nothing but ``@``."""

FREE_TEXT = (
    PROSE
    + DELIMITED
    + (MACRO,)
    + _entries(
        """
    menu; busy-message; macro; event; action; location; contact; cli; comment
    snmp-server (location|contact|chassis-id); neighbor <peer> description; (ip|ipv6) route <words:words> name; privilege
    """
    )
)
"""Commands behind which there is text of people or a command, and no operand that matters."""

LABELS = _entries(
    """
    <words:words> description; (permit|deny) <entry:words> (log|log-input)
    <words:words> (permit|deny) <entry:words> (log|log-input)
    """
)
"""Commands, whatever they are, behind which stands what people call them: the tag of an access list's log (IOS-XE)."""

PROTOCOLS = _words("ahp eigrp esp gre hbh icmp icmp6 icmpv6 igmp igrp ip ipinip ipv6 nos ospf pcp pim sctp tcp udp")
"""Protocols by the names that access lists give them."""

VALUES = _words(
    """
    3des aes aes-cbc-128 aes-cbc-192 aes-cbc-256 aes-gcm-128 aes-gcm-256 des seal gmac null md5 sha sha1 sha256 sha384
    sha512 esp-3des esp-aes esp-des esp-gcm esp-gmac esp-md5-hmac esp-null esp-seal esp-sha-hmac esp-sha256-hmac
    esp-sha384-hmac esp-sha512-hmac ah-md5-hmac ah-sha-hmac ah-sha256-hmac tunnel transport pre-share rsa-sig rsa-encr
    ecdsa-sig seconds kilobytes any host permit deny established eq neq gt lt range log log-input tcp udp icmp ip ipv6 ospf
    eigrp bgp in out both esp ahp gre inside outside overload static source list pool interface active standby up down
    ipsec isakmp ikev1 ikev2 default none main aggressive responder initiator periodic on-demand disable enable multipoint
    dynamic local remote address hostname fqdn email user-fqdn key-id group1 group2 group5 group14 group15 group16 group19
    group20 group21 group24 mlkem512 mlkem768 mlkem1024 required optional inbound-only no-xauth yes no on off
    """
)
"""Values that commands take, and that are no names."""

COMMON = _words(
    """
    connected redistribute network neighbor remote-as activate area metric distance seq le ge vrf redundancy priority
    preempt timers track decrement dot1q native multicast broadcast unicast auto full half input output debug timestamps
    datetime msec localtime show-timezone uptime version traps informs if-authenticated start-stop common exec commands
    login authentication authorization accounting session-id bundle-name authenticated informational warnings errors
    notifications critical alerts emergencies debugging udp-port auth-port acct-port port encryption level privilege
    extended standard log-neighbor-changes non500-isakmp bootps bootpc domain snmp snmptrap syslog tftp www ssh telnet ntp
    tacacs ftp ftp-data smtp pop3 echo echo-reply unreachable time-exceeded ttl-exceeded packet-too-big
    administratively-prohibited host-unreachable fragments permanent name minimum deadline priority-queue bandwidth
    percent shape average fair-queue random-detect dscp-based dscp match-any match-all class-default source-interface
    password-encryption password-recovery pad tcp-keepalives-in tcp-keepalives-out sequence-numbers tcp-small-servers
    udp-small-servers compress-config unsupported-transceiver linenumber hide-telnet-addresses dhcp nagle
    ah cipher authenticator max-connections v6-network match-in-vrf no-alias no-payload mapping-id add-route reversible
    stateless oer match-host nexthop-vrf fallback v6-service addrgroup
    mask link-local eui-64 anycast primary inbound outbound v1 v2c v3 encrypted prefix-length extendable global reversible nbma
    timezone on-failure on-success system ef af11 af21 af31 af41 cs1 cs2 cs3 cs6 virtual-reassembly
    """
)
"""Further words of commands that are taken as they come."""
