"""PF-CA-TP: several profiles of a responder name trust-points."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        signed = any(policy.authentication not in (None, "pre-share") for policy in facts.rules.policies)
        profiles = [profile for profile in facts.router.isakmp_profiles if profile.trustpoints]
        if not signed or len(profiles) < 2:
            continue
        lines = [line for p in profiles for line in (p.line, *(tp.line for tp in p.trustpoints))]
        names = dict.fromkeys(tp.name for p in profiles for tp in p.trustpoints)
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=dict.fromkeys(str(p.address) for p in facts.ikev1_peers),
            message=(
                f"Profiles {listing(p.name for p in profiles)} each name a trust-point ({listing(names)}), which a "
                "responder cannot know when it asks for a certificate."
            ),
            cause=[profile.name for profile in profiles],
            evidence=facts.router.evidence(*lines),
            confidence="certain" if len(names) > 1 else "probable",
        )


HAZARD = Hazard(
    code="PF-CA-TP",
    title="Several profiles of a responder name trust-points",
    severity="high",
    scope="router",
    what="Certificates are allowed by the ISAKMP policies, and two or more profiles have 'ca trust-point'.",
    why=(
        "The responder asks for certificates of all its trust-points, because it does not know the profile yet, and "
        "then validates by the profile's only. The initiator does the opposite. So a tunnel can come up in one "
        "direction and not in the other."
    ),
    symptom="'Verify cert failed' or %CRYPTO-6-IKMP_AUTH_FAIL, depending on who starts.",
    fix=(
        "On responders leave trust-points out of the profiles; name them in profiles of initiators, the same at "
        "both ends."
    ),
    source="CERT-TRUSTPOINTS",
    detect=detect,
)
