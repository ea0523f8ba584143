"""Address translation between the routers, as the user tells it: it is in nobody's configuration (NAT-ADDRESSES)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from ikeaudit.model import IPAddress


class Translation(msgspec.Struct, frozen=True, gc=False):
    """``inside`` appears as ``outside``; a static one also lets callers in, PAT does not."""

    inside: IPAddress
    outside: IPAddress
    kind: Literal["static", "pat"] = "static"


class NatMap:
    """All translations on the way; empty when there is none."""

    def __init__(self, translations: Iterable[Translation] = ()) -> None:
        self._out: dict[IPAddress, Translation] = {}
        self._in: dict[IPAddress, IPAddress] = {}
        self._pat: set[IPAddress] = set()
        for translation in translations:
            self._out[translation.inside] = translation
            if translation.kind == "static":
                self._in[translation.outside] = translation.inside
            else:
                self._pat.add(translation.outside)

    def seen_as(self, address: IPAddress | None) -> IPAddress | None:
        """The address that a peer sees when ``address`` calls."""
        if address is None or address not in self._out:
            return address
        return self._out[address].outside

    def reaches(self, address: IPAddress) -> IPAddress | None:
        """The address that a packet to ``address`` ends at; None when only PAT stands there and nobody can be called."""
        if address in self._in:
            return self._in[address]
        return None if address in self._pat else address
