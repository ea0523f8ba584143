"""IKEv2 as configured: every form of DOMAIN 3.5."""

from ipaddress import IPv4Address

import pytest
from parsed import clear, config, cut, prefix, router, unknown_lines

TEXT = """
    crypto ikev2 proposal PROP
     encryption aes-cbc-256 aes-gcm-128
     integrity sha384
     prf sha512
     group 20 19
    crypto ikev2 policy POL
     match fvrf any
     match address local 192.0.2.1
     proposal PROP
     proposal OTHER
    crypto ikev2 keyring RING
     peer ONE
      description the first
      address 192.0.2.0 255.255.255.0
      hostname one.example.net
      identity fqdn one.example.net
      pre-shared-key local mine
      pre-shared-key remote yours
     !
     peer TWO
      address 2001:DB8::1/128
      identity email domain example.net
      pre-shared-key 6 ABCdefGHI
     !
     peer ALL
      address 0.0.0.0 0.0.0.0
      identity key-id 42
      pre-shared-key hex 0a0b
    crypto ikev2 profile PROF
     description a profile
     match fvrf INET
     match identity remote address 192.0.2.9 255.255.255.255
     match identity remote address 0.0.0.0
     match identity remote fqdn two.example.net
     match identity remote fqdn domain example.net
     match identity remote email me@example.net
     match identity remote key-id 42
     match identity remote any
     match certificate CMAP
     match address local interface GigabitEthernet0/0
     match address local 192.0.2.1
     match inbound-only
     identity local fqdn me.example.net
     authentication remote pre-share
     authentication remote rsa-sig
     authentication local pre-share key inline
     keyring local RING
     keyring ppk PPK
     pki trustpoint TP sign
     ivrf INSIDE
     lifetime 3600
     dpd 10 3 on-demand
     nat keepalive 30
     virtual-template 5 mode auto
     aaa authorization user psk cached
     shutdown
    crypto ikev2 dpd 30 5 periodic
    crypto ikev2 nat keepalive 20
    crypto ikev2 authorization policy AUTH
     route set interface
     pool PEOPLE
    """


def test_proposal_and_policy() -> None:
    ikev2 = router(TEXT).ikev2
    (proposal,) = ikev2.proposals
    assert (proposal.encryption, proposal.integrity) == (("aes-cbc-256", "aes-gcm-128"), ("sha384",))
    assert (proposal.prf, proposal.groups) == (("sha512",), ("20", "19"))
    (policy,) = ikev2.policies
    assert (policy.fvrf, policy.local_addresses) == ("any", (IPv4Address("192.0.2.1"),))
    assert [(name.line, name.name) for name in policy.proposals] == [(10, "PROP"), (11, "OTHER")]


def test_keyring_peers() -> None:
    (ring,) = router(TEXT).ikev2.keyrings
    one, two, everyone = ring.peers
    assert (ring.line, one.line, two.line, everyone.line) == (12, 13, 21, 26)
    assert (one.addresses, one.hostname, one.description) == (
        (prefix("192.0.2.0/24"),),
        "one.example.net",
        cut("the first"),
    )
    assert one.local is not None
    assert one.remote is not None
    assert (one.local.fingerprint, one.remote.fingerprint) == (clear("mine"), clear("yours"))
    assert two.local is not None
    assert two.local is two.remote
    assert two.local.opaque
    assert two.identity is not None
    assert (two.identity.kind, two.identity.value) == ("email-domain", "example.net")
    assert everyone.addresses == (prefix("0.0.0.0/0"),)
    assert everyone.identity is not None
    assert (everyone.identity.kind, everyone.identity.value) == ("key-id", "42")


def test_profile() -> None:
    (profile,) = router(TEXT).ikev2.profiles
    assert [(match.kind, match.prefix and str(match.prefix), match.value) for match in profile.matches] == [
        ("address", "192.0.2.9", None),
        ("address", "0.0.0.0/0", None),
        ("fqdn", None, "two.example.net"),
        ("fqdn-domain", None, "example.net"),
        ("email", None, "me@example.net"),
        ("key-id", None, "42"),
        ("any", None, None),
    ]
    assert [(auth.line, auth.method) for auth in profile.remote_auth] == [(45, "pre-share"), (46, "rsa-sig")]
    (local,) = profile.local_auth
    assert local.key is not None
    assert (local.method, local.key.fingerprint) == ("pre-share", clear("inline"))
    assert profile.identity_local is not None
    assert (profile.identity_local.kind, profile.identity_local.value) == ("fqdn", "me.example.net")
    assert (profile.local_interfaces, profile.local_addresses) == (("GigabitEthernet0/0",), (IPv4Address("192.0.2.1"),))
    assert profile.keyring is not None
    assert (profile.keyring.name, profile.keyring_kind, profile.ppk_keyring) == ("RING", "local", "PPK")
    assert (profile.fvrf, profile.ivrf, profile.lifetime, profile.virtual_template) == ("INET", "INSIDE", 3600, 5)
    assert profile.dpd is not None
    assert (profile.dpd.interval, profile.dpd.retry, profile.dpd.periodic) == (10, 3, False)
    assert [point.name for point in profile.trustpoints] == ["TP"]
    assert [name.name for name in profile.certificate_maps] == ["CMAP"]
    assert profile.inbound_only
    assert profile.shutdown


def test_everything_is_accounted_for() -> None:
    parsed = config(TEXT)
    assert parsed.unknown == ()
    assert parsed.router is not None
    assert parsed.router.ikev2.dpd is not None
    assert parsed.router.ikev2.dpd.interval == 30


def test_ikev1_policy_is_not_taken_for_an_ikev2_one() -> None:
    parsed = router("crypto isakmp policy 10\n group 2\ncrypto ikev2 policy 10\n proposal P\n")
    assert [policy.number for policy in parsed.isakmp_policies] == [10]
    assert [policy.name for policy in parsed.ikev2.policies] == ["10"]


@pytest.mark.parametrize(
    ("section", "line", "kind", "name"),
    [
        ("crypto ikev2 proposal P", "encription aes", "ikev2-proposal", "P"),
        ("crypto ikev2 policy P", "match address local 192.0.2.", "ikev2-policy", "P"),
        ("crypto ikev2 profile P", "match identity remote address 192.0.2.", "ikev2-profile", "P"),
        ("crypto ikev2 profile P", "authentication local magic", "ikev2-profile", "P"),
        ("crypto ikev2 profile P", "dpd now", "ikev2-profile", "P"),
    ],
)
def test_damaged_line(section: str, line: str, kind: str, name: str) -> None:
    parsed = config(f"{section}\n {line}\n")
    assert parsed.router is not None
    assert [(entry.line, entry.kind, entry.name) for entry in parsed.router.unknown] == [(2, kind, name)]


def test_command_before_the_first_peer_is_unknown() -> None:
    assert unknown_lines(config("crypto ikev2 keyring K\n address 192.0.2.1\n peer A\n  address 192.0.2.2\n")) == [2]


def test_peer_at_column_zero() -> None:
    (ring,) = router(
        "crypto ikev2 keyring K\npeer A\naddress 192.0.2.2\npre-shared-key x\nexit\npeer B\naddress 192.0.2.3\nexit\nexit\n"
        "crypto isakmp policy 1\n"
    ).ikev2.keyrings
    assert [(peer.name, str(peer.addresses[0])) for peer in ring.peers] == [("A", "192.0.2.2"), ("B", "192.0.2.3")]
