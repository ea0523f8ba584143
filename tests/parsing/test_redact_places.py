"""What a word is where it stands, and how it may be spelt: the smaller pieces of redaction, each by itself."""

from __future__ import annotations

import re

import pytest

from ikeaudit.parsing.redact.headers import misspelt
from ikeaudit.parsing.redact.keys import ALONE
from ikeaudit.parsing.redact.places import (
    holds_no_secret,
    is_harmless_keyword,
    is_name,
    keywords_at,
    shortest_at,
    words_of_line,
)
from ikeaudit.parsing.redact.screen import cleared, lower, may_hide
from ikeaudit.parsing.redact.spelling import abbreviation, any_of, before, behind, commands, pattern


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ("R1#show x y", "x y"),
        ("R1(config)#no a b", "a b"),
        ("no  a b", "a b"),
        ("a no b", "a no b"),
        ("do show run x", "run x"),
        ("do no a", "a"),
        (" +default a", "a"),
        ("+- !a", "a"),
        ("-- more -- no a", "a"),
        ("12:00 logged command:!a b", "a b"),
        ("shows x", "shows x"),
        ("nothing x", "nothing x"),
        ("", ""),
    ],
)
def test_the_words_of_a_line_without_what_may_stand_before_it(left: str, words: str) -> None:
    assert words_of_line(left) == words.split()


@pytest.mark.parametrize(
    ("left", "name"),
    [
        ("username ", True),
        ("username bob ", False),
        ("snmp-server user ", True),
        ("crypto keyring ", True),
        ("no crypto keyring ", True),
        ("crypto keyring K ", False),
        ("crypto ikev2 keyring ", True),
        ("crypto isakmp key ", False),
        ("crypto map ", True),
        ("key chain ", True),
        ("interface ", True),
        ("ip access-list extended ", True),
        ("route-map ", True),
        ("banner ", False),  # people write what follows
        ("rout ", False),  # a keyword cut short leads to no name
        ("class type inspect ", True),
        ("neighbor 192.0.2.1 route-map ", True),
        ("neighbor 192.0.2.1 filter-list ", True),
        ("neighbor 192.0.2.1 password ", False),
        ("match identity address ", True),
        ("match identity address 192.0.2.1 ", True),  # the VRF, behind the mask or without one
        ("match identity address 192.0.2.1 255.255.255.255 ", True),
        ("match identity address 192.0.2.1 255.255.255.255 CUST ", False),
        ("", False),
    ],
)
def test_whether_a_name_stands_there(left: str, name: bool) -> None:
    assert is_name(left) is name


@pytest.mark.parametrize(
    ("left", "word", "following", "harmless"),
    [
        ("crypto ikev2", "key", "KR", True),  # the keyring, cut short
        ("crypto", "key", "generate", True),
        ("", "key", "chain", True),
        ("", "key", "s3cret", False),
        ("", "key", "5", False),
        ("crypto isakmp", "key", "s3cret", False),
        ("ntp", "authentication-key", "1", False),
        ("", "password", "encryption", True),
        ("mka", "pre-shared-key", "key-chain", True),
        ("key config-key", "password-encrypt", "1", False),
        ("crypto key", "pubkey-chain", "rsa", True),
    ],
)
def test_a_keyword_of_a_command_that_holds_no_secret(left: str, word: str, following: str, harmless: bool) -> None:
    assert is_harmless_keyword(left.split(), word, following) is harmless


@pytest.mark.parametrize(
    ("left", "word", "following", "section", "harmless"),
    [
        ("aaa authorization group ", "psk", "list L", "", True),
        ("snmp-server community ", "password", "RO", "", False),
        ("username ", "password", "secret x", "", False),  # nobody is called that
        ("interface ", "key", "", "", True),
        ("crypto keyring ", "key", "", "", True),
        ("ip vrf ", "secret", "", "", True),
        ("ip vrf ", "secret", "x", "", False),  # the command has nothing behind its name
        ("route-map ", "password", "permit 10", "", True),
        ("banner ", "password", "x", "", False),
        ("password ", "policy", "x", "", False),
        (" ", "key", "5", "keychain", True),
        (" ", "key", "5 x", "keychain", False),
        (" ", "key", "s5", "keychain", False),
        (" ", "key", "5", "isakmp-group", False),
        (" ", "key", "5", "", False),
    ],
)
def test_a_telling_word_that_holds_no_secret(
    left: str, word: str, following: str, section: str, harmless: bool
) -> None:
    assert holds_no_secret(left, word, following, section) is harmless


def test_what_may_follow() -> None:
    after = keywords_at(("crypto", "isakmp"))
    assert {"policy", "profile", "keepalive"} <= after and not {"key", "ikev2"} & after
    assert keywords_at(("crypto", "isak")) == after, "keywords may be cut short"
    assert keywords_at(("c", "isakmp"), "global") == keywords_at(("nothing",), "global") == frozenset()
    assert "pre-shared-key" not in keywords_at((), "keyring") and "description" in keywords_at((), "keyring")


@pytest.mark.parametrize(
    ("words", "keyword", "letters"),
    [
        ("", "crypto", 2),  # "class" begins like it
        ("", "interface", 2),  # "ip"
        ("", "key", 3),  # "kerberos"
        ("crypto", "isakmp", 2),  # "ikev2", "ipsec"
        ("crypto", "ipsec", 3),  # "ip"
        ("crypto", "key", 3),  # "keyring" has it whole
        ("crypto", "keyring", 4),
        ("crypto isakmp", "keepalive", 1),
    ],
)
def test_the_fewest_letters_that_tell_a_keyword(words: str, keyword: str, letters: int) -> None:
    assert shortest_at(tuple(words.split()), keyword) == letters


@pytest.mark.parametrize(
    ("word", "shortest", "fits", "others"),
    [
        ("key", 1, "k ke key", "K keys ey x"),
        ("key", 3, "key", "k ke"),
        ("pre-shared-key", 3, "pre pre- pre-shared-ke", "pr preshared"),
        ("hmac-sha-256", 1, "hma hmac hmac- hmac-sha-512 hmac-x", "hm sha-256 hmac512"),
        ("md5", 2, "md md5", "m md-5"),
        ("key-string", 4, "key- key-string", "key"),  # no algorithm: there is no digit
    ],
)
def test_a_keyword_cut_short(word: str, shortest: int, fits: str, others: str) -> None:
    made = re.compile(abbreviation(word, shortest))
    assert [text for text in (*fits.split(), *others.split()) if made.fullmatch(text)] == fits.split()


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (" host R1 key x", 12),
        ("  ho\tR1  ke x", 11),
        (" host R1 two more key x", 21),
        (" host key x", None),
        ("host R1 key x", None),
        (" h R1 key x", None),
        (" host R1 a b c d e f key x", 24),
        (" host R1 a b c d e f g key x", None),
    ],
)
def test_words_behind_another(text: str, end: int | None) -> None:
    words = ("host", "*", "key") if end in (12, 11) else ("host", "*", "**", "key")
    found = re.compile(behind(words, 2)).match(text)
    assert (found and found.end()) == end


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("crypto isakmp ", True),
        ("no cry  isa\t", True),
        ("x-crypto isakmp ", True),
        ("xcrypto isakmp ", False),
        (r"\ncrypto isakmp ", True),
        ("crypto isakmp", False),
        ("c isakmp ", False),
        ("crypto isakmp x ", False),
    ],
)
def test_words_before_another(text: str, fits: bool) -> None:
    assert bool(re.compile(before(("crypto", "isakmp"), 2)).search(text)) is fits


@pytest.mark.parametrize(("options", "fits"), [(0, True), (1, True), (4, True), (5, False)])
def test_options_before_another_word(options: int, fits: bool) -> None:
    text = "username bob " + "option " * options
    assert bool(re.compile(before(("username", "*", "**"), 2)).search(text)) is fits


def test_one_of_many_words() -> None:
    words = ["key", "key-string", "keys", "k.y", "a"]
    made = re.compile(any_of(words))
    assert [word for word in (*words, "ke", "kxy", "string", "") if made.fullmatch(word)] == words
    assert any_of(["key"]) == "key" and any_of([]) == ""


def test_what_a_line_begins_with() -> None:
    made = re.compile(commands(("ip domain name", "[exec] banner <kind>"), 2))
    assert [text for text in ("ip do na", "ip domain name", "ba login", "ex banner x") if made.fullmatch(text)] == [
        "ip do na", "ip domain name", "ba login", "ex banner x",
    ]  # fmt: skip
    assert not any(made.fullmatch(text) for text in ("ip d name", "domain name", "banner", " ip domain name"))


def test_blanks_and_words_of_a_pattern() -> None:
    made = pattern("Key~@~end")
    assert made.fullmatch("key  x-y\tEND") and made.match("key a end more") and made.search("a key b end")
    assert not (made.fullmatch("key end") or made.match("a key b end") or made.search("keyx end"))


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("ip rou 10.0.0.0 255.0.0.0 Tunnel0", 1),  # "route" and "router" begin so
        ("ip acc extended A", None),  # IOS takes it for "access-list"
        ("ip ac extended A", None),  # two letters tell nothing
        ("ip rote 10.0.0.0 255.0.0.0 Tunnel0", 1),
        ("ip rte 10.0.0.0 255.0.0.0 Tunnel0", None),
        ("ip acess-lst extended A", 1),  # of eight letters and more two may be wrong
        ("ip aces-lst extended A", None),
        ("ip route-x 10.0.0.0 255.0.0.0 Tunnel0", None),
        ("no ip acess-list extended A", 2),
        ("default vfr definition A", 1),
        ("vfr definition A", 0),
        ("vfr something", None),  # a short word is told by what follows
        ("vfr", None),
        ("hostnmae R1", 0),  # a long one by itself
        ("hostnmae", None),
        ("hostname R1", None),
        ("hostnam R1", None),  # what IOS takes for the word is no error
        ("interfcae Tunnel1", 0),
        ("route-mpa R permit 10", 0),
        ("crypto isakpm key", None),
        ("ip rf V", 1),  # no command of ``ip`` begins so
        ("ipp route 10.0.0.0 255.0.0.0 Tunnel0", 0),
        ("ip router isis", None),  # a word of IOS of its own, though nearly another
        ("ip routes x", None),
        ("loggign host 192.0.2.1", None),  # nothing depends on it
    ],
)
def test_a_keyword_with_a_typing_error(line: str, at: int | None) -> None:
    assert misspelt(line) == at


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("abc\b\b\bxy", "xyc"),
        ("abc\b\b\b\b\bxy", "xyc"),
        ("abc\rx", "xbc"),
        ("abc\r", "abc\r"),
        ("a\x1b[1;31mb\x1b(Bc\x1b=d", "abcd"),
        ("a\x00b\u200bc\xadd", "abcd"),
        ("a\x03b\tc", "a\x03b\tc"),
        ("pre\u2011shared\u2013key", "pre-shared\u2013key".replace("\u2013", "-")),
        ("R1 \u2013 R2", "R1 \u2013 R2"),
        ("x\u2013y", "x\u2013y"),
    ],
)
def test_a_line_as_a_terminal_shows_it(line: str, shown: str) -> None:
    assert cleared(line) == shown
    assert may_hide(line) is (line not in ("abc\r", "a\x03b\tc"))


def test_lower_case_keeps_every_character_in_its_place() -> None:
    assert lower("Key \u0130 KEY") == "key \u0130 key"  # two characters in lower case
    assert lower("\u00c4B") == "\u00e4b"


def test_which_commands_are_a_keyword_and_a_key() -> None:
    """That of a peer of IKEv2, and no other one of the tables (IOS: ``pre-shared-key [local | remote] KEY``)."""
    assert ALONE == {"pre-shared-key": "ikev2-peer"}
