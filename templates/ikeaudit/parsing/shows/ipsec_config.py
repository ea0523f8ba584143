"""``show crypto ipsec profile`` and ``show crypto map`` (SHOW-LAYOUT): what is bound to what."""

from __future__ import annotations

import re
from typing import TypedDict

from ikeaudit.model import ShownIpsecProfile, ShownMapEntry
from ikeaudit.parsing.shows.lines import blocks, fields, first, or_none

_PROFILE = re.compile(r"\s*IPSEC profile (?P<name>\S+)\s*", re.IGNORECASE)
_ENTRY = re.compile(r"\s*Crypto Map (?:IPv[46] )?\"(?P<name>[^\"]+)\" (?P<sequence>\d+) (?P<kind>\S.*)", re.IGNORECASE)
_INTERFACES = re.compile(r"\s*Interfaces using crypto map (?P<name>.+?):\s*", re.IGNORECASE)
_INTERFACE = re.compile(r"[A-Z][A-Za-z-]*\d[\d/.:]*")
_PEER = re.compile(r"\s*Peer\s*=\s*(?P<peer>\S+).*", re.IGNORECASE)
_ACL = re.compile(r"\s*(?:Extended|Standard) IP(?:v6)? access list (?P<acl>\S+)\s*", re.IGNORECASE)
_TRANSFORM = re.compile(r"\s*(?P<name>\S+?):\s*\{.*")
_SECONDS = re.compile(r"(?P<seconds>\d+) seconds", re.IGNORECASE)
_INCOMPLETE = "incomplete state"


class _Common(TypedDict):
    """The fields that profiles and map entries share."""

    isakmp_profile: str | None
    ikev2_profile: str | None
    lifetime: int | None
    responder_only: bool
    pfs_group: str | None
    transform_sets: tuple[str, ...]


def parse_ipsec_profile(text: str) -> tuple[ShownIpsecProfile, ...] | None:
    """The profiles printed; None when none is found."""
    return (
        tuple(ShownIpsecProfile(name=header["name"], **_common(lines)) for header, lines in blocks(text, _PROFILE))
        or None
    )


def parse_crypto_map(text: str) -> tuple[ShownMapEntry, ...] | None:
    """The entries printed; None when none is found. The interfaces that a map stands on are given with each of its entries."""
    found = list(blocks(text, _ENTRY))
    interfaces: dict[str, tuple[str, ...]] = {}
    for _, lines in found:
        interfaces.update(_interfaces(lines))
    entries = tuple(
        ShownMapEntry(
            name=header["name"],
            sequence=int(header["sequence"]),
            kind=header["kind"].strip(),
            peers=tuple(dict.fromkeys(peer["peer"] for line in lines if (peer := _PEER.fullmatch(line)))),
            acl=next((acl["acl"] for line in lines if (acl := _ACL.fullmatch(line))), None),
            incomplete=any(_INCOMPLETE in line for line in lines),
            interfaces=interfaces.get(header["name"], ()),
            **_common(lines),
        )
        for header, lines in found
    )
    return entries or None


def _interfaces(lines: list[str]) -> dict[str, tuple[str, ...]]:
    """What follows ``Interfaces using crypto map NAME:``."""
    for position, line in enumerate(lines):
        if title := _INTERFACES.fullmatch(line):
            names = (after.strip() for after in lines[position + 1 :])
            return {title["name"]: tuple(name for name in names if _INTERFACE.fullmatch(name))}
    return {}


def _common(lines: list[str]) -> _Common:
    values = fields(lines)
    lifetime = _SECONDS.search(" ".join(line for line in lines if "association lifetime" in line.lower()))
    return _Common(
        isakmp_profile=first(values, "isakmp profile"),
        ikev2_profile=first(values, "ikev2 profile"),
        lifetime=int(lifetime["seconds"]) if lifetime else None,
        responder_only=(first(values, "responder-only (y/n)") or "N").upper().startswith("Y"),
        pfs_group=or_none(first(values, "dh group") or ""),
        transform_sets=tuple(dict.fromkeys(found["name"] for line in lines if (found := _TRANSFORM.fullmatch(line)))),
    )
