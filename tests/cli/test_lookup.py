"""Names that the user gave: found, found in another case, or answered with what comes close."""

from __future__ import annotations

import pytest

from ikeaudit.api.lookup import one_named
from ikeaudit.model.errors import InputError

ROUTERS = ("BERLIN-1", "BERLIN-2", "MUNICH", "dup@a", "dup@b")


@pytest.mark.parametrize(("asked", "found"), [("MUNICH", "MUNICH"), ("munich", "MUNICH"), ("dup@a", "dup@a")])
def test_found(asked: str, found: str) -> None:
    assert one_named(asked, ROUTERS, what="router") == found


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("MUNCHI", "There is no router 'MUNCHI'; did you mean MUNICH?"),
        ("berlin-3", "There is no router 'berlin-3'; did you mean BERLIN-2 or BERLIN-1?"),
        ("xyz", "There is no router 'xyz'; there are BERLIN-1, BERLIN-2, MUNICH, dup@a, dup@b."),
        ("dup", "dup is the name of several routers; say which: dup@a, dup@b."),
    ],
)
def test_not_found(asked: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        one_named(asked, ROUTERS, what="router")
    assert str(caught.value) == sentence


def test_an_exact_name_beats_one_in_another_case() -> None:
    assert one_named("r1", ("R1", "r1"), what="router") == "r1"


def test_many_names_are_not_all_listed() -> None:
    with pytest.raises(InputError, match=r"there are n0, n1, n2, n3, n4, n5 and 4 more\.$"):
        one_named("xyz", [f"n{n}" for n in range(10)], what="router")


def test_no_names_at_all() -> None:
    with pytest.raises(InputError, match=r"There is no router 'R1'; there is none\.$"):
        one_named("R1", (), what="router")
