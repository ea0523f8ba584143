"""Lines with secrets as IOS prints them are known at once, without the rules that ask word by word; others are not."""

from __future__ import annotations

import re
from itertools import product

import pytest
from parsed import FINGERPRINTER

from ikeaudit.parsing.redact import redact
from ikeaudit.parsing.redact.clause import Vault
from ikeaudit.parsing.redact.printed import printed
from ikeaudit.parsing.redact.screen import cleared, may_hide
from ikeaudit.parsing.redact.sections import SECTIONS
from ikeaudit.parsing.redact.shown_keys import ECHO

AS_PRINTED = """
crypto isakmp key {{Quartz-77}} address 192.0.2.9
crypto isakmp key {{Quartz-77}} address 192.0.2.0 255.255.255.0
crypto isakmp key {{Quartz-77}} address 192.0.2.9 no-xauth
crypto isakmp key {{Quartz-77}} hostname far.example.net
crypto isakmp key {{0}} address 192.0.2.9
crypto isakmp key 0 {{Quartz-77}} address 192.0.2.9
crypto isakmp key {{Quartz-77}} address ipv6 2001:DB8::1/128
enable secret 9 {$9$AbC.dEf}
enable secret 5 {$1$AbC.dEf}
enable password 7 {070C285F4D06}
enable password {Quartz-77}
enable password {XQuartz-77}
username ops privilege 15 secret 9 {$9$AbC.dEf}
username ops password 7 {070C285F4D06}
username ops secret {Quartz-77}
snmp-server community {Quartz-77} RO
snmp-server community {Quartz-77} RW 10
snmp-server community {Quartz-77}
snmp-server host 192.0.2.7 {Quartz-77}
snmp-server host 192.0.2.7 version 2c {Quartz-77}
tacacs-server key 7 {070C285F4D06}
tacacs-server key {Quartz-77}
radius-server key 7 {070C285F4D06}
 ppp chap password 7 {070C285F4D06}
 ip ospf authentication-key 7 {070C285F4D06}
 neighbor 192.0.2.9 password 7 {070C285F4D06}
 neighbor 192.0.2.9 password {Quartz-77}
 standby 1 authentication {Quartz-77}
 standby 1 authentication md5 key-string 7 {070C285F4D06}
 ip nhrp authentication {=Quartz-7}
 key 7 {070C285F4D06}
 password 7 {070C285F4D06}
 authentication remote pre-share key {{Quartz-77}}
 authentication local pre-share key 0 {{Quartz-77}}
 authentication mode hmac-sha-256 {Quartz-77}
 tunnel protection psk {{Quartz-77}}
 set aggressive-mode password {{Quartz-77}}
ip ftp password 7 {070C285F4D06}
ip http client password {Quartz-77}
rmon event 1 log trap {Quartz-77} owner me
snmp mib community-map {Quartz-77} engineid 8000
snmp-server user bob G v3 auth sha {Quartz-77}
 server-private 192.0.2.1 key 7 {070C285F4D06}
radius-server host 192.0.2.1 key {Quartz-77}
tacacs-server host 192.0.2.1 key 7 {070C285F4D06}
tacacs-server host 192.0.2.1 single-connection port 49 key 7 {070C285F4D06}
 glbp 1 authentication md5 key-string {Quartz-77}
 glbp 1 authentication {Quartz-77}
 vrrp 1 authentication text {Quartz-77}
 isis password {Quartz-77}
 ppp pap sent-username bob password 7 {070C285F4D06}
 ipv6 nhrp authentication {=Quartz-7}
 ipv6 ospf authentication ipsec spi 500 {md5-Quartz-77}
license smart register idtoken {Quartz-77}
username bob view V privilege 5 password {Quartz-77}
"""
"""``{{...}}`` is a pre-shared key, ``{=...}`` a word that another router has as well, ``{...}`` another secret."""


def vault() -> Vault:
    return Vault(FINGERPRINTER, None)


def left(line: str) -> str:
    line = re.sub(r"\{\{(.+?)\}\}", lambda key: f"<PSK:{FINGERPRINTER.psk(key[1])}>", line)
    line = re.sub(r"\{=(.+?)\}", lambda word: f"<PSK:{FINGERPRINTER.tag(word[1])}>", line)
    return re.sub(r"\{.+?\}", "<SECRET>", line)


@pytest.mark.parametrize("line", AS_PRINTED.strip("\n").split("\n"))
def test_a_line_as_it_is_printed(line: str) -> None:
    assert printed(re.sub("[{}]|(?<={)=", "", line), vault()) == left(line)


LEFT_TO_THE_RULES = """
crypto isa key Quartz-77 address 192.0.2.9
Crypto isakmp key Quartz-77 address 192.0.2.9
crypto  isakmp key Quartz-77 address 192.0.2.9
crypto isakmp key Quartz-77 address 192.0.2.9 password x
crypto isakmp key <PSK> address 192.0.2.9
crypto isakmp key "Quartz 77" address 192.0.2.9
enable secret ?
enable secret =Quartz-77
enable secret :Quartz-77
enable secret 'Quartz-77'
enable secret `Quartz-77`
enable password Q uartz-77
username bob frob 15 secret Quartz-77
enable password Quartz 77
 ipv6 ospf authentication ipsec spi 500 md5 0 Quartz-77
enable password
 enable
hostname Quartz-77
 neighbor 192.0.2.9 remote-as 65000
snmp-server community Quartz-77 RO secret
username ops password 7 070C285F4D06        x
tacacs-server key http://Quartz-77/
ntp authentication-key 1 md5 070C285F4D06 7
ip ospf message-digest-key 1 md5 7 070C285F4D06
snmp-server location Quartz-77
snmp-server host 192.0.2.7 tra ver 1 Quartz-77
snmp-server host 192.0.2.7 V 1 Quartz-77
 standby 1 authentication te Quartz-77
"""


@pytest.mark.parametrize("line", ["", " ", *LEFT_TO_THE_RULES.strip("\n").split("\n")])
def test_a_line_with_anything_unusual_in_it(line: str) -> None:
    known = vault()
    assert printed(line, known) is None and len(known.known) == 0


@pytest.mark.parametrize(("size", "at_once"), [(78, True), (79, False), (80, False)])
def test_a_line_that_a_terminal_may_have_cut_off(size: int, at_once: bool) -> None:
    line = "enable secret 9 " + "x" * (size - 16)
    assert (printed(line, vault()) is not None) is at_once


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("enable secret 9 $9$AbC.dEf", 1),
        ("enable password 7 070C285F4D06", 2),  # and what that is in clear
        ("enable password 0 070C285F4D06", 1),
        ("username ops password 7 070C285F4D06", 2),
        ("crypto isakmp key Quartz-77 address 192.0.2.9", 1),
    ],
)
def test_what_is_learnt(line: str, values: int) -> None:
    known = vault()
    printed(line, known)
    assert len(known.known) == values


@pytest.mark.parametrize(
    "sign", [chr(code) for code in (*range(32), 127) if chr(code) not in "\x03\t\n\r"] + ["\u200b", "\ufeff"]
)
def test_what_a_terminal_leaves_behind_is_seen_alone(sign: str) -> None:
    assert may_hide(f"a{sign}b") and cleared(f"a{sign}b") in ("ab", "b")


@pytest.mark.parametrize("text", ["", "a b", "banner \x03x\x03", "a\tb", "a\nb", "a\r\nb\r\n", "a\r", "\u00e4"])
def test_what_a_text_may_hold_hides_nothing(text: str) -> None:
    assert not may_hide(text) and cleared(text) == text


def test_a_carriage_return_inside_of_a_line_hides_what_stood_before_it() -> None:
    assert may_hide("abc\rx") and cleared("abc\rx") == "xbc"


@pytest.mark.parametrize(
    ("command", "side"),
    [
        *product(["pre-shared-key", "pre-sh", "pre"], ["", "local ", "remote "]),
        *product(["pre-sh", "pre"], ["loc ", "rem "]),
    ],
)
def test_whose_half_of_a_key_it_is_and_how_it_is_written_is_no_part_of_it(command: str, side: str) -> None:
    for way, typed in (("", "Quartz-77"), ("0 ", "Quartz-77"), ("hex ", b"Quartz-77".hex())):
        front = f"crypto ikev2 keyring K\n peer A\n  {command} {side}{way}"
        assert redact(f"{front}{typed}\n", FINGERPRINTER).text == f"{front}<PSK:{FINGERPRINTER.psk('Quartz-77')}>\n"


SHOWN = (
    "show crypto isakmp key",
    "R1#show crypto isakmp key",
    "R1#do sh cr is key",
    "  SH CR IS KEY | include 192.0.2.9",
)
NOT_SHOWN = (
    *("s crypto isakmp key", "sh c isakmp key", "sh cr i key", "sh cr is k", "sh cr is keys", "sh cr is key x"),
    *("sho x crypto isakmp key", "shox crypto isakmp key", "sh crx isakmp key", "crypto isakmp key"),
)


@pytest.mark.parametrize(
    ("line", "is_one"), [*((line, True) for line in SHOWN), *((line, False) for line in NOT_SHOWN)]
)
def test_the_command_that_shows_keys_as_a_terminal_echoes_it(line: str, is_one: bool) -> None:
    assert (ECHO.match(line) is not None) is is_one


@pytest.mark.parametrize(
    ("section", "line", "parts"),
    [
        ("keyring", "  pre-shared-key address 192.0.2.1 key Ab 1 ", ("  pre-shared-key address 192.0.2.1 key ", None, "Ab 1 ")),
        ("keyring", "  pre-shared-key hostname r2 key 6 Ab", ("  pre-shared-key hostname r2 key ", "6", "Ab")),
        ("keyring", "  pre-shared-key address 192.0.2.1 255.255.255.0 key 66", (
            "  pre-shared-key address 192.0.2.1 255.255.255.0 key ", None, "66",
        )),
        ("keyring", "  pre-shared-key address 192.0.2.1 key 6", None),  # a digit that stands alone is for the rules
        ("keyring", "  pre-shared-key address 192.0.2.1 key ?", None),
        ("keyring", "  pre-shared-key  hostname r2 key Ab", None),
        ("ikev2-keyring", "  pre-shared-key Ab", ("  pre-shared-key ", None, "Ab")),
        ("ikev2-keyring", "  pre-shared-key local 0 Ab", ("  pre-shared-key local ", "0", "Ab")),
        ("ikev2-keyring", "  pre-shared-key remote Ab", ("  pre-shared-key remote ", None, "Ab")),
        ("ikev2-keyring", "  pre-shared-key hex 4142", None),  # digits are to be read first
        ("ikev2-keyring", "  pre-shared-key loc Ab", None),
        ("ikev2-keyring", "  peer Ab", None),
    ],
)  # fmt: skip
def test_which_lines_of_a_section_need_no_rules(
    section: str, line: str, parts: tuple[str, str | None, str] | None
) -> None:
    """The rules cut them alike, but take ten times as long. Wrong lines that this catches: ``sections._plain``."""
    (plain,) = (one.plain for one in SECTIONS if one.name == section)
    assert plain is not None
    found = plain.fullmatch(line)
    assert (found and found.groups()) == parts


@pytest.mark.parametrize(
    ("section", "line", "own"),
    [
        ("ikev2-keyring", "peer A", True),
        ("ikev2-keyring", "no peer A", True),
        ("ikev2-keyring", "  desc X", True),
        ("ikev2-keyring", "des X", False),  # from four letters on, or all of them
        ("ikev2-keyring", "p local X", True),  # but what holds a key at any length
        ("ikev2-keyring", "peers A", False),
        ("ikev2-keyring", "exit", True),
        ("ikev2-keyring", "!", True),
        ("ikev2-keyring", "", True),
        ("ikev2-keyring", "!hostname R1", False),  # somebody marked it
        ("ikev2-keyring", "! hostname R1", True),
        ("ikev2-keyring", "interface Tunnel1", False),
        ("keyring", "rsa-pubkey name X", True),
        ("keyring", "rsa- name X", True),
        ("keyring", "rsa name X", False),
        ("keyring", "peer A", False),
        ("keyring", "exit", True),
    ],
)
def test_which_lines_at_the_margin_are_a_sections_own(section: str, line: str, own: bool) -> None:
    """Wrong lines that this catches: ``Section.inside``, and how much is left of a word in it."""
    (inside,) = (one.inside for one in SECTIONS if one.name == section)
    assert (inside.match(line) is not None) is own
