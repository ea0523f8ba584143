"""Keys in damaged lines and in text that is no command: behind a word that is a name elsewhere, behind a sign, a line below."""

from __future__ import annotations

from itertools import pairwise

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
    assert (
        redact(f"enable password X pre-shared-key\n{below}", FINGERPRINTER).text == f"enable password <SECRET>\n{below}"
    )


def test_a_password_that_is_a_word_of_keys_has_none_below() -> None:
    assert redact("enable password pre-shared-key\nlogin", FINGERPRINTER).text == "enable password <SECRET>\nlogin"


@pytest.mark.parametrize("indent", ["", "  "])
@pytest.mark.parametrize(
    "first",
    [
        " authentication local pre-share key",
        " authentication remote pre-share key ",
        "crypto ikev2 profile P\n authentication local pre-share key",
        " set aggressive-mode password",
        " SET AGGRESSIVE-MODE PASSWORD",
    ],
)
def test_a_key_below_a_command_that_ends_before_it(first: str, indent: str) -> None:
    assert redact(f"{first}\n{indent}{KEY}\nend", FINGERPRINTER).text == f"{first}\n{indent}{PSK}\nend"


@pytest.mark.parametrize("digit", ["0", "7"])
def test_a_key_below_the_digit_of_its_encoding(digit: str) -> None:
    """No type 7 text, so that its fingerprint is that of what cannot be read."""
    token = PSK if digit == "0" else f"<PSK:{FINGERPRINTER.opaque(KEY)}>"
    for first in (f" authentication local pre-share key {digit}", f"crypto isakmp key {digit}"):
        assert redact(f"{first}\n{KEY}\nend", FINGERPRINTER).text == f"{first}\n{token}\nend"


@pytest.mark.parametrize(
    "below",
    ["end", "exit", "R1#", "match identity remote any", "lifetime 3600", "ip address 192.0.2.1", "!", "% Incomplete"],
)
@pytest.mark.parametrize("first", [" authentication local pre-share key", " set aggressive-mode password"])
def test_what_is_no_key_below_a_command_that_ends_before_its_own(first: str, below: str) -> None:
    assert redact(f"{first}\n{below}\nend", FINGERPRINTER).text == f"{first}\n{below}\nend"


@pytest.mark.parametrize("encoding", ["", " 0"])
@pytest.mark.parametrize(
    ("below", "peer"),
    [("", " address 192.0.2.1"), (" address", "192.0.2.1"), (" addr", "192.0.2.1"), (" hostname", "R2")],
)
def test_a_key_below_its_command_and_above_its_peer(encoding: str, below: str, peer: str) -> None:
    first = f"crypto isakmp key{encoding}"
    text = redact(f"{first}\n {KEY}{below}\n{peer}\nend", FINGERPRINTER).text
    assert text == f"{first}\n {PSK}{below}\n{peer}\nend"


def test_secrets_that_one_tells_of_the_next() -> None:
    """Where a known one is cut, what stands behind may be the next: as often as that happens."""
    secrets = [f"{letter}q8vT2xR{number}" for number, letter in enumerate("ABCDEF")]
    lines = [f"password {secrets[0]}", *(f"x {one}key {other}" for one, other in pairwise(secrets))]
    clean = mask_line("\n".join([*lines, f"x {secrets[-1]}"]))
    assert clean.split("\n") == ["password <SECRET>", *["x <SECRET>key <SECRET>"] * 5, "x <SECRET>"]


@pytest.mark.parametrize(
    "front",
    [
        "  pre-shared-key address 192.0.2.1 255.255.255.255 stray key",
        "  pre-shared-key hostname R2 stray key",
        "  pre-shared-key address 192.0.2.1 stray k",
    ],
)
def test_a_word_too_many_before_a_key_takes_nothing_else_away(front: str) -> None:
    assert redact(f"{front} {KEY}", FINGERPRINTER).text == f"{front} {PSK}"


def test_a_section_goes_on_behind_rows_of_keys_inside_of_it() -> None:
    """Wrong line that this catches: a section that ends at the first of them, so that a misspelt key after it stays."""
    rows = f"  Keyring      Hostname/Address   Preshared Key\ndefault      192.0.2.1    {KEY}"
    text = redact(f"crypto keyring K\n{rows}\n  !\n  frob 192.0.2.1 Other-99-secret", FINGERPRINTER).text
    assert KEY not in text and "Other-99-secret" not in text


@pytest.mark.parametrize("digits", ["0123456789ABCDEF", "0x0123456789abcdef"])
def test_the_digits_of_a_key_are_removed_wherever_else_they_stand(digits: str) -> None:
    """Not only the key that they spell."""
    keyring = "crypto ikev2 keyring K\n peer P\n  pre-shared-key hex"
    text = redact(f"{keyring} {digits}\n!\ninterface Tunnel0\n description as {digits}", FINGERPRINTER).text
    assert digits not in text and text.endswith(" description as <SECRET>")
