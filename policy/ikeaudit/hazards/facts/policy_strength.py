"""Comparing ISAKMP policies by strength; only a comparison in every respect counts (ALGO-WEAK)."""

from ikeaudit.selection import EffectivePolicy
from ikeaudit.selection.policies import ATTRIBUTES

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
