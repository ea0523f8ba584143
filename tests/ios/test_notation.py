"""How a syntax is written, and what is derived from it: keywords that tell a line, secrets, parts that may be absent."""

from __future__ import annotations

import pytest

from ikeaudit.ios.command import Command, single
from ikeaudit.ios.fast import look_up, steps
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.notation import secrets, sequences, skeletons
from ikeaudit.ios.secrets import SECRETS, WORDS, _after


def test_every_way_to_spell_is_listed_fullest_first() -> None:
    ways = [" ".join(token.word or f"<{token.type}>" for token in way) for way in sequences("a [<x:ip> [b]] {c:d|e}")]
    assert ways == [
        "a <ip> b d",
        "a <ip> b e",
        "a <ip> d",
        "a <ip> e",
        "a d",
        "a e",
    ]


@pytest.mark.parametrize(
    ("syntax", "told_by"),
    [
        ("description <text:text>", {"description"}),
        (
            "pre-shared-key address <a:ip> [<m:mask>] key <k:psk>",
            {f"pre-shared-key address {x} key" for x in ("*", "* *")},
        ),
        ("hash {hash=md5|sha}", {"hash"}),
        ("authentication {method:pre-share|rsa-sig}", {"authentication pre-share", "authentication rsa-sig"}),
        ("keepalive <n:num> [retry <r:num>]", {"keepalive", "keepalive * retry"}),
        ("interface <name:interface> type <type>", {"interface"}),
    ],
)
def test_keywords_tell_a_line(syntax: str, told_by: set[str]) -> None:
    assert set(skeletons(syntax)) == told_by


@pytest.mark.parametrize("syntax", ["a [b", "a [b [c]", "a b]", "a [b]]", "a <b", "a {b:c", "a (b|c"])
def test_a_malformed_syntax_is_an_error(syntax: str) -> None:
    with pytest.raises(ValueError, match=r"syntax not understood|unbalanced brackets"):
        sequences(syntax)


def test_what_stands_right_behind_a_secret() -> None:
    """The keywords, and the type of the operand behind them; nothing where no operand follows."""
    for syntax, after in (
        ("a <b:secretword> c d <e:ip> f", ("c", "d", "ip")), ("a <b:secretword> c", ()), ("a <b:secretword> <c:ip>", ()),
        ("a <b:secretword>", ()),
    ):  # fmt: skip
        assert _after(sequences(syntax)[0], 1) == after, syntax


def test_secrets_are_named_by_their_type() -> None:
    assert secrets("a <x:psk>") == (("x", True),)
    assert secrets("a <x:pskword> b [<y:secret>]") == (("x", True), ("y", False))
    assert secrets("a <psk> <secret>") == ()


@pytest.mark.parametrize(
    ("mode", "line", "secret"),
    [
        ("global", "username bob privilege 15 secret 9 $9$x", "$9$x"),
        ("global", "username bob password 7 0822455D0A16", "0822455D0A16"),
        ("global", "enable secret level 7 5 $1$abcd", "$1$abcd"),
        ("global", "snmp-server community s3cr RO 10", "s3cr"),
        ("global", "snmp-server host 10.0.0.9 version 2c s3cr bgp", "s3cr"),
        ("global", "snmp-server host 10.0.0.9 s3cr", "s3cr"),
        ("global", "snmp-server host 10.0.0.9 vrf M version 3 priv s3cr", "s3cr"),
        ("global", "snmp-server user U G v3 auth sha s3cr priv aes 128 s4cr", "s3cr priv aes 128 s4cr"),
        ("global", "tacacs-server host 10.0.0.9 key 7 0822455D0A16", "0822455D0A16"),
        ("global", "radius-server host 10.0.0.9 auth-port 1812 key s3cr", "s3cr"),
        ("global", "ntp authentication-key 1 md5 s3cr 7", "s3cr 7"),
        ("global", "rmon event 1 log trap s3cr owner x", "s3cr"),
        ("global", "crypto key export rsa L pem terminal 3des s3cr", "terminal 3des s3cr"),
        ("global", "crypto pki import T pkcs12 flash:x.p12 s3cr", "flash:x.p12 s3cr"),
        ("global", "key config-key password-encrypt s3crs3cr", "s3crs3cr"),
        ("interface", "standby 1 authentication s3cr", "s3cr"),
        ("interface", "standby 1 authentication md5 key-string 7 0822", "0822"),
        ("interface", "vrrp 1 authentication text s3cr", "s3cr"),
        ("interface", "ip ospf message-digest-key 1 md5 7 0822", "0822"),
        ("interface", "ppp pap sent-username U password 0 s3cr", "s3cr"),
        ("interface", "ip nhrp authentication s3cr", "s3cr"),
        ("interface", "tunnel protection psk 6 s3cr", "s3cr"),
        ("router", "neighbor 10.0.0.9 password 7 0822455D", "0822455D"),
        ("line", "password 7 0822", "0822"),
        ("keychain-key", "key-string 7 0822455D0A16", "0822455D0A16"),
        ("ikev2-profile", "authentication local pre-share key s3cr", "s3cr"),
        ("crypto-map", "set session-key inbound esp 256 cipher AB", "inbound esp 256 cipher AB"),
        ("isakmp-group", "key s3cr", "s3cr"),
        ("ezvpn", "group G key s3cr", "s3cr"),
    ],
)
def test_the_tables_say_where_the_secret_is(mode: str, line: str, secret: str) -> None:
    hiding: list[Command] = []
    for row in LANGUAGES[mode].mode.commands:
        hiding += [single(syntax) for syntax in (*row.hides, *row.spellings) if secrets(syntax)]
    found = look_up(steps(hiding), line)
    assert found is not None
    assert found.args[found.row.secret] == secret


def test_where_secrets_are_is_listed() -> None:
    where = {(secret.mode, " ".join(secret.before), secret.key) for secret in SECRETS}
    assert ("keyring", "pre-shared-key address * * key", True) in where
    assert ("global", "crypto isakmp key", True) in where
    assert ("interface", "ip nhrp authentication", False) in where
    assert {"key", "password", "secret", "community", "key-string", "pre-shared-key"} <= WORDS
    assert "host" not in WORDS or ("global", "snmp-server host", False) in where


def test_parts_that_can_be_read_alone() -> None:
    parts = {
        "crypto keyring K vrf RED": ("keyring", "K"),
        "crypto isakmp policy 10": ("isakmp-policy", "10"),
        "crypto isakmp key <PSK:ab> hostname r2": ("global-key", ""),
        "crypto isakmp peer address 192.0.2.1": ("isakmp-setting", ""),
        "crypto map CM local-address Loopback0": ("crypto-map", "CM"),
        "crypto map CM 10 ipsec-isakmp": ("crypto-map", "CM"),
        "crypto map ipv6 CM 10 ipsec-isakmp": None,
        "interface Tunnel1": ("interface", "Tunnel1"),
        "interface Serial0/0 point-to-point": None,
        "ip access-list extended A": None,
        "crypto pki trustpoint T": None,
    }
    for line, part in parts.items():
        found = GLOBAL.match(line)
        assert found is not None, line
        assert found.row.belongs(found.args) == part, line
