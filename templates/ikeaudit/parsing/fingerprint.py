"""A pre-shared key's fingerprint: what stands in for the key everywhere outside memory."""

from __future__ import annotations

import re
from collections.abc import Collection
from hashlib import sha256

FINGERPRINT_DIGITS = 16
"""Hexadecimal digits of a fingerprint."""

PSK_TOKEN = re.compile(rf"<PSK:([0-9a-f]{{{FINGERPRINT_DIGITS}}})>")
"""A fingerprint as it stands in redacted text; group 1 is the fingerprint."""

CUT_TOKEN = re.compile(rf"<CUT:([0-9a-f]{{{FINGERPRINT_DIGITS}}})>")
"""What stands in the place of text that is not known to be harmless; group 1 is its fingerprint."""

ANY_TOKEN = re.compile(rf"(?<=<(?:PSK|CUT):)[0-9a-f]{{{FINGERPRINT_DIGITS}}}(?=>)")
"""A fingerprint of either kind."""

_SHORTEST_KEY = 16
_BLOCK = 64
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
"""HMAC (RFC 2104): what the key is mixed with, byte by byte."""


def psk_token(fingerprint: str) -> str:
    """``fingerprint`` as it stands in redacted text: ``<PSK:fingerprint>``."""
    return f"<PSK:{fingerprint}>"


class Fingerprinter:
    """Keyed fingerprints: equal keys give equal fingerprints under one workspace key, and without that key no text can be
    tried against a fingerprint.

    A clear key and an encrypted text (type 6) never share a fingerprint, even when they are spelled alike.
    """

    __slots__ = ("_inner", "_key", "_outer", "keep")

    def __init__(self, key: bytes, keep: Collection[str] = ()) -> None:
        """``key`` is the workspace's secret; ValueError when it is shorter than 16 bytes.

        ``keep`` are the commands whose free text is no secret to the workspace's owner: ``interface description``.
        """
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"a fingerprint key has at least {_SHORTEST_KEY} bytes, this one has {len(key)}")
        self._key = bytes(key)
        block = (self._key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\0")
        self._inner, self._outer = sha256(block.translate(_INNER)), sha256(block.translate(_OUTER))
        self.keep = frozenset(keep)

    def keeping(self, keep: Collection[str]) -> Fingerprinter:
        """One with the same key that keeps only such free text as both this one and ``keep`` name."""
        return Fingerprinter(self._key, self.keep.intersection(keep))

    def psk(self, clear: str) -> str:
        """The fingerprint of a key in clear."""
        return self._digest(b"psk\0", clear)

    def tag(self, clear: str) -> str:
        """The fingerprint of a word that two routers have to have alike and that is no key."""
        return self._digest(b"tag\0", clear)

    def opaque(self, blob: str) -> str:
        """The fingerprint of an encrypted key: says only whether two encrypted texts are the same text."""
        return self._digest(b"opaque\0", blob)

    def cut(self, text: str) -> str:
        """What stands in for ``text`` that is not known to be harmless: the same for the same text, and nothing of it."""
        fingerprint = self._digest(b"cut\0", text)
        return f"<CUT:{fingerprint}>"

    @property
    def key_id(self) -> str:
        """Names the key without telling anything of it: snapshots with one ``key_id`` can be compared with each other."""
        return self._digest(b"id\0", "")[:8]

    def derived(self, purpose: str) -> bytes:
        """A key for ``purpose``, 32 bytes, that tells nothing of this one and changes with it and with what is kept."""
        said = "\0".join((purpose, *sorted(self.keep))).encode()
        return bytes.fromhex(self._whole(b"derived\0", said))

    def _digest(self, domain: bytes, text: str) -> str:
        return self._whole(domain, text.encode("utf-8", "surrogatepass"))[:FINGERPRINT_DIGITS]

    def _whole(self, domain: bytes, text: bytes) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()  # hmac.new does the same, and takes twice as long
        inner.update(domain + text)
        outer.update(inner.digest())
        return outer.hexdigest()

    def __reduce__(self) -> tuple[type[Fingerprinter], tuple[bytes, Collection[str]]]:
        return Fingerprinter, (self._key, self.keep)

    def __repr__(self) -> str:
        return "Fingerprinter(...)"
