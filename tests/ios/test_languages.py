"""Lines as IOS prints them are recognised for what they are, and as configuration mode reads them."""

from __future__ import annotations

import re

import pytest
from spellings import SAMPLES, spelt

from ikeaudit.ios.fast import PATTERNS
from ikeaudit.ios.language import COMMANDS, GLOBAL, LANGUAGES
from ikeaudit.ios.syntax import ARGUMENTS, Match, Typed


def test_there_is_a_pattern_and_a_sample_for_each_type() -> None:
    assert PATTERNS.keys() == ARGUMENTS.keys() == SAMPLES.keys()


@pytest.mark.parametrize("kind", sorted(PATTERNS))
def test_pattern_and_argument_agree_on_the_sample(kind: str) -> None:
    line = Typed.of(SAMPLES[kind])
    assert ARGUMENTS[kind](line, 0) == (len(line.words), SAMPLES[kind])
    assert re.fullmatch(PATTERNS[kind], SAMPLES[kind])


def test_every_spelling_is_recognised() -> None:
    missed = []
    for language, command, syntax, text, args in spelt():
        found = language.match(text)
        if found is None or (found.row is command and found.args != args):
            missed.append(f"{command.id}: {syntax}: {text}: {found and found.args}")
        elif (
            found.row is not command and found.row.id != command.id and command.bears not in (found.row.bears, "other")
        ):
            missed.append(f"{command.id} ({command.bears}) taken for {found.row.id} ({found.row.bears}): {text}")
    assert "\n".join(missed) == ""


def test_what_is_recognised_at_once_is_what_configuration_mode_reads() -> None:
    apart = []
    for language, command, syntax, text, _ in spelt():
        if command.kept or syntax in command.seen:
            continue
        found, typed = language.match(text), language.read(text)
        if not isinstance(typed, Match) or found is None or found.row.kept:
            continue
        if (found.row.id, dict(found.args)) != (typed.command.id, dict(typed.args)):
            apart.append(f"{text}: {found.row.syntax} {found.args} against {typed.command.syntax} {dict(typed.args)}")
    assert "\n".join(apart) == ""


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        ("interface", "ip add 192.0.2.1 255.255.255.0"),
        ("global", "ip acce ext NAME"),
        ("global", "crypto ipsec security-association life sec 3600"),
        ("global", "Crypto isakmp policy 10"),
        ("global", "crypto isakmp  policy 10"),
        ("ikev2-peer", "pre-shared-key loc <PSK:0123456789abcdef>"),
        ("ikev2-peer", "pre-shared-key local  <PSK:0123456789abcdef>"),
        ("keyring", "pre-shared-key address 192.0.2.256 key <PSK:0123456789abcdef>"),
        ("interface", "ipv6"),
    ],
)
def test_what_ios_would_not_print_is_left_to_slower_reading(mode: str, text: str) -> None:
    found = LANGUAGES[mode].match(text)
    assert found is None or found.row.plain


def test_blanks_inside_a_key_are_part_of_it() -> None:
    found = LANGUAGES["keyring"].match("pre-shared-key address 192.0.2.1 key two  words ")
    assert found is not None
    assert found.args == {"address": "192.0.2.1", "secret": "two  words "}


def test_a_negative_line_may_be_shorter() -> None:
    found = LANGUAGES["interface"].match("no ip address")
    assert found is not None
    assert (found.row.id, found.negated, found.args) == ("interface/ip-address", True, {})
    assert LANGUAGES["keyring"].match("no pre-shared-key address 192.0.2.1") is not None
    assert LANGUAGES["keyring"].match("pre-shared-key address 192.0.2.1") is None


def test_what_is_remembered_is_what_is_read() -> None:
    assert GLOBAL.known("hostname R1") == GLOBAL.match("hostname R1") == GLOBAL.known("hostname R1")
    assert GLOBAL.known("nonsense") is None


@pytest.mark.parametrize(
    ("mode", "text", "concerns"),
    [
        ("global", "crypto nonsense", True),
        ("global", "no crypto nonsense", True),
        ("global", "router bgp nonsense", False),
        ("global", "ip nonsense", False),
        ("global", "ip route nonsense", True),
        ("global", "ip", False),
        ("global", "router bgp", False),
        ("global", "key nonsense", False),  # "key chain" is one of the commands that begin so
        ("global", "ip access-list nonsense", False),
        ("interface", "ip policy nonsense", False),
        ("interface", "tunnel sorce 192.0.2.1", True),
        ("interface", "ip address", True),
        ("interface", "ip ospf cost 10", False),
        ("interface", "bandwidth nonsense", False),
        ("interface", "standby 1 ip 192.0.2.1", True),
    ],
)
def test_what_a_damaged_line_has_to_do_with_tunnels(mode: str, text: str, concerns: bool) -> None:
    assert LANGUAGES[mode].concerns(text) is concerns


def test_sections_that_reports_name() -> None:
    headers = {
        "crypto map CM 10 ipsec-isakmp": ("crypto-map", "CM 10"),
        "crypto dynamic-map DM 20": ("dynamic-map", "DM 20"),
        "crypto isakmp policy 30": ("isakmp-policy", "30"),
        "crypto isakmp peer address 192.0.2.1 vrf RED": ("other", "address 192.0.2.1 vrf RED"),
        "crypto pki trustpoint TP": ("other", "trustpoint TP"),
        "interface Virtual-Template1 type tunnel": ("interface", "Virtual-Template1"),
        "crypto keyring K vrf RED": ("keyring", "K"),
        "crypto gdoi group ipv6 G": ("other", "G"),
        "crypto ikev2 authorization policy P": ("other", "authorization policy P"),
    }
    for text, (section, name) in headers.items():
        found = GLOBAL.match(text)
        assert found is not None
        assert (found.row.section, found.row.named(found.args, text)) == (section, name)


def test_every_row_says_what_it_has_to_do_with_tunnels_and_has_an_id() -> None:
    assert all(row.bears and "/" in row.id for rows in COMMANDS.values() for row in rows)


def test_rows_of_one_id_hide_the_same_kind_of_secret() -> None:
    assert {
        row_id: {bool(row.psk) for row in rows}
        for row_id, rows in COMMANDS.items()
        if len({bool(r.psk) for r in rows}) > 1
    } == {}
