"""Files that are no IOS configuration are named for what they are."""

import pytest
from parsed import config

ASA = """\
ASA Version 9.8(2)
hostname FW
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
crypto ipsec ikev1 transform-set TS esp-aes esp-sha-hmac
crypto map OUT 10 match address ACL
crypto map OUT 10 set peer 192.0.2.2
crypto map OUT interface outside
crypto ikev1 policy 10
 authentication pre-share
tunnel-group 192.0.2.2 type ipsec-l2l
"""
JUNOS = """\
set system host-name srx
set security ike policy P mode main
set security ike gateway G address 192.0.2.2
set security ipsec vpn V ike gateway G
set interfaces st0 unit 0 family inet
"""
JUNOS_BRACES = """\
## Last commit: 2024-01-01
system {
    host-name srx;
}
security {
    ike {
        proposal P {
            dh-group group14;
"""
HUAWEI = """\
sysname AR1
#
ike proposal 1
 encryption-algorithm aes-cbc-256
ike peer B
 pre-shared-key cipher x
 remote-address 192.0.2.2
ipsec policy P 10 isakmp
 undo shutdown
"""
FORTI = """\
config system global
config vpn ipsec phase1-interface
    edit "hub"
        set phase1name "hub"
"""
NXOS = (
    "feature bgp\nfeature interface-vlan\nvrf context management\nvpc domain 5\ninterface Ethernet1/1\n  no shutdown\n"
)
NOT_RECOGNISED = "no IOS configuration was recognised in it"
NOTHING_KNOWN = ("it is empty", "a binary file", NOT_RECOGNISED)
NOTES = "The tunnel was down again today.\nI called the provider, who said that crypto is not their business.\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ASA, "it looks like a Cisco ASA configuration"),
        (JUNOS, "it looks like a Junos configuration"),
        (JUNOS_BRACES, "it looks like a Junos configuration"),
        (HUAWEI, "it looks like a Huawei VRP configuration"),
        (FORTI, "it looks like a FortiOS configuration"),
        (NXOS, "it looks like a Cisco NX-OS configuration"),
        (NOTES, "it is a text for people"),
        ("", "it is empty"),
        ("\n \n", "it is empty"),
        ("\x7fELF\x00\x00\x01 crypto keyring K", "a binary file"),
        ("hostname web1\nifconfig eth0 up\n", NOT_RECOGNISED),
        ("ip address add 10.0.0.2/24 dev eth0\nip route add default via 10.0.0.1\n", NOT_RECOGNISED),
    ],
    ids=[
        "asa",
        "junos set",
        "junos",
        "huawei",
        "fortios",
        "nx-os",
        "notes",
        "empty",
        "blank",
        "binary",
        "linux",
        "iproute2",
    ],
)
def test_not_ios(text: str, reason: str) -> None:
    """What is known to be something else is passed over; of what is nothing known nobody can say that it is no router."""
    parsed = config(text, "folder/thing.txt")
    kind = "unreadable" if reason in NOTHING_KNOWN else "not-ios"
    assert (parsed.kind, parsed.router, parsed.reason) == (kind, None, reason)
    assert parsed.file == "folder/thing.txt"


@pytest.mark.parametrize(
    "text",
    [
        "interface GigabitEthernet0/0/0\n ip address 192.0.2.1 255.255.255.0\n" * 8,
        "crypto keyring K\n  pre-shared-key address 192.0.2.1 key x\n",
        "cry isa pol 10\n enc aes\n",
        "int gi0/1\n ip add 192.0.2.1 255.255.255.0\n",
        "version 15.2\nhostname S1\n",
        "hostname R1\ninterface Vlan1\n no ip address\n",
    ],
)
def test_ios(text: str) -> None:
    assert config(text).kind == "ios"


def test_an_ios_router_that_mentions_an_asa_stays_ios() -> None:
    text = "! to the ASA: crypto map OUT interface outside\ninterface Tunnel1\n description nameif outside\n tunnel vrf X\n"
    assert config(text).kind == "ios"
