"""A key on the line below its command: begun inside of what is cut of the line before, or no key but what IOS says."""

from __future__ import annotations

import pytest
from parsed import FINGERPRINTER, clear

from ikeaudit.parsing.redact import redact

KEY = "Zq8vT2xR"
PSK = f"<PSK:{clear(KEY)}>"


@pytest.mark.parametrize(
    ("first", "clean"),
    [
        ("password X", "password <SECRET>"),
        ("enable password X", "enable password <SECRET>"),  # printed as IOS does
        ("enable secret 5 X", "enable secret 5 <SECRET>"),
        ("username bob password 0 X", "username bob password 0 <SECRET>"),
        ("crypto ikev2 keyring K\n peer A\n  pre-shared-key X", "crypto ikev2 keyring K\n peer A\n  pre-shared-key <PSK>"),
        ("crypto ikev2 keyring K\n peer A\n  pre X", "crypto ikev2 keyring K\n peer A\n  pre <PSK>"),
        ("crypto ikev2 keyring K\n peer A\n  kye X", "crypto ikev2 keyring K\n peer A\n  kye <SECRET>"),
        ("crypto keyring K\n  p a 192.0.2.1 k X", "crypto keyring K\n  p a 192.0.2.1 k <PSK>"),  # too short elsewhere
        (
            "crypto keyring K\n  pre-shared-key address 192.0.2.1 key X",
            "crypto keyring K\n  pre-shared-key address 192.0.2.1 key <PSK>",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("begun", "second", "left"),
    [
        (" crypto isakmp key", KEY, PSK),
        (" crypto isakmp key 0", KEY, PSK),
        (" crypto isakmp key", f"{KEY} address 192.0.2.1", f"{PSK} address 192.0.2.1"),
        (" crypto isakmp key", "interface Tunnel1", "interface Tunnel1"),
        (" crypto isakmp key", "no shutdown", "no shutdown"),
    ],
)  # fmt: skip
def test_a_key_below_a_command_that_begins_inside_of_a_secret(
    first: str, clean: str, begun: str, second: str, left: str
) -> None:
    """What was cut of a line runs to its end: a command that begins in there has its key on the next line, and that is one.

    Wrong lines that this catches: one that goes on behind a line without asking what was cut of it, in the rules or where lines
    are spelt as IOS prints them.
    """
    text = redact(f"{first}{begun}\n{second}\nend", FINGERPRINTER).text
    whole = clean.replace("<PSK>", f"<PSK:{clear(f'X{begun}')}>")
    assert text == f"{whole}\n{left}\nend"


@pytest.mark.parametrize(
    ("below", "is_key"),
    [
        (KEY, True),
        (f"   {KEY}", True),
        (f"{KEY} {KEY}", True),  # a key may have blanks (KEY-BLANKS)
        (f"%{KEY}", True),
        (f"^{KEY}", True),
        ("endless", True),
        ("end", False),
        ("exit ", False),
        (" quit", False),
        ("        ^", False),  # where the parser stopped
        ("% Incomplete command.", False),
        ("R1(config-keyring)#", False),
        ("R1# show clock", False),
        ("!", False),
        ("", False),
        ("   ", False),
        ("address 192.0.2.1", False),
        ("?", False),
    ],
)
def test_what_stands_below_a_command_without_its_key(below: str, is_key: bool) -> None:
    """Wrong lines that this catches: ``wrapped._NO_KEY``, piece by piece, and what it looks like without one of them."""
    front = "crypto ikev2 keyring K\n peer A\n  pre-shared-key"
    lines = redact(f"{front}\n{below}\nhostname R1\n", FINGERPRINTER).text.removeprefix(front).split("\n")
    blanks = below[: len(below) - len(below.lstrip())]
    assert lines == ["", f"{blanks}<PSK:{clear(below.strip())}>" if is_key else below, "hostname R1", ""]


def test_a_log_message_below_a_command_without_its_key_keeps_its_name() -> None:
    text = "crypto ikev2 keyring K\n peer A\n  pre-shared-key\n%SYS-5-CONFIG_I: "
    assert redact(f"{text}Configured from console by console", FINGERPRINTER).text == f"{text}<SECRET>"


def test_a_question_is_no_key() -> None:
    """Wrong line that this catches: one that takes ``?`` for the key, and learns it as a secret (``keys.rest_alone``)."""
    text = "crypto ikev2 keyring K\n peer A\n  pre-shared-key ?\n  pre-shared-key local ?\n  pre-shared-key hex ?\n"
    assert redact(text, FINGERPRINTER).text == text


def test_what_stands_behind_a_secret_of_one_word_is_kept() -> None:
    text = f"snmp-server community X crypto isakmp key\n{KEY}\n"
    assert redact(text, FINGERPRINTER).text == f"snmp-server community <SECRET> crypto isakmp key\n{PSK}\n"


@pytest.mark.parametrize(
    ("block", "clean"),
    [
        (
            "  -----BEGIN RSA PRIVATE KEY-----\nMIIEab+/=\n-----END RSA PRIVATE KEY-----",
            "  -----BEGIN RSA PRIVATE KEY-----\n<SECRET>\n-----END RSA PRIVATE KEY-----",
        ),
        (
            f"  do show crypto isakmp key\nKeyring  Hostname/Address  Preshared Key\ndefault      192.0.2.7      {KEY}\n!",
            f"  do show crypto isakmp key\nKeyring  Hostname/Address  Preshared Key\ndefault      192.0.2.7      {PSK}\n!",
        ),
    ],
)  # fmt: skip
def test_a_section_goes_on_behind_what_was_shown_in_it(block: str, clean: str) -> None:
    """Wrong lines that this catches: a private key, or a table of keys, whose lines end the section around them."""
    text = "crypto ikev2 keyring K\n peer A\n{}\n peer B\n  p loc {}\n"
    assert redact(text.format(block, KEY), FINGERPRINTER).text == text.format(clean, PSK)


@pytest.mark.parametrize("left", ["key", "address 192.0.2.1 key 0", "address 192.0.2.1 key 6", "7 0", "address x"])
def test_a_word_below_a_damaged_command_with_a_key_is_none_that_stays(left: str) -> None:
    """What is left of the command is taken for the key, and the key was on the line below.

    Wrong lines that this catches: one that learns of ``wrapped._below`` only what it takes for the key.
    """
    text = redact(f"  pre-shared-key {left}\n{KEY}\nhostname R1\n", FINGERPRINTER).text
    assert text.split("\n")[1:] == ["<SECRET>", "hostname R1", ""]


@pytest.mark.parametrize("following", ["Bc1", "shutdown", "exit"])
def test_nothing_goes_on_behind_a_token_that_was_there(following: str) -> None:
    """What is redacted stays as it is, however long its line has become."""
    text = f"  pre-shared-key address 192.168.100.200 255.255.255.255 key <PSK:0123456789abcdef>\n{following}\n"
    assert len(text.split("\n")[0]) > 79
    assert redact(text, FINGERPRINTER).text == text


def test_a_known_key_is_cut_in_what_people_write_from_the_first_letter_on() -> None:
    """There, even a word of commands is one of theirs."""
    text = "crypto isakmp key tunnel address 192.0.2.1\nbanner motd ^C\ntunnel, a tunnel\n^C\ninterface Tunnel1\n"
    token = f"<PSK:{FINGERPRINTER.psk('tunnel')}>"
    assert redact(text, FINGERPRINTER).text.split("\n")[2] == f"{token}, a {token}"
