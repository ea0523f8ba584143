"""How old an SA is: what is left of its lifetime, against the lifetimes that the two ends may have agreed on (SA-EVIDENCE)."""

from __future__ import annotations

from ikeaudit.selection import RouterRules
from ikeaudit.selection.policies import ATTRIBUTES, EffectivePolicy
from ikeaudit.witness.agreement import agreed_with
from ikeaudit.witness.observed import ObservedSa

DEFAULT_LIFETIME = 86400
"""Seconds that an ISAKMP policy lasts where it does not say (POLICY-DEFAULTS)."""
_HOUR, _DAY, _WEEK = 3600, 86400, 7 * 86400
_REKEYED = 120
"""Seconds by which a session must be older than its IKEv2 SA before that counts as a later one of the same session."""


def age_of(sa: ObservedSa, own: RouterRules, far: RouterRules | None) -> tuple[float, float] | None:
    """The least and the most seconds since the two ends proved themselves to each other; None where that is not known.

    IKEv1 proves them anew with every IKE SA. IKEv2 renews its SA without (RFC 7296, 2.8), so that of a session which has been
    up longer than its SA the session counts.
    """
    if sa.ike_version == 2:
        if sa.active is None:
            return None
        if sa.uptime is not None and sa.uptime > sa.active + _REKEYED:
            return sa.uptime, sa.uptime + _cut_off(sa.uptime)
        return sa.active, sa.active
    if sa.remaining is None:
        return None
    remaining = sa.remaining
    possible = [life - remaining for life in _lifetimes(sa, own, far) if life >= remaining]
    return (min(possible), max(possible)) if possible else None


def _cut_off(uptime: int) -> int:
    """The seconds that a printed time may leave out: ``3d18h`` has no minutes, ``7w0d`` no hours."""
    return _DAY if uptime >= _WEEK else _HOUR if uptime >= _DAY else 0


def _lifetimes(sa: ObservedSa, own: RouterRules, far: RouterRules | None) -> set[int]:
    """The lifetimes that can have been agreed on: the smaller of two policies that are the same (POLICY-AGREE).

    Of an SA that no policy of its router explains any of them may be that.
    """
    mine = [policy for policy in own.policies if agreed_with(sa.agreed, policy) is not False] or own.policies
    alone = {_lifetime(own, policy) for policy in mine}
    if far is None:
        return alone
    return {
        min(_lifetime(own, one), _lifetime(far, other))
        for one in mine
        for other in far.policies
        if all(one.agrees(other, attribute) is not False for attribute in ATTRIBUTES)
    } or alone


def _lifetime(rules: RouterRules, policy: EffectivePolicy) -> int:
    configured = next((p.lifetime for p in rules.router.isakmp_policies if p.number == policy.number), None)
    return configured or DEFAULT_LIFETIME
