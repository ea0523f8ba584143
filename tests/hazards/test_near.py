"""Did you mean: names and addresses that one slip of the finger apart would have found."""

from __future__ import annotations

import pytest

from ikeaudit.hazards.facts.near import names_meant, near


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("K", "KX", True),
        ("KX", "K", True),
        ("KEYS", "KYES", True),
        ("KEYS", "KEYZ", True),
        ("KEYS", "EKYS", True),
        ("keys", "KEYS", True),
        ("198.15.100.1", "198.51.100.1", True),
        ("198.51.100.1", "192.51.100.1", True),
        ("KEYS", "KEYS12", False),
        ("KEYS", "SYEK", False),
        ("KEYS", "KEZT", False),
        ("KEYS", "YEKS", False),
        ("ABCD", "BADC", False),
        ("198.51.100.1", "198.15.100.2", False),
    ],
)
def test_one_slip(one: str, other: str, is_near: bool) -> None:
    assert near(one, other) is near(other, one) is is_near


def test_letters_that_stand_alone_are_no_slips_of_each_other() -> None:
    assert names_meant("P", ["Q", "PQ", "OTHER"]) == ["PQ"]
