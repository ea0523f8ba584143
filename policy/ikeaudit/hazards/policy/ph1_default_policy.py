"""PH1-DEFAULT-POLICY: the built-in policies are in force."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        router = facts.router
        if router.isakmp_policies or router.isakmp.default_policy_disabled or not router.isakmp.enabled:
            continue
        if not facts.ends and not facts.picks:
            continue
        used = bool(facts.ikev1_ends or facts.picks)
        idle = " for IKEv1, which no tunnel of this router uses"
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=dict.fromkeys(str(peer.address) for peer in facts.ikev1_peers),
            severity="medium" if used else "low",
            message=(
                "No ISAKMP policy is configured, so that the built-in default policies are in force"
                f"{'' if used else idle}."
            ),
            cause=["default policies"],
            evidence=facts.router.evidence(
                *(end.lines[0] for end in facts.ends[:1] if end.lines), *(pick.key.line for pick in facts.picks[:1])
            ),
            confidence=facts.doubt("isakmp-policy"),
        )


HAZARD = Hazard(
    code="PH1-DEFAULT-POLICY",
    title="The built-in default policies are in force",
    severity="medium",
    scope="router",
    what=(
        "A router that uses IPsec has no 'crypto isakmp policy' of its own, and 'no crypto isakmp default policy' "
        "is not configured. Low where all tunnels use IKEv2 and there are no IKEv1 keys."
    ),
    why=(
        "The built-in policies differ by release, include weak algorithms, and are refused altogether from 17.11 "
        "on: what the tunnels run with is nobody's decision."
    ),
    symptom="Phase 1 stops working after an upgrade: '... is not CSDL compliant'.",
    fix="Configure the policies that are meant, then 'no crypto isakmp default policy'.",
    source="POLICY-BUILT-IN",
    detect=detect,
)
