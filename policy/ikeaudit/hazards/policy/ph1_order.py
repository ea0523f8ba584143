"""PH1-ORDER: a weaker policy comes before a stronger one."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.policy_strength import stronger
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        policies = [policy for policy in facts.rules.policies if policy.line]
        wrong = [
            (early, late) for n, early in enumerate(policies) for late in policies[n + 1 :] if stronger(late, early)
        ]
        if wrong:
            pairs = [f"{early.number} before {late.number}" for early, late in wrong]
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"A weaker ISAKMP policy comes before a stronger one: {listing(pairs)}.",
                cause=pairs,
                evidence=facts.router.evidence(*(n for early, late in wrong for n in (early.line, late.line))),
            )


HAZARD = Hazard(
    code="PH1-ORDER",
    title="A weaker ISAKMP policy comes before a stronger one",
    severity="low",
    scope="router",
    what=(
        "An ISAKMP policy is in no respect stronger (encryption, hash, group) and in some weaker than one with a "
        "higher number, that is, of lower priority."
    ),
    why="Policies are tried by number: two routers that both have the strong one agree on the weak one all the same.",
    symptom="None.",
    fix="Number the strongest policy lowest.",
    source="POLICY-AGREE",
    detect=detect,
)
