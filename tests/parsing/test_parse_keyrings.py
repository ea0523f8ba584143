"""Keyrings and global keys: every form of DOMAIN 3.1, expectations worked out from its text."""

from ipaddress import IPv4Address

import pytest
from parsed import clear, config, cut, prefix, router, unknown_lines


def test_every_kind_of_entry() -> None:
    (ring,) = router("""
        crypto keyring KR vrf INET
          description keys of the ring
          local-address GigabitEthernet0/0
          pre-shared-key address 10.0.0.0 255.0.0.0 key wide
          pre-shared-key address 10.1.1.1 key host
          pre-shared-key address 0.0.0.0 key all
          pre-shared-key address ipv6 2001:DB8::/32 key six
          pre-shared-key hostname spoke.example.net key name
          rsa-pubkey address 10.9.9.9 encryption
            key-string
            00302017 4A7D385B 1234EF29 335FC973
            quit
          rsa-pubkey name peer.example.net
        """).keyrings
    assert (ring.name, ring.vrf, ring.description) == ("KR", "INET", cut("keys of the ring"))
    assert ring.local_address is not None
    assert (ring.local_address.interface, ring.local_address.line) == ("GigabitEthernet0/0", 4)
    assert [(str(key.prefix), key.hostname, key.secret.fingerprint) for key in ring.keys] == [
        ("10.0.0.0/8", None, clear("wide")),
        ("10.1.1.1", None, clear("host")),
        ("0.0.0.0/0", None, clear("all")),
        ("2001:db8::/32", None, clear("six")),
        ("None", "spoke.example.net", clear("name")),
    ]
    assert [(rsa.kind, rsa.peer) for rsa in ring.rsa_keys] == [("address", "10.9.9.9"), ("name", "peer.example.net")]


def test_encoding_digit_is_kept() -> None:
    keys = (
        router("""
        crypto keyring KR
          pre-shared-key address 10.0.0.1 key 0 plain
          pre-shared-key address 10.0.0.2 key 7 13061E010803
          pre-shared-key address 10.0.0.3 key 6 aBcD^EfGhIJK`LMNOPQ
        """)
        .keyrings[0]
        .keys
    )
    assert [key.secret.type for key in keys] == [0, 7, 6]
    assert keys[0].secret.fingerprint == clear("plain")
    assert keys[2].secret.opaque


def test_local_address_by_address_with_vrf() -> None:
    found = router("crypto keyring KR\n  local-address 192.0.2.1 INET\n").keyrings[0].local_address
    assert found is not None
    assert (found.address, found.vrf, found.interface) == (IPv4Address("192.0.2.1"), "INET", None)


def test_global_keys_form_the_default_keyring() -> None:
    ring = router("""
        crypto isakmp key first address 192.0.2.1
        crypto isakmp key 6 bLoBbLoB address 192.0.2.0 255.255.255.0 no-xauth
        crypto isakmp key third hostname hub.example.net
        crypto isakmp key fourth address ipv6 2001:DB8::1/128
        crypto isakmp key fifth address 0.0.0.0
        """).default_keyring
    assert (ring.name, ring.line, ring.vrf) == ("default", 2, None)
    assert [(key.line, str(key.prefix), key.hostname, key.no_xauth) for key in ring.keys] == [
        (2, "192.0.2.1", None, False),
        (3, "192.0.2.0/24", None, True),
        (4, "None", "hub.example.net", False),
        (5, "2001:db8::1", None, False),
        (6, "0.0.0.0/0", None, False),
    ]


def test_no_global_key_no_line() -> None:
    assert router("interface Tunnel1\n tunnel source Loopback0\n").default_keyring.line == 0


def test_second_key_for_one_peer_is_refused_as_ios_refuses_it() -> None:
    parsed = config("""
        crypto keyring KR
          pre-shared-key address 10.0.0.2 key first
          pre-shared-key address 10.0.0.2 255.255.255.255 key second
        """)
    assert parsed.router is not None
    (key,) = parsed.router.keyrings[0].keys
    assert key.secret.fingerprint == clear("first")
    assert [remark.line for remark in parsed.remarks] == [4]
    assert parsed.unknown == ()


def test_entering_a_keyring_again_continues_it() -> None:
    rings = router("""
        crypto keyring A vrf X
          pre-shared-key address 10.0.0.1 key one
        crypto keyring B
          pre-shared-key address 10.0.0.2 key two
        crypto keyring A
          pre-shared-key address 10.0.0.3 key three
        """).keyrings
    assert [(ring.name, ring.vrf, len(ring.keys)) for ring in rings] == [("A", "X", 2), ("B", None, 1)]


def test_names_differ_by_case_and_may_hold_colons() -> None:
    rings = router("""
        crypto keyring VRF:A:1
          pre-shared-key address 10.0.0.1 key one
        crypto keyring vrf:a:1
          pre-shared-key address 10.0.0.1 key two
        """).keyrings
    assert [ring.name for ring in rings] == ["VRF:A:1", "vrf:a:1"]


@pytest.mark.parametrize(
    "line",
    [
        "pre-shared-key address 10.0.0. key cut",
        "pre-shared-key address 10.0.0.1 255.255.255 key cut",
        "pre-shared-key address ipv6 2001:zz:: key cut",
        "pre-shared-key adress 10.0.0.1 key typo",
        "local-address 10.0.0",
        "frobnicate 1",
    ],
)
def test_damaged_line_is_unknown_and_names_its_keyring(line: str) -> None:
    parsed = config(f"crypto keyring KR\n  {line}\n  pre-shared-key address 10.0.0.9 key good\n")
    assert unknown_lines(parsed) == [2]
    assert parsed.router is not None
    (entry,) = parsed.router.unknown
    assert (entry.line, entry.kind, entry.name) == (2, "keyring", "KR")
    assert [key.prefix for key in parsed.router.keyrings[0].keys] == [prefix("10.0.0.9")]


def test_keys_with_blanks_exclamation_marks_and_digits_first() -> None:
    keys = router("""
        crypto keyring KR
          pre-shared-key address 10.0.0.1 key two words
          pre-shared-key address 10.0.0.2 key pass!word
          pre-shared-key address 10.0.0.3 key 6start
        crypto isakmp key 9digits address 10.0.0.4
        """)
    assert [key.secret.fingerprint for key in keys.keyrings[0].keys] == [
        clear("two words"),
        clear("pass!word"),
        clear("6start"),
    ]
    assert keys.default_keyring.keys[0].secret.fingerprint == clear("9digits")


def test_no_key_stands_anywhere_in_what_is_kept() -> None:
    parsed = config("crypto keyring KR\n  pre-shared-key address 10.0.0.1 key Canary-9f1\n")
    assert "Canary" not in repr(parsed)
    assert parsed.router is not None
    assert parsed.router.text(2).startswith("pre-shared-key address 10.0.0.1 key <PSK:")
