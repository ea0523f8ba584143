"""Lines spelt out by their keywords: what counts as cut short, what is a name, what is told to be a command (TEXT-PRINTED)."""

from __future__ import annotations

import pytest

from ikeaudit.ios.abbreviations import Grammar
from ikeaudit.ios.command import single
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.syntax import is_ipv6

GRAMMAR = Grammar(
    [
        "crypto isakmp profile *",
        "crypto isakmp policy * hash",
        "crypto isakmp policy * lifetime",
        "crypto ipsec",
        "ip vrf",
        "ip vrf forwarding",
        "ipv6 vrf",
        "keyring *",
        "set peer * default",
        "set peer *",
        "shutdown",
        "vrf",
        "vrf forwarding *",
    ]
)


@pytest.mark.parametrize(
    ("typed", "text", "known"),
    [
        ("crypto isakmp profile P", "crypto isakmp profile P", True),
        ("cry isa prof P", "crypto isakmp profile P", True),
        ("CRYPTO Isakmp PROFILE P", "crypto isakmp profile P", True),
        ("no cry isa prof P", "no crypto isakmp profile P", True),
        ("default cry isa prof P", "default crypto isakmp profile P", True),
        ("do cry isa prof P", "do crypto isakmp profile P", True),
        ("NO cry isa prof P", "no crypto isakmp profile P", True),
        ("Default CRY isa prof P", "default crypto isakmp profile P", True),
        ("DO cry isa prof P", "do crypto isakmp profile P", True),
        ("NO", "NO", False),
        ("no shut", "no shutdown", True),
        ("no  set  peer A", "no  set  peer A", True),
        ("Default SHUT", "default shutdown", True),
        ("NOT cry isa prof P", "NOT cry isa prof P", False),
        ("not cry isa prof P", "not cry isa prof P", False),
        ("no", "no", False),
        ("do", "do", False),
        ("cry isa p P", "crypto isakmp p P", False),
        ("cry isa pro P", "crypto isakmp profile P", True),
        ("c isa prof P", "c isa prof P", False),
        ("cry is prof P", "crypto isakmp profile P", True),
        ("cry i prof P", "crypto i prof P", False),
        ("cry isa pol 10 has", "crypto isakmp policy 10 hash", True),
        ("cry isa pol hash li", "crypto isakmp policy hash lifetime", True),
        ("cry isa pol 10", "crypto isakmp policy 10", False),
        ("cry isa pol 10 other", "crypto isakmp policy 10 other", False),
        ("ip vrf fo", "ip vrf fo", True),
        ("ip vrf for", "ip vrf forwarding", True),
        ("vrf fo", "vrf fo", True),
        ("vrf forw X", "vrf forwarding X", True),
        ("ip vrf RED", "ip vrf RED", True),
        ("ip", "ip", False),
        ("set peer A def", "set peer A default", True),
        ("set peer def", "set peer def", True),
        ("set peer A de", "set peer A de", True),
        ("key K", "keyring K", True),
        ("key keyring", "keyring keyring", True),
        ("shut", "shutdown", True),
        ("shut down", "shutdown down", True),
        ("s", "s", False),
        ("se peer A", "set peer A", True),
        ("sh", "shutdown", True),
        ("", "", False),
        ("set  peer   A", "set  peer   A", True),
        ("se  peer   A", "set peer A", True),
    ],
)
def test_spelling_out(typed: str, text: str, known: bool) -> None:
    found = GRAMMAR.spell(typed)
    assert (found.text, found.known, found.exact) == (text, known, text.lower() == typed.lower())
    assert GRAMMAR.spell(typed) == found


def test_where_a_name_may_stand_two_letters_are_one() -> None:
    grammar = Grammar(["peer *", "peer default one", "group default one"])
    assert [grammar.spell(typed).text for typed in ("peer de", "peer def", "group de")] == [
        "peer de", "peer default", "group default"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "depth"),
    [
        ("crypto isakmp profile P", 3), ("no crypto isakmp profile P", 3), ("default crypto isakmp", 2), ("do crypto", 0),
        ("crypto isakmp policy 10 hash", 4), ("crypto isakmp policy hash hash", 4), ("crypto other", 1), ("other", 0), ("", 0),
        ("set peer A default", 3), ("set peer default", 2), ("shutdown down", 1), ("cry isa prof P", 3), ("keyring K", 1),
    ],
)  # fmt: skip
def test_how_many_keywords_tell_a_line(typed: str, depth: int) -> None:
    assert GRAMMAR.depth(typed) == depth


def test_a_word_that_nothing_follows_counts() -> None:
    depth = LANGUAGES["ipsec-profile"].grammar.depth
    assert [depth(f"reverse-route {way} 5") for way in ("static", "remote-peer", "tag", "other")] == [2, 2, 2, 1]


def test_its_keywords() -> None:
    assert " ".join(sorted(set(GRAMMAR.words()))) == (
        "crypto default forwarding hash ip ipsec ipv6 isakmp keyring lifetime peer policy profile set shutdown vrf"
    )
    assert sum(word == "vrf" for word in GRAMMAR.words()) == 3


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("2001:db8::1", True), ("2001:DB8::/32", True), ("::", True), ("::/0", True), ("2001:db8::1/128", True),
        ("2001:db8::1/129", False), ("2001:db8:::1", False), ("192.0.2.1", False), ("one", False), ("a:b", False), (":", False),
        ("", False), ("::ffff:192.0.2.1", True), ("2001:db8::/x", False),
    ],
)  # fmt: skip
def test_ipv6(word: str, is_one: bool) -> None:
    assert is_ipv6(word) is is_one


def test_what_is_found_shows_no_operand() -> None:
    found = LANGUAGES["keyring"].match("pre-shared-key hostname far.example.net key sesame")
    assert found is not None
    assert repr(found) == "Found('keyring/pre-shared-key-hostname')"
    assert repr(GLOBAL) == "Language('global')"


def test_the_names_that_reports_give() -> None:
    row = single("crypto thing <number:num> [<more>]", title="{number} {more} {other}")
    assert row.named({"number": "7", "more": "x"}) == "7 x"
    assert row.named({"number": "7"}) == "7"
    assert single("crypto thing <name>").named({"name": "N"}) == "N"
    assert single("crypto thing [<rest:text>]", title="crypto *").named({}, "crypto thing a b") == "thing a b"
    assert single("crypto thing [<rest:text>]", title="crypto *").named({}) == ""
    assert single("archive", title="archive").named({}, "archive") == "archive"


@pytest.mark.parametrize("special", ["family", "point", "type"])
def test_a_section_that_is_special_cannot_be_read_alone(special: str) -> None:
    row = single("interface <name>", section="interface", defines="interface")
    assert row.belongs({"name": "N"}) == ("interface", "N")
    assert row.belongs({"name": "N", special: "x"}) is None
    assert single("policy <number>", section="isakmp-policy").belongs({"number": "7"}) == ("isakmp-policy", "7")
    assert single("setting", part="isakmp-setting").belongs({"name": "N"}) == ("isakmp-setting", "")
    assert single("setting", section="isakmp-policy").belongs({}) == ("isakmp-policy", "")
    assert single("list", section="acl").belongs({"name": "N"}) is None
    assert single("other", section="other").belongs({}) is None
    assert single("nothing").belongs({"name": "N"}) is None


def test_a_beginning_of_several_words_stands_for_one_only_where_it_begins_the_others() -> None:
    found = Grammar(
        ["crypto ipsec profile *", "crypto ipsec proposal *", "crypto map *", "crypto map-group", "crypto ma"]
    )
    assert [found.spell(f"crypto {rest}").text for rest in ("ipsec pro X", "ipsec prof X", "ipsec prop X", "map- X")] == [
        "crypto ipsec pro X", "crypto ipsec profile X", "crypto ipsec proposal X", "crypto map-group X"
    ]  # fmt: skip
    nested = Grammar(["set match", "set match-all"])
    assert [nested.spell(f"set {word}").text for word in ("ma", "mat", "match", "match-")] == [
        "set match", "set match", "set match", "set match-all"
    ]  # fmt: skip


def test_no_alone_tells_a_line_of_the_global_mode() -> None:
    assert GLOBAL.spell("no").known and not LANGUAGES["keyring"].spell("no").known


def test_where_a_line_may_end_two_letters_are_no_keyword() -> None:
    """What follows may be an operand that nobody described."""
    spell = LANGUAGES["interface"].spell
    assert spell("tunnel mode gre multipoint ip").text == "tunnel mode gre multipoint ip"
    assert spell("tunnel mode gre multipoint ipv").text == "tunnel mode gre multipoint ipv6"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("tunnel mode ipsec ipv4 v6-over", "tunnel mode ipsec ipv4 v6-overlay"),
        ("tunnel mode ipsec ipv6 v4-over", "tunnel mode ipsec ipv6 v4-overlay"),
        ("tunnel mode ipv6i", "tunnel mode ipv6ip"),
        ("tunnel mode eth gre", "tunnel mode ethernet gre"),
    ],
)
def test_ways_of_a_tunnel_with_digits_in_them(typed: str, text: str) -> None:
    assert LANGUAGES["interface"].spell(typed).text == text


@pytest.mark.parametrize("mode", ["global", "keyring", "interface", "crypto-map"])
def test_a_section_is_left_in_every_mode(mode: str) -> None:
    assert LANGUAGES[mode].spell("exit").known and LANGUAGES[mode].section_grammar.spell("exit").known
    assert not LANGUAGES[mode].spell("exit-vrf").known


@pytest.mark.parametrize("front", ["no", "default", "do"])
@pytest.mark.parametrize("line", ["ip acess-list X", "ip access-list extended X", "interface X", "vrf definiton X"])
def test_capitals_in_front_of_a_command_change_nothing(front: str, line: str) -> None:
    lower = GLOBAL.spell(f"{front} {line}")
    assert lower.known == (line in ("ip access-list extended X", "interface X"))
    for typed in (front.upper(), front.title()):
        assert GLOBAL.spell(f"{typed} {line}") == lower
        assert GLOBAL.grammar.depth(f"{typed} {line}") == GLOBAL.grammar.depth(f"{front} {line}")


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("crypto isakmp profile P", True),
        ("CRYPTO Isakmp profile P", True),
        ("cry ISAKMP PROFILE P", False),
        ("CRYPTO isakmp prof P", False),
        ("NO CRYPTO isakmp profile P", True),
    ],
)
def test_whether_words_are_only_written_in_capitals(typed: str, exact: bool) -> None:
    """A word cut short stays one, whatever follows it."""
    assert GRAMMAR.spell(typed).exact is exact
