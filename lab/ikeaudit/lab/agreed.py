"""What two lab routers agree on for an IKE SA, as the show commands print it (POLICY-AGREE, IKEV2-POLICY)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ikeaudit.model import Ikev2Proposal
from ikeaudit.selection import RouterRules
from ikeaudit.selection.policies import ATTRIBUTES

DAY = 86_400
_METHODS = {"pre-share": "psk", "rsa-sig": "rsig", "rsa-encr": "renc"}


@dataclass(frozen=True, slots=True)
class Suite:
    """Algorithms and lifetime (seconds) of an IKE SA; ``keysize`` only of ciphers that have several."""

    encryption: str = "aes"
    keysize: str = ""
    hash: str = "sha"
    method: str = "psk"
    group: str = "14"
    lifetime: int = DAY


_IKEV2 = Suite("AES-CBC", "256", "SHA384", "PSK", "20")
"""What is shown where the built-in proposals decide."""


def agreed(version: Literal[1, 2], near: RouterRules | None, far: RouterRules | None) -> Suite:
    """The first offer of the caller that its peer has, too; some suite where that is not known."""
    if near is None or far is None:
        return Suite() if version == 1 else _IKEV2
    return _policy(near, far) if version == 1 else _proposal(near, far)


def _policy(near: RouterRules, far: RouterRules) -> Suite:
    for offer in near.policies:
        for own in far.policies:
            if all(offer.agrees(own, attribute) for attribute in ATTRIBUTES):
                return Suite(
                    (offer.encryption or "aes").partition(" ")[0],
                    "",
                    offer.hash or "sha",
                    _METHODS.get(offer.authentication or "", "psk"),
                    offer.group or "14",
                    min(_lifetime(near, offer.number), _lifetime(far, own.number)),
                )
    return Suite()


def _lifetime(rules: RouterRules, number: int) -> int:
    return next((p.lifetime for p in rules.router.isakmp_policies if p.number == number and p.lifetime), DAY)


def _proposal(near: RouterRules, far: RouterRules) -> Suite:
    for offer in _offered(near):
        for own in _offered(far):
            cipher = next((one for one in offer.encryption if one in own.encryption), None)
            digest = next((one for one in offer.integrity if one in own.integrity), None)
            group = next((one for one in offer.groups if one in own.groups), None)
            if cipher is not None and group is not None and (digest is not None or "gcm" in cipher):
                name, _, size = cipher.rpartition("-") if cipher.startswith("aes") else (cipher, "", "")
                hashed = {"sha1": "SHA96", "md5": "MD596"}.get(digest or "", (digest or "None").upper())
                return Suite(name.upper(), size, hashed, "PSK", group)
    return _IKEV2


def _offered(rules: RouterRules) -> tuple[Ikev2Proposal, ...]:
    """The proposals that some policy of a router names, or its own ``default``."""
    ikev2 = rules.router.ikev2
    named = {reference.name for policy in ikev2.policies for reference in policy.proposals} or {"default"}
    return tuple(proposal for proposal in ikev2.proposals if proposal.name in named)
