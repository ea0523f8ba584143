"""``show crypto isakmp peers`` (SHOW-LAYOUT): who negotiated, and the identity that each presented."""

from __future__ import annotations

import re

from ikeaudit.model import IsakmpPeer, parse_address
from ikeaudit.parsing.shows.lines import blocks, fields, first

_HEADER = re.compile(
    r"\s*Peer:\s*(?P<peer>\S+)(?:\s+Port:\s*(?P<port>\d+))?(?:\s+Local:\s*(?P<local>\S+))?\s*", re.IGNORECASE
)


def parse_isakmp_peers(text: str) -> tuple[IsakmpPeer, ...] | None:
    """The peers printed; None when none is found."""
    found: list[IsakmpPeer] = []
    for header, lines in blocks(text, _HEADER):
        address = parse_address(header["peer"])
        if address is None:
            continue
        found.append(
            IsakmpPeer(
                address=address,
                port=int(header["port"]) if header["port"] else None,
                local=parse_address(header["local"] or ""),
                identity=first(fields(lines), "phase1 id", "remote id"),
            )
        )
    return tuple(found) or None
