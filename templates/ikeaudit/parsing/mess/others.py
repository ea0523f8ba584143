"""Other systems, and the lines by which their configurations are told: none of them is a line of IOS."""

from __future__ import annotations

from typing import NamedTuple


class Other(NamedTuple):
    """Another system: ``lines`` that IOS hardly has, and ``telling`` ones that only it has.

    Telling lines weigh more, and where a system has some the others count for nothing without one of them.
    """

    name: str
    lines: str
    telling: str | None = None


TEMPLATE = "a template whose values are not filled in"
OTHERS = (
    Other(
        "a Cisco ASA configuration",
        r"(?:ASA|PIX) Version|nameif \S+|security-level \d+|tunnel-group \S+ |crypto map \S+ interface \S+"
        r"|crypto map \S+ \d+ (?:match|set) |crypto ikev1 |crypto ikev2 enable|crypto isakmp enable \S+"
        r"|crypto ipsec ikev[12] |access-list \S+ extended |same-security-traffic|object network |nat \(\S+\)"
        r"|crypto dynamic-map \S+ \d+ (?:match|set) |route (?:outside|inside) |global \(|ikev[12] |sysopt ",
    ),
    Other(
        "a VyOS configuration",
        r"(?:vpn|interfaces|system|service|firewall|ipsec|esp-group \S+|ike-group \S+|(?:ethernet|vti|tunnel) \S+) \{$",
        r"set (?:vpn ipsec|interfaces (?:tunnel|ethernet|vti) |protocols (?:static|bgp|nhrp) )"
        r"|vpn \{$|site-to-site \{$|(?:esp|ike)-group \S+ \{$|ethernet eth\d \{$",
    ),
    Other(
        "a Junos configuration",
        r"set (?:security (?:ike|ipsec|zones|policies)|system (?:host-name|root)|interfaces \S+ unit|version \d)"
        r"|(?:security|interfaces|system|routing-options|protocols|ike|ipsec|proposal \S+|policy \S+|gateway \S+) \{$"
        r"|## Last (?:commit|changed)",
    ),
    Other(
        "a Huawei VRP configuration",
        r"sysname \S+|ike (?:peer|proposal) \S+|ipsec (?:policy|proposal) \S+|undo \S+|firewall zone |security-policy$"
        r"|acl (?:ipv6 )?number \d+|ip route-static |ike-peer |rule (?:name|\d+) |\[[\w-]+\]",
    ),
    Other(
        "an H3C Comware configuration",
        r"sysname \S+|ike proposal \S+|ipsec (?:policy|transform-set) \S+|ip route-static |security acl ",
        r"version \d+\.\d+\.\d+, (?:Release|ESS|Feature|Alpha)|ike (?:keychain|profile) \S+|port link-mode |ipsec apply ",
    ),
    Other(
        "a Cisco NX-OS configuration",
        r"vpc domain \d|ip address \d+(?:\.\d+){3}/\d+",
        r"feature [\w-]+$|vdc \S+ id \d|version \d+\.\d+\(\d+\)(?: Bios|[A-Z]\d*\(|$)|vrf (?:context|member) \S+|boot nxos ",
    ),
    Other(
        "a Cisco IOS XR configuration",
        r"route-policy \S+$|match identity address \S+/\d+ vrf |transform (?:esp|ah)-|crypto isakmp$"
        r"|set type (?:static|dynamic)$",
        r"!! IOS XR|RP/\d/\S+CPU\d|ipv4 address |end-policy$|interface (?:service-ipsec|tunnel-ip|Bundle-Ether|MgmtEth)\d",
    ),
    Other(
        "an Arista EOS configuration",
        r"ip address \d+(?:\.\d+){3}/\d+",
        r"! device: .*EOS|ip security$|transceiver qsfp|service routing protocols model|management api |vrf instance \S+"
        r"|tunnel ipsec profile |daemon TerminAttr",
    ),
    Other(
        "an Aruba configuration",
        r"version v[12]$|encryption aes(?:128|192|256)$|hash sha2-|location \"|trusted$",
        r"crypto-local |netservice \S+|user-role \S+|wlan (?:ssid-profile|virtual-ap) |ap system-profile |ip NAT pool "
        r"|ip access-list session |controller config \d|mgmt-user |crypto isakmp (?:eap-passthrough|psk-caching)|vpn-dialer ",
    ),
    Other(
        "an Adtran configuration",
        r"respond anymode|initiate (?:main|aggressive)$|ip firewall$|ip crypto$|local-id (?:address|fqdn) ",
        r"! ADTRAN|crypto ike (?:policy|client|remote-id)\b|crypto map \S+ \d+ ipsec-ike$",
    ),
    Other(
        "an SD-WAN vEdge configuration",
        r"system-ip \S+|organization-name |site-id \d|color \S+$",
        r"host-name [^;]+$|vpn \d+$|interface (?:ge\d|ipsec\d|gre\d)|tunnel-(?:source|destination) \S+",
    ),
    Other(
        "a Dell OS10 configuration",
        r"interface (?:vlan\d+|ethernet\d+/\d+/\d+)$|ip vrf default$",
        r"! Version 10\.\d|system-user linuxadmin ",
    ),
    Other(
        "a Brocade or Ruckus switch configuration",
        r"stack unit \d|router-interface ve \d|ip route \d+(?:\.\d+){3}/\d",
        r"ver \d\d\.\d|vlan \d+ name \S+ by port|interface ve \d",
    ),
    Other(
        "a Cisco Small Business configuration",
        r"vlan database$|@$|ip ssh server$",
        r"config-file-header$|file SSD indicator|ssd-control-(?:start|end)|ssd config$",
    ),
    Other("a ZTE configuration", r"\$$", r"!</?[\w-]+>|</?mim>|mng-hostname "),
    Other(
        "a freeRtr configuration",
        r"ipv4 (?:address|route) |enc\w* hdlc$",
        r"no log-link-change$|ipv[46] addr \S+|tunnel mode (?:expbun|pckoudp|wireguard)",
    ),
    Other("a Ruijie configuration", r"(?!)", r"version \d+\.\d+\(\d+\)B\d+P?\d*$|hostname Ruijie$"),
    Other(
        "an S-Terra configuration",
        r"(?:encr|hash) gost|authentication gost|group vko\d?|crypto ipsec transform-set \S+ .*gost",
    ),
    Other(
        "an FRR configuration",
        r"ip route \d+(?:\.\d+){3}/\d|ip address \d+(?:\.\d+){3}/\d+",
        r"frr (?:version|defaults) |service integrated-vtysh-config|tunnel protection vici ",
    ),
    Other(
        "a FortiOS configuration",
        r"config (?:vpn ipsec|system (?:global|interface)|firewall) ?|set phase1name |edit \"|.?config-version=",
    ),
    Other("a MikroTik configuration", r"/ip ipsec|/interface (?:gre|ethernet)|add address=|# .* by RouterOS"),
    Other(
        "a strongSwan configuration", r"conn \S+$|leftsubnet=|rightsubnet=|keyexchange=|left=|right=|connections \{$"
    ),
    Other("a PAN-OS configuration", r"set (?:network (?:ike|tunnel|interface)|deviceconfig) "),
    Other(TEMPLATE, r".*(?:\{\{[^{}]*\}\}|\{%|<\?(?:php|=)|<%|</?#|\$\{\w)"),
)
"""Told in this order where two weigh the same."""
