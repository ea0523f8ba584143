"""GET VPN groups, Easy VPN clients and what else belongs to them: every line read, none left unknown."""

from __future__ import annotations

from ikeaudit.model import CryptoPeer, EzvpnClient, EzvpnUse, GdoiGroup, NamedLine, Router, parse_address
from ikeaudit.parsing import ParsedConfig, parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter

FINGERPRINTER = Fingerprinter(b"groups" * 6)


def parse(text: str) -> ParsedConfig:
    (parsed,) = parse_configs("hostname R1\n" + text + "end\n", file="r1.cfg", fingerprinter=FINGERPRINTER)
    return parsed


def router(text: str) -> Router:
    parsed = parse(text)
    assert parsed.router is not None
    assert parsed.unknown == ()
    return parsed.router


MEMBER = """\
crypto gdoi group GETVPN
 identity number 4711
 server address ipv4 198.51.100.1
 server address ipv4 198.51.100.2
 client registration interface Lo0
!
crypto map CM 10 gdoi
 set group GETVPN
!
interface Loopback0
 ip address 203.0.113.7 255.255.255.255
"""

SERVER = """\
crypto gkm group KEYS
 identity address ipv4 192.0.2.9
 server local
  rekey algorithm aes 256
  rekey authentication mypubkey rsa KEY
  rekey transport unicast
  authorization address ipv4 MEMBERS
  gikev2 PROF
  sa ipsec 1
   profile IPSEC
   match address ipv4 TRAFFIC
   replay time window-size 5
  address ipv4 198.51.100.1
  redundancy
   local priority 100
   peer address ipv4 198.51.100.2
!
interface GigabitEthernet0/0
 ip address 198.51.100.1 255.255.255.0
!
"""


def test_a_group_member() -> None:
    (group,) = router(MEMBER).gdoi_groups
    assert group == GdoiGroup(
        "GETVPN",
        2,
        identity="4711",
        identity_line=3,
        servers=(
            CryptoPeer(4, parse_address("198.51.100.1")),
            CryptoPeer(5, parse_address("198.51.100.2")),
        ),
        registration_interface=NamedLine(6, "Loopback0"),
    )


def test_the_map_entry_names_the_group() -> None:
    (entry,) = router(MEMBER).crypto_maps[0].entries
    assert (entry.kind, entry.reference) == ("gdoi", "GETVPN")


def test_a_key_server() -> None:
    (group,) = router(SERVER).gdoi_groups
    assert group == GdoiGroup(
        "KEYS",
        2,
        gkm=True,
        identity="192.0.2.9",
        identity_line=3,
        server_line=4,
        address=parse_address("198.51.100.1"),  # not the one of the other key server
        address_line=14,
        authorization=NamedLine(8, "MEMBERS"),
        ikev2_profile=NamedLine(9, "PROF"),
    )


def test_a_member_by_ikev2_and_an_ipv6_group() -> None:
    one, other = router(
        "crypto gkm group A\n identity number 1\n client protocol gikev2 PROF\n server address ipv4 192.0.2.1\n!\n"
        "crypto gdoi group ipv6 B\n identity number 2\n server address ipv6 2001:db8::1\n!\n"
    ).gdoi_groups
    assert one.ikev2_profile == NamedLine(4, "PROF")
    assert (one.name, one.gkm, one.ipv6) == ("A", True, False)
    assert (other.name, other.gkm, other.ipv6) == ("B", False, True)
    assert other.servers == (CryptoPeer(9, parse_address("2001:db8::1")),)


def test_a_damaged_server_line_stays_unknown() -> None:
    parsed = parse("crypto gdoi group G\n identity number 1\n server address ipv4 198.51.100.\n!\n")
    assert parsed.router is not None
    assert parsed.router.gdoi_groups[0].servers == ()
    assert parsed.unknown == ((4, "server address ipv4 198.51.100."),)


CLIENT = """\
crypto ipsec client ezvpn EZ
 connect auto
 group BRANCHES key Canary-group-key-77
 local-address Loopback0
 mode network-extension
 peer 198.51.100.1 default
 peer vpn.example.com
 virtual-interface 2
 username branch password Canary-password-78
 xauth userid mode local
!
interface GigabitEthernet0/0
 ip address dhcp
 crypto ipsec client ezvpn EZ
!
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.255.0
 crypto ipsec client ezvpn EZ inside
!
interface Loopback0
 ip address 203.0.113.7 255.255.255.255
!
"""


def test_an_easy_vpn_client() -> None:
    found = router(CLIENT)
    assert found.ezvpn_clients == (
        EzvpnClient(
            "EZ",
            2,
            group="BRANCHES",
            group_line=4,
            has_key=True,
            peers=(
                CryptoPeer(7, parse_address("198.51.100.1"), default=True),
                CryptoPeer(8, hostname="vpn.example.com"),
            ),
            local_address=NamedLine(5, "Loopback0"),
            connect="auto",
            mode="network-extension",
            virtual_interface=2,
        ),
    )
    uses = {interface.name: interface.ezvpn for interface in found.interfaces}
    assert uses["GigabitEthernet0/0"] == (EzvpnUse(15, "EZ"),)
    assert uses["GigabitEthernet0/1"] == (EzvpnUse(19, "EZ", inside=True),)


def test_the_secrets_of_a_client_are_cut() -> None:
    assert "Canary" not in "\n".join(router(CLIENT).lines)


def test_a_virtual_interface_without_a_number() -> None:
    (client,) = router(CLIENT.replace(" virtual-interface 2", " virtual-interface")).ezvpn_clients
    assert client.virtual_interface == 0


def test_the_standby_group_of_a_crypto_map() -> None:
    text = (
        "crypto map CM 10 ipsec-isakmp\n!\ninterface GigabitEthernet0/0\n crypto map CM redundancy VPNHA stateful\n!\n"
    )
    (interface,) = router(text).interfaces
    assert interface.map_redundancy == NamedLine(5, "VPNHA")
    assert interface.crypto_maps == (NamedLine(5, "CM"),)


def test_the_distance_of_a_static_route() -> None:
    routes = router(
        "ip route 192.0.2.1 255.255.255.255 Null0\nip route 192.0.2.2 255.255.255.255 Null0 250\n"
        "ip route 0.0.0.0 0.0.0.0 198.51.100.9 10 name WAN\nip route 10.0.0.0 255.0.0.0 Null0 track 7\n"
        "ip route vrf INET 0.0.0.0 0.0.0.0 GigabitEthernet0/0 198.51.100.9 tag 5\n"
    ).static_routes
    assert [(route.distance, route.tracked) for route in routes] == [
        (1, False),
        (250, False),
        (10, False),
        (1, True),
        (1, False),
    ]
