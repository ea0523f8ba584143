"""Algorithms that FN72510 refuses, where a router has them, and which ISAKMP policy is the stronger (ALGO-WEAK).

Only a comparison of policies in every respect counts.
"""

from collections.abc import Iterator

import msgspec

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.release import release_of, shield
from ikeaudit.hazards.finding import Severity
from ikeaudit.model import Router
from ikeaudit.selection import EffectivePolicy
from ikeaudit.selection.policies import ATTRIBUTES

ISAKMP = {
    "encryption": frozenset({"des", "3des"}),
    "hash": frozenset({"md5"}),
    "group": frozenset({"1", "2", "5"}),
}
"""What is refused in ``crypto isakmp policy``."""


IKEV2 = {
    "encryption": frozenset({"des", "3des"}),
    "integrity": frozenset({"md5"}),
    "groups": frozenset({"1", "2", "5", "24"}),
}
"""What is refused in ``crypto ikev2 proposal``."""


TRANSFORMS = frozenset({"ah-md5-hmac", "esp-gmac", "esp-des", "esp-3des", "esp-null", "esp-md5-hmac"})
"""What is refused in a transform set."""


PFS = frozenset({"group1", "group2", "group5", "group24"})
"""What is refused by ``set pfs``."""


class Weakness(msgspec.Struct, frozen=True):
    """An object with the algorithms in it that are refused; ``assumed`` where the configuration hides them all."""

    owner: str
    algorithms: tuple[str, ...]
    line: int
    assumed: bool = False

    def __str__(self) -> str:
        return f"{self.owner} ({', '.join(self.algorithms)})"


def policy_weakness(policy: EffectivePolicy) -> tuple[str, ...]:
    """The weak algorithms of an ISAKMP policy, hidden defaults included and called so."""
    found = []
    for attribute in _weak_attributes(policy):
        words = "group {}" if attribute == "group" else "{}"
        hidden = " by default" if attribute in policy.assumed else ""
        found.append(f"{words.format(getattr(policy, attribute))}{hidden}")
    return tuple(found)


def _weak_attributes(policy: EffectivePolicy) -> list[str]:
    return [attribute for attribute, refused in ISAKMP.items() if getattr(policy, attribute) in refused]


def weak_phase1(router: Router, policies: tuple[EffectivePolicy, ...]) -> Iterator[Weakness]:
    """ISAKMP policies and IKEv2 proposals; built-in ones are left out."""
    for policy in policies:
        weak = policy_weakness(policy)
        if policy.line and weak:
            hidden = all(attribute in policy.assumed for attribute in _weak_attributes(policy))
            yield Weakness(f"isakmp policy {policy.number}", weak, policy.line, hidden)
    for proposal in router.ikev2.proposals:
        found = [e for e in proposal.encryption if e.split()[0] in IKEV2["encryption"]]
        found += [i for i in proposal.integrity if i in IKEV2["integrity"]]
        found += [f"group {g}" for g in proposal.groups if g in IKEV2["groups"]]
        if found:
            yield Weakness(f"ikev2 proposal {proposal.name}", tuple(found), proposal.line)


def weak_phase2(router: Router) -> Iterator[Weakness]:
    """Transform sets."""
    for transform_set in router.transform_sets:
        found = tuple(t for t in transform_set.transforms if t.split()[0] in TRANSFORMS)
        if found:
            yield Weakness(f"transform set {transform_set.name}", found, transform_set.line)


def weak_pfs(router: Router) -> Iterator[Weakness]:
    """Groups of ``set pfs`` in IPsec profiles and crypto maps."""
    for profile in router.ipsec_profiles:
        if profile.pfs in PFS:
            yield Weakness(f"ipsec profile {profile.name}", (profile.pfs or "",), profile.line)
    for crypto_map in (*router.crypto_maps, *router.dynamic_maps):
        for entry in crypto_map.entries:
            if entry.pfs in PFS:
                yield Weakness(f"crypto map {crypto_map.name} {entry.sequence}", (entry.pfs or "",), entry.line)


def judged(router: Router, found: list[Weakness]) -> tuple[Severity, Confidence, str]:
    """Severity, confidence and the words on the release for weak algorithms of one router."""
    state = shield(router)
    release = release_of(router)
    confidence: Confidence = "probable" if all(weakness.assumed for weakness in found) else "certain"
    if state == "refuses":
        return "critical", confidence, f"; release {release} refuses them"
    if state == "may refuse":
        return "critical", "probable", f"; release {release} refuses them on most platforms"
    return "medium", confidence, ""


_ENCRYPTION = {"des": 0, "3des": 1, "aes": 2, "aes 192": 3, "aes 256": 4}


_HASH = {"md5": 0, "sha": 1, "sha256": 2, "sha384": 3, "sha512": 4}


_GROUP = {"1": 0, "2": 1, "5": 2, "24": 3, "14": 4, "15": 5, "16": 6, "19": 7, "21": 9, "20": 8}


def strength(policy: EffectivePolicy) -> tuple[int, int, int] | None:
    """Ranks of encryption, hash and group; None when one of them is not known."""
    ranks = (
        _ENCRYPTION.get(policy.encryption or ""),
        _HASH.get(policy.hash or ""),
        _GROUP.get(policy.group or ""),
    )
    return None if None in ranks else ranks  # type: ignore[return-value]


def stronger(one: EffectivePolicy, other: EffectivePolicy) -> bool:
    """Whether ``one`` is at least as strong in every respect, stronger in some, and authenticates the same way."""
    mine, theirs = strength(one), strength(other)
    if mine is None or theirs is None or one.authentication != other.authentication:
        return False
    return mine != theirs and all(a >= b for a, b in zip(mine, theirs, strict=True))


def first_common(
    offers: tuple[EffectivePolicy, ...], own: tuple[EffectivePolicy, ...]
) -> tuple[EffectivePolicy, EffectivePolicy] | None:
    """The pair that two routers would agree on, offers in order of priority; None when there is none or it is not known."""
    for offer in offers:
        for policy in own:
            verdicts = [offer.agrees(policy, attribute) for attribute in ATTRIBUTES]
            if all(verdict is True for verdict in verdicts):
                return offer, policy
    return None
