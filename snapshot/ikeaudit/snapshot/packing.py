"""Models as bytes, and back: JSON of known types, which nothing in the bytes can change into anything else.

Lines that were cited are put together on the way: they are equal afterwards.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import msgspec

from ikeaudit.exchange.citations import Citations
from ikeaudit.model import Evidence


def packed(value: object) -> bytes | None:
    """``value`` as bytes for :func:`unpacked`; None for one that has no such form (half a character in a text)."""
    try:
        return _ENCODER.encode(value)
    except (UnicodeEncodeError, TypeError, ValueError, OverflowError):
        return None


class Squeezed(bytes):
    """Bytes that were packed, compressed: a tenth of them, for what lies about in thousands."""

    __slots__ = ()

    @classmethod
    def of(cls, content: bytes) -> Squeezed:
        """``content`` compressed, quickly."""
        return cls(zlib.compress(content, 1))

    def whole(self) -> bytes:
        """What was compressed."""
        return zlib.decompress(self)


class Unpacker:
    """Reads values of one type back."""

    def __init__(self, type_: Any) -> None:
        """``type_`` is what was packed."""
        self._decoder = msgspec.json.Decoder(type_, dec_hook=_hooked)

    def unpacked(self, content: bytes) -> Any:
        """The value; None where the bytes hold none of the type."""
        try:
            return self._decoder.decode(content)
        except (msgspec.DecodeError, ValueError):
            return None


def _spelt(value: object) -> object:
    """An address, IPv4 as its number, IPv6 as text; or lines that were cited."""
    if type(value) is IPv4Address:
        return int(value)
    if type(value) is IPv6Address:
        return str(value)
    if type(value) is Citations:
        return value.lines
    raise TypeError(f"{type(value).__name__} has no form")


_ADDRESS = lru_cache(maxsize=1 << 16)(IPv4Address)
"""One object for each address: many routers name the same, and what is the same need not be compared."""


def _hooked(type_: type, spelt: object) -> object:
    if type_ is Citations:
        lines = msgspec.convert(spelt, tuple[Evidence, ...])
        return Citations([lines])
    if type(spelt) is int:
        return _ADDRESS(spelt)
    if type(spelt) is str:
        return IPv6Address(spelt)
    raise ValueError("no address")


_ENCODER = msgspec.json.Encoder(enc_hook=_spelt)
