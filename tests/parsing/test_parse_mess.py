"""The mess of real life: what terminals, editors, PDF viewers and hands do to a configuration."""

from ipaddress import IPv4Address

import pytest
from parsed import clear, config, configs, prefix, router, unknown_lines

from ikeaudit.parsing.lines import plain, read_lines

CLEAN = """\
crypto keyring KR
  pre-shared-key address 10.0.0.2 key cisco
crypto isakmp profile P
   keyring KR
   match identity address 10.0.0.2 255.255.255.255
interface Tunnel1
 tunnel source Loopback0
 tunnel destination 10.0.0.2
"""


def as_clean(text: str) -> None:
    """``text`` says what CLEAN says, on the same lines, and nothing is left over."""
    (parsed,) = configs(text)
    (expected,) = configs(CLEAN)
    assert parsed.router is not None
    assert expected.router is not None
    for name in ("keyrings", "isakmp_profiles", "interfaces"):
        assert getattr(parsed.router, name) == getattr(expected.router, name)
    assert parsed.unknown == ()
    assert parsed.modelled == expected.modelled


@pytest.mark.parametrize(
    "text",
    [
        CLEAN.replace("\n", "\r\n"),
        CLEAN.replace("\n", "\r\r\n"),
        CLEAN.replace("\n", "\r"),
        CLEAN.replace("\n", "   \n").replace("cisco   ", "cisco"),
        CLEAN.replace("  ", "\u00a0\u00a0"),
        CLEAN.replace("   ", "\u3000"),
        CLEAN.replace(" tunnel", "\ttunnel").replace("  pre", "\tpre").replace("   k", "\tk").replace("   m", "\tm"),
        "\ufeff" + CLEAN,
        CLEAN.replace(" key cisco", "\u00a0key\u3000cisco"),
        CLEAN.replace("crypto isakmp", "crypto\u200b isakmp"),
        "".join(line.lstrip() + "\n" for line in CLEAN.splitlines()),
        "".join("    " + line + "\n" for line in CLEAN.splitlines()),
        CLEAN.replace("interface Tunnel1", " --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\binterface Tunnel1"),
        CLEAN.replace("interface Tunnel1", "--More--\r        \rinterface Tunnel1"),
        CLEAN.replace("interface Tunnel1", "<--- More --->\r              \rinterface Tunnel1"),
        CLEAN.replace("interface Tunnel1", "\x1b[7m--More--\x1b[m\x1b[42D\x1b[Kinterface Tunnel1"),
        CLEAN.replace("255.255.255.255", "255.255.255.255 !R2"),
        CLEAN.replace("255.255.255.255", "255.255.255.255 //R2"),
        CLEAN.replace("255.255.255.255", "255.255.255.255!R2"),
        CLEAN.replace("255.255.255.255", "255.255.255.255 ! the other end"),
        CLEAN.replace("255.255.255.255", "255.255.255.255    对端地址"),
        "".join(f"> {line.strip()}\n" for line in CLEAN.splitlines()),
        CLEAN.replace("crypto isakmp profile", "!crypto isakmp profile"),
        CLEAN.replace("interface Tunnel1", "!interface Tunnel1"),
    ],
    ids=[
        "crlf", "cr-crlf", "cr", "trailing", "no-break", "ideographic", "tabs", "bom", "odd blanks inside", "zero width",
        "column 0", "indented", "more backspace", "more return", "asa more", "ansi more", "bang remark", "slash remark",
        "glued remark", "remark with words", "remark in another script",
        "block quote", "glued bang", "glued bang interface",
    ],
)  # fmt: skip
def test_same_model_from_damaged_text(text: str) -> None:
    as_clean(text)


def test_trailing_blanks_belong_to_a_key_of_a_keyring() -> None:
    secret = router(CLEAN.replace("cisco", "cisco   ")).keyrings[0].keys[0].secret
    assert secret.fingerprint == clear("cisco   ")
    assert secret.facts is not None
    assert secret.facts.trailing_blanks == 3


def test_lines_keep_their_numbers_through_terminal_remains() -> None:
    text = CLEAN.replace("crypto isakmp", " --More-- \b\b\b\b\b\b\b\b\b\b\ncrypto isakmp")
    found = router(text)
    assert (found.keyrings[0].line, found.isakmp_profiles[0].line, found.interfaces[0].line) == (1, 4, 7)


def test_typed_by_hand() -> None:
    found = router("""
        cry keyr KR
        pre add 10.0.0.2 key cisco
        cry isa key secret add 10.0.0.3 255.255.255.0 no-xauth
        cry isa pol 10
        enc aes
        auth pre
        gr 14
        ex
        cry isa prof P
        keyr KR
        match id add 10.0.0.2
        ex
        cry ips trans TS esp-aes esp-sha-hmac
        mode trans
        cry ips prof IP
        set trans TS
        set isa P
        int tu0
        ip add 172.16.0.1 255.255.255.0
        tun sou gi0/0
        tun dest 10.0.0.2
        tun prot ips prof IP
        no shut
        cry map CM 10 ipsec-i
        set pe 10.0.0.9
        mat add 101
        """)
    assert found.unknown == ()
    assert found.keyrings[0].keys[0].prefix == prefix("10.0.0.2")
    assert (found.default_keyring.keys[0].no_xauth, str(found.default_keyring.keys[0].prefix)) == (True, "10.0.0.3/24")
    policy = found.isakmp_policies[0]
    assert (policy.encryption, policy.authentication, policy.group) == ("aes", "pre-share", "14")
    assert found.isakmp_profiles[0].matches[0].prefix == prefix("10.0.0.2")
    assert found.transform_sets[0].mode == "transport"
    tunnel = found.interfaces[0].tunnel
    assert tunnel is not None
    assert tunnel.protection is not None
    assert (found.interfaces[0].name, tunnel.source_interface, tunnel.protection.ipsec_profile) == (
        "Tunnel0",
        "GigabitEthernet0/0",
        "IP",
    )
    assert found.crypto_maps[0].entries[0].peers[0].address == IPv4Address("10.0.0.9")


def test_names_are_not_mistaken_for_abbreviations() -> None:
    found = router("""
        crypto keyring loc
          pre-shared-key address 10.0.0.2 key cisco
        crypto map ip 10 ipsec-isakmp
         match address per
         set peer 10.0.0.2
        crypto ikev2 profile f
         match identity remote fqdn do
         keyring local loc
        """)
    assert found.keyrings[0].name == "loc"
    assert [
        (crypto_map.name, crypto_map.entries[0].acl.name)
        for crypto_map in found.crypto_maps
        if crypto_map.entries[0].acl
    ] == [("ip", "per")]
    assert found.ikev2.profiles[0].matches[0].value == "do"


BANNER = """\
hostname R1
banner motd ^C
crypto keyring FAKE
  pre-shared-key address 10.9.9.9 key fake
interface Tunnel99
 tunnel destination 10.9.9.9
^C
crypto keyring REAL
  pre-shared-key address 10.0.0.2 key cisco
"""


@pytest.mark.parametrize("delimiter", ["^C", "\x03", "#", "@", "$"])
def test_a_banner_is_no_configuration(delimiter: str) -> None:
    found = router(BANNER.replace("^C", delimiter))
    assert [ring.name for ring in found.keyrings] == ["REAL"]
    assert (found.interfaces, found.keyrings[0].line) == ((), 8)


def test_a_banner_without_end_swallows_nothing() -> None:
    parsed = config(BANNER.replace("^C\ncrypto keyring REAL", "crypto keyring REAL"))
    assert parsed.router is not None
    assert [ring.name for ring in parsed.router.keyrings] == ["FAKE", "REAL"]
    assert [remark.line for remark in parsed.remarks] == [2]


def test_banner_on_one_line() -> None:
    found = router("banner motd #Keep out#\ncrypto keyring K\n  pre-shared-key address 10.0.0.1 key x\n")
    assert [ring.name for ring in found.keyrings] == ["K"]


def test_certificates_are_skipped() -> None:
    parsed = config("""
        crypto pki certificate chain TP
         certificate self-signed 01
          30820330 30820218 A0030201 02020101 300D0609 2A864886 F70D0101 05050030
          ABCDEF
                quit
         certificate ca 02 nvram:ca#2.cer
        crypto keyring K
          pre-shared-key address 10.0.0.1 key x
        """)
    assert parsed.router is not None
    assert parsed.unknown == ()
    assert parsed.router.keyrings[0].line == 8


def test_wrapped_lines() -> None:
    parsed = config("""
        crypto keyring KR
          pre-shared-key address 10.0.0.2
        255.255.255.0 key cisco
        crypto isakmp profile P
           match identity address 10.0.0.2
        255.255.255.255
           keyring
        KR
        crypto ipsec profile IP
         set transform-set
        TS
        interface Tunnel1
         tunnel destination
        10.0.0.2
        """)
    assert parsed.router is not None
    assert parsed.unknown == ()
    assert parsed.router.keyrings[0].keys[0].prefix == prefix("10.0.0.2/24")
    assert parsed.router.isakmp_profiles[0].matches[0].line == 6
    assert parsed.router.isakmp_profiles[0].keyrings[0].name == "KR"
    assert parsed.router.ipsec_profiles[0].transform_sets[0].name == "TS"
    tunnel = parsed.router.interfaces[0].tunnel
    assert tunnel is not None
    assert (str(tunnel.destination), tunnel.destination_line) == ("10.0.0.2", 14)
    # both halves of each wrapped line are accounted for
    assert parsed.modelled == 14


def test_prompt_and_echo_before_a_running_config() -> None:
    found = router("""\
R1>enable
Password:
R1#terminal length 0
R1#show running-config
Building configuration...

Current configuration : 300 bytes
!
hostname R1
crypto keyring KR
  pre-shared-key address 10.0.0.2 key cisco
end

R1#show crypto isakmp sa
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
crypto keyring FAKE is not configuration here
R1#
""")
    assert (found.name, found.keyrings[0].line, found.truncated) == ("R1", 10, False)
    assert [ring.name for ring in found.keyrings] == ["KR"]


def test_session_typed_at_prompts() -> None:
    found = router("""\
R1#conf t
Enter configuration commands, one per line.  End with CNTL/Z.
R1(config)#crypto keyring KR
R1(conf-keyring)#pre-shared-key address 10.0.0.2 key cisco
R1(conf-keyring)#exit
R1(config)#crypto isakmp policy 10
R1(config-isakmp)#encr aes
R1(config-isakmp)#do show crypto isakmp policy
Global IKE policy
        encryption algorithm:   AES
R1(config-isakmp)#group 5
R1(config-isakmp)#end
R1#
""")
    assert found.unknown == ()
    assert found.keyrings[0].keys[0].secret.fingerprint == clear("cisco")
    assert (found.isakmp_policies[0].encryption, found.isakmp_policies[0].group) == ("aes", "5")


def test_truncated_running_config() -> None:
    parsed = config(
        "Building configuration...\n\nCurrent configuration : 99 bytes\n!\nhostname R1\ninterface Tunnel1\n"
    )
    assert parsed.router is not None
    assert parsed.router.truncated
    assert [remark.line for remark in parsed.remarks] == [6]


def test_commented_out_sections_stay_comments() -> None:
    parsed = config("!crypto keyring OLD\n!  pre-shared-key address 10.0.0.2 key cisco\n" + CLEAN)
    assert parsed.router is not None
    assert [ring.name for ring in parsed.router.keyrings] == ["KR"]
    assert parsed.unknown == ()


def test_quoted_key_with_blanks() -> None:
    found = router('crypto keyring KR\n  pre-shared-key address 10.0.0.2 key "two words"\n')
    assert len(found.keyrings[0].keys) == 1


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("abc\b\bX", "aXc"),
        ("12345\rab", "ab345"),
        (" --More-- interface Tunnel1", "interface Tunnel1"),
        ("ip\taddress", "ip address"),
        ("\tip", "        ip"),
        ("a\u00a0b\u3000c", "a b c"),
    ],
)
def test_plain_lines(raw: str, shown: str) -> None:
    assert plain(raw) == shown


def test_every_line_is_there_once() -> None:
    assert [line.number for line in read_lines("a\r\n\r\n b\x0b\n\x85c")] == [1, 2, 3, 4]


def test_unknown_sections_do_not_hide_what_follows() -> None:
    found = router("""
        router bgp 65000
         neighbor 10.0.0.1 remote-as 65001
         !
         address-family ipv4
          network 10.0.0.0
        line vty 0 4
         login
        crypto keyring KR
          pre-shared-key address 10.0.0.2 key cisco
        """)
    assert found.keyrings[0].line == 9


def test_header_with_a_typing_error_takes_its_section_along_into_the_unknown() -> None:
    parsed = config(
        "crpto isakmp policy 10\n encr aes\n group 2\ncrypto keyring K\n  pre-shared-key address 10.0.0.1 key x\n"
    )
    assert unknown_lines(parsed) == [1, 2, 3]
    assert parsed.router is not None
    assert {entry.kind for entry in parsed.router.unknown} == {"global"}


def test_orphans_are_not_lost() -> None:
    assert unknown_lines(
        config("router bgp 1\ntunnel source Loopback0\npre-shared-key address 10.0.0.1 key x\n" + CLEAN)
    ) == [2, 3]


@pytest.mark.parametrize(
    "line",
    [
        "ip address 192.0.2.1 255.255.255.0",
        "ip address 10.0.0.1 255.255.255.0",
        "ip nat inside",
        "match identity remote fqdn spoke.example.com",
        "identity local email a@example.com",
        "encryption aes-cbc-256",
        "set ikev2-profile P",
        "iproute 10.0.0.0 255.0.0.0 10.1.1.1",
    ],
)
def test_a_command_of_tunnels_in_a_section_without_any_is_an_orphan(line: str) -> None:
    assert unknown_lines(config(f"interface Loopback0\nroute-map R\n match metric 10\n {line}\n")) == [4]


@pytest.mark.parametrize(
    "section",
    [
        "class-map match-all C\n match any\n",
        "webvpn gateway G\n ip address 192.0.2.1 port 443\n",
        "policy-map P\n class C\n  set ip dscp af11\n",
        "aaa group server radius R\n ip vrf forwarding MGMT\n",
    ],
)
def test_a_command_of_another_section_is_none(section: str) -> None:
    assert unknown_lines(config(f"interface Loopback0\n{section}")) == []


def test_a_name_on_a_line_of_its_own_is_the_rest_of_the_line_above() -> None:
    found = router("""
        hostname R1
        crypto ikev2 profile
        P
         match identity remote fqdn
         spoke.example.com
         keyring local
         K
         lifetime 3600
        """)
    (profile,) = found.ikev2.profiles
    assert (profile.name, profile.matches[0].value) == ("P", "spoke.example.com")
    assert profile.keyring is not None
    assert (profile.keyring.name, profile.lifetime) == ("K", 3600)


def test_children_after_an_interrupting_global_command_return_to_their_section() -> None:
    parsed = config("interface Tunnel1\ntunnel source Loopback0\nipv6 cef\ntunnel destination 10.0.0.2\n")
    assert parsed.router is not None
    tunnel = parsed.router.interfaces[0].tunnel
    assert tunnel is not None
    assert str(tunnel.destination) == "10.0.0.2"
    assert [remark.line for remark in parsed.remarks] == [4]
