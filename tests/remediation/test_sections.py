"""What a rollback brings back in another order is named; what it does not bring back at all is an error (DOMAIN 8.4)."""

from __future__ import annotations

import pytest

from ikeaudit.remediation.order_changes import order_changes, same

BEFORE = """\
hostname R1
!
crypto keyring K1
  pre-shared-key address 10.0.0.2 key <PSK:0123456789abcdef>
crypto keyring K2
!
crypto isakmp profile P
   keyring K1
   keyring K2
!
end
"""


def test_nothing_changed() -> None:
    assert order_changes(BEFORE, BEFORE.replace("!\n", "")) == ()


def test_two_sections_of_one_name_are_each_compared_with_their_own() -> None:
    twice = "ip access-list extended A\n permit gre any any\nip access-list extended A\n permit ip any any\n"
    assert order_changes(twice, twice) == ()


def test_objects_in_another_order_are_named() -> None:
    lines = "crypto keyring K2\n!\n"
    after = BEFORE.replace(lines, "!\n").replace("crypto keyring K1\n", "crypto keyring K2\ncrypto keyring K1\n")
    assert not same(BEFORE, after)
    assert order_changes(BEFORE, after) == (
        "'crypto keyring' objects come back in the order K2, K1; before they stood as K1, K2.",
    )


def test_lines_in_another_order_are_named() -> None:
    after = BEFORE.replace("   keyring K1\n   keyring K2\n", "   keyring K2\n   keyring K1\n")
    assert order_changes(BEFORE, after) == (
        "The lines of 'crypto isakmp profile P' come back in the order: keyring K2; keyring K1.",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("crypto keyring K2\n", ""),
        ("0123456789abcdef", "fedcba9876543210"),
        ("   keyring K2\n", "   keyring K3\n"),
        ("10.0.0.2 key", "10.0.0.2 255.255.255.0 key"),
    ],
)
def test_anything_else_is_no_order(old: str, new: str) -> None:
    assert order_changes(BEFORE, BEFORE.replace(old, new)) is None


def test_a_key_that_comes_back_in_a_shorter_spelling_is_named() -> None:
    before = BEFORE.replace("10.0.0.2 key", "10.0.0.2 255.255.255.255 key")
    assert same(before, BEFORE)
    (sentence,) = order_changes(before, BEFORE) or ()
    assert "spelling" in sentence
