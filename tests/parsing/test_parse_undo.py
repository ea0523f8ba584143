"""``no`` in a file typed by hand: it takes back what stands before it."""

import pytest
from parsed import config, prefix, router, unknown_lines


def test_no_takes_back_a_line_of_its_section() -> None:
    found = router("""
        crypto isakmp profile P
           keyring A
           keyring B
           match identity address 10.0.0.1 255.255.255.255
           no keyring A
        """)
    assert [ref.name for ref in found.isakmp_profiles[0].keyrings] == ["B"]
    assert found.unknown == ()


def test_no_without_operands_takes_back_any_value() -> None:
    found = router("""
        crypto ipsec profile IP
         set pfs group14
         set isakmp-profile P
         no set pfs
        interface Tunnel1
         ip address 10.0.0.1 255.255.255.0
         shutdown
         no ip address
         no shutdown
        """)
    assert found.ipsec_profiles[0].pfs is None
    assert (found.interfaces[0].addresses, found.interfaces[0].shutdown) == ((), False)


def test_a_prefix_of_a_name_takes_nothing_back() -> None:
    found = router("crypto isakmp profile P\n   keyring AB\n   no keyring A\n")
    assert [ref.name for ref in found.isakmp_profiles[0].keyrings] == ["AB"]


def test_re_entered_section_takes_back_what_an_earlier_place_said() -> None:
    found = router("""
        crypto keyring K
          pre-shared-key address 10.0.0.1 key one
          pre-shared-key address 10.0.0.2 255.255.255.0 key two
        crypto keyring K
          no pre-shared-key address 10.0.0.1 255.255.255.255 key one
          pre-shared-key address 10.0.0.1 key three
        """)
    keys = found.keyrings[0].keys
    assert [(key.line, key.prefix) for key in keys] == [(4, prefix("10.0.0.2/24")), (7, prefix("10.0.0.1"))]


def test_whole_objects() -> None:
    parsed = config("""
        crypto keyring A
          pre-shared-key address 10.0.0.1 key one
        crypto keyring B
          pre-shared-key address 10.0.0.1 key one
        crypto map CM 10 ipsec-isakmp
         set peer 10.0.0.1
        crypto map CM 20 ipsec-isakmp
         set peer 10.0.0.2
        crypto map GONE 10 ipsec-isakmp
         set peer 10.0.0.3
        interface Tunnel1
         tunnel vrf X
        no crypto keyring A
        no crypto map CM 10
        no crypto map GONE
        no interface Tunnel1
        """)
    found = parsed.router
    assert found is not None
    assert [ring.name for ring in found.keyrings] == ["B"]
    assert [
        (crypto_map.name, [entry.sequence for entry in crypto_map.entries]) for crypto_map in found.crypto_maps
    ] == [("CM", [20])]
    assert found.interfaces == ()
    assert parsed.unknown == ()


def test_an_object_removed_and_made_again() -> None:
    found = router("""
        crypto keyring A
          pre-shared-key address 10.0.0.1 key one
        no crypto keyring A
        crypto keyring A
          pre-shared-key address 10.0.0.2 key two
        """)
    assert [(ring.line, len(ring.keys)) for ring in found.keyrings] == [(5, 1)]


def test_global_lines() -> None:
    found = router("""
        crypto isakmp key one address 10.0.0.1
        crypto isakmp key two address 10.0.0.2
        crypto isakmp identity hostname
        ip route 10.0.0.0 255.0.0.0 192.0.2.1
        ip host hub 10.0.0.1
        no crypto isakmp key one address 10.0.0.1
        no crypto isakmp identity hostname
        no ip route 10.0.0.0 255.0.0.0 192.0.2.1
        no ip host hub
        """)
    assert [key.line for key in found.default_keyring.keys] == [3]
    assert found.isakmp.identity == "address"
    assert (found.static_routes, found.host_mappings) == ((), ())


def test_known_and_unknown_negations() -> None:
    parsed = config("""
        no crypto isakmp aggressive-mode disable
        no crypto frobnication
        interface Tunnel1
         no ip redirects
         no ip nhrp shortcut
         no tunnel wobble
        """)
    assert unknown_lines(parsed) == [3, 7]


def test_default_is_no() -> None:
    found = router("crypto ipsec profile IP\n set pfs group2\n default set pfs\n")
    assert found.ipsec_profiles[0].pfs is None


@pytest.mark.full
def test_thousands_of_negations_cost_no_square() -> None:
    lines = [f"crypto isakmp key k{n} address 10.{n >> 8}.{n & 255}.1" for n in range(3000)]
    lines += [f"no {line}" for line in lines]
    assert router("\n".join(lines)).default_keyring.keys == ()
