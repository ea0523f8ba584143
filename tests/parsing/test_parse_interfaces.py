"""Interfaces and tunnels: DOMAIN 3.4 and 13."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from parsed import config, cut, prefix, router, unknown_lines

from ikeaudit.model import Interface, Tunnel


def only(text: str) -> Interface:
    """The only interface of a router."""
    (interface,) = router(text).interfaces
    return interface


def tunnel(lines: str) -> Tunnel:
    """The tunnel half of ``interface Tunnel1`` with these commands."""
    found = only("interface Tunnel1\n" + "".join(f" {line}\n" for line in lines.split("; "))).tunnel
    assert found is not None
    return found


def test_addresses_of_every_role() -> None:
    interface = only("""
        interface GigabitEthernet0/1
         description to the world
         vrf forwarding INET
         ip address 192.0.2.1 255.255.255.0
         ip address 192.0.2.65 255.255.255.192 secondary
         ip nat outside
         standby version 2
         standby 1 ip 192.0.2.254
         standby 1 priority 110
         vrrp 2 ip 192.0.2.253
         glbp 3 ip 192.0.2.252
         ipv6 address 2001:DB8::1/64
         ipv6 address FE80::1 link-local
         shutdown
        """)
    assert [(a.line, a.address, a.prefix, a.role) for a in interface.addresses] == [
        (5, IPv4Address("192.0.2.1"), prefix("192.0.2.1/24"), "primary"),
        (6, IPv4Address("192.0.2.65"), prefix("192.0.2.65/26"), "secondary"),
        (9, IPv4Address("192.0.2.254"), None, "fhrp"),
        (11, IPv4Address("192.0.2.253"), None, "fhrp"),
        (12, IPv4Address("192.0.2.252"), None, "fhrp"),
        (13, IPv6Address("2001:db8::1"), prefix("2001:db8::1/64"), "primary"),
        (14, IPv6Address("fe80::1"), prefix("fe80::1"), "link-local"),
    ]
    assert (interface.vrf, interface.addressing, interface.nat, interface.shutdown) == (
        "INET",
        "static",
        "outside",
        True,
    )
    assert interface.description == cut("to the world")
    assert interface.tunnel is None


def test_vrrp_version_three() -> None:
    interface = only("""
        interface Vlan10
         ip address 192.0.2.2 255.255.255.0
         vrrp 10 address-family ipv4
          priority 120
          address 192.0.2.1 primary
          exit-vrrp
        """)
    assert [(a.address, a.role) for a in interface.addresses] == [
        (IPv4Address("192.0.2.2"), "primary"),
        (IPv4Address("192.0.2.1"), "fhrp"),
    ]


@pytest.mark.parametrize(
    ("line", "addressing"),
    [("ip address dhcp", "dhcp"), ("ip address negotiated", "negotiated"), ("no ip address", "none")],
)
def test_learnt_addresses(line: str, addressing: str) -> None:
    assert only(f"interface Dialer1\n {line}\n").addressing == addressing


def test_unnumbered() -> None:
    assert only("interface Tunnel1\n ip unnumbered Loopback 0\n").unnumbered == "Loopback0"


def test_old_vrf_spelling() -> None:
    assert only("interface Serial0/0\n ip vrf forwarding RED\n").vrf == "RED"
    for words in ("vrf", "ip vrf"):  # what goes the other way is another VRF's
        assert only(f"interface Serial0/0\n {words} forwarding RED downstream BLUE\n").vrf == "RED"


def test_tunnel_with_everything() -> None:
    found = tunnel(
        "tunnel source 192.0.2.1; tunnel destination 198.51.100.1; tunnel mode ipsec ipv4; tunnel vrf INET; tunnel key 77; "
        "tunnel protection ipsec profile IP shared isakmp-profile P"
    )
    assert (found.source_address, found.source_interface, found.source_line) == (IPv4Address("192.0.2.1"), None, 2)
    assert (found.destination, found.destination_line) == (IPv4Address("198.51.100.1"), 3)
    assert (found.mode, found.vrf, found.vrf_line, found.key) == ("ipsec ipv4", "INET", 5, 77)
    assert found.protection is not None
    assert (found.protection.ipsec_profile, found.protection.shared, found.protection.isakmp_profile) == (
        "IP",
        True,
        "P",
    )
    assert found.protection.ikev2_profile is None


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("description nothing", "gre ip"),
        ("tunnel mode gre ip", "gre ip"),
        ("tunnel mode gre ipv6", "gre ipv6"),
        ("tunnel mode gre multipoint", "gre multipoint"),
        ("tunnel mode gre multipoint ipv6", "gre multipoint ipv6"),
        ("tunnel mode ipsec ipv6", "ipsec ipv6"),
        ("tunnel mode ipsec dual-overlay", "ipsec dual-overlay"),
        ("tunnel mode ipip", "other"),
    ],
)
def test_tunnel_modes(line: str, mode: str) -> None:
    assert tunnel(line).mode == mode


def test_destinations_by_name_and_dynamic() -> None:
    assert tunnel("tunnel destination hub.example.net").destination_name == "hub.example.net"
    dynamic = tunnel("tunnel destination dynamic")
    assert (dynamic.destination_dynamic, dynamic.destination, dynamic.destination_name) == (True, None, None)


def test_other_protections() -> None:
    ikev2 = tunnel("tunnel protection ipsec profile IP ikev2-profile V2").protection
    assert ikev2 is not None
    assert (ikev2.ikev2_profile, ikev2.shared) == ("V2", False)
    psk = tunnel("tunnel protection psk some words").protection
    assert psk is not None
    assert (psk.psk, psk.ipsec_profile) == (True, None)


def test_nhrp() -> None:
    found = tunnel(
        "ip nhrp network-id 10; ip nhrp map 10.0.0.1 192.0.2.1; ip nhrp map multicast 192.0.2.1; "
        "ip nhrp map multicast dynamic; "
        "ip nhrp nhs 10.0.0.1; ip nhrp nhs 10.0.0.2 nbma 192.0.2.2 multicast; ip nhrp authentication word; ip nhrp holdtime 300"
    )
    assert found.nhrp_network == 10
    assert [(m.line, str(m.tunnel), m.nbma and str(m.nbma), m.nhs) for m in found.nhrp_maps] == [
        (3, "10.0.0.1", "192.0.2.1", False),
        (6, "10.0.0.1", None, True),
        (7, "10.0.0.2", "192.0.2.2", True),
    ]


def test_virtual_template_of_type_tunnel() -> None:
    tunnelled, dialled = router("""
        interface Virtual-Template1 type tunnel
         ip unnumbered Loopback0
         tunnel mode ipsec ipv4
         tunnel protection ipsec profile IP
        interface Virtual-Template2
         ip unnumbered Loopback0
        """).interfaces
    assert (tunnelled.name, tunnelled.virtual_template_type) == ("Virtual-Template1", "tunnel")
    assert tunnelled.tunnel is not None
    assert (dialled.name, dialled.tunnel) == ("Virtual-Template2", None)


def test_crypto_maps_on_an_interface() -> None:
    interface = only("interface GigabitEthernet0/0\n crypto map CM\n crypto map ipv6 SIX\n")
    assert [(name.line, name.name) for name in interface.crypto_maps] == [(2, "CM"), (3, "SIX")]


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("Gi0/0", "GigabitEthernet0/0"),
        ("gigabitethernet 0/0/0.100", "GigabitEthernet0/0/0.100"),
        ("e0/0", "Ethernet0/0"),
        ("tu0", "Tunnel0"),
        ("Tunnel 1", "Tunnel1"),
        ("lo10", "Loopback10"),
        ("fa0/1", "FastEthernet0/1"),
        ("s0/0/0:0", "Serial0/0/0:0"),
        ("Port-channel1.5", "Port-channel1.5"),
        ("Serial0/0.1 point-to-point", "Serial0/0.1"),
    ],
)
def test_names_are_spelt_in_full(typed: str, full: str) -> None:
    assert only(f"interface {typed}\n ip address 192.0.2.1 255.255.255.0\n").name == full


def test_source_interface_is_spelt_in_full() -> None:
    assert tunnel("tunnel source gi0/0").source_interface == "GigabitEthernet0/0"


@pytest.mark.parametrize(
    "line",
    [
        "tunnel source 192.0.2.",
        "tunnel destination 192.0.2.",
        "tunnel protection ipsec profile",
        "tunnel protection ipsec profile IP sharred",
        "tunnel protecton ipsec profile IP",
        "tunnel key seven",
        "ip address 192.0.2",
        "ip nhrp map 10.0.0. 192.0.2.1",
        "tunnl source Loopback0",
        "crypto mapp CM",
        "standby 1 ip 192.0.2.",
    ],
)
def test_damaged_line_is_unknown_and_names_the_interface(line: str) -> None:
    parsed = config(f"interface Tunnel1\n {line}\n tunnel vrf X\n")
    assert parsed.router is not None
    assert [(entry.line, entry.kind, entry.name) for entry in parsed.router.unknown] == [(2, "interface", "Tunnel1")]


def test_commands_that_do_not_concern_tunnels_are_not_in_the_ledger() -> None:
    parsed = config("interface Tunnel1\n ip mtu 1400\n ip ospf cost 10\n bandwidth 1000\n tunnel source Loopback0\n")
    assert (parsed.modelled, parsed.irrelevant, unknown_lines(parsed)) == (2, 0, [])


def test_interface_entered_again_continues() -> None:
    interface = only("interface Tunnel1\n tunnel vrf X\ninterface tunnel 1\n tunnel key 5\n")
    assert interface.tunnel is not None
    assert (interface.line, interface.tunnel.vrf, interface.tunnel.key) == (1, "X", 5)


def test_globals_around_interfaces() -> None:
    found = router("""
        version 15.7
        hostname R1
        ip domain name example.net
        password encryption aes
        key config-key password-encrypt secretword
        vrf definition INET
         rd 1:1
         address-family ipv4
         exit-address-family
        ip vrf OLD
         rd 2:2
        ip host hub 192.0.2.1 192.0.2.2
        ip host vrf INET spoke 192.0.2.3
        ip route 0.0.0.0 0.0.0.0 192.0.2.254 name default
        ip route vrf INET 10.0.0.0 255.0.0.0 GigabitEthernet0/0 192.0.2.9 250
        ip route 192.0.2.66 255.255.255.255 Null0
        ipv6 route 2001:DB8::/32 2001:DB8:1::1
        crypto pki trustpoint TP
         enrollment url http://192.0.2.5:80
         revocation-check none
        archive
         path flash:archive
         write-memory
        """)
    assert (found.hostname, found.version, found.domain_name) == ("R1", "15.7", "example.net")
    assert (found.vrfs, found.trustpoints, found.archive_path) == (("INET", "OLD"), ("TP",), "flash:archive")
    assert found.password_encryption_aes
    assert [(m.name, m.vrf, len(m.addresses)) for m in found.host_mappings] == [("hub", None, 2), ("spoke", "INET", 1)]
    assert [(str(r.prefix), r.vrf, r.next_hop and str(r.next_hop), r.interface) for r in found.static_routes] == [
        ("0.0.0.0/0", None, "192.0.2.254", None),
        ("10.0.0.0/8", "INET", "192.0.2.9", "GigabitEthernet0/0"),
        ("192.0.2.66", None, None, "Null0"),
        ("2001:db8::/32", None, "2001:db8:1::1", None),
    ]
    assert found.unknown == ()


def test_a_crypto_map_typed_again_replaces_the_first() -> None:
    interface = only("interface GigabitEthernet0/0\n crypto map OLD\n crypto map NEW\n")
    assert [name.name for name in interface.crypto_maps] == ["NEW"]


def test_compliance_shield() -> None:
    found = router("crypto engine compliance shield disable\ninterface Tunnel1\n tunnel vrf X\n")
    assert found.compliance_shield_disabled
    assert found.unknown == ()


@pytest.mark.parametrize("line", ["ip route 10.0.0.0 255.0. 192.0.2.1", "ip route 10.0.0.0 255.0.0.0"])
def test_a_damaged_route_is_unknown_but_concerns_no_tunnel(line: str) -> None:
    parsed = config(f"interface Tunnel1\n tunnel vrf X\n{line}\n")
    assert parsed.router is not None
    assert [(entry.line, entry.kind) for entry in parsed.router.unknown] == [(3, "other")]


@pytest.mark.parametrize("line", ["ip nat inside source list NAT interface GigabitEthernet0/0 overload",
                                  "ip nat outside source static 10.0.0.1 192.0.2.7"])  # fmt: skip
@pytest.mark.parametrize("indent", ["", " "])
def test_a_global_line_that_begins_as_one_of_an_interface_does(line: str, indent: str) -> None:
    """Right behind the interface, whether its lines are indented or not: the global command has more words of it."""
    own = f"{indent}ip address 192.0.2.1 255.255.255.0\n{indent}ip nat outside\n"
    found = router(f"hostname R\n!\ninterface GigabitEthernet0/0\n{own}!\n{line}\nend\n")
    assert [(rule.way, rule.line) for rule in found.nat_rules] == [(line.split()[2], 7)]
    assert found.interfaces[0].nat == "outside"
