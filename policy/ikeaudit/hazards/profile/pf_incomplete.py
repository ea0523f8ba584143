"""PF-INCOMPLETE: a profile that matches nobody."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile without a match line."""
    for facts in context.routers:
        for profile in facts.router.isakmp_profiles:
            if profile.matches:
                continue
            peers = dict.fromkeys(str(p.address) for p in facts.ikev1_peers if p.end.isakmp_profile == profile.name)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=peers,
                message=f"Profile {profile.name} has no match statement, so that no caller is ever assigned to it.",
                cause=[profile.name],
                evidence=facts.router.evidence(profile.line),
                confidence=facts.doubt("isakmp-profile", name=profile.name),
            )


HAZARD = Hazard(
    code="PF-INCOMPLETE",
    title="A profile without a match statement",
    severity="high",
    scope="router",
    what="An ISAKMP profile has neither 'match identity' nor 'match certificate'.",
    why=(
        "IOS calls such a profile incomplete and ignores some of its sub-commands; as responder it never selects "
        "it, so that a tunnel bound to it is refused in quick mode."
    ),
    symptom=(
        "'! This profile is incomplete (no match identity statement)' in the running-config; 'peer matches *none* "
        "of the profiles', then error 32."
    ),
    fix="Add the match statement for the peer's identity.",
    source="PROFILE-COMPLETE",
    detect=detect,
)
