"""What each type of operand takes of a line, and what it leaves."""

from __future__ import annotations

import re

import pytest

from ikeaudit.ios.fast import PATTERNS
from ikeaudit.ios.syntax import ARGUMENTS, Typed


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("transforms", "esp-aes esp-sha-hmac"),
        ("ciphers", "aes-cbc-256 3des"),
        ("hashes", "sha1 md5"),
        ("groups", "14 2"),
    ],
)
def test_algorithms_go_on_to_the_end_of_the_line(kind: str, words: str) -> None:
    assert ARGUMENTS[kind](Typed.of(f"x {words}"), 1) == (2, words)
    assert ARGUMENTS[kind](Typed.of(f"x {words} x"), 1) is None
    assert ARGUMENTS[kind](Typed.of(f"x y {words}"), 1) is None


def test_a_key_length_stands_behind_its_cipher() -> None:
    take = ARGUMENTS["transforms"]
    for length in ("128", "192", "256"):
        assert take(Typed.of(f"esp-aes {length} esp-sha-hmac"), 0) == (3, f"esp-aes {length} esp-sha-hmac")
        assert take(Typed.of(length), 0) is None
    assert take(Typed.of("esp-aes 512"), 0) is None
    assert take(Typed.of("esp-aes x"), 0) is None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("word", "x X 1 x! - <", "! !x"),
        ("notip", "x 1 1.2.3 1.2.3.256", "! !x 1.2.3.4"),
        ("any", "x ! !x", ""),
        ("ip", "1.2.3.4 0.0.0.0 255.255.255.255", "1.2.3 1.2.3.256 x 2001:db8::1"),
        ("mask", "255.255.255.0", "255 x"),
        ("ipv6", "2001:db8::1 2001:DB8::/32 ::", "1.2.3.4 x: 2001:db8::/129 2001"),
        ("num", "0 12 4711", "x 1x -1 1.2"),
        ("encoding", "0 6 7", "1 5 8 9 00 x"),
        ("digit", "0 9", "10 x"),
        ("url", "x !", ""), ("pskword", "x !", ""), ("secretword", "x !", ""), ("words", "x !", ""),
    ],
)  # fmt: skip
def test_what_an_operand_of_a_type_may_be(kind: str, good: str, bad: str) -> None:
    take = ARGUMENTS[kind]
    for word in good.split():
        assert take(Typed.of(f"a {word} b"), 1) == (1, word), word
    for word in bad.split():
        assert take(Typed.of(f"a {word} b"), 1) is None, word


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("word", "x x! - <", "! !x"),
        ("notip", "x 1 1.2.3 1.2.3.256 1.2.3.4x 1.2.3.4.5", "! !x 1.2.3.4 255.255.255.255"),
        ("any", "x ! !x", ""),
        ("ip", "1.2.3.4 0.0.0.0 255.255.255.255", "1.2.3 x 2001:db8::1"),
        ("mask", "255.255.255.0", "255 x"),
        ("ipv6", "2001:db8::1 2001:DB8::/32 ::", "1.2.3.4 x: 2001"),
        ("num", "0 12 4711", "x 1x -1 1.2"),
        ("encoding", "0 6 7", "1 5 8 9 00 x"),
    ],
)
def test_the_same_as_a_pattern_of_a_whole_line(kind: str, good: str, bad: str) -> None:
    behind = re.compile(rf"a ({PATTERNS[kind]})(?: b)?")
    for line in ("a {}", "a {} b"):
        assert [word for word in good.split() if not behind.fullmatch(line.format(word))] == []
        assert [word for word in bad.split() if behind.fullmatch(line.format(word))] == []


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("line", "b  c  "),
        ("psk", "b  c  "),
        ("text", "b  c"),
        ("operands", "b  c"),
        ("psktext", "b  c"),
        ("secret", "b  c"),
        ("secrettag", "b  c"),
    ],
)
def test_what_an_operand_up_to_the_end_of_the_line_is(kind: str, kept: str) -> None:
    assert ARGUMENTS[kind](Typed.of("a b  c  "), 1) == (2, kept)
    assert ARGUMENTS["interface"](Typed.of("a tunnel 1"), 1) == (2, "Tunnel1")


@pytest.mark.parametrize("kind", ["line", "psk", "text", "operands", "psktext", "secret", "secrettag"])
def test_a_pattern_up_to_the_end_of_the_line(kind: str) -> None:
    behind = re.compile(rf"a ({PATTERNS[kind]}) *")
    for line, kept in (("a b  c  ", "b  c"), ("a b", "b")):
        found = behind.fullmatch(line)
        blanks = " " * (len(line.rstrip()) < len(line)) * 2 if kind in ("line", "psk") else ""
        assert found is not None and found[1] == kept + blanks, line
    assert not behind.fullmatch("a   ")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "transforms",
            "esp-aes 128; esp-aes 192 esp-null; esp-aes 256 esp-sha-hmac; esp-null; ah-md5-hmac comp-lzs",
            "256; esp-aes 512; esp-aes esp-x; x",
        ),
        ("ciphers", "aes-cbc-256 3des; des", "aes; des 256"),
        ("hashes", "sha1 md5; sha512", "sha; md5 x"),
        ("groups", "14 2; 24", "3; 14 3"),
    ],
)
def test_patterns_of_algorithms(kind: str, good: str, bad: str) -> None:
    assert [words for words in good.split("; ") if not re.fullmatch(PATTERNS[kind], words)] == []
    assert [words for words in bad.split("; ") if re.fullmatch(PATTERNS[kind], words)] == []


def test_every_type_of_operand_is_tried_above() -> None:
    tried = "word notip any ip mask ipv6 num encoding digit url pskword secretword"
    tried += " words line psk text operands psktext secret secrettag"
    assert set(ARGUMENTS) == {*tried.split(), "transforms", "ciphers", "hashes", "groups", "interface"}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("transforms", ["esp-aes", "esp-aes 256 esp-sha-hmac", "esp-aes 128 ah-md5-hmac"], ["256", "esp-aes 512"]),
        ("ciphers", ["aes-cbc-256", "aes-cbc-256 3des"], ["aes", "aes-cbc-256 sha1"]),
        ("hashes", ["sha256", "sha512 sha1 md5"], ["sha", "sha1 des"]),
        ("groups", ["14", "19 14 5"], ["0", "14 x"]),
    ],
)  # fmt: skip
def test_a_list_of_algorithms_as_a_pattern(kind: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in (*good, *bad) if re.fullmatch(PATTERNS[kind], text)] == good
