"""``show crypto isakmp key`` (SHOW-LAYOUT): which keys the router holds, by keyring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address

from ikeaudit.model import DEFAULT_KEYRING, Prefix, Secret, SecretFacts, ShownKey, parse_address
from ikeaudit.parsing.fingerprint import PSK_TOKEN
from ikeaudit.parsing.shows.lines import body

_HEADER = re.compile(r"Keyring\s+Hostname/Address\s+Preshared Key", re.IGNORECASE)
_ROW = re.compile(
    r"(?P<ring>\S+)?(?: \((?P<vrf>[^()]*)\))?\s+(?P<peer>\S+)\s*"
    r"(?:\[\s*(?P<mask>[\d.: a-fA-F]*?)\s*\])?\s+(?P<key><(?:PSK|SECRET)\S*>)\s*"
)
_RING_ALONE = re.compile(r"(?P<ring>\S+)(?: \((?P<vrf>[^()]*)\))?")


def parse_isakmp_key(text: str, facts: Mapping[str, SecretFacts] | None = None) -> tuple[ShownKey, ...] | None:
    """The rows of redacted ``show crypto isakmp key`` output; None when it is not that command's output.

    The output does not say how a key is stored: every secret is given as type 0, and the one of a key that is stored as
    type 6 may differ from the configuration's (U-11).
    """
    lines = body(text)
    start = next((i for i, (_, line) in enumerate(lines) if _HEADER.search(line)), None)
    if start is None:
        return None
    rows: list[ShownKey] = []
    ring, vrf = DEFAULT_KEYRING, None
    for number, line in lines[start + 1 :]:
        if row := _ROW.fullmatch(line):
            if row["ring"]:
                ring, vrf = row["ring"], row["vrf"]
            if shown := _shown_key(number, ring, vrf, row, facts or {}):
                rows.append(shown)
        elif alone := _RING_ALONE.fullmatch(line):
            ring, vrf = alone["ring"], alone["vrf"]
    return tuple(rows)


def _shown_key(
    number: int, ring: str, vrf: str | None, row: re.Match[str], facts: Mapping[str, SecretFacts]
) -> ShownKey | None:
    token = PSK_TOKEN.fullmatch(row["key"])
    if token is None:
        return None
    prefix = _prefix(row["peer"], row["mask"])
    return ShownKey(
        line=number,
        keyring=ring,
        secret=Secret(token[1], facts=facts.get(token[1])),
        prefix=prefix,
        hostname=None if prefix else row["peer"],
        vrf=vrf,
    )


def _prefix(peer: str, mask: str | None) -> Prefix | None:
    """The address and mask of a row; no mask means a host, but ``0.0.0.0`` alone means any (KEY-FORMS)."""
    address_text, _, length = peer.partition("/")
    mask = mask or length
    address = parse_address(address_text)
    if address is None:
        return None
    if mask.isdigit():
        return Prefix.of(address, min(int(mask), address.max_prefixlen))
    masked = parse_address(mask)
    if masked is not None and masked.version == address.version:
        return Prefix.masked(address, masked)
    return Prefix.of(address, 0 if address == IPv4Address(0) else None)
