"""Words that are nearly others."""

import hmac

from hypothesis import example, given
from hypothesis import strategies as st

from ikeaudit.parsing.fingerprint import FINGERPRINT_DIGITS, Fingerprinter
from ikeaudit.parsing.likeness import edits, near

WORDS = st.text("abc", min_size=1, max_size=6)


@given(WORDS, WORDS)
@example("acb", "abc")  # swapped
@example("abc", "abcd")
@example("abcc", "abc")
@example("xbc", "abc")
@example("cab", "abc")  # two letters moved
def test_near_is_one_edit_or_the_beginning(word: str, target: str) -> None:
    one = len(word) >= 3 and abs(len(word) - len(target)) <= 1 and edits(word, target) == 1
    assert near(word, target) == (word != target and (target.startswith(word) or one))


@given(st.binary(min_size=16, max_size=130), st.text(max_size=20).filter(lambda text: text.isprintable()))
@example(b"k" * 64, "key")
@example(b"k" * 65, "key")
def test_a_fingerprint_is_an_hmac(key: bytes, clear: str) -> None:
    expected = hmac.new(key, b"psk\0" + clear.encode(), "sha256").hexdigest()[:FINGERPRINT_DIGITS]
    assert Fingerprinter(key).psk(clear) == expected
