"""Commands as they are typed: every word that leads to a secret may be cut short, at any letter (DESIGN 3.6)."""

from __future__ import annotations

import re

import pytest
from parsed import FINGERPRINTER, clear

from ikeaudit.parsing.redact import cut, mask_line, redact

SECRET = "Zq8vT2xR"

COMMANDS = [
    ("community", 3, "snmp-server {} Zq8vT2xR RO 10"),
    ("community", 3, "no snmp-server {} Zq8vT2xR"),
    ("snmp-server", 4, "{} community Zq8vT2xR RO"),
    ("snmp-server", 4, "{} host 192.0.2.9 version 2c Zq8vT2xR"),
    ("password", 3, "username bob {} 0 Zq8vT2xR"),
    ("password", 3, " neighbor 192.0.2.9 {} Zq8vT2xR"),
    ("password", 3, "enable {} Zq8vT2xR"),
    ("authentication", 4, " standby 1 {} Zq8vT2xR"),
    ("authentication", 4, " standby 1 {} md5 key-string Zq8vT2xR"),
    ("authentication", 4, " ip nhrp {} Zq8vT2xR"),
    ("isakmp", 2, "crypto {} key Zq8vT2xR address 192.0.2.9"),
    ("crypto", 2, "{} isakmp key Zq8vT2xR address 192.0.2.9"),
    ("address", 1, "crypto isakmp key Zq8vT2xR {} 192.0.2.9"),
    ("pre-shared-key", 3, "  {} address 192.0.2.9 key Zq8vT2xR"),
    ("address", 1, "  pre-shared-key {} 192.0.2.9 key Zq8vT2xR"),
    ("hostname", 1, "  pre-shared-key {} r2 key Zq8vT2xR"),
    ("key", 1, "  pre-shared-key address 192.0.2.9 {} Zq8vT2xR"),
    ("local", 1, "  pre-shared-key {} Zq8vT2xR"),
    ("remote", 1, "  pre-shared-key {} 0 Zq8vT2xR"),
    ("authentication", 2, " {} local pre-share key Zq8vT2xR"),
    ("local", 1, " authentication {} pre-share key Zq8vT2xR"),
    ("remote", 1, " authentication {} pre-share key Zq8vT2xR"),
    ("aggressive-mode", 2, " set {} password Zq8vT2xR"),
    ("tunnel", 3, " {} protection psk Zq8vT2xR"),
    ("protection", 2, " tunnel {} psk Zq8vT2xR"),
    ("host", 1, "snmp-server {} 192.0.2.9 Zq8vT2xR"),
    ("user", 1, "snmp-server {} bob GROUP v3 auth sha Zq8vT2xR"),
    ("username", 4, "{} bob secret Zq8vT2xR"),
    ("enable", 2, "{} secret Zq8vT2xR"),
    ("hostname", 1, "crypto isakmp key Zq8vT2xR {} r2"),
    ("isakmp", 3, "crypto {} kye Zq8vT2xR address 192.0.2.9"),
    ("username", 5, "{} bob pasword Zq8vT2xR"),
]
"""A word, the fewest letters of it that are a command by themselves, and a command that it stands in."""


@pytest.mark.parametrize(
    "line",
    [shape.format(word[:letters]) for word, shortest, shape in COMMANDS for letters in range(shortest, len(word) + 1)],
)
def test_a_word_cut_short_leads_to_its_secret_all_the_same(line: str) -> None:
    assert mask_line(line) in (line.replace(SECRET, "<PSK>"), line.replace(SECRET, "<SECRET>")), "all else is kept"


@pytest.mark.parametrize(("word", "shape"), [(word, shape) for word, _, shape in COMMANDS])
def test_a_key_is_told_from_another_secret(word: str, shape: str) -> None:
    line = shape.format(word)
    key = re.search(r"isakmp k|pre-share|psk|aggressive-mode", line) is not None
    assert mask_line(line) == line.replace(SECRET, "<PSK>" if key else "<SECRET>")


@pytest.mark.parametrize(
    "line",
    [
        "snmp-server co Zq8vT2xR RO 10",
        "username bob pa 0 Zq8vT2xR",
        " neighbor 192.0.2.9 pa Zq8vT2xR",
        "enable pa Zq8vT2xR",
        "user bob pasword Zq8vT2xR",
    ],
)
def test_what_is_too_short_for_a_command_tells_nothing(line: str) -> None:
    assert mask_line(line) == line


@pytest.mark.parametrize("letters", range(3, len("password") + 1))
def test_what_names_no_secret_stays_where_its_word_is_cut_short(letters: int) -> None:
    for shape in ("{} encryption aes", "security {} min-length 8"):
        line = shape.format("password"[:letters])
        assert mask_line(line) == line


@pytest.mark.parametrize(
    "line",
    [
        "no pre-shared-key a 192.0.2.9",
        "no pre-shared-key addr 192.0.2.9 255.255.255.0",
        "no pre-shared-key address i 2001:DB8::1/128",
        "no pre-shared-key h r2.example",
        "pre-shared-key ?",
        "R1(config-ikev2-keyring-peer)#pre-shared-key ?",
        "R1(config-ikev2-keyring-peer)#pre-shared-key hex ?",
    ],
)
def test_a_key_taken_back_by_its_peer_alone_and_a_question(line: str) -> None:
    assert mask_line(line) == line


def test_quotes_belong_to_no_secret_and_letters_do() -> None:
    below = "\ninterface Loopback9\n description abcdefg here\n"
    assert "abcdefg" not in redact(f'enable secret 0 "abcdefg"{below}', FINGERPRINTER).text
    assert "abcdefg" not in redact(f"enable secret 0 'abcdefg'{below}", FINGERPRINTER).text
    for others in ("XabcdefgX", '"abcdefgX', "aabcdefgb"):
        assert "description abcdefg here" in redact(f"enable secret 0 {others}{below}", FINGERPRINTER).text


@pytest.mark.parametrize("line", [shape.format(word[:n].upper()) for word, n, shape in COMMANDS])
def test_capitals_change_nothing(line: str) -> None:
    assert SECRET not in mask_line(line)


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        (" ip ospf message-digest 1 md5 {}", " ip ospf message-digest 1 <SECRET>"),
        (" ip ospf me 1 md5 7 {}", " ip ospf me 1 <SECRET>"),
        (" ip ospf authentication {}", " ip ospf authentication <SECRET>"),
        (" ip ospf authentication 7 {}", " ip ospf authentication 7 <SECRET>"),
        (" ip ospf authentication null-{}", " ip ospf authentication <SECRET>"),
        ("ntp authentication 1 md5 {}", "ntp authentication 1 <SECRET>"),
        ("ntp authentication- 1 md5 7 {} 7", "ntp authentication- 1 <SECRET>"),
        (" set session inb ah 300 {}", " set session inb ah 300 <SECRET>"),
        (" set ses outbound esp 300 cipher {} auth {}", " set ses outbound esp 300 cipher <SECRET> auth <SECRET>"),
        (" set session {}", " set session <SECRET>"),
        ("enable sec level 5 {}", "enable sec <SECRET>"),
        ("enable secre level 5 0 {}", "enable secre <SECRET>"),
        ("ntp au 1 md5 {} 7", "ntp au 1 <SECRET>"),
        (" ip ospf me 1 md5 {}", " ip ospf me 1 <SECRET>"),
        (" authentication mode hmac- {}", " authentication mode hmac- <SECRET>"),
    ],
)
def test_what_is_a_keyword_elsewhere_is_one_cut_short_here(line: str, clean: str) -> None:
    assert mask_line(line.replace("{}", SECRET)) == clean


@pytest.mark.parametrize(
    "line",
    [
        " ip ospf authentication",
        " ip ospf authentication message-digest",
        " no ip ospf authentication mess",
        " ip ospf authentication null",
        " ip ospf authentication key-chain CHAIN",
        " area 0 authentication message-digest",
        " ip ospf message-digest",
        " ip ospf mtu-ignore",
        " ip ospf network point-to-point",
        "ntp authenticate",
        "ntp authentication",
        "ntp trusted-key 1",
        " set se lifetime seconds 300",
        " set sec lifetime seconds 300",
        " set security-association level per-host",
        "enable secret",
    ],
)
def test_commands_that_begin_alike_and_hold_no_secret_stay_whole(line: str) -> None:
    assert mask_line(line) == line
    assert redact(f"interface Tunnel1\n{line}\n", FINGERPRINTER).text == f"interface Tunnel1\n{line}\n"


PEER = (
    "hostname R1\ncrypto ikev2 keyring R\n peer P\n  address 192.0.2.1\n  {}\n !\ninterface Tunnel1\n shutdown\nend\n"
)


@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
@pytest.mark.parametrize("side", ["loc", "rem", "remo", "l", "r", "local 0", "loc 0", "l hex", "rem h"])
def test_a_side_cut_short_is_no_part_of_the_key(front: str, side: str) -> None:
    text = front + PEER.format(f"pre-shared-key {side} {SECRET}")
    assert redact(text, FINGERPRINTER).text == text.replace(SECRET, f"<PSK:{clear(SECRET)}>")
    left = cut(text, FINGERPRINTER)
    assert list(left.facts) == [clear(SECRET)] and SECRET not in left.text


@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
@pytest.mark.parametrize("words", ["", " local", " rem", " 0", " hex", " l 0"])
@pytest.mark.parametrize("gap", ["", "  ", "   "])
def test_a_key_on_the_line_below_its_command_is_one(front: str, words: str, gap: str) -> None:
    text = front + PEER.format(f"pre-shared-key{words}\n{gap}{SECRET}")
    redacted = redact(text, FINGERPRINTER).text
    assert redacted == text.replace(SECRET, f"<PSK:{clear(SECRET)}>")
    assert redact(redacted, FINGERPRINTER).text == redacted
    assert SECRET not in cut(text, FINGERPRINTER).text
    assert SECRET not in redact(f"pre-shared-key{words}\n{gap}{SECRET}", FINGERPRINTER).text


@pytest.mark.parametrize(
    "below", [" !", " exit", "  identity address 192.0.2.1", "R1(config)#end", "% Incomplete command."]
)
def test_what_is_no_key_below_a_command_without_one_stays(below: str) -> None:
    text = PEER.format(f"pre-shared-key\n{below}")
    assert redact(text, FINGERPRINTER).text == text


@pytest.mark.parametrize("front", [" set", " no set", "crypto ipsec"])
@pytest.mark.parametrize(
    "words", ["inbound esp 300 cipher {} authenticator {}", "out e 300 authenticator {}{}", "inbound ah 300 {}{}"]
)
def test_of_a_manual_key_only_its_digits_are_secret_elsewhere(front: str, words: str) -> None:
    digits = "0123456789abcdef"
    typed = words.format(digits, digits[::-1])
    text = f"{front} session-key {typed}\n description {typed}\n description {typed[:-9]}\n"
    left = re.sub("[0-9a-f]{16,}", "<SECRET>", typed)
    secret = f"{front} session-key {left}\n description {left}\n"
    assert (
        redact(text, FINGERPRINTER).text
        == f"{secret} description {re.sub('[0-9a-f]{16}(?= )', '<SECRET>', typed[:-9])}\n"
    )


def test_a_keyword_of_gdoi_that_tells_of_a_key_is_no_secret() -> None:
    text = "crypto gdoi group G\n server local\n  sa pair-wise-keying\n client transport-encrypt-key pair-wise-key\n"
    assert redact(text, FINGERPRINTER).text == text
    assert "  sa pair-wise-keying" in cut(text, FINGERPRINTER).lines


@pytest.mark.parametrize("words", ["pr", "pr local", "p remote"])
def test_digits_of_a_key_are_read_behind_a_command_that_only_its_section_tells(words: str) -> None:
    """``pr`` says nothing elsewhere; in a keyring of IKEv2 ``hex`` stands before the digits of a key."""
    text = PEER.format(f"{words} hex 4142")
    assert redact(text, FINGERPRINTER).text == text.replace("4142", f"<PSK:{clear('AB')}>")


@pytest.mark.parametrize("key", ["hex 4142", "local Zq8vT2xR", "remote hex 4142", "Zq8vT2xR"])
def test_a_key_of_ikev1_may_be_like_the_options_of_ikev2(key: str) -> None:
    """The whole of it is the key, whatever it begins with."""
    text = f"crypto keyring K\n  pr address 192.0.2.1 key {key}\n"
    assert redact(text, FINGERPRINTER).text == text.replace(key, f"<PSK:{clear(key)}>")


@pytest.mark.parametrize("line", ["ntp au * md5 Zq8vT2xR", " ip ospf me * md5 7 Zq8vT2xR", "ntp auth * Zq8vT2xR"])
def test_a_number_that_somebody_masked_hides_no_secret(line: str) -> None:
    assert SECRET not in mask_line(line)
