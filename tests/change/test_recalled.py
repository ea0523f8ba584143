"""A key that a change took away is still removed from the text in which people wrote it down."""

from __future__ import annotations

import pytest

from ikeaudit.change.planned_device import Recalled
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import KnownSecrets, cut, redact

FINGERPRINTER = Fingerprinter(b"k" * 32)
KEY = "Sesame!2024xy"
BEFORE = (
    f"crypto isakmp key {KEY} address 0.0.0.0\ninterface Tunnel1\n description old {KEY}, see wiki\n! {KEY} {KEY}\n"
)
AFTER = BEFORE.split("\n", 1)[1]


def test_what_the_prediction_has_tokens_for_is_known_again() -> None:
    predicted = redact(BEFORE, FINGERPRINTER).text.split("\n", 1)[1]
    assert KEY in redact(AFTER, FINGERPRINTER).text, "by itself the text does not tell that this was a key"
    known = KnownSecrets()
    recalled = Recalled(predicted.splitlines(), FINGERPRINTER)
    assert recalled.learn(AFTER, known)
    assert redact(AFTER, FINGERPRINTER, known).text == predicted


def test_another_value_in_that_place_is_none_of_it() -> None:
    predicted = redact(BEFORE, FINGERPRINTER).text.split("\n", 1)[1]
    known = KnownSecrets()
    other = AFTER.replace(KEY, "nothing")
    assert not Recalled(predicted.splitlines(), FINGERPRINTER).learn(other, known)
    assert redact(other, FINGERPRINTER, known).text == other


def test_a_key_that_is_known_as_another_secret_still_gets_the_token_of_the_prediction() -> None:
    """``the key is K`` in a remark is cut by itself, and then the value is known as some secret only."""
    before = f"{BEFORE}access-list 7 remark key {KEY}\n"
    predicted = redact(before, FINGERPRINTER).text.split("\n", 1)[1]
    after = before.split("\n", 1)[1]
    known = KnownSecrets()
    assert Recalled(predicted.splitlines(), FINGERPRINTER).learn(after, known)
    assert redact(after, FINGERPRINTER, known).text == predicted


RUNNING = """crypto keyring K1
  description consolidated CHG-7
  frobnicate with words
 new-command of-a-later-release 7
interface Tunnel1
 description to R2
"""


def _of(*lines: str) -> Recalled:
    return Recalled(lines, FINGERPRINTER)


def test_a_line_is_as_the_plan_has_it_whatever_the_tables_know_by_now() -> None:
    """The plan's own text stands in it in clear; a line that its tables knew less or more of is cut where they cut it."""
    masked = cut(RUNNING, FINGERPRINTER).text
    token = FINGERPRINTER.cut
    recalled = _of(
        "  description consolidated CHG-7",
        f"frobnicate {token('with words')}",
        f" new-command {token('of-a-later-release 7')}",
        f" description {token('to R3')}",
    )
    assert recalled.as_planned(RUNNING, masked).split("\n") == [
        "crypto keyring K1",
        "  description consolidated CHG-7",
        f"  frobnicate {token('with words')}",
        f" new-command {token('of-a-later-release 7')}",
        "interface Tunnel1",
        f" description {token('to R2')}",
        "",
    ]


def test_what_the_plan_does_not_have_stays_cut() -> None:
    masked = cut(RUNNING, FINGERPRINTER).text
    assert _of("interface Tunnel1").as_planned(RUNNING, masked) == masked


ENCODED = "02050D480809"
"""``cisco`` in type 7."""


@pytest.mark.parametrize(
    ("running", "planned"),
    [
        (" new-command 5 $1$abc", " new-command 5 <SECRET>"),
        (" new-command of-a-later-release 7", " new-command of-a-later-release <SECRET>"),
        (" new-key address 10.0.0.1 key 0 Sesame vrf A", " new-key address 10.0.0.1 key 0 {Sesame} vrf A"),
        (f" new-key 7 {ENCODED}", " new-key 7 {cisco}"),
        (" new-key 6 QWEgAAR", " new-key 6 {6 QWEgAAR}"),
        (" new-url ftp://ann:pw@10.0.0.1/x 7", " new-url ftp://ann:<SECRET>@10.0.0.1/x 7"),
    ],
)
def test_what_the_plan_took_for_a_secret_is_none_today(running: str, planned: str) -> None:
    """Tables that lost a row, or read it otherwise, make no plan stale either."""
    keys = {"{Sesame}": FINGERPRINTER.psk("Sesame"), "{cisco}": FINGERPRINTER.psk("cisco")}
    for name, fingerprint in {**keys, "{6 QWEgAAR}": FINGERPRINTER.opaque("QWEgAAR")}.items():
        planned = planned.replace(name, f"<PSK:{fingerprint}>")
    masked = cut(running, FINGERPRINTER).text
    assert masked != planned
    assert _of(planned).as_planned(running, masked) == planned


def test_another_key_is_not_as_planned() -> None:
    running = " new-key address 10.0.0.1 key Sesame"
    masked = cut(running, FINGERPRINTER).text
    other = f" new-key address 10.0.0.1 key <PSK:{FINGERPRINTER.psk('Sesame2')}>"
    assert _of(other).as_planned(running, masked) == masked
