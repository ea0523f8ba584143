"""``show crypto isakmp policy`` and ``show crypto isakmp default policy`` (SHOW-LAYOUT): the protection suites in force."""

from __future__ import annotations

import re

from ikeaudit.model import ShownPolicy
from ikeaudit.parsing.shows.lines import blocks, body, fields, first

_TITLE = re.compile(r"\s*Global IKE policy\s*", re.IGNORECASE)
_HEADER = re.compile(r"\s*(?P<default>Default )?protection suite(?: of priority (?P<priority>\d+))?\s*", re.IGNORECASE)
_AES = re.compile(r"AES\b.*\((?P<bits>\d+) bit keys?\)", re.IGNORECASE)
_SHA2 = re.compile(r"Secure Hash Standard 2 \((?P<bits>\d+) bit\)", re.IGNORECASE)
_GROUP = re.compile(r"#(?P<group>\d+)")
_SECONDS = re.compile(r"(?P<seconds>\d+) seconds")
_ENCRYPTION = (("Three key triple DES", "3des"), ("DES", "des"))
_HASH = (("Secure Hash Standard", "sha"), ("Message Digest 5", "md5"))
_AUTHENTICATION = (
    ("Pre-Shared Key", "pre-share"),
    ("Rivest-Shamir-Adleman Signature", "rsa-sig"),
    ("Rivest-Shamir-Adleman Encryption", "rsa-encr"),
    ("Elliptic Curve Digital Signature", "ecdsa-sig"),
)


def parse_isakmp_policy(text: str) -> tuple[ShownPolicy, ...] | None:
    """The suites in the order printed, which is the order of preference; None when it is not such a command's output."""
    found = tuple(_policy(header, lines) for header, lines in blocks(text, _HEADER))
    recognised = any(_TITLE.fullmatch(line) for _, line in body(text))
    return found if found or recognised else None


def _policy(header: re.Match[str], lines: list[str]) -> ShownPolicy:
    values = fields(lines)
    group = _GROUP.search(first(values, "diffie-hellman group") or "")
    lifetime = _SECONDS.search(first(values, "lifetime") or "")
    return ShownPolicy(
        priority=int(header["priority"]) if header["priority"] else None,
        default=header["default"] is not None,
        encryption=_encryption(first(values, "encryption algorithm")),
        hash=_hash(first(values, "hash algorithm")),
        authentication=_keyword(first(values, "authentication method"), _AUTHENTICATION),
        group=group["group"] if group else None,
        lifetime=int(lifetime["seconds"]) if lifetime else None,
    )


def _encryption(printed: str | None) -> str | None:
    if printed and (aes := _AES.match(printed)):
        return "aes" if aes["bits"] == "128" else f"aes {aes['bits']}"
    return _keyword(printed, _ENCRYPTION)


def _hash(printed: str | None) -> str | None:
    if printed and (sha := _SHA2.match(printed)):
        return f"sha{sha['bits']}"
    return _keyword(printed, _HASH)


def _keyword(printed: str | None, table: tuple[tuple[str, str], ...]) -> str | None:
    """The configuration's word for what is printed; the print itself where the table does not know it."""
    if printed is None:
        return None
    return next((word for phrase, word in table if printed.lower().startswith(phrase.lower())), printed)
