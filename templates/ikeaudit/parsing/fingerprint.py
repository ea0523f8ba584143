"""A pre-shared key's fingerprint: what stands in for the key everywhere outside memory."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection

FINGERPRINT_DIGITS = 16
"""Hexadecimal digits of a fingerprint."""

PSK_TOKEN = re.compile(rf"<PSK:([0-9a-f]{{{FINGERPRINT_DIGITS}}})>")
"""A fingerprint as it stands in redacted text; group 1 is the fingerprint."""

CUT_TOKEN = re.compile(rf"<CUT:([0-9a-f]{{{FINGERPRINT_DIGITS}}})>")
"""What stands in the place of text that is not known to be harmless; group 1 is its fingerprint."""

ANY_TOKEN = re.compile(rf"(?<=<(?:PSK|CUT):)[0-9a-f]{{{FINGERPRINT_DIGITS}}}(?=>)")
"""A fingerprint of either kind."""

_SHORTEST_KEY = 16


def psk_token(fingerprint: str) -> str:
    """``fingerprint`` as it stands in redacted text: ``<PSK:fingerprint>``."""
    return f"<PSK:{fingerprint}>"


class Fingerprinter:
    """Keyed fingerprints: equal keys give equal fingerprints under one workspace key, and without that key no text can be
    tried against a fingerprint.

    A clear key and an encrypted text (type 6) never share a fingerprint, even when they are spelled alike.
    """

    __slots__ = ("_key", "_mac", "keep")

    def __init__(self, key: bytes, keep: Collection[str] = ()) -> None:
        """``key`` is the workspace's secret; ValueError when it is shorter than 16 bytes.

        ``keep`` are the commands whose free text is no secret to the workspace's owner: ``interface description``.
        """
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"a fingerprint key has at least {_SHORTEST_KEY} bytes, this one has {len(key)}")
        self._key = bytes(key)
        self._mac = hmac.new(key, digestmod="sha256")
        self.keep = frozenset(keep)

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

    def _digest(self, domain: bytes, text: str) -> str:
        mac = self._mac.copy()  # the key's own blocks are worked out once
        mac.update(domain + text.encode("utf-8", "surrogatepass"))
        return mac.hexdigest()[:FINGERPRINT_DIGITS]

    def __reduce__(self) -> tuple[type[Fingerprinter], tuple[bytes, Collection[str]]]:
        return Fingerprinter, (self._key, self.keep)

    def __repr__(self) -> str:
        return "Fingerprinter(...)"
