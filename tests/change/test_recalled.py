"""A key that a change took away is still removed from the text in which people wrote it down."""

from __future__ import annotations

from ikeaudit.change.planned_device import Recalled
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import KnownSecrets, redact

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
