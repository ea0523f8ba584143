"""ISAKMP profiles, policies and router-wide IKEv1 settings: every form of DOMAIN 3.2 and 3.3."""

from ipaddress import IPv4Address

import pytest
from parsed import clear, config, cut, prefix, router, unknown_lines

PROFILE = """
    crypto isakmp profile P
       description the whole of it
       vrf INSIDE
       keyring K1
       keyring K2
       keyring default
       ca trust-point TP1
       ca trust-point TP2
       self-identity user-fqdn hub@example.net
       match identity address 192.0.2.1 255.255.255.255 INET
       match identity address 192.0.2.0 255.255.255.0
       match identity address 192.0.2.9
       match identity address 0.0.0.0 INET
       match identity address ipv6 2001:DB8::/32 INET
       match identity host spoke1 INET
       match identity host domain example.net
       match identity user joe@example.net
       match identity user domain example.net INET
       match identity group EZVPN
       match certificate CMAP
       local-address Loopback0
       initiate mode aggressive
       keepalive 30 retry 5
       accounting ACCT
       isakmp authorization list AUTHOR
       client authentication list AUTHEN
       client configuration address respond
       client configuration group CFG
       client pki authorization list PKI
       virtual-template 7
       qos-group 3
       rekey
    """


def test_profile_with_everything() -> None:
    (profile,) = router(PROFILE).isakmp_profiles
    assert [(ref.line, ref.name) for ref in profile.keyrings] == [(5, "K1"), (6, "K2"), (7, "default")]
    assert [point.name for point in profile.trustpoints] == ["TP1", "TP2"]
    assert (profile.vrf, profile.initiate_mode) == ("INSIDE", "aggressive")
    assert profile.description == cut("the whole of it")
    assert profile.self_identity is not None
    assert (profile.self_identity.kind, profile.self_identity.value) == ("user-fqdn", "hub@example.net")
    assert profile.local_address is not None
    assert profile.local_address.interface == "Loopback0"
    assert profile.keepalive is not None
    assert (profile.keepalive.interval, profile.keepalive.retry) == (30, 5)
    assert profile.virtual_template == 7
    assert (profile.client_authentication, profile.authorization) == ("AUTHEN", "AUTHOR")
    assert (profile.client_configuration_group, profile.client_configuration_address) == ("CFG", "respond")


def test_every_kind_of_match() -> None:
    (profile,) = router(PROFILE).isakmp_profiles
    assert [(m.line, m.kind, None if m.prefix is None else str(m.prefix), m.value, m.vrf) for m in profile.matches] == [
        (11, "address", "192.0.2.1", None, "INET"),
        (12, "address", "192.0.2.0/24", None, None),
        (13, "address", "192.0.2.9", None, None),
        (14, "address", "0.0.0.0/0", None, "INET"),
        (15, "address", "2001:db8::/32", None, "INET"),
        (16, "host", None, "spoke1", "INET"),
        (17, "host-domain", None, "example.net", None),
        (18, "user", None, "joe@example.net", None),
        (19, "user-domain", None, "example.net", "INET"),
        (20, "group", None, "EZVPN", None),
        (21, "certificate", None, "CMAP", None),
    ]


def test_ledger_of_the_whole_profile() -> None:
    parsed = config(PROFILE)
    assert parsed.unknown == ()
    # accounting, client pki authorization, qos-group and rekey do not change which profile is picked
    assert (parsed.modelled, parsed.irrelevant) == (28, 4)


def test_several_keyrings_on_one_line_and_no_name_twice() -> None:
    (profile,) = router("crypto isakmp profile P\n   keyring K1 K2\n   keyring K2\n").isakmp_profiles
    assert [ref.name for ref in profile.keyrings] == ["K1", "K2"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("address", "address", None),
        ("address ipv6", "address-ipv6", None),
        ("fqdn", "fqdn", None),
        ("fqdn r1.example.net", "fqdn", "r1.example.net"),
        ("user-fqdn me@example.net", "user-fqdn", "me@example.net"),
        ("2.3.4.6", "address", "2.3.4.6"),
    ],
)
def test_self_identity(text: str, kind: str, value: str | None) -> None:
    found = router(f"crypto isakmp profile P\n   self-identity {text}\n").isakmp_profiles[0].self_identity
    assert found is not None
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    "line",
    [
        "match identity address 192.0.2. 255.255.255.255",
        "match identity address 192.0.2.1 255.255.255.255 INET extra",
        "match identity adress 192.0.2.1",
        "match identity",
        "self-identity nonsense here",
        "keepalive often",
        "initiate mode sideways",
        "virtual-template seven",
        "wibble",
    ],
)
def test_damaged_profile_line_is_unknown(line: str) -> None:
    parsed = config(f"crypto isakmp profile P\n   keyring K\n   {line}\n   match identity address 192.0.2.1\n")
    assert unknown_lines(parsed) == [3]
    assert parsed.router is not None
    assert (parsed.router.unknown[0].kind, parsed.router.unknown[0].name) == ("isakmp-profile", "P")
    assert [match.line for match in parsed.router.isakmp_profiles[0].matches] == [4]


def test_comment_of_an_incomplete_profile_is_no_line_of_it() -> None:
    parsed = config(
        "crypto isakmp profile P\n! This profile is incomplete (no match identity statement)\n   keyring K\n"
    )
    assert parsed.unknown == ()
    assert parsed.router is not None
    assert parsed.router.isakmp_profiles[0].matches == ()
    assert [ref.name for ref in parsed.router.isakmp_profiles[0].keyrings] == ["K"]


def test_policies_print_what_is_printed_and_nothing_else() -> None:
    policies = router("""
        crypto isakmp policy 20
         encr aes 256
         hash sha256
         authentication pre-share
         group 14
         lifetime 28800
        crypto isakmp policy 5
         encryption aes
        """).isakmp_policies
    assert [policy.number for policy in policies] == [5, 20]
    first, second = policies
    assert (first.line, first.encryption, first.keyword) == (8, "aes", "encryption")
    assert (first.hash, first.authentication, first.group, first.lifetime) == (None, None, None, None)
    assert (second.encryption, second.keyword, second.hash) == ("aes 256", "encr", "sha256")
    assert (second.authentication, second.group, second.lifetime) == ("pre-share", "14", 28800)


def test_settings() -> None:
    settings = router("""
        crypto isakmp identity hostname
        crypto isakmp aggressive-mode disable
        no crypto isakmp default policy
        crypto isakmp keepalive 10 3 periodic
        crypto isakmp invalid-spi-recovery
        crypto isakmp nat keepalive 20
        crypto isakmp fragmentation
        crypto isakmp xauth timeout 20
        crypto isakmp enable
        """).isakmp
    assert (settings.identity, settings.identity_line) == ("hostname", 2)
    assert settings.aggressive_mode_disabled
    assert settings.default_policy_disabled
    assert settings.enabled
    assert settings.invalid_spi_recovery
    assert settings.keepalive is not None
    assert (settings.keepalive.interval, settings.keepalive.retry, settings.keepalive.periodic) == (10, 3, True)


def test_settings_default() -> None:
    settings = router("crypto isakmp policy 1\n").isakmp
    assert (settings.identity, settings.aggressive_mode_disabled, settings.default_policy_disabled) == (
        "address",
        False,
        False,
    )


def test_isakmp_disabled() -> None:
    assert not router("crypto isakmp policy 1\nno crypto isakmp enable\n").isakmp.enabled


def test_aggressive_peers_and_client_groups() -> None:
    settings = router("""
        crypto isakmp peer address 192.0.2.7 vrf INET
         description hub
         set aggressive-mode password hush
         set aggressive-mode client-endpoint user-fqdn me@example.net
        crypto isakmp peer hostname hub.example.net
         set aggressive-mode client-endpoint ipv4-address 192.0.2.8
        crypto isakmp client configuration group REMOTE
         key teamword
         dns 192.0.2.53
         pool PEOPLE
         acl SPLIT
         save-password
        """).isakmp
    first, second = settings.peers
    assert (first.address, first.vrf, first.client_endpoint) == (
        IPv4Address("192.0.2.7"),
        "INET",
        "user-fqdn me@example.net",
    )
    assert first.password is not None
    assert first.password.fingerprint == clear("hush")
    assert (second.hostname, second.password) == ("hub.example.net", None)
    (group,) = settings.client_groups
    assert (group.name, group.line, group.has_key) == ("REMOTE", 8, True)


def test_profile_entered_again_continues() -> None:
    (profile,) = router("""
        crypto isakmp profile P
           keyring A
        crypto isakmp policy 1
        crypto isakmp profile P
           match identity address 192.0.2.1
           keyring B
        """).isakmp_profiles
    assert [ref.name for ref in profile.keyrings] == ["A", "B"]
    assert profile.matches[0].prefix == prefix("192.0.2.1")


def test_the_same_match_twice_is_one_match() -> None:
    (profile,) = router("""
        crypto isakmp profile P
           match identity address 192.0.2.1 255.255.255.255
           match identity address 192.0.2.1
           match identity address 192.0.2.1 255.255.255.255 INET
        """).isakmp_profiles
    assert [(match.line, match.vrf) for match in profile.matches] == [(3, None), (5, "INET")]
