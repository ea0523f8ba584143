"""Dotted quads, at their bounds."""

import pytest

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.quads import ipv4_number, is_ipv4


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.0.0.0", 0),
        ("0.0.0.255", 255),
        ("10.1.2.3", 10 * 2**24 + 2**16 + 2 * 2**8 + 3),
        ("255.255.255.255", 2**32 - 1),
        ("256.0.0.0", None),
        ("0.0.0.256", None),
        ("010.0.0.1", None),
        ("10.0.0.01", None),
        ("10.0.0", None),
        ("10.0.0.", None),
        ("10.0.0.1.2", None),
        ("10.0.0.-1", None),
        (" 10.0.0.1", None),
        ("10.0.0.1\n", None),
        ("\u0661.0.0.1", None),
        ("", None),
        ("host", None),
    ],
)
def test_a_dotted_quad_is_a_number(text: str, number: int | None) -> None:
    assert ipv4_number(text) == number
    assert is_ipv4(text) == (number is not None)


def test_what_only_looks_like_an_address_is_what_else_it_can_be() -> None:
    """Behind an address a mask or a VRF may stand; 300.0.0.1 can only be the name of one."""
    match = LANGUAGES["isakmp-profile"].match
    found = match("match identity address 192.0.2.1 300.0.0.1")
    assert found is not None
    assert dict(found.args) == {"address": "192.0.2.1", "vrf": "300.0.0.1"}
    whole = match("match identity address 192.0.2.1 255.255.255.255 RED")
    assert whole is not None
    assert dict(whole.args) == {"address": "192.0.2.1", "mask": "255.255.255.255", "vrf": "RED"}
    assert match("match identity address 192.0.2.256") is None
