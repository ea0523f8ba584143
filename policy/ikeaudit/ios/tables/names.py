"""Where names of objects and texts of people stand in lines that other tables take as they come."""

from __future__ import annotations


def _entries(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.replace("\n", ";").split(";") if entry.strip())


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

NAMES_BESIDE_SECRETS = _entries("snmp-server (group|view|user) <name>; username <name>; group <name>")
"""As ``NAMES``; the same lines may hold a secret."""

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

FREE_TEXT = (
    PROSE
    + DELIMITED
    + _entries(
        """
    menu; busy-message; macro; event; action; location; contact; cli; comment; snmp-server (location|contact|chassis-id)
    neighbor <peer> description; (ip|ipv6) route <words:words> name; privilege
    """
    )
)
"""Commands behind which there is text of people or a command, and no operand that matters."""
