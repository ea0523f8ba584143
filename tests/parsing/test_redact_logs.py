"""What log messages break into, and secrets that everybody can read: whole texts, with what is left of them."""

from __future__ import annotations

import pytest
from parsed import FINGERPRINTER

from ikeaudit.parsing.redact import keepable, redact

LOG = "*Nov 29 06:30:03.123: %SYS-5-CONFIG_I: Configured from console by ops"
CUT_LOG = "*Nov 29 06:30:03.123: %SYS-5-CONFIG_I: <SECRET>"
KEY = f"<PSK:{FINGERPRINTER.psk('Quartz-Lantern-77')}>"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        # A line with a secret that no word of keys tells of, and a message behind it: who knows what was broken?
        (["snmp-server community Quartz RO", LOG], ["snmp-server community <SECRET> RO", CUT_LOG]),
        # The beginning of a command with a key, which stands behind the message.
        (["crypto isakmp key", LOG, "Quartz-Lantern-77 address 192.0.2.9"], ["crypto isakmp key", CUT_LOG, "<SECRET>"]),
        (["crypto isakmp key", LOG, "  Quartz-Lantern-77"], ["crypto isakmp key", CUT_LOG, "<SECRET>"]),
        # Of several messages each may have broken the line.
        (["crypto isakmp key", LOG, LOG, "Quartz-77"], ["crypto isakmp key", CUT_LOG, CUT_LOG, "<SECRET>"]),
        # What goes on as a command does was not broken; nor is what comes behind it.
        (["crypto isakmp key", LOG, "interface Tunnel1", "x"], ["crypto isakmp key", CUT_LOG, "interface Tunnel1", "x"]),
        (["crypto isakmp key", LOG, " description", "x"], ["crypto isakmp key", CUT_LOG, " description", "x"]),
        (["crypto isakmp key", LOG, "", "Quartz"], ["crypto isakmp key", CUT_LOG, "", "Quartz"]),
        (["crypto isakmp key", LOG, "Quartz-77", "x"], ["crypto isakmp key", CUT_LOG, "<SECRET>", "x"]),
        # A message in a line of its own behind a line without a secret says what it says.
        (["interface Tunnel1", LOG, "x"], ["interface Tunnel1", LOG, "x"]),
        ([LOG, "x"], [LOG, "x"]),
        (["x", "%SYS-5-CONFIG_I: of a password", "y"], ["x", "%SYS-5-CONFIG_I: of a password", "y"]),
        (["x", "a password %SYS-5-CONFIG_I: told", "y"], ["x", "a password <SECRET>", "<SECRET>"]),
    ],
)  # fmt: skip
def test_what_a_log_message_broke_into(lines: list[str], left: list[str]) -> None:
    assert redact("\n".join(lines), FINGERPRINTER).text.split("\n") == left


def typed_7(clear: str) -> str:
    """As IOS hides a password: each character under that of a well-known row."""
    row = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
    return "00" + "".join(f"{ord(one) ^ ord(row[at]):02X}" for at, one in enumerate(clear))


@pytest.mark.parametrize(
    "command",
    [
        "enable password 7 {}",
        "username bob password 7 {}",
        "line vty 0 4\n password 7 {}",
        "tacacs-server key 7 {}",
        "interface Tunnel1\n ip ospf authentication-key 7 {}",
        "router bgp 1\n neighbor 192.0.2.9 password 7 {}",
    ],
)
def test_what_everybody_can_read_is_looked_for_in_clear(command: str) -> None:
    clear = "Quartz-77-Lantern"
    text = f"{command}\ninterface Loopback0\n description {{}} at the door\n"
    left = redact(text.format(typed_7(clear), clear), FINGERPRINTER).text
    assert left == text.format("<SECRET>", "<SECRET>")
    assert redact(text.replace(" 7 ", " 9 ").format(typed_7(clear), clear), FINGERPRINTER).text.count("SECRET") == 1


def test_what_an_owner_may_keep_is_called_as_he_calls_it() -> None:
    names = keepable()
    assert {
        "description",
        "interface description",
        "access-list remark",
        "snmp-server location",
        "banner motd",
    } <= names
    assert not [name for name in names if name.startswith(("acl-", "global "))]


PSK_6 = f"<PSK:{FINGERPRINTER.opaque('Quartz-Lantern-77')}>"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["crypto isakmp key", "Quartz-Lantern-77 address 192.0.2.9"], ["crypto isakmp key", f"{KEY} address 192.0.2.9"]),
        (["crypto isakmp key Quartz-Lantern-77", "address 192.0.2.9"], [f"crypto isakmp key {KEY}", "address 192.0.2.9"]),
        (["crypto isakmp key Quartz-", "Lantern-77 address 192.0.2.9"], [f"crypto isakmp key {KEY}", " address 192.0.2.9"]),
        (["crypto isakmp key", "Quartz-Lantern-77", "address 192.0.2.9"], ["crypto isakmp key", KEY, "address 192.0.2.9"]),
        (["crypto isakmp key 0", "Quartz-Lantern-77"], ["crypto isakmp key 0", KEY]),
        (["crypto isakmp key 6", "  Quartz-Lantern-77  ", "x"], ["crypto isakmp key 6", f"  {PSK_6}", "x"]),
        (["crypto keyring K", "  pre-shared-key address 192.0.2.9 key", "Quartz-Lantern-77"],
         ["crypto keyring K", "  pre-shared-key address 192.0.2.9 key", KEY]),
        (["crypto isakmp key", "!"], ["crypto isakmp key", "!"]),
        (["crypto isakmp key", "interface Tunnel1"], ["crypto isakmp key", "interface Tunnel1"]),
    ],
)  # fmt: skip
def test_the_halves_of_a_line_with_a_key(lines: list[str], left: list[str]) -> None:
    assert redact("\n".join(lines), FINGERPRINTER).text.split("\n") == left


@pytest.mark.parametrize(
    ("secret", "left"), [("Quartz7", "cQuartz7d"), ("Quartz77", "c<SECRET>d"), ("Quartz777", "c<SECRET>d")]
)
def test_from_eight_characters_on_a_secret_is_looked_for_inside_of_words(secret: str, left: str) -> None:
    text = f"enable password {secret}\nip host a{secret}b 192.0.2.1\nset of words c{secret}d and {secret}\n"
    lines = redact(text, FINGERPRINTER).text.split("\n")
    assert lines[2] == f"set of words {left} and <SECRET>"
    assert lines[1] == f"ip host a{secret}b 192.0.2.1", "a name"
