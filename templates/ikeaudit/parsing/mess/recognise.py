"""Is this an IOS configuration at all? If not, what is it, in words for a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ikeaudit.model import FileKind
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess.notes import is_prose


class Verdict(NamedTuple):
    """``reason`` is None for IOS; ``vendor`` says that it is a configuration of another system."""

    reason: str | None
    vendor: bool = False
    kind: FileKind = "not-ios"


class _Other(NamedTuple):
    """Another system: ``lines`` that IOS hardly has, and ``telling`` ones that only it has.

    Telling lines weigh more, and where a system has some the others count for nothing without one of them.
    """

    name: str
    lines: str
    telling: str | None = None


_TEMPLATE = "a template whose values are not filled in"
_OTHERS = (
    _Other(
        "a Cisco ASA configuration",
        r"(?:ASA|PIX) Version|nameif \S+|security-level \d+|tunnel-group \S+ |crypto map \S+ interface \S+"
        r"|crypto map \S+ \d+ (?:match|set) |crypto ikev1 |crypto ikev2 enable|crypto isakmp enable \S+"
        r"|crypto ipsec ikev[12] |access-list \S+ extended |same-security-traffic|object network |nat \(\S+\)"
        r"|crypto dynamic-map \S+ \d+ (?:match|set) |route (?:outside|inside) |global \(|ikev[12] |sysopt ",
    ),
    _Other(
        "a VyOS configuration",
        r"(?:vpn|interfaces|system|service|firewall|ipsec|esp-group \S+|ike-group \S+|(?:ethernet|vti|tunnel) \S+) \{$",
        r"set (?:vpn ipsec|interfaces (?:tunnel|ethernet|vti) |protocols (?:static|bgp|nhrp) )"
        r"|vpn \{$|site-to-site \{$|(?:esp|ike)-group \S+ \{$|ethernet eth\d \{$",
    ),
    _Other(
        "a Junos configuration",
        r"set (?:security (?:ike|ipsec|zones|policies)|system (?:host-name|root)|interfaces \S+ unit|version \d)"
        r"|(?:security|interfaces|system|routing-options|protocols|ike|ipsec|proposal \S+|policy \S+|gateway \S+) \{$"
        r"|## Last (?:commit|changed)",
    ),
    _Other(
        "a Huawei VRP configuration",
        r"sysname \S+|ike (?:peer|proposal) \S+|ipsec (?:policy|proposal) \S+|undo \S+|firewall zone |security-policy$"
        r"|acl (?:ipv6 )?number \d+|ip route-static |ike-peer |rule (?:name|\d+) |\[[\w-]+\]",
    ),
    _Other(
        "an H3C Comware configuration",
        r"sysname \S+|ike proposal \S+|ipsec (?:policy|transform-set) \S+|ip route-static |security acl ",
        r"version \d+\.\d+\.\d+, (?:Release|ESS|Feature|Alpha)|ike (?:keychain|profile) \S+|port link-mode |ipsec apply ",
    ),
    _Other(
        "a Cisco NX-OS configuration",
        r"vpc domain \d|ip address \d+(?:\.\d+){3}/\d+",
        r"feature [\w-]+$|vdc \S+ id \d|version \d+\.\d+\(\d+\)(?: Bios|[A-Z]\d*\(|$)|vrf (?:context|member) \S+|boot nxos ",
    ),
    _Other(
        "a Cisco IOS XR configuration",
        r"route-policy \S+$|match identity address \S+/\d+ vrf |transform (?:esp|ah)-|crypto isakmp$"
        r"|set type (?:static|dynamic)$",
        r"!! IOS XR|RP/\d/\S+CPU\d|ipv4 address |end-policy$|interface (?:service-ipsec|tunnel-ip|Bundle-Ether|MgmtEth)\d",
    ),
    _Other(
        "an Arista EOS configuration",
        r"ip address \d+(?:\.\d+){3}/\d+",
        r"! device: .*EOS|ip security$|transceiver qsfp|service routing protocols model|management api |vrf instance \S+"
        r"|tunnel ipsec profile |daemon TerminAttr",
    ),
    _Other(
        "an Aruba configuration",
        r"version v[12]$|encryption aes(?:128|192|256)$|hash sha2-|location \"|trusted$",
        r"crypto-local |netservice \S+|user-role \S+|wlan (?:ssid-profile|virtual-ap) |ap system-profile |ip NAT pool "
        r"|ip access-list session |controller config \d|mgmt-user |crypto isakmp (?:eap-passthrough|psk-caching)|vpn-dialer ",
    ),
    _Other(
        "an Adtran configuration",
        r"respond anymode|initiate (?:main|aggressive)$|ip firewall$|ip crypto$|local-id (?:address|fqdn) ",
        r"! ADTRAN|crypto ike (?:policy|client|remote-id)\b|crypto map \S+ \d+ ipsec-ike$",
    ),
    _Other(
        "an SD-WAN vEdge configuration",
        r"system-ip \S+|organization-name |site-id \d|tunnel-interface$|color \S+$",
        r"host-name [^;]+$|vpn \d+$|interface (?:ge\d|ipsec\d|gre\d)|tunnel-(?:source|destination) \S+",
    ),
    _Other(
        "a Dell OS10 configuration",
        r"interface (?:vlan\d+|ethernet\d+/\d+/\d+)$|ip vrf default$",
        r"! Version 10\.\d|system-user linuxadmin ",
    ),
    _Other(
        "a Brocade or Ruckus switch configuration",
        r"stack unit \d|router-interface ve \d|ip route \d+(?:\.\d+){3}/\d",
        r"ver \d\d\.\d|vlan \d+ name \S+ by port|interface ve \d",
    ),
    _Other(
        "a Cisco Small Business configuration",
        r"vlan database$|@$|ip ssh server$",
        r"config-file-header$|file SSD indicator|ssd-control-(?:start|end)|ssd config$",
    ),
    _Other("a ZTE configuration", r"\$$", r"!</?[\w-]+>|</?mim>|mng-hostname "),
    _Other(
        "a freeRtr configuration",
        r"ipv[46] (?:address|route) |vrf (?:for|def)\w* \S+$|enc\w* hdlc$",
        r"no log-link-change$|ipv[46] addr \S+|tunnel mode (?:expbun|pckoudp|wireguard)",
    ),
    _Other("a Ruijie configuration", r"(?!)", r"version \d+\.\d+\(\d+\)B\d+P?\d*$|hostname Ruijie$"),
    _Other(
        "an S-Terra configuration",
        r"(?:encr|hash) gost|authentication gost|group vko\d?|crypto ipsec transform-set \S+ .*gost",
    ),
    _Other(
        "an FRR configuration",
        r"ip route \d+(?:\.\d+){3}/\d|ip address \d+(?:\.\d+){3}/\d+",
        r"frr (?:version|defaults) |service integrated-vtysh-config|tunnel protection vici ",
    ),
    _Other(
        "a FortiOS configuration",
        r"config (?:vpn ipsec|system (?:global|interface)|firewall) ?|set phase1name |edit \"|.?config-version=",
    ),
    _Other("a MikroTik configuration", r"/ip ipsec|/interface (?:gre|ethernet)|add address=|# .* by RouterOS"),
    _Other(
        "a strongSwan configuration",
        r"conn \S+$|leftsubnet=|rightsubnet=|keyexchange=|left=|right=|connections \{$",
    ),
    _Other("a PAN-OS configuration", r"set (?:network (?:ike|tunnel|interface)|deviceconfig) "),
    _Other(_TEMPLATE, r".*(?:\{\{[^{}]*\}\}|\{%|<\?(?:php|=)|<%|</?#|\$\{\w)"),
)
_PATTERNS = tuple(
    (other.name, re.compile(other.lines), re.compile(other.telling) if other.telling else None) for other in _OTHERS
)
_ANY_OTHER = re.compile("|".join(f"{other.lines}|{other.telling or other.lines}" for other in _OTHERS))
_TELLING_WEIGHT = 3
_IOS = re.compile(
    "|".join(
        (
            r"crypto (?:keyring|gdoi group|pki|key generate)",
            r"crypto isakmp (?:policy|key|profile|keepalive|identity|peer|client|invalid|aggressive)",
            r"crypto ipsec (?:transform-set \S+ \S+|profile \S+|security)",
            r"crypto map \S+ (?:\d+ (?:ipsec-isakmp|gdoi)|local-address|isakmp-profile|client)",
            r"crypto (?:dynamic-map \S+ \d+$|ikev2 (?:keyring|profile|proposal \S+|policy [A-Za-z]))",
            r"cry\w* (?:isa\w*|ips\w*|map|key\w*|ikev2) \S+",
            r"tunnel (?:source|destination|mode|protection|vrf|key) \S+",
            r"pre-shared-key (?:address|hostname) \S+ ",
            r"match identity (?:address|host|user|group|remote) \S+",
            r"set transform-set \S+",
            r"interface [A-Z][A-Za-z-]+ ?\d",
            r"int\w* (?:tu\w*|lo\w*|gi?\w*|fa?\w*|e\w*|se?\w*) ?\d",
            r"ip add\w* \d+(?:\.\d+){3} \d+(?:\.\d+){0,3}\.?",
            r"ip (?:nhrp \S+|vrf \S+|access-list (?:extended|standard) \S+|domain[ -]name \S+)",
            r"ip route (?:vrf \S+ )?\d+(?:\.\d+){3} \d+(?:\.\d+){3} \S+",
            r"access-list \d+ (?:permit|deny|remark) ",
            r"vrf definition \S+|router (?:bgp|ospf|eigrp|rip)|line (?:vty|con|aux) \d",
            r"service timestamps|boot-start-marker|version 1[2-7]\.\d",
        )
    ),
    re.IGNORECASE,
)
_HINTS = (
    ("it looks like an Ansible playbook", re.compile(r"- (?:name|hosts): |tasks:$|(?:cisco\.ios\.)?ios_config:$"), 2),
    ("it looks like Terraform", re.compile(r"(?:resource|module|provider|variable) \"[^\"]+\" .*\{$"), 1),
    ("it looks like a debug log", re.compile(r"\S.* (?:ISAKMP|IKEv2|IPSEC|IPSec|CRYPTO)\b.*:"), 2),
)
"""What a file is in which nothing of IOS was found: the reason, its lines, how many there must be."""

NOT_RECOGNISED = "no IOS configuration was recognised in it"
"""The reason for a text that is nothing known."""

_ENOUGH_OTHERS = 2
_PLENTY = 50
_TOO_MANY_OTHERS = 6


def recognise(lines: Iterable[Line], raw: str | None = None) -> Verdict:
    """Weigh the lines that only IOS has against those that only another system has."""
    if raw is not None and ("\x00" in raw or raw.count("\ufffd") > len(raw) // 20):
        return Verdict("a binary file", kind="unreadable")
    ios = 0
    others: dict[str, int] = {}
    told = {name for name, _, telling in _PATTERNS if telling is None}
    seen: list[str] = []
    for line in lines:
        text = line.text
        if not text:
            continue
        seen.append(text)
        if _ANY_OTHER.match(text):
            for name, pattern, telling in _PATTERNS:
                if telling is not None and telling.match(text):
                    told.add(name)
                    others[name] = others.get(name, 0) + _TELLING_WEIGHT
                elif pattern.match(text):
                    others[name] = others.get(name, 0) + 1
        elif _IOS.match(text):
            ios += 1
            if ios == _PLENTY and not others:
                return Verdict(None, kind="ios")
    found = [(weight, name) for name, weight in others.items() if name in told]
    weight, name = max(found, key=lambda item: item[0], default=(0, ""))
    if (weight >= _ENOUGH_OTHERS and weight >= ios) or (weight >= _TOO_MANY_OTHERS and weight * 10 >= ios):
        return Verdict(f"it looks like {name}", vendor=True, kind="template" if name == _TEMPLATE else "not-ios")
    if ios:
        return Verdict(None, kind="ios")
    if not seen:
        return Verdict("it is empty", kind="unreadable")
    hint = _hint(seen, raw or "")
    return Verdict(hint, kind="unreadable" if hint == NOT_RECOGNISED else "not-ios")


def _hint(lines: list[str], raw: str) -> str:
    start = raw.lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        return "it is XML or HTML, not a configuration as a router prints it"
    if start in ("{", "[") and '":' in raw:
        return "it is JSON, not a configuration as a router prints it"
    if sum(map(is_prose, lines)) * 2 >= len(lines):
        return "it is a text for people"
    for reason, pattern, enough in _HINTS:
        if sum(1 for text in lines if pattern.match(text)) >= enough:
            return reason
    return NOT_RECOGNISED


_PLACEHOLDER = re.compile(
    r"<(?![A-Z]+:[0-9a-f]+>)[A-Za-z][^<>]*>|\{\{|\{%|[$%@#]\{\w|\$\(\w|\$\w+\$|%%\w+%%|(?<!\S)%\w+%(?!\S)|@@\w+@@|__\w+__"
    r"|\[[A-Za-z][\w .-]*\]|(?<!\S)(?:[\dxX]{1,3}\.){3}[xX]{1,3}(?!\S)|(?<!\S)A\.B\.C\.D(?!\S)|(?<!\S)[xX]{3,}(?!\S)"
)
"""How people and template engines write a value that is to be filled in."""


def placeholders(lines: Sequence[str], numbers: Iterable[int]) -> list[int]:
    """Which of the lines of those numbers hold a value that is not filled in; ``lines`` are those of the whole file."""
    return [number for number in numbers if _PLACEHOLDER.search(lines[number - 1])]
