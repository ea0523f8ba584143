"""PW-LIFETIME: lifetimes that differ widely."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.policy_strength import first_common
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.router_pairs import ikev1_pairs
from ikeaudit.hazards.finding import Finding, Hazard

DEFAULT = 86400
"""Seconds that a policy without a lifetime has (DOMAIN 3.3)."""
RATIO = 4
"""A difference by this factor is called wide."""


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of routers."""
    for one, other in ikev1_pairs(context):
        common = first_common(one.rules.policies, other.rules.policies)
        if common is None:
            continue
        mine, theirs = _lifetime(one, common[0].number), _lifetime(other, common[1].number)
        if max(mine, theirs) >= RATIO * min(mine, theirs):
            yield HAZARD.finding(
                hosts=[one.name, other.name],
                message=(
                    f"Phase 1 lasts {mine} s on {one.name} and {theirs} s on {other.name}; the lower value is used."
                ),
                cause=[str(mine), str(theirs)],
                evidence=[*one.router.evidence(common[0].line), *other.router.evidence(common[1].line)],
            )


def _lifetime(facts: RouterFacts, number: int) -> int:
    policies = {policy.number: policy.lifetime for policy in facts.router.isakmp_policies}
    return policies.get(number) or DEFAULT


HAZARD = Hazard(
    code="PW-LIFETIME",
    title="The phase 1 lifetimes of two routers differ widely",
    severity="info",
    scope="pair",
    what="The lifetimes of the policy that two routers agree on differ by a factor of four or more.",
    why=(
        "It does no harm by itself: the lower value is used. But rekeying happens when nobody expects it, and the "
        "router that starts it is not the one that started the tunnel."
    ),
    symptom="None.",
    fix="Set the same lifetime at both ends.",
    source="DOMAIN 3.3, 11.D",
    detect=detect,
)
