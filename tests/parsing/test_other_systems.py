"""Configurations of other systems that resemble IOS, and files that are none."""

import pytest
from parsed import config

NXOS = """\
hostname leaf1
feature ospf
feature tunnel
interface Tunnel1
  ip address 10.0.0.1/30
  tunnel source Ethernet1/1
  tunnel destination 192.0.2.1
router ospf 1
"""
NXOS_VERSION = "version 7.0(3)I7(4)\nhostname N9K\ninterface Tunnel1\n  tunnel source loopback0\n  tunnel mode gre ip\n"
XR = """\
RP/0/0/CPU0:router#show running-config
hostname XR
crypto isakmp policy 10
 authentication pre-share
crypto keyring kr1 vrf default
 pre-shared-key address 192.0.2.2 255.255.255.255 key clear lab
crypto isakmp profile prof1
 keyring kr1
interface service-ipsec1
 ipv4 address 10.0.0.1 255.255.255.0
 tunnel source 192.0.2.1
"""
EOS = """\
! device: leaf1 (DCS-7050, EOS-4.27.3F)
hostname leaf1
vrf instance MGMT
interface Tunnel1
   tunnel source 10.0.0.1
   tunnel destination 10.0.0.2
"""
ARUBA = """\
version 8.6
hostname "aruba"
crypto isakmp policy 20
  encryption aes256
crypto-local isakmp key "x" address 0.0.0.0 netmask 0.0.0.0
crypto dynamic-map default-dynamicmap 10000
user-role ap-role
"""
ADTRAN = """\
! ADTRAN, Inc. OS version R10.5.3.E
crypto ike policy 100
  initiate main
crypto map vpn 1 ipsec-ike
  set peer 192.0.2.2
interface eth 0/1
  ip address 192.0.2.1 255.255.255.248
"""
COMWARE = """\
 version 7.1.064, Release 0427P22
 sysname H3C
ike keychain k
 pre-shared-key address 192.0.2.2 255.255.255.0 key cipher x
interface GigabitEthernet0/1
 ip address 192.0.2.1 255.255.255.0
"""
VEDGE = """\
system
 host-name vedge1
 system-ip 10.0.0.1
vpn 0
 interface ge0/0
  ip address 192.0.2.1/24
  tunnel-interface
"""
VYOS = "interfaces {\n    ethernet eth0 {\n    }\n}\nvpn {\n    ipsec {\n        site-to-site {\n        }\n    }\n}\n"
SMALL = (
    "config-file-header\nssd config\nvlan database\nhostname s1\ninterface vlan 1\n ip address 10.0.0.1 255.255.255.0\n"
)
BROCADE = "ver 08.0.30tT311\nstack unit 1\nvlan 1 name D by port\nhostname X\ninterface ve 1\n ip address 10.0.0.1 255.0.0.0\n"
FRR = "frr version 8.1\nhostname f\nip route 10.2.0.0/16 10.1.1.1\ninterface gre1\n tunnel source eth0\n"
FREERTR = (
    "hostname r2\nint tun1\n tunnel source ser1\n tunnel mode expbun\n"
    " ipv4 addr 1.1.5.2 255.255.255.0\n no log-link-change\n"
)
JINJA = """\
{% for tunnel in tunnels %}
crypto keyring KR-{{ tunnel.name }}
  pre-shared-key address {{ tunnel.peer }} key {{ tunnel.psk }}
interface Tunnel{{ tunnel.id }}
 tunnel source Loopback0
{% endfor %}
"""
ANSIBLE = "- name: policy\n  hosts: routers\n  tasks:\n    - name: x\n      ios_config:\n        lines:\n          - encr aes\n"
DEBUG = "*Mar  1 00:12:01.123: ISAKMP:(0): SA request\n*Mar  1 00:12:01.124: ISAKMP:(0): beginning Main Mode exchange\n"
SHOW = "R1#show crypto isakmp sa\nIPv4 Crypto ISAKMP SA\ninterface: Tunnel0\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (NXOS, "it looks like a Cisco NX-OS configuration"),
        (NXOS_VERSION, "it looks like a Cisco NX-OS configuration"),
        (XR, "it looks like a Cisco IOS XR configuration"),
        (EOS, "it looks like an Arista EOS configuration"),
        (ARUBA, "it looks like an Aruba configuration"),
        (ADTRAN, "it looks like an Adtran configuration"),
        (COMWARE, "it looks like an H3C Comware configuration"),
        (VEDGE, "it looks like an SD-WAN vEdge configuration"),
        (VYOS, "it looks like a VyOS configuration"),
        (SMALL, "it looks like a Cisco Small Business configuration"),
        (BROCADE, "it looks like a Brocade or Ruckus switch configuration"),
        (FRR, "it looks like an FRR configuration"),
        (FREERTR, "it looks like a freeRtr configuration"),
        (JINJA, "it looks like a template whose values are not filled in"),
        (ANSIBLE, "it looks like an Ansible playbook"),
        (DEBUG, "it looks like a debug log"),
        (SHOW, "it holds output of show commands, but no IOS configuration"),
        ('{"hostname": "r1"}', "it is JSON, not a configuration as a router prints it"),
        ("<rpc-reply>\n <hostname>r1</hostname>\n", "it is XML or HTML, not a configuration as a router prints it"),
    ],
)
def test_not_ios(text: str, reason: str) -> None:
    parsed = config(text)
    kind = "template" if "template" in reason else "not-ios"
    assert (parsed.kind, parsed.router, parsed.reason) == (kind, None, reason)


@pytest.mark.parametrize(
    "text",
    [
        "hostname CORE\nip routing\nspanning-tree mode mst\n"
        + "interface GigabitEthernet1/0/1\n no switchport\n ip address 10.0.0.1 255.255.255.252\n" * 8,
        "hostname E1\nsystem\n system-ip 10.0.0.1\n site-id 1\n organization-name x\nsdwan\n interface GigabitEthernet1\n"
        "  tunnel-interface\n   color mpls\ninterface Tunnel1\n tunnel source GigabitEthernet1\n tunnel mode sdwan\n",
        "crypto isakmp key x address 10.0.0.2\ncrypto ipsec df-bit copy\n",
    ],
    ids=["switch", "sd-wan edge", "global commands"],
)
def test_ios(text: str) -> None:
    assert config(text).kind == "ios"
