"""IPv4 addresses and masks as numbers: thousands are read, many of them more than once."""

from __future__ import annotations

from functools import lru_cache

_FIRST, _SECOND, _THIRD, _FOURTH = ({str(octet): octet << bits for octet in range(256)} for bits in (24, 16, 8, 0))
"""What an octet is worth in each of its places: looked up far sooner than worked out."""


@lru_cache(maxsize=1 << 14)
def ipv4_number(text: str) -> int | None:
    """The number of a dotted quad, None for any other text; an octet has no zeros before it."""
    try:
        first, second, third, fourth = text.split(".")
        return _FIRST[first] | _SECOND[second] | _THIRD[third] | _FOURTH[fourth]
    except (KeyError, ValueError):
        return None


def is_ipv4(text: str) -> bool:
    """Whether ``text`` is a dotted quad."""
    return ipv4_number(text) is not None
