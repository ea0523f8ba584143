"""Transform sets, IPsec profiles, crypto maps and the access lists behind them: DOMAIN 3.4."""

from ipaddress import IPv4Address

import pytest
from parsed import config, prefix, router, unknown_lines

from ikeaudit.model import Prefix


def test_transform_sets() -> None:
    first, second = router("""
        crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
         mode transport
        crypto ipsec transform-set AH ah-sha-hmac esp-gcm 128
        """).transform_sets
    assert (first.transforms, first.mode, first.line) == (("esp-aes 256", "esp-sha256-hmac"), "transport", 2)
    assert (second.transforms, second.mode) == (("ah-sha-hmac", "esp-gcm 128"), "tunnel")


def test_ipsec_profile_with_everything() -> None:
    (profile,) = router("""
        crypto ipsec profile IP
         description a profile
         set security-association lifetime seconds 7200
         set security-association lifetime kilobytes disable
         set security-association replay window-size 1024
         set security-association idle-time 600
         set transform-set TS1 TS2
         set pfs group14
         set isakmp-profile P
         set identity ID
         set reverse-route tag 5
         responder-only
        """).ipsec_profiles
    assert [(name.line, name.name) for name in profile.transform_sets] == [(8, "TS1"), (8, "TS2")]
    assert (profile.pfs, profile.lifetime, profile.identity, profile.responder_only) == ("group14", 7200, "ID", True)
    assert profile.isakmp_profile is not None
    assert (profile.isakmp_profile.name, profile.isakmp_profile.line) == ("P", 10)
    assert profile.ikev2_profile is None


def test_ikev2_profile_is_not_taken_for_an_isakmp_profile() -> None:
    parsed = config("crypto ipsec profile IP\n set ikev2-profile V2\n set ikev1-profile V1\n")
    assert parsed.router is not None
    (profile,) = parsed.router.ipsec_profiles
    assert profile.ikev2_profile is not None
    assert (profile.ikev2_profile.name, profile.isakmp_profile) == ("V2", None)
    assert unknown_lines(parsed) == [3]


def test_lifetime_in_days_and_bare_pfs() -> None:
    (profile,) = router("crypto ipsec profile IP\n set security-association lifetime days 2\n set pfs\n").ipsec_profiles
    assert (profile.lifetime, profile.pfs) == (172_800, "group1")


MAPS = """
    crypto dynamic-map DM 10
     set transform-set TS
     set isakmp-profile REMOTE
     match address DYN
     reverse-route
    crypto map CM local-address Loopback0
    crypto map CM isakmp-profile WHOLE
    crypto map CM client authentication list AUTHEN
    crypto map CM isakmp authorization list AUTHOR
    crypto map CM client configuration address respond
    crypto map CM 20 ipsec-isakmp
     description second
     set peer 192.0.2.2 default
     set peer 192.0.2.3
     set peer hub.example.net dynamic
     set security-association lifetime seconds 3600
     set transform-set TS
     set pfs group2
     set isakmp-profile P
     match address 101
     reverse-route static
    crypto map CM 10 ipsec-isakmp
     set peer 192.0.2.1
     set transform-set TS
     set ikev2-profile V2
     match address PROXY
    crypto map CM 65000 ipsec-isakmp dynamic DM discover
    crypto map GET 10 gdoi
     set group GROUP1
     match address DENY
    crypto map MAN 5 ipsec-manual
     set peer 192.0.2.9
     set session-key inbound esp 1000 cipher 1111111111111111
     match address PROXY
    crypto map ipv6 SIX 10 ipsec-isakmp
     match address SIXACL
     set peer 2001:DB8::9
     set transform-set TS
    ip access-list extended PROXY
     permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255
    access-list 101 permit ip host 10.1.1.1 host 10.2.2.2
    """


def test_entries_come_by_sequence_and_maps_in_order_of_appearance() -> None:
    maps = router(MAPS).crypto_maps
    assert [(crypto_map.name, crypto_map.line) for crypto_map in maps] == [
        ("CM", 7),
        ("GET", 29),
        ("MAN", 32),
        ("SIX", 36),
    ]
    assert [(entry.sequence, entry.line, entry.kind, entry.reference) for entry in maps[0].entries] == [
        (10, 23, "ipsec-isakmp", None),
        (20, 12, "ipsec-isakmp", None),
        (65000, 28, "dynamic", "DM"),
    ]
    assert maps[1].entries[0].kind == "gdoi"
    assert maps[1].entries[0].reference == "GROUP1"
    assert maps[2].entries[0].kind == "ipsec-manual"
    assert (maps[3].ipv6, maps[0].ipv6) == (True, False)


def test_attributes_of_the_whole_map() -> None:
    crypto_map = router(MAPS).crypto_maps[0]
    assert crypto_map.local_address is not None
    assert (crypto_map.local_address.name, crypto_map.local_address.line) == ("Loopback0", 7)
    assert crypto_map.isakmp_profile is not None
    assert crypto_map.isakmp_profile.name == "WHOLE"
    assert crypto_map.client_authentication is not None
    assert crypto_map.authorization is not None
    assert crypto_map.client_configuration_address == "respond"


def test_entry_with_several_peers() -> None:
    entry = router(MAPS).crypto_maps[0].entries[1]
    assert [(peer.address, peer.hostname, peer.dynamic, peer.default) for peer in entry.peers] == [
        (IPv4Address("192.0.2.2"), None, False, True),
        (IPv4Address("192.0.2.3"), None, False, False),
        (None, "hub.example.net", True, False),
    ]
    assert entry.acl is not None
    assert (entry.acl.name, entry.pfs, entry.lifetime, entry.reverse_route) == ("101", "group2", 3600, True)
    assert entry.isakmp_profile is not None
    assert entry.isakmp_profile.name == "P"


def test_dynamic_map() -> None:
    (dynamic,) = router(MAPS).dynamic_maps
    assert (dynamic.name, dynamic.dynamic, dynamic.entries[0].sequence) == ("DM", True, 10)
    assert dynamic.entries[0].reverse_route


def test_maps_leave_nothing_unknown() -> None:
    assert config(MAPS).unknown == ()


@pytest.mark.parametrize(
    "line", ["set peer 192.0.2.", "set peer 192.0.2.2 sometimes", "match adress 101", "set nonsense"]
)
def test_damaged_entry_line_names_map_and_sequence(line: str) -> None:
    parsed = config(f"crypto map CM 10 ipsec-isakmp\n {line}\n set transform-set TS\n")
    assert parsed.router is not None
    assert [(entry.line, entry.kind, entry.name) for entry in parsed.router.unknown] == [(2, "crypto-map", "CM 10")]


def test_access_list_entries() -> None:
    (acl,) = router("""
        ip access-list extended PROXY
         remark who talks to whom
         permit ip 10.1.0.0 0.0.255.255 host 10.2.0.1
         deny tcp any eq 22 any range 1000 2000
         permit gre host 192.0.2.1 host 192.0.2.2
         permit ip object-group HERE 10.3.0.0 0.0.0.255
         permit ip 10.0.0.0 0.255.0.255 any
        crypto map CM 10 ipsec-isakmp
         match address PROXY
        """).acls
    assert [
        (entry.action, entry.protocol, entry.source, entry.destination, entry.source_ports, entry.destination_ports)
        for entry in acl.entries
    ] == [
        ("permit", "ip", prefix("10.1.0.0/16"), prefix("10.2.0.1"), "", ""),
        ("deny", "tcp", prefix("0.0.0.0/0"), prefix("0.0.0.0/0"), "eq 22", "range 1000 2000"),
        ("permit", "gre", prefix("192.0.2.1"), prefix("192.0.2.2"), "", ""),
        ("permit", "ip", None, prefix("10.3.0.0/24"), "", ""),
        ("permit", "ip", Prefix(4, 10 << 24, 0xFF00FF00), prefix("0.0.0.0/0"), "", ""),
    ]


def test_sequence_numbers_order_entries() -> None:
    (acl,) = router("""
        ip access-list extended PROXY
         20 permit ip any host 10.0.0.20
         10 permit ip any host 10.0.0.10
        crypto map CM 10 ipsec-isakmp
         match address PROXY
        """).acls
    assert [entry.destination for entry in acl.entries] == [prefix("10.0.0.10"), prefix("10.0.0.20")]


def test_numbered_and_standard_and_ipv6_lists() -> None:
    acls = {
        acl.name: acl
        for acl in router("""
        access-list 101 permit ip 10.1.0.0 0.0.255.255 any
        access-list 101 permit udp host 10.1.1.1 eq isakmp any
        access-list 10 permit 10.9.0.0 0.0.255.255
        access-list 10 permit 10.8.8.8
        ipv6 access-list SIX
         permit ipv6 2001:DB8:1::/48 2001:DB8:2::/48
         sequence 30 permit ipv6 any host 2001:DB8::1
        crypto map CM 10 ipsec-isakmp
         match address 101
        crypto map CM 20 ipsec-isakmp
         match address 10
        crypto map ipv6 CM6 10 ipsec-isakmp
         match address SIX
        """).acls
    }
    assert [entry.line for entry in acls["101"].entries] == [2, 3]
    assert (acls["10"].extended, [str(entry.source) for entry in acls["10"].entries]) == (
        False,
        ["10.9.0.0/16", "10.8.8.8"],
    )
    assert acls["SIX"].ipv6
    assert [str(entry.source) for entry in acls["SIX"].entries] == ["2001:db8:1::/48", "::/0"]


def test_only_lists_behind_a_crypto_map_are_accounted_for() -> None:
    parsed = config("""
        crypto map CM 10 ipsec-isakmp
         match address PROXY
        ip access-list extended PROXY
         permit ip host 10.0.0. any
        ip access-list extended OTHER
         permit ip host 10.0.0. any
        """)
    assert unknown_lines(parsed) == [5]
    assert parsed.router is not None
    assert (parsed.router.unknown[0].kind, parsed.router.unknown[0].name) == ("acl", "PROXY")
