"""ISAKMP policies with what the configuration leaves out filled in, as far as it can be known (POLICY-DEFAULTS, U-13)."""

from __future__ import annotations

import re

import msgspec

from ikeaudit.model import IsakmpPolicy, Router

CLASSIC_DEFAULTS = {"encryption": "des", "hash": "sha", "authentication": "rsa-sig", "group": "1"}
"""What classic IOS and IOS-XE up to 16 hide (POLICY-DEFAULTS)."""

ATTRIBUTES = ("encryption", "hash", "authentication", "group")
"""What both ends must agree on; the lifetime need not match (POLICY-AGREE)."""


class EffectivePolicy(msgspec.Struct, frozen=True):
    """One policy as it is offered or compared.

    An attribute is None when this release's default for it is not known; ``assumed`` names those filled in from defaults.
    ``line`` is 0 for a built-in default policy. ``release`` tells whose defaults were filled in: two policies that hide the
    same attribute agree in it when their releases do.
    """

    number: int
    line: int
    encryption: str | None
    hash: str | None
    authentication: str | None
    group: str | None
    assumed: tuple[str, ...] = ()
    release: str | None = "classic"

    def agrees(self, other: EffectivePolicy, attribute: str) -> bool | None:
        """Whether one attribute is the same at both ends; None when it is not known."""
        if self.both_hide(other, attribute):
            return True
        mine: str | None = getattr(self, attribute)
        theirs: str | None = getattr(other, attribute)
        return None if mine is None or theirs is None else mine == theirs

    def both_hide(self, other: EffectivePolicy, attribute: str) -> bool:
        """Whether both leave the attribute to the default of one release, whatever that is."""
        hidden = attribute in self.assumed and attribute in other.assumed
        return (
            hidden and self.line > 0 and other.line > 0 and self.release is not None and self.release == other.release
        )

    def guessed(self, other: EffectivePolicy) -> bool:
        """Whether the comparison rests on a default that only one of the two hides."""
        hidden = {*self.assumed, *other.assumed}
        return any(not self.both_hide(other, attribute) for attribute in hidden)


_BUILT_IN = tuple(
    EffectivePolicy(65507 + n, 0, encryption, hashing, authentication, group, ATTRIBUTES)
    for n, (encryption, group, hashing, authentication) in enumerate(
        (encryption, group, hashing, authentication)
        for encryption, group in (("aes", "5"), ("3des", "2"))
        for hashing in ("sha", "md5")
        for authentication in ("rsa-sig", "pre-share")
    )
)
"""The default policies that apply when none is configured (POLICY-BUILT-IN)."""


_UNKNOWN_BUILT_IN = tuple(
    msgspec.structs.replace(policy, encryption=None, hash=None, group=None, release=None) for policy in _BUILT_IN[:2]
)
"""What is known of the default policies of a release that may refuse them: how they authenticate."""


def effective_policies(router: Router) -> tuple[EffectivePolicy, ...]:
    """The router's policies in order of priority, or the built-in ones when it has none of its own.

    From 17.11 on, some platforms refuse the built-in ones as too weak (ALGO-WEAK): which those are is then not known.
    """
    if not router.isakmp_policies:
        built_in = _UNKNOWN_BUILT_IN if _may_refuse_built_in(router) else _BUILT_IN
        return () if router.isakmp.default_policy_disabled else built_in
    modern = _hides_unknown_defaults(router)
    release = router.version if modern else "classic"
    return tuple(_fill(policy, modern, release) for policy in sorted(router.isakmp_policies, key=lambda p: p.number))


def _may_refuse_built_in(router: Router) -> bool:
    release = re.match(r"(\d+)\.(\d+)", router.version or "")
    if release is None or router.compliance_shield_disabled:
        return False
    return (int(release[1]), int(release[2])) >= (17, 11)


def _hides_unknown_defaults(router: Router) -> bool:
    """Whether this is an image whose hidden defaults are not known: it spells ``encryption``, or says that it is 17.x."""
    keywords = {policy.keyword for policy in router.isakmp_policies if policy.keyword}
    if keywords:
        return keywords == {"encryption"}
    release = re.match(r"(\d+)\.", router.version or "")
    return release is not None and int(release[1]) == 17


def _fill(policy: IsakmpPolicy, modern: bool, release: str | None) -> EffectivePolicy:
    values: dict[str, str | None] = {}
    assumed = []
    for attribute in ATTRIBUTES:
        value: str | None = getattr(policy, attribute)
        if value is None:
            # rsa-sig is the hidden authentication default everywhere; the rest changed with the 17.x images.
            value = None if modern and attribute != "authentication" else CLASSIC_DEFAULTS[attribute]
            assumed.append(attribute)
        values[attribute] = normal(value)
    return EffectivePolicy(policy.number, policy.line, **values, assumed=tuple(assumed), release=release)


def normal(value: str | None) -> str | None:
    """One spelling for one algorithm: ``aes 128`` is ``aes``, ``sha1`` is ``sha``."""
    if value is None:
        return None
    return {"aes 128": "aes", "sha1": "sha"}.get(value.lower(), value.lower())
