"""What a rollback brings back in another order is named; what it does not bring back at all is an error (DOMAIN 8.4)."""

from __future__ import annotations

import pytest

from ikeaudit.remediation.order_changes import may_not_come_back, order_changes, same

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


POLICY = "crypto isakmp policy 10\n authentication pre-share\n"


@pytest.mark.parametrize(
    ("line", "hidden"),
    [(" lifetime 86400\n", True), (" group 1\n", True), (" lifetime 86401\n", False), (" group 2\n", False)],
)
def test_a_default_that_was_written_out_comes_back_unsaid_and_that_is_named(line: str, hidden: bool) -> None:
    """DOMAIN 3.4: of a policy a classic release prints no default, also when it is typed."""
    before = "version 15.7\nhostname R\n" + POLICY + line
    found = order_changes(before, before.replace(line, ""))
    said = f"'{line.strip()}' of 'crypto isakmp policy 10' does not come back as a line"
    assert (found is not None and found[0].startswith(said)) is hidden
    assert order_changes(before, before) == ()


def test_each_section_keeps_its_own_default() -> None:
    other = POLICY.replace("10", "20") + " lifetime 86400\n"
    before = "version 15.7\nhostname R\n" + POLICY + " lifetime 86400\n" + other
    (sentence,) = order_changes(before, before.replace(" lifetime 86400\n", "", 1)) or ()
    assert "'crypto isakmp policy 10'" in sentence


def test_a_line_that_the_router_need_not_take_is_named_and_found_again() -> None:
    """A keyring that a profile names and that does not exist (U-10), beside objects that come back in another order."""
    before = BEFORE.replace("   keyring K2\n", "   keyring NONE\n")
    sentences = order_changes(before, before.replace("   keyring NONE\n", ""))
    assert sentences is not None and may_not_come_back(sentences) == ("keyring NONE",)
    assert (
        may_not_come_back(
            order_changes(BEFORE, BEFORE.replace("   keyring K1\n   keyring K2", "   keyring K2\n   keyring K1")) or ()
        )
        == ()
    )
