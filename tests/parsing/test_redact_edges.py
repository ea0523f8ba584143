"""Where redaction draws its lines: what a value must have to be learnt, found, decoded, and what is measured of it."""

from __future__ import annotations

import re

import pytest

from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.fingerprint import Fingerprinter, psk_token
from ikeaudit.parsing.redact import KnownSecrets, decode_type7, redact
from ikeaudit.parsing.redact.elsewhere import _free_from, without_known
from ikeaudit.parsing.redact.facts import is_masked, is_sample, measure, measure_opaque
from ikeaudit.parsing.redact.finder import Finder, lines_with

FINGERPRINTER = Fingerprinter(b"a test key of sufficient length.")


def expected(text: str) -> str:
    """``{{clear}}`` stands for the token of a clear key."""
    return re.sub(r"\{\{(.+?)\}\}", lambda found: psk_token(FINGERPRINTER.psk(found[1])), text)


# -- type 7: exclusive-or with "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87" from an offset on -----------------------


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        ("0005", "a"),  # 05 and d (64)
        ("000511", "ab"),  # 11 and s (73)
        ("5256", "a"),  # 56 and 7 (37), the last one
        ("525606", "ab"),  # and from the beginning again
        ("02A0", "\xc6"),  # a0 and f (66)
        ("0064", "\x00"),
        ("5356", None),  # there is no 54th
        ("9956", None),
        ("00", None),
        ("000", None),
        ("00051", None),
        ("0x05", None),
        ("000g", None),
        ("00 5", None),
        ("0005 1", None),
        ("00 0 5", None),
        ("00 05 05", None),
        ("\u0660\u066005", None),  # digits of another alphabet
        ("", None),
    ],
)
def test_type_7(text: str, clear: str | None) -> None:
    assert decode_type7(text) == clear


# -- what is measured of a key -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "<>", "<x>", "[x]", "(x)", "{x}", "<x]", " <x> ", "***", "xxx", "XxX", "###", "...", "???", "•••", "___", "---",
        "HIDDEN", "redacted", "masked", "omitted", "sanitized", "sanitised", "my-key-removed", "key hidden here", "removed!",
        "${psk}", "%{psk}", "@{psk_1}", "#{psk}", "$PSK", "$PSK_KEY", " $PSK ", "%PSK_KEY%", "@PSK@",
    ],
)  # fmt: skip
def test_what_stands_in_place_of_a_key(key: str) -> None:
    assert is_masked(key)
    assert measure(key) == SecretFacts(length=0, masked=True)


@pytest.mark.parametrize(
    "key",
    [
        "<",
        "",
        "**",
        "***x",
        "**x",
        "aaa",
        "x*x",
        "<x",
        "x>",
        "a<x>",
        "unmasked",
        "removedx",
        "hid",
        "red",
        "+++",
        "a${psk}",
        "$psk",
        "$P",
        "%psk%",
        "@PSK",
        "&{psk}",
        "${psk",
    ],
)
def test_what_is_a_key_all_the_same(key: str) -> None:
    assert not is_masked(key)
    assert measure(key).length == len(key)


@pytest.mark.parametrize(
    "key",
    [
        "cisco", "C1sc0", "CISCO", " cisco ", "cisco_1", "cisco!@", "cisc0.123456!", "vpn1", "psk-12", "key_123456!@", "lab1",
        "pass1", "test9", "admin12", "secret1", "a", "aaaa", "0000", "letmein", "tac",
    ],
)  # fmt: skip
def test_a_sample(key: str) -> None:
    assert is_sample(key) and measure(key).sample


@pytest.mark.parametrize(
    "key",
    ["", "cisco1234567", "cisco!@#$", "cisco__1", "vpn-", "vpn1234567", "vpn1!@#", "xvpn1", "vpn1x", "ab", "letmein1"],
)
def test_no_sample(key: str) -> None:
    assert not is_sample(key) and not measure(key).sample


@pytest.mark.parametrize(
    ("key", "classes"),
    [
        ("", 0), ("a", 1), ("A", 1), ("1", 1), ("!", 1), (" ", 1), ("é", 1), ("É", 1), ("éa", 1),
        ("aB", 2), ("a1", 2), ("A1", 2), ("a!", 2), ("B!", 2), ("1!", 2), ("éÉ", 2), ("é!", 2),
        ("aB1", 3), ("aB!", 3), ("éÉ1", 3), ("aB1!", 4), ("éÉ1!", 4),
    ],
)  # fmt: skip
def test_kinds_of_characters(key: str, classes: int) -> None:
    assert measure(key).classes == classes


def test_the_rest_that_is_measured() -> None:
    assert measure("abca  ") == SecretFacts(length=6, sample=False, classes=2, distinct=4, trailing_blanks=2)
    assert measure(" ab") == SecretFacts(length=3, sample=False, classes=2, distinct=3, trailing_blanks=0)
    assert [measure(key).classes for key in ("é", "éA", "中1", "ǅ", "中Aa1-")] == [1, 2, 2, 1, 4], (
        "中 counts as no letter"
    )
    assert measure_opaque("AAB ") == SecretFacts(length=4)


# -- what is learnt ----------------------------------------------------------------------------------------------------------


def learnt(*values: str, **words: object) -> KnownSecrets:
    known = KnownSecrets()
    for value in values:
        known.learn_secret(value, **words)  # type: ignore[arg-type]
    return known


def found(known: KnownSecrets, *lines: str) -> list[list[str]]:
    """What is found in each of ``lines``."""
    rows = dict(known.found_in("\n".join(lines), "\n"))
    return [[line[start:end] for start, end in rows.get(row, [])] for row, line in enumerate(lines)]


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("s3cr", 1),
        ("S3cretXy;", 1),
        ("Secretxy\t! why", 2),
        (" s3cr ", 1),
        ("a", 1),
        ("!!!!", 1),
        ("!!!", 0),
        ("", 0),
        ("12345", 0),
        ("123456", 1),
        ("1.2.3", 0),
        ("10.0.0", 1),
        ("1-2:3", 0),
        ("1234x", 1),
        ("x" * 500 + "1", 1),
        ("a" + "1" * 511, 1),
        ("a" + "1" * 512, 0),
        ("<SECRET>", 0),
        ("x <PSK> y", 0),
        ("<x>", 0),
        ("********", 0),
        ("a<b", 1),
        ("key address 10.0.0.2", 0),  # no more than words of the command itself
        ("key address s3cr", 1),
    ],
)
def test_whether_a_secret_is_learnt(value: str, count: int) -> None:
    assert len(learnt(value)) == count
    assert found(learnt(value), value.strip()) == [[value.strip()] if count else []]


def test_words_of_prose_are_none() -> None:
    assert len(learnt("today", prose=True)) == 0
    assert len(learnt("today1", prose=True)) == len(learnt("today")) == 1


def test_type_7_is_known_in_clear_too() -> None:
    assert found(learnt("094F471A1A0A", encoding="7"), "cisco 094F471A1A0A") == [["cisco", "094F471A1A0A"]]
    for encoding in (None, "0", "6"):
        assert found(learnt("094F471A1A0A", encoding=encoding), "cisco 094F471A1A0A") == [["094F471A1A0A"]]
    assert len(learnt("no-hex", encoding="7")) == 1


@pytest.mark.parametrize(
    ("value", "again"),
    [
        ("two w0rds-x", ["two w0rds-x", "w0rds-x"]),
        ("two w0rd-", ["two w0rd-"]),  # five characters are too few
        ("two w0rdsx here", ["two w0rdsx here", "w0rdsx"]),
        ("two wordsx here", ["two wordsx here"]),
        ("two 123456 here", ["two 123456 here"]),
        ("two (w0rds-x), here", ["two (w0rds-x), here", "(w0rds-x),", "w0rds-x"]),
        ('"q 1"', ['"q 1"', "q 1"]),
        ("'q1'", ["'q1'", "q1"]),
        ("''", []),
        ('"a"', ['"a"', "a"]),
        ("\"q1'", ["\"q1'"]),
        ("s3cr ! for R2", ["s3cr ! for R2", "s3cr"]),
        ("s3cr // for R2", ["s3cr // for R2", "s3cr"]),
        ("s3cr <- for R2", ["s3cr <- for R2", "s3cr"]),
        ("s3cr <-- for R2", ["s3cr <-- for R2", "s3cr"]),
        ("s3cr # for R2", ["s3cr # for R2", "s3cr"]),
        ("s3cr #for R2", ["s3cr #for R2"]),
        ("s3cr!for", ["s3cr!for"]),
    ],
)
def test_other_forms_that_are_learnt(value: str, again: list[str]) -> None:
    known = learnt(value)
    assert len(known) == len(set(again))
    assert all(found(known, form)[0][:1] == [form] for form in again)


@pytest.mark.parametrize(
    ("written", "clear", "again"),
    [
        ("s3cr", "s3cr", ["s3cr"]),
        ("094F471A1A0A", "cisco", ["094F471A1A0A", "cisco"]),
        ("aB^cD", None, ["aB^cD"]),
        ("long key", "long key", ["long key", "long"]),
        ("my key", "my key", ["my key"]),  # "my" is found everywhere
        ("1234 x", "1234 x", ["1234 x"]),
        ("long\tkey", "long\tkey", ["long\tkey", "long"]),
        ("long ", "long ", ["long"]),
    ],
)
def test_a_key_is_learnt_as_it_is_written_and_in_clear(written: str, clear: str | None, again: list[str]) -> None:
    known = KnownSecrets()
    known.learn_key(written, clear, "<PSK:1>")
    assert len(known) == len(again)
    assert all(found(known, form) == [[form]] for form in again)
    assert [known.token(form) for form in (clear or "", "else", written)] == [
        "<PSK:1>" if clear else "<SECRET>",
        "<SECRET>",
        "<PSK:1>" if clear == written else "<SECRET>",
    ]


def test_a_key_of_blanks_is_none() -> None:
    known = KnownSecrets()
    known.learn_key("  ", "  ", "<PSK:1>")
    assert len(known) == 0 and found(known, "a  b") == [[]]


def test_what_two_know_together() -> None:
    one, other = learnt("s3cr"), KnownSecrets()
    other.learn_key("k3y-x", "k3y-x", "<PSK:1>")
    assert found(one, "s3cr k3y-x") == [["s3cr"]]
    one.merge(other)
    assert found(one, "s3cr k3y-x") == [["s3cr", "k3y-x"]]
    assert (one.token("k3y-x"), len(one), len(other), repr(one)) == ("<PSK:1>", 2, 1, "KnownSecrets(2)")


# -- what is found -----------------------------------------------------------------------------------------------------------


MANY = [f"Q{number}-q" for number in range(40)] + [f"Q{number}-q-longer" for number in range(40)]


@pytest.mark.parametrize("others", [[], MANY[:31], MANY[:32], MANY[-32:], MANY])
def test_alone_or_inside_of_words(others: list[str]) -> None:
    """However many values are known: short ones as whole words, eight characters and more anywhere, the longest first."""
    known = learnt(*others, "abcdef7", "abcdefg8", "89abcdef", "ab", "ab-cd", "ab-cd-ef", "+s3cr+")
    lines = {
        "xabcdef7": [],
        "abcdef7x": [],
        "- xabcdef7": [],
        "abcdef7x -": [],
        "_abcdef7": [],
        "abcdef7": ["abcdef7"],
        "é abcdef7é": ["abcdef7"],
        ".abcdef7-abcdef7,": ["abcdef7", "abcdef7"],
        "xabcdefg8x": ["abcdefg8"],
        "ab-cd-ef": ["ab-cd-ef"],
        "xab-cd-efx": ["ab-cd-ef"],
        "ab-cd-e": ["ab-cd"],
        "ab-cdx ab": ["ab", "ab"],
        "x+s3cr+x": ["+s3cr+"],
        "<PSK:abcdef7> <SECRET> ab": ["abcdef7", "ab"],  # no token has such digits
        "<PSK:0123456789abcdef> ab <PSK> ab": ["ab", "ab"],
        "": [],
        "nothing": [],
        "\ud800 xabcdefg8": ["abcdefg8"],
        "é xabcdefg8": ["abcdefg8"],
    }
    assert found(known, *lines) == list(lines.values())


@pytest.mark.parametrize("before", range(9))
def test_wherever_a_value_begins(before: int) -> None:
    known = learnt(*MANY, "abcdefg8")
    for after in range(9):
        assert found(known, "-" * before + "abcdefg8" + "-" * after) == [["abcdefg8"]]
        assert found(known, "é" * before + "abcdefg8" + "é" * after, "x") == [["abcdefg8"], []]


@pytest.mark.parametrize("many", [True, False])
@pytest.mark.parametrize("newline", ["\n", "\r"])
def test_no_line_is_looked_at_that_holds_nothing(newline: str, many: bool) -> None:
    """However many values are known, of either length; what only begins like one is none."""
    short, long = (MANY[:40], MANY[40:]) if many else (MANY[:3], MANY[40:43])
    lines = [
        "nothing",
        "has Q2-q",
        "no q2",
        "",
        "Q1-q ends",
        "xQ2-q-longerx",
        "Q2-q-long",
        "xQ1-qx",
        "a+-*/b",
        "é Q0-q-longer",
    ]
    text = newline.join(lines)
    assert lines_with(short, text, newline) == [1, 4, 6, 9]
    assert lines_with(long, text, newline) == [5, 9]
    assert lines_with(["+-*/", *short], text, newline) == [1, 4, 6, 8, 9]
    assert lines_with([*short, *long], text, newline) == [1, 4, 5, 6, 9]
    assert lines_with([], text, newline) == []


@pytest.mark.parametrize("others", [[], MANY])
def test_a_value_with_a_short_first_word_is_found_alone_only(others: list[str]) -> None:
    known = learnt(*others, "ab cdefg hi", "abcdefgh ij")
    assert found(known, "xab cdefg hi", "ab cdefg hi", "xabcdefgh ijx") == [[], ["ab cdefg hi"], ["abcdefgh ij"]]


# -- what the rules make of it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("  p a 10.0.0.2 k s3cr", "  p a 10.0.0.2 k {{s3cr}}"),
        ("  p a 10.0.0.2 255.255.255.0 k s3cr  ", "  p a 10.0.0.2 255.255.255.0 k {{s3cr  }}"),
        ("  p h R2 k 0 s3cr", "  p h R2 k 0 {{s3cr}}"),
        ("  p a 10.0.0.2 255.255. 255.0 k s3cr", "  p a 10.0.0.2 255.255. 255.0 k {{s3cr}}"),
        ("  p a i 2001:DB8::/32 k s3cr", "  p a i 2001:DB8::/32 k {{s3cr}}"),
    ],
)
def test_a_short_form_in_its_section(line: str, clean: str) -> None:
    text = f"crypto keyring K\n{line}\ncrypto isakmp policy 10\n"
    assert redact(text, FINGERPRINTER).text == expected(text.replace(line, clean))


@pytest.mark.parametrize(
    ("first", "second", "clean"),
    [
        ("crypto isakmp key", "s3cr", "{{s3cr}}"),
        ("crypto isakmp key 0", " s3cr", " {{s3cr}}"),
        ("  pre-shared-key address 10.0.0.2 key", "s3cr", "{{s3cr}}"),
        ("crypto isakmp key", "!", "!"),
        ("crypto isakmp key", "no s3cr", "no s3cr"),
    ],
)
def test_a_line_that_was_wrapped_right_before_its_key(first: str, second: str, clean: str) -> None:
    assert redact(f"{first}\n{second}", FINGERPRINTER).text == expected(f"{first}\n{clean}")


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        (" pre-shared-key hex 636973636f", " pre-shared-key hex {{cisco}}"),
        (" pre-shared-key hex 0X636973636f", " pre-shared-key hex {{cisco}}"),
        (" pre-shared-key hex 636", " pre-shared-key hex {{636}}"),
        (" pre-shared-key hex <PSK>", " pre-shared-key hex <PSK>"),
        (" pre-shared-key remote hex 63 ", " pre-shared-key remote hex {{c}}"),
        (" pre-shared-key local 7 0005", " pre-shared-key local 7 {{a}}"),
        (
            " path ftp://bob:s3cr@10.0.0.9/x and ftp://a:b@c",
            " path ftp://bob:<SECRET>@10.0.0.9/x and ftp://a:<SECRET>@c",
        ),
        (" path ftp://bob:<SECRET>@10.0.0.9/x", " path ftp://bob:<SECRET>@10.0.0.9/x"),
        (" path ftp://:s3cr@10.0.0.9/x", " path ftp://:<SECRET>@10.0.0.9/x"),
        (" path ftp://bob@10.0.0.9/x", " path ftp://bob@10.0.0.9/x"),
        ("crypto isakmp key s3cr  address 10.0.0.2", "crypto isakmp key {{s3cr}}  address 10.0.0.2"),
        ("crypto isakmp key 6 7 address 10.0.0.2", "crypto isakmp key 6 6:7 address 10.0.0.2"),
        ("crypto isakmp key <PSK> address 10.0.0.2", "crypto isakmp key <PSK> address 10.0.0.2"),
        ("crypto isakmp key a b address 10.0.0.2", "crypto isakmp key {{a b}} address 10.0.0.2"),
        ("crypto isakmp kye s3cr address 10.0.0.2", "crypto isakmp kye {{s3cr}} address 10.0.0.2"),
        ("crypto isakmp kye 0 s3cr address 10.0.0.2", "crypto isakmp kye 0 {{s3cr}} address 10.0.0.2"),
        (" authentication remote pre-share kye s3cr", " authentication remote pre-share <SECRET>"),
        (" set aggressive-mode password a b  ", " set aggressive-mode password {{a b}}"),
        (" l2tp cisco-authentication s3cr", " l2tp cisco-authentication <SECRET>"),
        (" set secret s3cr", " set secret <SECRET>"),
        (" match password s3cr", " match password <SECRET>"),
        ("key chain KC\n key 1\n  key- s3cr", "key chain KC\n key 1\n  key- <SECRET>"),
        ("crypto ikev2 key KR1", "crypto ikev2 key KR1"),
        ("+key chain KC", "+key chain KC"),
        ("key chain KC\n key 1\n  key-string s3cr", "key chain KC\n key 1\n  key-string <SECRET>"),
        ("key chain KC\n key 1 s3cr", "key chain KC\n key 1 <SECRET>"),
        ("username bob pasword s3cr", "username bob pasword <SECRET>"),
        ("username bob privilege 15 sceret 5 s3cr", "username bob privilege 15 sceret 5 <SECRET>"),
        ("enable sceret s3cr", "enable sceret <SECRET>"),
    ],
)
def test_a_command(line: str, clean: str) -> None:
    clean = clean.replace("6:7", psk_token(FINGERPRINTER.opaque("7")))
    assert redact(line, FINGERPRINTER).text == expected(clean)


def test_a_table_of_keys_ends_where_something_else_begins() -> None:
    head = "R1#show crypto isakmp key\nKeyring      Hostname/Address                            Preshared Key\n\n"
    row = f"{'default':<13}{'10.0.0.2':<44}s3cr \n{'K (V)':<13}{'10.0.0.0':<17}{'[255.255.255.0]':<27}s3cr \n"
    for end in ("R1#show version", "!", "Building configuration...", "crypto isakmp policy 10", "R1#exit"):
        clean = redact(f"{head}{row}{end}\nmy own words s3cr here\n", FINGERPRINTER).text.split("\n")
        assert clean[3].endswith(expected("{{s3cr}}")) and clean[4].endswith(expected("{{s3cr }}"))
        assert clean[5] == end and clean[6].startswith("my own words ")


def test_a_long_row_of_the_table_and_the_one_below_are_two() -> None:
    head = "Keyring      Hostname/Address                            Preshared Key\n"
    long, short = f"{'default':<13}{'10.0.0.2':<44}{'A' * 22}", f"{'default':<13}{'10.0.0.3':<44}s3cr"
    clean = redact(f"{head}{long}\n{short}\n", FINGERPRINTER).text.split("\n")
    assert [line[57:] for line in clean[1:3]] == [expected("{{" + "A" * 22 + "}}"), expected("{{s3cr}}")]


def test_what_stood_in_a_strange_row_is_known_to_its_end() -> None:
    text = "R1#show crypto isakmp key\nmy own s3cr-1 s3cr-2\n!\n! s3cr-2\n"
    assert redact(text, FINGERPRINTER).text == text.replace("s3cr-1 s3cr-2", "<SECRET>").replace("s3cr-2", "<SECRET>")


def test_an_empty_line_ends_a_key_at_the_edge_of_the_screen() -> None:
    line = "  pre-shared-key address 192.168.100.200 255.255.255.255 key " + "A" * 19
    clean = redact(f"{line}\n\nBCD\n", FINGERPRINTER).text
    assert clean.startswith(expected(line.replace("A" * 19, "{{" + "A" * 19 + "}}")) + "\n\n")


def test_a_word_that_ends_in_a_telling_one_tells_too() -> None:
    assert "s3cr" not in redact(" frobnicate my-pre-shared-key s3cr", FINGERPRINTER).text


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        (" logging s3cr", " logging <SECRET>"),
        (" logging x-s3cr", " logging x-s3cr"),  # a part of another word, though nothing sticks to it
        (" logging x-s3cr-long", " logging x-<SECRET>"),
        (
            " ip mtu Secretx",
            " ip mtu Secretx",
        ),  # letters alone, in a command that is known: a key word of which we do not know
        (" ip mtu Secr3tx", " ip mtu <SECRET>"),
        (" frobnicate Secretx", " frobnicate <SECRET>"),
        (" ip mtu 1500 (Secretx)", " ip mtu 1500 (<SECRET>)"),
        (" tunnel source Tunnel7", " tunnel source Tunnel7"),
        (" ip mtu 123456", " ip mtu 123456"),
        (" encr aes", " encr aes"),
        ("! s3cr", "! <SECRET>"),
        (
            f"junk crypto keyring{' ' * 187}s3cr",
            f"junk crypto keyring{' ' * 187}<SECRET>",
        ),  # its beginning is out of sight
        (" description s3cr, ip mtu", " description <SECRET>, ip mtu"),
        (" ip mtu 1500 // 123456", " ip mtu 1500 // <SECRET>"),
        ("crypto isakmp key <PSK> address 123456", "crypto isakmp key <PSK> address 123456"),
        ("crypto isakmp key <PSK> 123456", "crypto isakmp key <PSK> <SECRET>"),
    ],
)
def test_what_is_known_in_a_command(line: str, clean: str) -> None:
    known = learnt("s3cr", "s3cr-long", "Secretx", "Secr3tx", "123456", "aes", "Tunnel7")
    assert without_known(f"interface Tunnel7\n{line}", known) == f"interface Tunnel7\n{clean}"


TOLD = """key key- key-string presharedkey pas password passphrase passwd passcode pass-code pwd pw secret idtoken psk
community"""


@pytest.mark.parametrize("word", TOLD.split())
def test_a_word_that_tells_of_a_secret_in_what_nobody_described(word: str) -> None:
    assert redact(f"frob {word} Zvalue9 more", FINGERPRINTER).text == f"frob {word} <SECRET>"


@pytest.mark.parametrize(
    "word", ["pr", "ke", "presharedke", "passphras", "passcod", "pass-cod", "pa", "p", "secre", "idtoke", "ps", "co"]
)
def test_what_is_too_short_to_tell_of_one(word: str) -> None:
    assert redact(f"frob {word} Zvalue9 more", FINGERPRINTER).text == f"frob {word} Zvalue9 more"


@pytest.mark.parametrize(
    ("value", "learnt"),
    [
        ("Quartzy\t! note", {"Quartzy\t! note", "Quartzy"}),  # a tab parts words, too
        ("Quartzy ! note", {"Quartzy ! note", "Quartzy"}),
        ("Quartzy!note", {"Quartzy!note"}),
    ],
)
def test_the_note_behind_a_secret_is_no_part_of_it(value: str, learnt: set[str]) -> None:
    known = KnownSecrets()
    known.learn_secret(value)
    assert set(known._values) == learnt


@pytest.mark.parametrize(
    ("values", "line", "found"),
    [
        (["Quartz-77"], "Quantum of Quartz-77", ["Quartz-77"]),  # what begins like one is none
        (["Quartz-77", "Quartz-77-long"], "a Quartz-77-long b Quartz-77", ["Quartz-77-long", "Quartz-77"]),
        (["ab", "abc"], "ab abc abcd", ["ab", "abc"]),
        (["ab"], "xab ab", ["ab"]),
        (["Quartz-77"], "xQuartz-77x", ["Quartz-77"]),
        (["Quartz-77"], "Quartz-7", []),
        (["01234567"], "<PSK:0123456789abcdef> 01234567", ["01234567"]),  # what is in a token is no text
        (["Quartz-77"], "<SECRET>Quartz-77<SECRET>", ["Quartz-77"]),  # right between two tokens
        (["SECRET>x"], "<SECRET>x", []),  # nor what ends behind one
        (["ab!"], "ab!xy", ["ab!"]),  # what ends in a sign ends there
        (["ab!"], "xab!", []),
        (["!ab"], "xy!ab", ["!ab"]),
        (["!ab"], "!abx", []),
    ],
)
def test_where_values_stand_in_a_line(values: list[str], line: str, found: list[str]) -> None:
    """Wrong lines that this catches: ``Finder``, what it says of a place where no value ends."""
    assert [line[start:end] for start, end in Finder(values).find(line)] == found


@pytest.mark.parametrize("key", ["Quartzy\tof R2", "Quartzy of R2"])
def test_the_first_word_of_a_key_with_blanks_is_learnt(key: str) -> None:
    known = KnownSecrets()
    known.learn_key(key, key, "<PSK>")
    assert set(known._values) == {key, "Quartzy"}


def test_a_key_of_one_word_is_learnt_as_it_is() -> None:
    known = KnownSecrets()
    known.learn_key("Quartzy", "Quartzy", "<PSK>")
    assert set(known._values) == {"Quartzy"}


@pytest.mark.parametrize(
    ("line", "at"),
    [
        (" description x", 13), (" desc x", 6), (" des x", -1), ("no snmp-server loca x", 20), ("snmp-server loc x", -1),
        ("bann motd x", 5), ("ban motd x", -1), ("! x", 0), ("hostname x", -1),
    ],
)  # fmt: skip
def test_where_the_text_begins_that_people_write(line: str, at: int) -> None:
    """Behind four letters of its command at least."""
    assert _free_from(line) == at


@pytest.mark.parametrize("value", ["Quartz-77\udcff", "\udcffQuartz-77"])
def test_a_value_with_a_byte_that_could_not_be_read_is_found(value: str) -> None:
    many = [value, *(f"Other-{number:03}-secret" for number in range(200))]
    assert [*lines_with(many, f"x\n{value}\ny", "\n")] == [1]
