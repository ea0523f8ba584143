"""The two routers of the worked example, exactly as printed there: damaged mask, column-0 children, inline remarks."""

from ipaddress import IPv4Address

from parsed import clear, config, prefix

R1 = """\
crypto keyring keyring1
  pre-shared-key address 192.168.0.2 key cisco
crypto keyring keyring2
  pre-shared-key address 192.168.0.2 key cisco
!
crypto isakmp policy 10
 encr 3des
 hash md5
 authentication pre-share
 group 2

crypto isakmp profile profile1
  keyring keyring1
  match identity address 192.168.0.102 255.255.255.255 !non existing host
crypto isakmp profile profile2
  keyring keyring2
  match identity address 192.168.0.2 255.255.255.255 !R2
!
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
mode tunnel
!
crypto ipsec profile profile1
  set transform-set TS
  set isakmp-profile profile2
!
interface Loopback0
  description Simulate LAN
  ip address 192.168.100.1 255.255.255.0
!
interface Tunnel1
  ip address 10.0.0.1 255.255.255.0
  tunnel source Ethernet0/0
  tunnel destination 192.168.0.2
  tunnel protection ipsec profile profile1
!
interface Ethernet0/0
  ip address 192.168.0.1 255.255.255.

ip route 192.168.200.0 255.255.255.0 10.0.0.2
"""


def test_keyrings_in_order_with_their_lines() -> None:
    router = config(R1).router
    assert router is not None
    assert [(ring.name, ring.line) for ring in router.keyrings] == [("keyring1", 1), ("keyring2", 3)]
    (key,) = router.keyrings[1].keys
    assert (key.line, key.prefix, key.secret.fingerprint, key.secret.type) == (
        4,
        prefix("192.168.0.2"),
        clear("cisco"),
        0,
    )


def test_profiles_keep_their_match_without_the_inline_remark() -> None:
    router = config(R1).router
    assert router is not None
    first, second = router.isakmp_profiles
    assert (first.name, first.keyrings[0].name, first.matches[0].prefix) == (
        "profile1",
        "keyring1",
        prefix("192.168.0.102"),
    )
    assert (second.name, second.line, second.matches[0].line, second.matches[0].vrf) == ("profile2", 15, 17, None)


def test_column_zero_child_belongs_to_its_transform_set() -> None:
    parsed = config(R1)
    assert parsed.router is not None
    (transform_set,) = parsed.router.transform_sets
    assert transform_set.transforms == ("esp-aes", "esp-sha256-hmac")
    assert transform_set.mode == "tunnel"
    assert parsed.unknown == ()


def test_tunnel_and_its_protection() -> None:
    router = config(R1).router
    assert router is not None
    tunnel = next(interface for interface in router.interfaces if interface.name == "Tunnel1").tunnel
    assert tunnel is not None
    assert (tunnel.source_interface, tunnel.destination) == ("Ethernet0/0", IPv4Address("192.168.0.2"))
    assert tunnel.protection is not None
    assert (tunnel.protection.line, tunnel.protection.ipsec_profile) == (34, "profile1")
    assert router.ipsec_profiles[0].isakmp_profile is not None
    assert router.ipsec_profiles[0].isakmp_profile.name == "profile2"


def test_damaged_mask_keeps_the_address_and_says_so() -> None:
    parsed = config(R1)
    assert parsed.router is not None
    (address,) = parsed.router.interfaces[-1].addresses
    assert (address.address, address.prefix, address.line) == (IPv4Address("192.168.0.1"), None, 37)
    assert [remark.line for remark in parsed.remarks] == [14, 17, 37]


def test_route_after_an_interface_is_no_interface_command() -> None:
    router = config(R1).router
    assert router is not None
    (route,) = router.static_routes
    assert (route.line, route.prefix, route.next_hop) == (39, prefix("192.168.200.0/24"), IPv4Address("10.0.0.2"))
