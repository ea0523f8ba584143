"""``show crypto isakmp key`` (DOMAIN 9): which keys the router holds, by keyring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address

from ikeaudit.model import DEFAULT_KEYRING, Prefix, Secret, SecretFacts, ShownKey, parse_address
from ikeaudit.parsing.fingerprint import PSK_TOKEN
from ikeaudit.parsing.shows.lines import body
from ikeaudit.parsing.ttp_adapter import Match, parse_show


def parse_isakmp_key(text: str, facts: Mapping[str, SecretFacts] | None = None) -> tuple[ShownKey, ...] | None:
    """The rows of redacted ``show crypto isakmp key`` output; None when it is not that command's output.

    The output does not say how a key is stored: every secret is given as type 0, and the one of a key that is stored as
    type 6 may differ from the configuration's (DOMAIN 10.2 U-11).
    """
    found = parse_show("show_crypto_isakmp_key", (f"{number} {line}" for number, line in body(text)))
    tables = found.get("tables")
    if tables is None:
        return None
    rows = [row for table in tables for row in table.get("rows", ())]
    return tuple(_shown_keys(rows, facts or {}))


def _shown_keys(rows: list[Match], facts: Mapping[str, SecretFacts]) -> Iterator[ShownKey]:
    ring, vrf = DEFAULT_KEYRING, None
    for row in rows:
        if "ring" in row:
            ring, vrf = row["ring"], row.get("vrf")
        token = PSK_TOKEN.fullmatch(row.get("secret", ""))
        if token is None:
            continue
        prefix = _prefix(row["peer"], row.get("mask", "").strip())
        yield ShownKey(
            line=int(row["line"]),
            keyring=ring,
            secret=Secret(token[1], facts=facts.get(token[1])),
            prefix=prefix,
            hostname=None if prefix else row["peer"],
            vrf=vrf,
        )


def _prefix(peer: str, mask: str) -> Prefix | None:
    """The address and mask of a row; no mask means a host, but ``0.0.0.0`` alone means any (DOMAIN 3.1)."""
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
