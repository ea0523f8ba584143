"""A reading that messages broke into is taken only where it is certain what the router printed."""

from __future__ import annotations

import pytest

from ikeaudit.collect.apart import printed_apart
from ikeaudit.session.agreement import settle
from ikeaudit.session.noise import CUT, hear, mend

KEYRING = "hostname R1\ncrypto keyring K1\n  pre-shared-key address 192.0.2.9 key Canary-agree-1\n!\nend"
MESSAGES = {
    "log": "\n000123: Nov 28 10:11:13: %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel1, changed state to up\n",
    "log, no time": "\n%LINK-3-UPDOWN: Interface Gi0/1, changed state to down\n",
    "log of a named router": "\nR1: *Nov 28 2026 10:11:13.345 CET: %SYS-5-CONFIG_I: Configured from console\n",
    "log in the line": "*Mar  1 00:00:12.345: %SYS-5-CONFIG_I: Configured from console\n",
    "log in the line, no time": "%SYS-5-CONFIG_I: Configured from console\n",
    "trace": '\n*Mar  1 00:00:12.345: %SYS-2-MALLOCFAIL: Memory\n-Process= "IKE", ipl= 0, pid= 5\n-Traceback= 60 70\n',
    "debug": "\n*Mar  1 00:00:12.345: ISAKMP:(1001):received packet from 192.0.2.9\n",
    "send": "\n\n***\n***\n*** Message from tty2 to all terminals:\n***\nMaintenance begins\n\n",
    "reload": "\n\n\n***\n*** --- SHUTDOWN in 0:05:00 ---\n***\n\n",
}


def heard(text: str, after: str, message: str) -> str:
    """``text`` as a terminal hears it when ``message`` comes after the word ``after``."""
    at = text.index(after) + len(after)
    return mend(hear(text[:at] + message + text[at:]).text, sign=CUT)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
@pytest.mark.parametrize(
    "after", ["crypto ke", "192.0.2.9 key", "192.0.2.9 key ", "Canary-ag", "hostname R", "pre-shared-"]
)
def test_a_line_broken_in_two_is_no_line_and_a_whole_reading_beside_it_tells(after, message):
    broken = heard(KEYRING, after, message)
    assert CUT in broken
    assert settle([broken] * 3, printed_apart) is None
    assert settle([broken, KEYRING], printed_apart) == KEYRING
    assert settle([KEYRING, broken], printed_apart) == KEYRING
    elsewhere = heard(KEYRING, "crypto key", message)
    assert settle([elsewhere, broken], printed_apart) == KEYRING


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
@pytest.mark.parametrize("after", ["hostname R1", "crypto keyring K1", "Canary-agree-1\n!"])
def test_a_message_between_two_lines_that_are_known_leaves_both(after, message):
    assert settle([heard(KEYRING, f"{after}\n", message.lstrip("\n"))], printed_apart) == KEYRING


def test_what_only_a_table_can_tell_is_not_guessed():
    between = heard(KEYRING, "hostname R1\n", MESSAGES["log"].lstrip("\n"))
    assert settle([between] * 3) is None
    unknown = KEYRING.replace("hostname R1", "hostname R1\nfrobnicate the bar")
    assert settle([heard(unknown, "hostname R1\n", MESSAGES["log"].lstrip("\n"))], printed_apart) is None


def test_a_reading_in_one_piece_is_taken_whatever_was_before_it():
    assert settle([f"x\n{CUT}y", "other"]) == "other"


@pytest.mark.parametrize(
    ("other", "agree"),
    [
        ("! Last configuration change at 10:00:00 UTC Sat Nov 28 2026\nhostname R1\nend", True),
        ("! Last configuration change at 10:00:00 UTC Sat Nov 28 2026\nhostname R2\nend", False),
        ("hostname R1\nend", False),
    ],
)
def test_readings_agree_but_for_lines_that_vary(other, agree):
    one = f"! Last configuration change at 11:00:00 UTC Sat Nov 28 2026\nhost\n{CUT}name R1\nend"
    assert (settle([other, one]) is not None) is agree


@pytest.mark.parametrize(
    ("above", "line", "apart"),
    [
        (["interface Tunnel1"], " ip address 192.0.2.1 255.255.255.0", True),
        (["interface Tunnel1", " no ip"], " address", False),
        (["interface Tunnel1", " no"], " shutdown", False),
        (["crypto keyring K1", "  pre-shared-key address 192.0.2.9 key Quartz"], "!", False),
        (["crypto isakmp policy 10", " hash sha256"], " authentication pre-share", True),
        (["crypto isakmp policy 10", " hash"], " sha256", False),
        (["crypto isakmp policy 1"], "0", False),
        (["interface Tunnel1", " no shutdown"], "!", True),
    ],
)
def test_lines_that_stand_apart(above, line, apart):
    assert printed_apart(above, line) is apart
