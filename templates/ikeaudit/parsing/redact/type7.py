"""Cisco's type 7 encoding: an exclusive-or with a constant that is public knowledge, so no protection at all."""

from __future__ import annotations

_CONSTANT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"


def decode(text: str) -> str | None:
    """The clear text of a type 7 string (two decimal digits of offset, then hexadecimal pairs); None when it is not one."""
    if len(text) < 4 or len(text) % 2 or not text[:2].isdigit() or not text.isascii():
        return None
    offset = int(text[:2])
    try:
        cipher = bytes.fromhex(text[2:])
    except ValueError:
        return None
    if offset >= len(_CONSTANT) or len(cipher) != len(text) // 2 - 1:
        return None
    return bytes(byte ^ _CONSTANT[(offset + i) % len(_CONSTANT)] for i, byte in enumerate(cipher)).decode("latin-1")
