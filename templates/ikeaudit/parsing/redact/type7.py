"""Cisco's type 7 encoding: an exclusive-or with a constant that is public knowledge, so no protection at all."""

from __future__ import annotations

import re

_CONSTANT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_ENCODED = re.compile(r"([0-9]{2})((?:[0-9A-Fa-f]{2})+)")


def decode(text: str) -> str | None:
    """The clear text of a type 7 string (two decimal digits of offset, then hexadecimal pairs); None when it is not one."""
    found = _ENCODED.fullmatch(text)
    if found is None:
        return None
    offset = int(found[1])
    if offset >= len(_CONSTANT):
        return None
    cipher = bytes.fromhex(found[2])
    return bytes(byte ^ _CONSTANT[(offset + i) % len(_CONSTANT)] for i, byte in enumerate(cipher)).decode("latin-1")
