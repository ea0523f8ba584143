"""Keys in damaged lines and in text that is no command: behind a word that is a name elsewhere, behind a sign, a line below."""

from __future__ import annotations

import pytest
from parsed import FINGERPRINTER, clear

from ikeaudit.parsing.redact import mask_line, redact

KEY = "Zq8vT2xR"
PSK = f"<PSK:{clear(KEY)}>"


@pytest.mark.parametrize("value", [KEY, "192.0.2.1"])
@pytest.mark.parametrize("word", ["key", "password", "secret"])
@pytest.mark.parametrize(
    "front",
    [
        " server address ipv4",
        " address ipv4",
        "  vrf",
        " vrf forwarding",
        "hostname",
        "crypto keyring",
    ],
)
def test_what_follows_a_name_that_ends_its_command_is_a_secret(front: str, word: str, value: str) -> None:
    """A name may be spelt like a word that tells of secrets; the commands have nothing behind it."""
    assert mask_line(f"{front} {word} {value}") == f"{front} {word} <SECRET>"
    assert mask_line(f"{front} {word}") == f"{front} {word}"


@pytest.mark.parametrize(
    "line",
    [
        "crypto keyring key vrf RED",  # what the command has behind its name
        "crypto keyring key v RED",
        "route-map secret permit 10",  # the tables say only how it begins: words of IOS may follow
        "ip nat inside source list key interface Tunnel1 overload",
        " service-policy input secret",
        " set peer key default",
        "crypto map key 10 ipsec-isakmp",
    ],
)
def test_what_may_follow_a_name_stays(line: str) -> None:
    assert mask_line(line) == line


@pytest.mark.parametrize("line", ["route-map secret {}", " set peer key {}", " tunnel source key {}"])
def test_behind_a_name_of_a_command_half_described_words_of_ios_stay_alone(line: str) -> None:
    assert mask_line(line.format(KEY)) == line.format("<SECRET>")


@pytest.mark.parametrize(
    "line",
    [
        "pre-shared-key={}",
        "pre-shared-key:{}",
        "pre-shared-key: {}",
        "pre-shared-key:={}",
        "pre-shared-key=>{}",
        "pre-shared-key==>{}",
        "'pre-shared-key'='{}",
        '"pre-shared-key": "{}',
        '"pre-shared-key" : "{}',
        'pre-shared-key"{}',
        "pre-shared-key'{}",
        "  peer R2 pre-shared-key={}",
        "crypto isakmp key={}",
        "crypto isakmp key:{}",
        "crypto isakmp key: {}",
    ],
)
def test_a_key_behind_a_sign(line: str) -> None:
    """As programs write values, and people who note what a router has."""
    assert mask_line(line.format(KEY)) == line.format("<SECRET>")
    text = redact(f"{line.format(KEY)} address 192.0.2.2\ndescription to {KEY}\n", FINGERPRINTER).text
    assert KEY not in text


@pytest.mark.parametrize(
    "line",
    [
        "pre-shared-key=",
        "pre-shared-key:",
        "pre-shared-key=?",
        "pre-shared-key, rsa-sig",
        "(pre-shared-key)",
        '"pre-shared-key"',
        '"pre-shared-key", "rsa-sig"',
        "a policy that prints 'authentication pre-share': rsa-sig",
        '"show crypto isakmp key": "show-2.txt"',
        "crypto isakmp key:",
    ],
)
def test_a_sign_without_a_key(line: str) -> None:
    assert mask_line(line) == line


@pytest.mark.parametrize(
    "first",
    [
        "password X pre-shared-key",
        "enable password X pre-shared-key",
        "enable secret 5 X  pre-shared-key 0",
        "username bob password 0 X pre-shared-key local",
    ],
)
@pytest.mark.parametrize("indent", ["", " "])
def test_a_key_below_a_command_that_damage_put_behind_a_secret(first: str, indent: str) -> None:
    """Two lines that became one: the command that is the rest of the first has its key on the next line."""
    text = redact(f"{first}\n{indent}{KEY}\nend", FINGERPRINTER).text
    assert text.split("\n")[1:] == [indent + PSK, "end"]


@pytest.mark.parametrize("below", ["interface Tunnel1", "end", "exit", "!"])
def test_a_command_below_one_that_damage_put_behind_a_secret_stays(below: str) -> None:
    assert redact(f"enable password X pre-shared-key\n{below}", FINGERPRINTER).text == f"enable password <SECRET>\n{below}"


def test_a_password_that_is_a_word_of_keys_has_none_below() -> None:
    assert redact("enable password pre-shared-key\nlogin", FINGERPRINTER).text == "enable password <SECRET>\nlogin"
