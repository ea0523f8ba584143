"""``show crypto ikev2 proposal``, ``policy`` and ``profile`` (SHOW-LAYOUT): what IKEv2 is offered and matched with."""

from __future__ import annotations

import re

from ikeaudit.model import ShownIkev2Policy, ShownIkev2Profile, ShownIkev2Proposal
from ikeaudit.parsing.shows.lines import blocks, fields, first, listed, vrf_or_none

_PROPOSAL = re.compile(r"\s*IKEv2 proposal\s*:\s*(?P<name>\S+)\s*", re.IGNORECASE)
_POLICY = re.compile(r"\s*IKEv2 policy\s*:\s*(?P<name>\S+)\s*", re.IGNORECASE)
_PROFILE = re.compile(r"\s*IKEv2 profile\s*:\s*(?P<name>\S+)\s*", re.IGNORECASE)
_GROUP = re.compile(r"Group (\d+)", re.IGNORECASE)


def parse_ikev2_proposal(text: str) -> tuple[ShownIkev2Proposal, ...] | None:
    """The proposals printed; None when none is found."""
    found: list[ShownIkev2Proposal] = []
    for header, lines in blocks(text, _PROPOSAL):
        values = fields(lines)
        found.append(
            ShownIkev2Proposal(
                name=header["name"],
                encryption=_words(values, "encryption"),
                integrity=_words(values, "integrity"),
                prf=_words(values, "prf"),
                groups=tuple(_GROUP.findall(" ".join(values.get("dh group", ())))),
            )
        )
    return tuple(found) or None


def parse_ikev2_policy(text: str) -> tuple[ShownIkev2Policy, ...] | None:
    """The policies printed; None when none is found."""
    found: list[ShownIkev2Policy] = []
    for header, lines in blocks(text, _POLICY):
        values = fields(lines)
        found.append(
            ShownIkev2Policy(
                name=header["name"],
                fvrf=vrf_or_none(first(values, "match fvrf")),
                local_addresses=tuple(a for a in listed(values, "match address local") if a.lower() != "any"),
                proposals=_words(values, "proposal"),
            )
        )
    return tuple(found) or None


def parse_ikev2_profile(text: str) -> tuple[ShownIkev2Profile, ...] | None:
    """The profiles printed; None when none is found."""
    found: list[ShownIkev2Profile] = []
    for header, lines in blocks(text, _PROFILE):
        values = fields(lines)
        found.append(
            ShownIkev2Profile(
                name=header["name"],
                fvrf=vrf_or_none(first(values, "fvrf")),
                identities=listed(values, "identities"),
                certificate_maps=listed(values, "certificate maps"),
                local_identity=first(values, "local identity"),
                local_authentication=first(values, "local authentication method"),
                remote_authentication=_words(values, "remote authentication method(s)"),
                keyring=first(values, "keyring"),
                trustpoints=listed(values, "trustpoint(s)"),
            )
        )
    return tuple(found) or None


def _words(values: dict[str, list[str]], name: str) -> tuple[str, ...]:
    return tuple(word for value in listed(values, name) for word in value.replace(",", " ").split())
