"""Redaction line by line: what each form of secret becomes (DESIGN 3.6, DOMAIN 3.1)."""

from __future__ import annotations

import re

import pytest

from ikeaudit.parsing.fingerprint import PSK_TOKEN, Fingerprinter, psk_token
from ikeaudit.parsing.redact import decode_type7, mask_line, redact

FINGERPRINTER = Fingerprinter(b"a test key of sufficient length.")


def expected(text: str) -> str:
    """``{{clear}}`` stands for the token of a clear key, ``{{6:blob}}`` for that of a type 6 text."""

    def token(found: re.Match[str]) -> str:
        if found[1].startswith("6:"):
            return psk_token(FINGERPRINTER.opaque(found[1][2:]))
        return psk_token(FINGERPRINTER.psk(found[1]))

    return re.sub(r"\{\{(.+?)\}\}", token, text)


GLOBAL_KEYS = [
    ("crypto isakmp key s3cr address 10.0.0.2", "crypto isakmp key {{s3cr}} address 10.0.0.2"),
    ("crypto isakmp key s3cr address 0.0.0.0        ", "crypto isakmp key {{s3cr}} address 0.0.0.0        "),
    (
        "crypto isakmp key s3cr address 10.0.0.0 255.255.255.0 no-xauth",
        "crypto isakmp key {{s3cr}} address 10.0.0.0 255.255.255.0 no-xauth",
    ),
    ("crypto isakmp key s3cr hostname R2.example.net", "crypto isakmp key {{s3cr}} hostname R2.example.net"),
    ("crypto isakmp key s3cr address ipv6 2001:DB8::1/128", "crypto isakmp key {{s3cr}} address ipv6 2001:DB8::1/128"),
    ("crypto isakmp key 0 s3cr address 10.0.0.2", "crypto isakmp key 0 {{s3cr}} address 10.0.0.2"),
    ("crypto isakmp key 6 aBcD^fG address 10.0.0.2", "crypto isakmp key 6 {{6:aBcD^fG}} address 10.0.0.2"),
    ("crypto isakmp key 7 094F471A1A0A address 10.0.0.2", "crypto isakmp key 7 {{cisco}} address 10.0.0.2"),
    ("crypto isakmp key 6 address 10.0.0.2", "crypto isakmp key {{6}} address 10.0.0.2"),
    ("crypto isakmp key 12345 address 10.0.0.2", "crypto isakmp key {{12345}} address 10.0.0.2"),
    ("crypto isakmp key address address 10.0.0.2", "crypto isakmp key {{address}} address 10.0.0.2"),
    ("crypto isakmp key hostname hostname R2", "crypto isakmp key {{hostname}} hostname R2"),
    ("crypto isakmp key 0 address address 10.0.0.2", "crypto isakmp key 0 {{address}} address 10.0.0.2"),
    ("crypto isakmp key 0 hostname hostname R2", "crypto isakmp key 0 {{hostname}} hostname R2"),
    ("crypto isakmp key key address 10.0.0.2", "crypto isakmp key {{key}} address 10.0.0.2"),
    ("crypto isakmp key strong! address 0.0.0.0", "crypto isakmp key {{strong!}} address 0.0.0.0"),
    ("crypto isakmp key ~9|||<>x address 1.2.3.4", "crypto isakmp key {{~9|||<>x}} address 1.2.3.4"),
    ("crypto isakmp key //x//y address 1.2.3.4", "crypto isakmp key {{//x//y}} address 1.2.3.4"),
    ("no crypto isakmp key s3cr address 10.0.0.2", "no crypto isakmp key {{s3cr}} address 10.0.0.2"),
    ("cry isa key s3cr add 10.0.0.2", "cry isa key {{s3cr}} add 10.0.0.2"),
    ("cr is key 0 s3cr a 10.0.0.2", "cr is key 0 {{s3cr}} a 10.0.0.2"),
    ("CRYPTO ISAKMP KEY s3cr ADDRESS 10.0.0.2", "CRYPTO ISAKMP KEY {{s3cr}} ADDRESS 10.0.0.2"),
    ("R1(config)#crypto isakmp key s3cr address 10.0.0.2", "R1(config)#crypto isakmp key {{s3cr}} address 10.0.0.2"),
    ("!crypto isakmp key s3cr address 10.0.0.2", "!crypto isakmp key {{s3cr}} address 10.0.0.2"),
    ("+crypto isakmp key s3cr address 10.0.0.2", "+crypto isakmp key {{s3cr}} address 10.0.0.2"),
    ("-crypto isakmp key s3cr address 10.0.0.2", "-crypto isakmp key {{s3cr}} address 10.0.0.2"),
    (
        "crypto\u00a0isakmp\u3000key\ts3cr\u2003address 10.0.0.2",
        "crypto\u00a0isakmp\u3000key\t{{s3cr}}\u2003address 10.0.0.2",
    ),
    ("crypto isakmp key s3cr address 10.0.0.2   ! to R2", "crypto isakmp key {{s3cr}} address 10.0.0.2   ! to R2"),
    ('crypto isakmp key "two words" address 10.0.0.2', 'crypto isakmp key {{"two words"}} address 10.0.0.2'),
    ("crypto isakmp key s3cr", "crypto isakmp key {{s3cr}}"),
    ("crypto isakmp key s3cr addr", "crypto isakmp key {{s3cr}} <SECRET>"),
    (
        "*Mar  1 00:01:02: %PARSER-5-CFGLOG_LOGGEDCMD: User:bob  logged command:crypto isakmp key s3cr address 1.1.1.1 ",
        "*Mar  1 00:01:02: %PARSER-5-CFGLOG_LOGGEDCMD: User:bob  logged command:crypto isakmp key {{s3cr}} address 1.1.1.1 ",
    ),
    (
        r'["hostname R1\ncrypto isakmp key s3cr address 10.0.0.2\n!"]',
        r'["hostname R1\ncrypto isakmp key {{s3cr}} address 10.0.0.2\n!"]',
    ),
]

KEYRING_KEYS = [
    ("  pre-shared-key address 10.0.0.2 key s3cr", "  pre-shared-key address 10.0.0.2 key {{s3cr}}"),
    (
        "  pre-shared-key address 10.0.0.0 255.255.255.0 key s3cr",
        "  pre-shared-key address 10.0.0.0 255.255.255.0 key {{s3cr}}",
    ),
    (
        "  pre-shared-key address 10.0.0.0 255.255.255. key s3cr",
        "  pre-shared-key address 10.0.0.0 255.255.255. key {{s3cr}}",
    ),
    (
        "  pre-shared-key address ipv6 2001:DB8::/32 key s3cr",
        "  pre-shared-key address ipv6 2001:DB8::/32 key {{s3cr}}",
    ),
    ("  pre-shared-key hostname R2 key s3cr", "  pre-shared-key hostname R2 key {{s3cr}}"),
    ("  pre-shared-key hostname key key s3cr", "  pre-shared-key hostname key key {{s3cr}}"),
    ("  pre-shared-key address 10.0.0.2 key my long key", "  pre-shared-key address 10.0.0.2 key {{my long key}}"),
    ("  pre-shared-key address 10.0.0.2 key s3cr  ", "  pre-shared-key address 10.0.0.2 key {{s3cr  }}"),
    ("  pre-shared-key address 10.0.0.2 key s3cr\r", "  pre-shared-key address 10.0.0.2 key {{s3cr}}\r"),
    ("  pre-shared-key address 10.0.0.2 key s3cr \r", "  pre-shared-key address 10.0.0.2 key {{s3cr }}\r"),
    ("  pre-shared-key address 10.0.0.2 key 0 s3cr", "  pre-shared-key address 10.0.0.2 key 0 {{s3cr}}"),
    ("  pre-shared-key address 10.0.0.2 key 6 aB^c", "  pre-shared-key address 10.0.0.2 key 6 {{6:aB^c}}"),
    ("  pre-shared-key address 10.0.0.2 key 7 094F471A1A0A", "  pre-shared-key address 10.0.0.2 key 7 {{cisco}}"),
    ("  pre-shared-key address 10.0.0.2 key 7 no-hex", "  pre-shared-key address 10.0.0.2 key 7 {{6:no-hex}}"),
    ("  pre-shared-key address 10.0.0.2 key 6", "  pre-shared-key address 10.0.0.2 key {{6}}"),
    ("  pre-shared-key address 10.0.0.2 key key", "  pre-shared-key address 10.0.0.2 key {{key}}"),
    ("  pre-shared-key address 10.0.0.2 key a!b", "  pre-shared-key address 10.0.0.2 key {{a!b}}"),
    ("  pre-shared-key address 10.0.0.2 key !lead", "  pre-shared-key address 10.0.0.2 key {{!lead}}"),
    ('  pre-shared-key address 10.0.0.2 key "a b"', '  pre-shared-key address 10.0.0.2 key {{"a b"}}'),
    ("  pre-shared-key address 10.0.0.2 key s3cr !R2", "  pre-shared-key address 10.0.0.2 key {{s3cr}} ! <SECRET>"),
    ("  pre-shared-key address 10.0.0.2 key s3cr // R2", "  pre-shared-key address 10.0.0.2 key {{s3cr}} ! <SECRET>"),
    ("  no pre-shared-key address 10.0.0.2 key s3cr", "  no pre-shared-key address 10.0.0.2 key {{s3cr}}"),
    ("pre-shared address 10.0.0.2 key s3cr", "pre-shared address 10.0.0.2 key {{s3cr}}"),
    ("pre add 10.0.0.2 k s3cr", "pre add 10.0.0.2 k {{s3cr}}"),
    (
        "R1(conf-keyring)#pre-shared-key address 10.0.0.2 key s3cr",
        "R1(conf-keyring)#pre-shared-key address 10.0.0.2 key {{s3cr}}",
    ),
    (
        " --More-- \b\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b\b  pre-shared-key address 10.0.0.2 key s3cr",
        "  pre-shared-key address 10.0.0.2 key {{s3cr}}",
    ),
]

IKEV2_KEYS = [
    ("  pre-shared-key s3cr", "  pre-shared-key {{s3cr}}"),
    ("  pre-shared-key local s3cr", "  pre-shared-key local {{s3cr}}"),
    ("  pre-shared-key remote 6 aBcD", "  pre-shared-key remote 6 {{6:aBcD}}"),
    ("  pre-shared-key 0 s3cr", "  pre-shared-key 0 {{s3cr}}"),
    ("  pre-shared-key local", "  pre-shared-key {{local}}"),
    ("  pre-shared-key local remote", "  pre-shared-key local {{remote}}"),
    ("  pre-shared-key hex 636973636f", "  pre-shared-key hex {{cisco}}"),
    ("  pre-shared-key local hex 0x636973636f", "  pre-shared-key local hex {{cisco}}"),
    ("  no pre-shared-key local s3cr", "  no pre-shared-key local {{s3cr}}"),
    ("pre-share local s3cr", "pre-share local {{s3cr}}"),
    ("   pre s3cr", "   pre {{s3cr}}"),
    (" authentication local pre-share key s3cr", " authentication local pre-share key {{s3cr}}"),
    (" authentication remote pre-share key 6 aBcD", " authentication remote pre-share key 6 {{6:aBcD}}"),
    (" auth rem pre key s3cr", " auth rem pre key {{s3cr}}"),
    (" authentication local pre-share", " authentication local pre-share"),
    (" ikev1 pre-shared-key s3cr", " ikev1 pre-shared-key {{s3cr}}"),
    (" ikev2 remote-authentication pre-shared-key s3cr", " ikev2 remote-authentication pre-shared-key {{s3cr}}"),
]

OTHER_KEYS = [
    ("  set aggressive-mode password s3cr", "  set aggressive-mode password {{s3cr}}"),
    ("  set aggressive-mode password 6 aBcD", "  set aggressive-mode password 6 {{6:aBcD}}"),
    ("  no set agg pass s3cr", "  no set agg pass {{s3cr}}"),
    (" tunnel protection psk s3cr", " tunnel protection psk {{s3cr}}"),
]

OTHER_SECRETS = [
    ("enable secret 5 $1$abcd$efgh", "enable secret 5 <SECRET>"),
    ("enable secret level 7 5 $1$abcd", "enable secret <SECRET>"),
    ("enable password s3cr", "enable password <SECRET>"),
    ("ena sec s3cr", "ena sec <SECRET>"),
    ("username bob privilege 15 secret 9 $9$x", "username bob privilege 15 secret 9 <SECRET>"),
    ("username bob password 7 0822455D0A16", "username bob password 7 <SECRET>"),
    ("user bob pass s3cr", "user bob pass <SECRET>"),
    (" password s3cr", " password <SECRET>"),
    (" password 7 <SECRET>", " password 7 <SECRET>"),
    ("snmp-server community s3cr RO 10", "snmp-server community <SECRET> RO 10"),
    ("rmon event 1 log trap s3cr owner x", "rmon event 1 log trap <SECRET> owner x"),
    ("snmp-server host 10.0.0.9 version 2c s3cr bgp", "snmp-server host 10.0.0.9 version 2c <SECRET> bgp"),
    ("snmp-server host 10.0.0.9 traps s3cr", "snmp-server host 10.0.0.9 traps <SECRET>"),
    ("snmp-server host 10.0.0.9 s3cr", "snmp-server host 10.0.0.9 <SECRET>"),
    ("snmp-server host 10.0.0.9 vrf M version 3 priv s3cr", "snmp-server host 10.0.0.9 vrf M version 3 priv <SECRET>"),
    ("snmp-server user U G v3 auth sha s3cr priv aes 128 s4cr", "snmp-server user U G v3 auth sha <SECRET>"),
    ("tacacs-server host 10.0.0.9 key 7 0822455D0A16", "tacacs-server host 10.0.0.9 key 7 <SECRET>"),
    ("tacacs-server key s3cr", "tacacs-server key <SECRET>"),
    ("radius-server host 10.0.0.9 auth-port 1812 key s3cr", "radius-server host 10.0.0.9 auth-port 1812 key <SECRET>"),
    (" key 7 0822455D0A16", " key 7 <SECRET>"),
    (" server-key s3cr", " server-key <SECRET>"),
    ("  key-string 7 0822455D0A16", "  key-string 7 <SECRET>"),
    (" ip ospf message-digest-key 1 md5 7 0822", " ip ospf message-digest-key 1 <SECRET>"),
    (" ip ospf authentication-key s3cr", " ip ospf authentication-key <SECRET>"),
    (" ipv6 ospf authentication ipsec spi 500 sha1 AB12", " ipv6 ospf authentication ipsec spi 500 <SECRET>"),
    ("  authentication mode hmac-sha-256 s3cr", "  authentication mode hmac-sha-256 <SECRET>"),
    ("ntp authentication-key 1 md5 s3cr 7", "ntp authentication-key 1 <SECRET>"),
    (" neighbor 10.0.0.9 password 7 0822455D", " neighbor 10.0.0.9 password 7 <SECRET>"),
    (" isis password s3cr level-2", " isis password <SECRET>"),
    (" standby 1 authentication s3cr", " standby 1 authentication <SECRET>"),
    (" standby 1 authentication md5 key-string 7 0822", " standby 1 authentication md5 key-string 7 <SECRET>"),
    (" vrrp 1 authentication text s3cr", " vrrp 1 authentication text <SECRET>"),
    (" ppp chap password 0 s3cr", " ppp chap password 0 <SECRET>"),
    (" ppp pap sent-username U password 0 s3cr", " ppp pap sent-username U password 0 <SECRET>"),
    (" group G key s3cr", " group G key <SECRET>"),
    (" wpa-psk ascii 0 s3cr", " wpa-psk <SECRET>"),
    (
        " set session-key inbound esp 256 cipher AB authenticator CD",
        " set session-key inbound esp 256 cipher <SECRET> authenticator <SECRET>",
    ),
    ("crypto key export rsa L pem terminal 3des s3cr", "crypto key export rsa L pem <SECRET>"),
    ("crypto pki import T pkcs12 flash:x.p12 s3cr", "crypto pki import T pkcs12 <SECRET>"),
    ("crypto key decrypt write rsa name L passphrase s3cr", "crypto key decrypt write rsa name L passphrase <SECRET>"),
    ("key config-key password-encrypt s3crs3cr", "key config-key password-encrypt <SECRET>"),
    ("ip ftp password 7 0822", "ip ftp password 7 <SECRET>"),
    ("ip http client password s3cr", "ip http client password <SECRET>"),
    (" cts sap pmk ABCD mode-list gcm", " cts sap pmk <SECRET>"),
    ("kerberos srvtab entry host/r1 0 1 1 8 :ab:", "kerberos srvtab entry <SECRET>"),
    ("archive path ftp://bob:s3cr@10.0.0.9/x", "archive path ftp://bob:<SECRET>@10.0.0.9/x"),
    (" path scp://bob:s3@cr@10.0.0.9/x", " path scp://bob:<SECRET>@10.0.0.9/x"),
    ("license smart register idtoken ABCDEF", "license smart register idtoken <SECRET>"),
    ("!##password: s3cr", "!##password: <SECRET>"),
    ("PASSWORD=s3cr", "PASSWORD=<SECRET>"),
    ('  "secret": "s3cr",', '  "secret": "<SECRET>'),
    (" description PSK s3cr for R2", " description PSK <SECRET>"),
    (" frobnicate fancy-password s3cr", " frobnicate fancy-password <SECRET>"),
]

KEPT = [
    "hostname R1",
    "crypto keyring KEY vrf INET",
    "crypto keyring VPN-Key vrf INET",
    "   keyring default",
    " keyring local VPN-Key",
    "crypto isakmp profile PSK",
    "   match identity address 10.0.0.2 255.255.255.255 INET",
    "   match identity remote fqdn PSK.example.net",
    " identity local fqdn PSK.example.net",
    " authentication pre-share",
    " authentication remote pre-share",
    "crypto isakmp keepalive 10 3 periodic",
    "crypto map SECRET 10 ipsec-isakmp",
    "route-map PASSWORD permit 10",
    " set community 65000:1",
    " match community 10",
    " neighbor 10.0.0.9 send-community both",
    "ip bgp-community new-format",
    " tunnel key 12345",
    "key chain KC",
    "service password-encryption",
    "no service password-encryption",
    "password encryption aes",
    "  pass log",  # of a zone pair's policy
    "R1(config)#password encryption aes",
    "key config-key password-encrypt",
    "security passwords min-length 8",
    "crypto key generate rsa modulus 2048",
    "crypto key pubkey-chain rsa",
    " addressed-key 10.0.0.2",
    "aaa authentication login default local",
    " aaa authorization group override psk list default default",
    " mka pre-shared-key key-chain KC",
    " ip ospf authentication message-digest",
    " standby 1 authentication md5 key-chain KC",
    "ip domain name example.com",
    "ntp trusted-key 1",
    "A pre-shared key for address mask 10.0.0.2 255.255.255.255 already exists!",
    "ISAKMP:(0):found peer pre-shared key matching 192.168.0.2",
    "*Jun 19 12:28:44.270: ISAKMP:(1012):Key not found in keyrings of profile , aborting exchange",
    "*Oct 7 08:13:58.413: ISAKMP:(0):key for 192.168.0.2 not available in default",
    "*Jun 19 10:04:24.838: ISAKMP:(1011):SA is doing pre-shared key authentication using id type ID_IPV4_ADDR",
    "      Encr: AES-CBC, keysize: 256, Hash: SHA512, DH Grp:5, Auth sign: PSK, Auth verify: PSK",
    "        authentication method:  Pre-Shared Key",
    "29609 100.0.10.2      100.13.220.2     RED      ACTIVE aes  sha    psk  16 00:01:47 D",
    "        encryption algorithm:   Three key triple DES",
    "       sa timing: remaining key lifetime (k/sec): (4608000/3000)",
    "crypto isakmp key ?",
    "R1#show crypto isakmp key",
    "R1#show run | include key",
]


@pytest.mark.parametrize(("line", "clean"), [*GLOBAL_KEYS, *KEYRING_KEYS, *IKEV2_KEYS, *OTHER_KEYS, *OTHER_SECRETS])
def test_a_line_with_a_secret(line: str, clean: str) -> None:
    assert redact(line, FINGERPRINTER).text == expected(clean)


@pytest.mark.parametrize("line", KEPT)
def test_a_line_without_a_secret_stays(line: str) -> None:
    assert redact(line, FINGERPRINTER).text == line


@pytest.mark.parametrize(
    "line", [line for line, _ in [*GLOBAL_KEYS, *KEYRING_KEYS, *IKEV2_KEYS, *OTHER_KEYS, *OTHER_SECRETS]]
)
def test_redacting_twice_changes_nothing(line: str) -> None:
    once = redact(line, FINGERPRINTER)
    twice = redact(once.text, FINGERPRINTER)
    assert twice.text == once.text
    assert not twice.facts


def test_equal_keys_of_types_0_and_7_share_a_fingerprint_and_type_6_does_not() -> None:
    text = "\n".join(
        f"crypto isakmp key {key} address 10.0.0.{n}" for n, key in enumerate(("cisco", "7 094F471A1A0A", "6 cisco"))
    )
    tokens = PSK_TOKEN.findall(redact(text, FINGERPRINTER).text)
    assert tokens[0] == tokens[1] != tokens[2]


def test_type_7_is_decoded() -> None:
    assert decode_type7("094F471A1A0A") == "cisco"
    assert decode_type7("02050D480809") == "cisco"
    assert decode_type7("060506324F41") == "cisco"
    assert decode_type7("0") is None
    assert decode_type7("99AABB") is None
    assert decode_type7("05zz") is None


def test_facts_describe_a_key_without_holding_it() -> None:
    text = "crypto keyring K\n pre-shared-key address 10.0.0.2 key cisco123\n pre-shared-key address 10.0.0.3 key Zx9 !q \n"
    facts = redact(text.replace(" !q", "_!q"), FINGERPRINTER).facts
    sample, strong = facts[FINGERPRINTER.psk("cisco123")], facts[FINGERPRINTER.psk("Zx9_!q ")]
    assert (sample.length, sample.sample, sample.classes, sample.distinct, sample.trailing_blanks) == (8, True, 2, 7, 0)
    assert (strong.length, strong.sample, strong.classes, strong.distinct, strong.trailing_blanks) == (
        7,
        False,
        4,
        7,
        1,
    )


def test_facts_of_a_type_6_key_tell_its_length_only() -> None:
    facts = redact("crypto isakmp key 6 cisco123 address 10.0.0.2", FINGERPRINTER).facts
    (only,) = facts.values()
    assert (only.length, only.sample, only.classes) == (8, False, 0)


def test_short_forms_count_inside_their_sections_only() -> None:
    text = "crypto keyring K\n p a 10.0.0.2 k s3cr\ncrypto ikev2 keyring K2\n peer A\n  p s3cr\ninterface Tunnel1\n p 0ther\n"
    clean = redact(text, FINGERPRINTER).text.split("\n")
    assert clean[1] == expected(" p a 10.0.0.2 k {{s3cr}}")
    assert clean[4] == expected("  p {{s3cr}}")
    assert clean[6] == " p 0ther"


@pytest.mark.parametrize(
    "text",
    [
        "crypto isakmp kye s3cr address 10.0.0.2",
        "crypto isakmp kye 6 s3cr hostname R2",
        "crypto isakmq key s3cr address 10.0.0.2",
        "crypto isakmp key s3cr address 10.0.0.2",
        "crypto keyring K\n  prf-shared-key address 10.0.0.2 kye s3cr",
        "crypto keyring K\n  pre-shared-key adress 10.0.0.2 key s3cr",
        "crypto keyring K\n  pre-shared-key address 10.0.0.2 kye s3cr",
        "crypto ikev2 keyring K\n peer A\n  pre-shared-kez s3cr",
        " authentication local pre-share kye s3cr",
        "username bob privilege 15 pasword 0 s3cr",
        "enable sceret s3cr",
    ],
)
def test_a_misspelt_command_hides_its_secret_all_the_same(text: str) -> None:
    clean = redact(text, FINGERPRINTER).text
    assert "s3cr" not in clean
    assert clean.split("\n")[0].split()[:2] == text.split("\n")[0].split()[:2]


def test_the_remains_of_a_pager_do_not_hide_a_key() -> None:
    text = "crypto keyring K\n --More--   pre-shared-key address 10.0.0.2 key s3cr\n --More--   description x y"
    clean = redact(text, FINGERPRINTER).text.split("\n")
    assert clean[1] == expected(" --More--   pre-shared-key address 10.0.0.2 key {{s3cr}}")


def test_what_follows_a_keyring_is_not_taken_for_a_part_of_it() -> None:
    text = "  crypto keyring K\n    pre-shared-key address 10.0.0.2 key s3cr\n"
    text += "  interface Tunnel1\n    ip address 10.0.0.1 255.255.255.0\n"
    clean = redact(text, FINGERPRINTER).text.split("\n")
    assert clean[2:4] == text.split("\n")[2:4]


def test_key_numbers_of_a_key_chain_stay_and_an_easy_vpn_group_key_of_digits_goes() -> None:
    text = "key chain KC\n key 1\n  key-string 7 0822\n key 2\n"
    text += "crypto isakmp client configuration group G\n key 12345\n k 67890\n"
    clean = redact(text, FINGERPRINTER).text.split("\n")
    assert clean[1:4] == [" key 1", "  key-string 7 <SECRET>", " key 2"]
    assert clean[5:7] == [" key <SECRET>", " k <SECRET>"]


SHOWN = """\
R1#show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

default      0.0.0.0        [0.0.0.0        ]            glob
keyring1     192.168.0.0    [255.255.0.0    ]            with blanks
keyring2     192.168.0.2                                 trail 
KR-X (INET)  10.0.0.2                                    vrfkey
KR6          2001:DB8::1/128                             sixkey
KR-NAME      R2.example.net                              named
A-VERY-LONG-KEYRING-NAME 10.0.0.9                                    longring
default
             10.0.12.2                                   alone
R1#show version
Cisco IOS Software, Version 15.3(3)M5, RELEASE
"""  # noqa: W291 - a trailing blank that belongs to a key


def test_show_crypto_isakmp_key_loses_its_third_column_only() -> None:
    assert redact(SHOWN, FINGERPRINTER).text == expected(
        """\
R1#show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

default      0.0.0.0        [0.0.0.0        ]            {{glob}}
keyring1     192.168.0.0    [255.255.0.0    ]            {{with blanks}}
keyring2     192.168.0.2                                 {{trail }}
KR-X (INET)  10.0.0.2                                    {{vrfkey}}
KR6          2001:DB8::1/128                             {{sixkey}}
KR-NAME      R2.example.net                              {{named}}
A-VERY-LONG-KEYRING-NAME 10.0.0.9                                    {{longring}}
default
             10.0.12.2                                   {{alone}}
R1#show version
Cisco IOS Software, Version 15.3(3)M5, RELEASE
"""
    )


def test_a_row_without_its_header_is_still_a_row() -> None:
    row = "keyring1     192.168.0.0    [255.255.0.0    ]            s3cr"
    assert redact(row, FINGERPRINTER).text == expected(row.replace("s3cr", "{{s3cr}}"))


def test_a_stranger_in_the_table_keeps_two_words() -> None:
    text = "Keyring      Hostname/Address                            Preshared Key\nwhat ever this may s3cr\n"
    assert "s3cr" not in redact(text, FINGERPRINTER).text


def test_a_wrapped_row_is_one_key() -> None:
    row = "keyring1     192.168.0.1                                 ABCDEFGHIJKLMNOPQRSTUVW"
    assert len(row) == 80
    text = f"Keyring      Hostname/Address                            Preshared Key\n{row}\nXYZ\nkeyring2     10.0.0.2"
    clean = redact(text, FINGERPRINTER).text.split("\n")
    assert clean[1].endswith(expected("{{ABCDEFGHIJKLMNOPQRSTUVWXYZ}}"))
    assert clean[2] == ""


@pytest.mark.parametrize(
    ("lines", "clean"),
    [
        (
            ["crypto isakmp key LONGKE", "YTAIL address 10.0.0.2"],
            ["crypto isakmp key {{LONGKEYTAIL}}", " address 10.0.0.2"],
        ),
        (["crypto isakmp key LONGKEY", "address 10.0.0.2"], ["crypto isakmp key {{LONGKEY}}", "address 10.0.0.2"]),
        (["crypto isakmp key LONGKEY addr", "ess 10.0.0.2"], ["crypto isakmp key {{LONGKEY}} addr", "ess 10.0.0.2"]),
        (["crypto isakmp key LONGKEY", "interface Tunnel1"], ["crypto isakmp key {{LONGKEY}}", "interface Tunnel1"]),
        (
            [" pre-shared-key address 10.0.0.2", "255.255.255.255 key LONGKEY"],
            [" pre-shared-key address 10.0.0.2", "255.255.255.255 key {{LONGKEY}}"],
        ),
        ([" pre-shared-key address 10.0.0.2 key", "LONGKEY"], [" pre-shared-key address 10.0.0.2 key", "{{LONGKEY}}"]),
    ],
)
def test_a_line_that_a_terminal_wrapped(lines: list[str], clean: list[str]) -> None:
    assert redact("\n".join(lines), FINGERPRINTER).text == expected("\n".join(clean))


def test_a_key_wrapped_at_the_edge_of_the_screen() -> None:
    line = "  pre-shared-key address 192.168.100.200 255.255.255.255 key " + "A" * 19
    assert len(line) == 80
    clean = redact(f"{line}\nBCD\n!\n", FINGERPRINTER).text.split("\n")
    assert clean[0].endswith(expected("key {{" + "A" * 19 + "BCD}}"))
    assert clean[1:] == ["", "!", ""]


def test_private_keys_are_cut_line_by_line() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEab+/=\n-----END RSA PRIVATE KEY-----\nhostname R1\n"
    assert redact(text, FINGERPRINTER).text == (
        "-----BEGIN RSA PRIVATE KEY-----\n<SECRET>\n\n<SECRET>\n-----END RSA PRIVATE KEY-----\nhostname R1\n"
    )


def test_a_private_key_without_its_end_does_not_swallow_the_configuration() -> None:
    text = "-----BEGIN PRIVATE KEY-----\nMIIEabcd\n!\nhostname R1\ncrypto isakmp key s3cr address 10.0.0.2\n"
    clean = redact(text, FINGERPRINTER).text.split("\n")
    assert clean[1] == "<SECRET>"
    assert clean[3] == "hostname R1"
    assert clean[4] == expected("crypto isakmp key {{s3cr}} address 10.0.0.2")


def test_a_command_inside_of_a_private_key_without_its_end_ends_it() -> None:
    text = "-----BEGIN PRIVATE KEY-----\nMIIEabcd\nenable secret s3crx\nend\n"
    assert redact(text, FINGERPRINTER).text == "-----BEGIN PRIVATE KEY-----\n<SECRET>\nenable secret <SECRET>\nend\n"


def test_invisible_characters_hide_no_word() -> None:
    text = "crypto isakmp ke\u200by s3cr address 10.0.0.2\npre-sh\u00adared-key address 10.0.0.2 key s3cr\n"
    text += "enable sec\x1b[0mret s3cr"
    assert "s3cr" not in redact(text, FINGERPRINTER).text


def test_files_with_carriage_returns_only_keep_their_lines() -> None:
    text = "hostname R1\rcrypto isakmp key s3cr address 10.0.0.2\rend\r"
    assert redact(text, FINGERPRINTER).text == expected(text.replace("s3cr", "{{s3cr}}"))


def test_mask_line_needs_no_fingerprint_key() -> None:
    assert mask_line("crypto isakmp key s3cr address 10.0.0.2") == "crypto isakmp key <PSK> address 10.0.0.2"
    assert mask_line("  pre-shared-key address 10.0.0.2 key 6 s3cr") == "  pre-shared-key address 10.0.0.2 key 6 <PSK>"
    assert mask_line(mask_line("enable secret s3cr")) == "enable secret <SECRET>"
    token = psk_token(FINGERPRINTER.psk("x"))
    assert mask_line(f"crypto isakmp key {token} address 10.0.0.2") == f"crypto isakmp key {token} address 10.0.0.2"


def test_nothing_prints_a_key() -> None:
    redacted = redact("crypto isakmp key s3cr address 10.0.0.2", FINGERPRINTER)
    assert "s3cr" not in repr(redacted)
    assert "sufficient" not in repr(FINGERPRINTER)


def test_taking_an_entry_back_without_its_key_holds_no_key() -> None:
    text = (
        "crypto keyring K\n no pre-shared-key address 192.0.2.1\n no pre-shared-key address 192.0.2.0 255.255.255.0\n"
    )
    assert redact(text, Fingerprinter(b"k" * 32)).text == text
