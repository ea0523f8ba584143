"""Is this an IOS configuration at all? If not, what is it, in words for a report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ikeaudit.parsing.lines import Line


class Verdict(NamedTuple):
    """``reason`` is None for IOS; ``vendor`` says that it is a configuration of another system."""

    reason: str | None
    vendor: bool = False


_OTHERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "a Cisco ASA configuration",
        re.compile(
            r"(?:ASA|PIX) Version|nameif \S+|security-level \d+|tunnel-group \S+ |crypto map \S+ interface \S+"
            r"|crypto map \S+ \d+ (?:match|set) |crypto ikev1 |crypto ikev2 enable|crypto isakmp enable \S+"
            r"|crypto ipsec ikev[12] |access-list \S+ extended |same-security-traffic|object network |nat \(\S+\)"
            r"|crypto dynamic-map \S+ \d+ (?:match|set) |route (?:outside|inside) |global \(|ikev[12] |sysopt "
        ),
    ),
    (
        "a Junos configuration",
        re.compile(
            r"set (?:security (?:ike|ipsec|zones|policies)|system (?:host-name|root)|interfaces \S+ unit|version \d)"
            r"|(?:security|interfaces|system|routing-options|protocols|ike|ipsec|proposal \S+|policy \S+|gateway \S+) \{$"
            r"|## Last (?:commit|changed)"
        ),
    ),
    (
        "a Huawei VRP configuration",
        re.compile(
            r"sysname \S+|ike (?:peer|proposal) \S+|ipsec (?:policy|proposal) \S+|undo \S+|firewall zone |security-policy$"
            r"|acl (?:ipv6 )?number \d+|ip route-static |ike-peer |rule (?:name|\d+) |\[[\w-]+\]"
        ),
    ),
    (
        "a Cisco NX-OS configuration",
        re.compile(r"feature [\w-]+$|vdc \S+ id \d|version \d+\.\d+\(\d+\) Bios|vpc domain \d|vrf context \S+"),
    ),
    (
        "a Cisco IOS XR configuration",
        re.compile(r"!! IOS XR Configuration|RP/\d/\S+CPU\d|route-policy \S+$|ipv4 address |end-policy$"),
    ),
    (
        "an Arista EOS configuration",
        re.compile(r"! device: .*EOS|ip security$|transceiver qsfp|service routing protocols model|management api "),
    ),
    (
        "a FortiOS configuration",
        re.compile(
            r"config (?:vpn ipsec|system (?:global|interface)|firewall) ?|set phase1name |edit \"|config-version="
        ),
    ),
    (
        "a VyOS configuration",
        re.compile(r"set (?:vpn ipsec|interfaces (?:tunnel|ethernet|vti) |protocols (?:static|bgp|nhrp) )"),
    ),
    ("a MikroTik configuration", re.compile(r"/ip ipsec|/interface (?:gre|ethernet)|add address=")),
    (
        "a strongSwan configuration",
        re.compile(r"conn \S+$|leftsubnet=|rightsubnet=|keyexchange=|left=|right=|connections \{$"),
    ),
    ("a PAN-OS configuration", re.compile(r"set (?:network (?:ike|tunnel)|deviceconfig) ")),
)
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
            r"ip (?:nhrp \S+|vrf \S+|access-list (?:extended|standard) \S+)",
            r"ip route (?:vrf \S+ )?\d+(?:\.\d+){3} \d+(?:\.\d+){3} \S+",
            r"access-list \d+ (?:permit|deny|remark) ",
            r"vrf definition \S+|router (?:bgp|ospf|eigrp|rip)|line (?:vty|con|aux) \d",
            r"service timestamps|boot-start-marker|version 1[2-7]\.\d",
        )
    ),
    re.IGNORECASE,
)
_ENOUGH_OTHERS = 2
_PLENTY = 50
_TOO_MANY_OTHERS = 6


def recognise(lines: Iterable[Line], raw: str | None = None) -> Verdict:
    """Weigh the lines that only IOS has against those that only another system has."""
    if raw is not None and ("\x00" in raw or raw.count("\ufffd") > len(raw) // 20):
        return Verdict("a binary file")
    ios = 0
    others = dict.fromkeys((name for name, _ in _OTHERS), 0)
    seen = False
    for line in lines:
        text = line.text
        if not text:
            continue
        seen = True
        hits = [name for name, pattern in _OTHERS if pattern.match(text)]
        for name in hits:
            others[name] += 1
        if not hits and _IOS.match(text):
            ios += 1
            if ios == _PLENTY and not any(others.values()):
                return Verdict(None)
    name, weight = max(others.items(), key=lambda item: item[1])
    if (weight >= _ENOUGH_OTHERS and weight >= ios) or (weight >= _TOO_MANY_OTHERS and weight * 10 >= ios):
        return Verdict(f"it looks like {name}", vendor=True)
    if ios:
        return Verdict(None)
    if not seen:
        return Verdict("it is empty")
    return Verdict("no IOS configuration was recognised in it")
