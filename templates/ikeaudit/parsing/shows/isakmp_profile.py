"""``show crypto isakmp profile`` (SHOW-LAYOUT): its exact layout is not verified, so it is read leniently."""

from __future__ import annotations

import re

from ikeaudit.model import ShownIsakmpProfile
from ikeaudit.parsing.shows.lines import blocks, or_none

_HEADER = re.compile(r"\s*(?:IKEv1|ISAKMP) PROFILE:?\s+(?P<name>\S+)(?:\s+VRF:?\s+(?P<vrf>\S+))?.*", re.IGNORECASE)
_FIELD = re.compile(
    r"\s*(?P<name>Ref Count|Identities matched are|Certificate maps? matched are|keyring(?:\(s\)|s)?|trustpoint(?:\(s\)|s)?|"
    r"Identity presented is|virtual-template|vrf)(?!\w)\s*(?:=|:)?\s*(?P<value>.*)",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?<=ring|oint)(?:\(s\)|s)?\Z")
_ALL = frozenset({"<all>", "all", "<none>", "none", "(none)", ""})


def parse_isakmp_profile(text: str) -> tuple[ShownIsakmpProfile, ...] | None:
    """The profiles printed; None when none is found."""
    found = tuple(_profile(header, lines) for header, lines in blocks(text, _HEADER))
    return found or None


def _profile(header: re.Match[str], lines: list[str]) -> ShownIsakmpProfile:
    values: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if found := _FIELD.fullmatch(line):
            name = (
                found["name"].lower().split("(")[0].rstrip("s")
                if found["name"].lower()[0] in "kt"
                else found["name"].lower()
            )
            values.setdefault(name, []).append(found["value"].strip())
        elif name:
            values[name].append(line.strip())
    return ShownIsakmpProfile(
        name=header["name"],
        vrf=or_none(header["vrf"] or "") or next(iter(_words(values, "vrf")), None),
        identities=_lines(values, "identities matched are"),
        certificate_maps=(
            *_lines(values, "certificate maps matched are"),
            *_lines(values, "certificate map matched are"),
        ),
        keyrings=_words(values, "keyring"),
        trustpoints=_words(values, "trustpoint"),
        presents=next(iter(_lines(values, "identity presented is")), None),
    )


def _lines(values: dict[str, list[str]], name: str) -> tuple[str, ...]:
    return tuple(value for value in values.get(name, ()) if value.lower() not in _ALL)


def _words(values: dict[str, list[str]], name: str) -> tuple[str, ...]:
    return tuple(
        word for value in values.get(name, ()) for word in value.replace(",", " ").split() if word.lower() not in _ALL
    )
