"""PW-PH1-WEAKEST: two routers with strong policies agree on a weak one."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.policy_strength import first_common
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.router_pairs import ikev1_pairs
from ikeaudit.hazards.shared.weak_crypto import policy_weakness
from ikeaudit.selection import EffectivePolicy


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of routers."""
    for one, other in ikev1_pairs(context):
        for initiator, responder in ((one, other), (other, one)):
            common = first_common(initiator.rules.policies, responder.rules.policies)
            if common is None or not policy_weakness(common[0]):
                continue
            strong = [_strong(facts.rules.policies) for facts in (initiator, responder)]
            if None in strong:
                continue
            mine, theirs = common
            yield HAZARD.finding(
                hosts=sorted((one.name, other.name)),
                message=(
                    f"{initiator.name} and {responder.name} agree on a policy with "
                    f"{', '.join(policy_weakness(mine))}, although both have a strong one."
                ),
                cause=[*policy_weakness(mine)],
                evidence=[
                    *initiator.router.evidence(
                        mine.line, *(p.line for p in strong if p is not None and p is strong[0])
                    ),
                    *responder.router.evidence(
                        theirs.line, *(p.line for p in strong if p is not None and p is strong[1])
                    ),
                ],
                confidence="probable" if mine.assumed or theirs.assumed else "certain",
            )
            break


def _strong(policies: tuple[EffectivePolicy, ...]) -> EffectivePolicy | None:
    """The router's first policy without weak algorithms."""
    return next((policy for policy in policies if policy.line and not policy_weakness(policy)), None)


HAZARD = Hazard(
    code="PW-PH1-WEAKEST",
    title="Two routers with strong policies agree on a weak one",
    severity="medium",
    scope="pair",
    what=(
        "The first phase 1 policy that two routers have in common is weak, although each of them also has a strong one."
    ),
    why=(
        "The strong policies differ in some detail, or come too late, so that they protect nothing; an upgrade that "
        "refuses the weak one breaks the tunnel."
    ),
    symptom="'show crypto isakmp sa detail' shows the weak algorithms.",
    fix="Make the strong policies equal and number them lowest.",
    source="POLICY-AGREE, ALGO-WEAK",
    detect=detect,
)
