"""How IOS prints what may be typed in several ways (KEY-FORMS, PROFILE-MATCH, TEXT-PRINTED)."""

from __future__ import annotations

import msgspec
import pytest

from ikeaudit.ios import spelling
from ikeaudit.ios.command import Placed

HOST, ANY = "255.255.255.255", "0.0.0.0"


@pytest.mark.parametrize(
    ("args", "means", "masked", "matched"),
    [
        ({"address": "192.0.2.1"}, HOST, "192.0.2.1", f"192.0.2.1 {HOST}"),
        ({"address": "192.0.2.1", "mask": HOST}, HOST, "192.0.2.1", f"192.0.2.1 {HOST}"),
        ({"address": "192.0.2.0", "mask": "255.0.0.0"}, "255.0.0.0", "192.0.2.0 255.0.0.0", "192.0.2.0 255.0.0.0"),
        ({"address": ANY}, ANY, ANY, ANY),
        ({"address": ANY, "mask": ANY}, ANY, f"{ANY} {ANY}", ANY),
        ({"address": ANY, "mask": HOST}, HOST, ANY, f"{ANY} {HOST}"),
        ({"address": "192.0.2.1", "mask": ANY}, ANY, f"192.0.2.1 {ANY}", f"192.0.2.1 {ANY}"),
    ],
)  # fmt: skip
def test_an_address_and_its_mask(args: dict[str, str], means: str, masked: str, matched: str) -> None:
    assert spelling.address_and_mask(args) == (args["address"], means)
    assert (spelling.masked(args), spelling.matched(args)) == (masked, matched)
    assert spelling.key_peer(args) == f"address {masked}"


def test_whom_a_key_is_for() -> None:
    assert spelling.key_peer({"host": "h.example"}) == "hostname h.example"
    assert spelling.key_peer({"prefix": "2001:DB8::/32"}) == "address ipv6 2001:DB8::/32"


@pytest.mark.parametrize(
    ("args", "printed"),
    [({"secret": "k  "}, "k  "), ({"secret": "k", "encoding": "0"}, "k"), ({"secret": "k", "encoding": "6"}, "6 k")],
)
def test_a_key_behind_its_digit(args: dict[str, str], printed: str) -> None:
    assert spelling.encoded(args) == printed


def test_where_lines_stand() -> None:
    whole, ten, nine, other = (
        msgspec.structs.astuple(spelling.by_map_and_sequence(args))
        for args in ({"name": "M"}, {"name": "M", "seq": "10"}, {"name": "M", "seq": "9"}, {"name": "A", "seq": "20"})
    )
    assert sorted([ten, whole, nine, other]) == [other, whole, nine, ten]
    first = msgspec.structs.astuple(spelling.by_map_and_sequence({"name": "M", "seq": "1"}))
    assert other < whole < first < nine < ten
    assert spelling.by_interface({"name": "Tunnel9"}) == Placed(2, "Tunnel", (9,))
