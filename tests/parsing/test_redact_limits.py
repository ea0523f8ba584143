"""How far a rule of redaction reaches, each at the word where it ends."""

from __future__ import annotations

import pytest
from parsed import FINGERPRINTER, clear

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.redact import KnownSecrets, cut, mask_line, redact, shown_keys
from ikeaudit.parsing.redact.clause import Clause, Vault
from ikeaudit.parsing.redact.finder import Finder
from ikeaudit.parsing.redact.headers import misspelt
from ikeaudit.parsing.redact.places import is_name
from ikeaudit.parsing.redact.screen import cleared
from ikeaudit.parsing.redact.verdicts import WHOLE, Verdicts, inside, is_accounted
from ikeaudit.parsing.redact.vocabulary import harmless


@pytest.mark.parametrize(
    "line",
    [
        "  pass log",  # an action of a policy map
        "password policy",  # what a router shows of a command that is one word
        "password logging",
        "key found",
        "key matching",
        "version 1 Zq8vT2xR",  # the rest of "snmp-server host R1 version 1 NAME" tells nothing alone: too short a word
        "x 3 auth Zq8vT2xR",
        "no pre-shared-key address 192.0.2.1",  # taken back, by its peer alone
    ],
)
def test_no_secret(line: str) -> None:
    assert mask_line(line) == line


def test_a_key_that_may_be_two_words() -> None:
    """Outside of a keyring, and not taken back, nothing says that this is an entry without its key."""
    assert mask_line("pre-shared-key address 192.0.2.1") == "pre-shared-key <PSK>"


@pytest.mark.parametrize("sign", ["!", "^C", "-", "|"])
def test_signs_between_words_say_nothing(sign: str) -> None:
    assert harmless(sign)


@pytest.mark.parametrize("line", ["  3082025A 308201C3", "  3082025A 30<SECRET>", "  quit"])
def test_data_of_a_certificate(line: str) -> None:
    assert inside("certificate-chain")[line].kept == WHOLE


@pytest.mark.parametrize(("length", "learnt"), [(512, True), (513, False)])
def test_the_longest_secret_that_is_learnt(length: int, learnt: bool) -> None:
    known = KnownSecrets()
    known.learn_secret(("xy" * length)[:length])
    assert len(known) == learnt


def test_the_rule_below_the_header_of_a_table_of_keys() -> None:
    """Three words with two blanks between them, as in a row with a name."""
    rule = "-------      ----------------    -------------"
    lines = ["Keyring      Hostname/Address    Preshared Key", rule, "default      192.0.2.1           Zq8vT2xR", "R1#"]
    assert redact("\n".join(lines), FINGERPRINTER).text.split("\n")[:2] == lines[:2]


def test_ends_of_lines_stay_where_two_lines_are_one() -> None:
    text = redact("crypto isakmp key\r\nZq8vT2xR\r\nend\r\n", FINGERPRINTER).text
    assert text == f"crypto isakmp key\r\n<PSK:{clear('Zq8vT2xR')}>\r\nend\r\n"


def test_a_command_of_an_interface_opens_no_section_in_a_transcript() -> None:
    """``crypto map M`` is one, though at the margin it is what a crypto map begins with."""
    lines = ["hostname R1", "interface Tunnel1", " crypto map M", " delay 1000", " ip mtu 1400", "!", "end"]
    text = "\n".join(["R1#show run", *lines, "R1#"])
    assert cut(text, FINGERPRINTER).lines[1:-1] == lines


@pytest.mark.parametrize(
    ("mode", "line", "accounted"),
    [
        ("global", "hostname R1", True),
        ("global", "banner motd ^C", True),
        ("global", "crypto isakmp frobnicate", False),
        ("global", "hostname <CUT:0123456789abcdef>", False),
        ("global", "<CUT:0123456789abcdef>", False),
        ("interface", "<CUT:0123456789abcdef> 10.0.0.1", False),
        ("interface", "description to R2", True),
        ("interface", "description <CUT:0123456789abcdef>", True),
        ("interface", "frobnicate x", False),
    ],
)
def test_what_the_tables_account_for(mode: str, line: str, accounted: bool) -> None:
    assert is_accounted(mode, line) == accounted


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("crypto pkki trustpoint T", 1),
        ("no crypto pkki trustpoint T", 2),
        ("crypto pki trustpoin T", None),  # cut short, as IOS takes it
        ("no crypto pki trustpoin T", None),
        ("crypto identiyt P", None),  # whatever begins with "crypto" counts, but for families that are known not to
        ("crypto sssl P", None),
        ("no frobnicate", None),
    ],
)
def test_a_keyword_with_a_typing_error(line: str, word: int | None) -> None:
    assert misspelt(line) == word


@pytest.mark.parametrize("order", [1, -1])
def test_of_values_that_begin_alike_the_longest_is_found(order: int) -> None:
    assert list(Finder(["ab", "ab-cd", "ab-"][::order]).find("x ab-cd y")) == [(2, 7)]


def test_a_keyword_cut_short_behind_another_command_of_its_section() -> None:
    text = "crypto ikev2 keyring K\n peer A\n  address 192.0.2.1 pre Zq8vT2xR"
    assert mask_line(text).endswith("\n  address 192.0.2.1 pre <PSK>")


def test_the_end_of_a_line_stays_behind_what_a_terminal_leaves() -> None:
    assert cleared("abc\bd\r") == "abd\r"


def test_no_letters_are_left_out_around_a_secret() -> None:
    """Quotes, brackets and stops are: nothing else ends a word."""
    assert mask_line("password a Xq8vT2xR9X\nfoo q8vT2xR9") == "password <SECRET>\nfoo q8vT2xR9"
    assert mask_line("password a (Xq8vT2xR9X).\nfoo Xq8vT2xR9X") == "password <SECRET>\nfoo <SECRET>"


@pytest.mark.parametrize("blank", [" ", "\t"])
def test_a_known_secret_behind_one_blank(blank: str) -> None:
    assert (
        mask_line(f"password Zq8vT\n{blank}Zq8vT\nx{blank}Zq8vT")
        == f"password <SECRET>\n{blank}<SECRET>\nx{blank}<SECRET>"
    )


def test_a_command_of_an_interface_that_ends_behind_its_keyword() -> None:
    assert misspelt("shutdwon", "interface") == 0
    assert misspelt("no shutdwon", "interface") == 1
    assert misspelt("shutdwon 7", "interface") == 0


def test_a_key_that_is_taken_back_by_itself() -> None:
    assert mask_line("no pre-shared-key Zq8vT2xR") == "no pre-shared-key <PSK>"


def test_digits_in_the_first_line_are_no_data_of_a_certificate() -> None:
    """Nothing stands before it that such data belong to."""
    assert cut("DEADBEEF\nsome text\n", FINGERPRINTER).lines[0].startswith("! <CUT:")
    assert cut("some text\nDEADBEEF\n", FINGERPRINTER).lines[1].startswith("! <CUT:")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("crypto isakmp key Zq8vT2xR\naddress\nend", "crypto isakmp key <PSK>\naddress\nend"),
        ("  pre-shared-key\nshutdown", "  pre-shared-key\n<PSK>"),  # a key may be spelt like a command of one word
        # of text of people words alone are not learnt
        ("description password Zq8vT2xR9\nfoo Zq8vT2xR9", "description password <SECRET>\nfoo <SECRET>"),
        ("description password please\nfoo please", "description password <SECRET>\nfoo please"),
        ("password abcd ! to R2\nx abcd", "password <SECRET>\nx <SECRET>"),  # without the note behind it
        ("Enable sceret Zq8vT2xR", "Enable sceret Zq8vT2xR"),  # the first word of a sentence
        ("enable sceret Zq8vT2xR", "enable sceret <SECRET>"),
        (" tunnel protection ipsce profile P", " tunnel protection ipsce profile P"),  # more often that than "psk"
        (f"default  192.0.2.1{' ' * 20}Zq8vT2xR", f"default  192.0.2.1{' ' * 20}<PSK>"),
        (
            "-----BEGIN PRIVATE KEY-----MIIEab-----END PRIVATE KEY-----\nabcd",
            "-----BEGIN PRIVATE KEY-----<SECRET>-----END PRIVATE KEY-----\nabcd",
        ),
        ("no pre-shared-key a 192.0.2.1", "no pre-shared-key a 192.0.2.1"),
        ("no pre-shared-key h R2", "no pre-shared-key h R2"),
        (" set session-key i esp 256 cipher Zq8vT2xR", " set session-key i esp 256 cipher <SECRET>"),
        (" set session-key o a 256 Zq8vT2xR", " set session-key o a 256 <SECRET>"),
        ('snmp-server host R1 "Zq8vT2xR X" udp-port 162', "snmp-server host R1 <SECRET> udp-port 162"),
        ("snmp-server community:Zq8vT2xR RO", "snmp-server community:<SECRET>"),  # damaged: all that follows goes
    ],
)
def test_what_becomes_of_it(text: str, clean: str) -> None:
    assert mask_line(text) == clean


@pytest.mark.parametrize(
    "word",
    [
        *("key", "key-string", "presharedkey", "pas", "password", "passphrase", "passwd", "passcode", "pass-code"),
        *("pwd", "pw", "secret", "idtoken", "psk", "community"),
    ],
)
def test_words_that_tell_of_a_secret_by_themselves(word: str) -> None:
    assert mask_line(f"{word} Zq8vT2xR") == f"{word} <SECRET>"


@pytest.mark.parametrize(
    "word",
    ["pa", "pr", "ke", "co", "passcod", "pass-cod", "presharedke", "secre", "passphras", "idtoke", "ps", "kye", "p-w"],
)
def test_too_little_of_such_a_word(word: str) -> None:
    assert mask_line(f"{word} Zq8vT2xR") == f"{word} Zq8vT2xR"


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("version 15.2", True),
        ("version x", False),
        ("interface Tunnel1", True),
        ("crypto map M", True),
        ("R1# show x", True),
    ],
)
def test_the_end_of_a_table_of_keys(line: str, ends: bool) -> None:
    assert shown_keys.ends(line) == ends


@pytest.mark.parametrize("escape", ["\x1b[1m", "\x1b[0;31m", "\x1b(B", "\x1b)0", "\x1b=", "\x1b>"])
def test_what_steers_a_terminal_is_no_text(escape: str) -> None:
    assert cleared(f"pass{escape}word") == "password"


def test_a_short_value_is_no_part_of_a_word() -> None:
    assert list(Finder(["Zq8v"]).find("x _Zq8v Zq8v_ Zq8v")) == [(14, 18)]


def test_a_name_that_holds_a_key() -> None:
    """One of eight characters or more, anywhere in it; a shorter one is no part of a name."""
    lines = [
        "hostname R1",
        "crypto isakmp key Zq8vT2x address 192.0.2.1",
        "crypto isakmp key Yq8vT2xR address 192.0.2.2",
        "crypto isakmp profile ABZq8vT2x",
        "crypto isakmp profile ABYq8vT2xR",
        "end",
    ]
    assert cut("\n".join(lines), FINGERPRINTER).named == (5,)


def test_facts_that_were_known_before_stay_known() -> None:
    facts = {"0123456789abcdef": SecretFacts(length=5)}
    assert cut("hostname R1\nend", FINGERPRINTER, facts=facts).facts == facts


@pytest.mark.parametrize(
    "front", ["match identity address 192.0.2.1 255.255.255.0 ", "match identity address 192.0.2.1 ", "vrf forwarding "]
)
def test_where_a_name_stands(front: str) -> None:
    assert is_name(front)
    assert not is_name(f"{front}frobnicate x y ")


@pytest.mark.parametrize(("known", "unknown"), [("3des", "9des"), ("3DES", "9DES")])
def test_a_digit_of_an_algorithm_is_no_other_digit(known: str, unknown: str) -> None:
    verdicts = Verdicts((LANGUAGES["isakmp-policy"],))
    assert verdicts[f" encryption {known}"].known
    assert not verdicts[f" encryption {unknown}"].known


@pytest.mark.parametrize(
    ("before", "left"),
    [("crypto isakmp ", "crypto isakmp "), ("x" * 199 + " ", "x" * 199 + " "), ("ab " * 100, ("ab " * 100)[-200:])],
)
def test_how_much_of_a_line_rules_look_at_before_a_word(before: str, left: str) -> None:
    """Two hundred characters, however long the line is."""
    line = f"{before}key {'y' * 500}"
    vault = Vault(FINGERPRINTER, None)
    assert Clause(line, len(before), len(before) + 3, "key", "", vault).left == left


@pytest.mark.parametrize("blank", ["\t", "\xa0", "\u3000"])
@pytest.mark.parametrize(
    ("command", "belongs"), [(" tunnel protection psk", False), (" authentication remote pre-share key", True)]
)
def test_a_blank_of_another_kind_belongs_to_a_key_where_blanks_do(command: str, belongs: bool, blank: str) -> None:
    key = f"Zq8vT2xR{blank}" if belongs else "Zq8vT2xR"
    assert redact(f"{command} Zq8vT2xR{blank}", FINGERPRINTER).text.rstrip() == f"{command} <PSK:{clear(key)}>"


@pytest.mark.parametrize("mask", ["********", "<removed>"])
def test_what_stands_in_for_a_key_is_none_with_blanks_around_it(mask: str) -> None:
    """Blanks belong to a key, but make none of a mask: wherever else it stands it stays."""
    below = f"interface Tunnel1\n description {mask} of the key\n"
    text = f"crypto keyring K\n  pre-shared-key address 192.0.2.1 key {mask} \n{below}"
    assert redact(text, FINGERPRINTER).text.endswith(below)


@pytest.mark.parametrize(
    "word",
    [
        *("addressed-key", "config-key", "named-key", "public-key", "trusted-key", "tunnel-key"),
        *("transport-encrypt-key", "send-community", "bgp-community"),
    ],
)
def test_what_ends_like_a_secret_and_is_none_keeps_what_stands_behind_it(word: str) -> None:
    for line in (f"  {word} r2.example 5", f"no {word} r2.example"):
        assert mask_line(line) == line


@pytest.mark.parametrize("front", ["crypto key", "security password"])
def test_digits_are_a_secret_where_no_command_has_a_number(front: str) -> None:
    assert mask_line(f"{front} 12345678") == f"{front} <SECRET>"
