"""PH1-MIXEDAUTH: the policies do not allow what the keys or trust-points are for."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        policies = [policy for policy in facts.rules.policies if policy.line]
        problem = _problem(facts) if policies else None
        if problem is not None:
            message, lines = problem
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(str(peer.address) for peer in facts.ikev1_peers),
                message=message,
                cause=[message],
                evidence=facts.router.evidence(*(policy.line for policy in policies), *lines),
            )


def _problem(facts: RouterFacts) -> tuple[str, list[int]] | None:
    signed = any(policy.authentication not in (None, "pre-share") for policy in facts.rules.policies)
    trusting = [profile for profile in facts.router.isakmp_profiles if profile.trustpoints]
    if facts.picks and not facts.pre_shared and not facts.certificates:
        text = (
            "There are pre-shared keys, but no ISAKMP policy says 'authentication pre-share' (rsa-sig is the hidden "
            "default)."
        )
        return text, [pick.key.line for pick in facts.picks]
    if trusting and not signed and not facts.picks:
        text = "Profiles name trust-points, but every ISAKMP policy says 'authentication pre-share'."
        return text, [profile.line for profile in trusting]
    return None


HAZARD = Hazard(
    code="PH1-MIXEDAUTH",
    title="The ISAKMP policies do not allow the authentication that is set up",
    severity="high",
    scope="router",
    what=(
        "Pre-shared keys are configured, and no ISAKMP policy has 'authentication pre-share'; or profiles name "
        "trust-points, there are no keys, and every policy has it."
    ),
    why=(
        "The authentication method is negotiated with the policy. A policy that prints none means rsa-sig, so that "
        "the keys are never used."
    ),
    symptom="'Authentication method offered does not match policy!', 'no offers accepted!'.",
    fix="Add 'authentication pre-share' to the policy, or remove it for certificates.",
    source="POLICY-AGREE",
    detect=detect,
)
