"""V2-INCOMPLETE: an IKEv2 profile lacks an authentication method or a match."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Ikev2Profile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each incomplete profile."""
    for facts in context.routers:
        for profile in facts.router.ikev2.profiles:
            lacks = _lacks(profile)
            if lacks:
                peers = dict.fromkeys(str(p.address) for p in facts.ikev2_peers if p.end.ikev2_profile == profile.name)
                yield HAZARD.finding(
                    hosts=[facts.name],
                    peers=peers,
                    message=f"IKEv2 profile {profile.name} lacks {listing(lacks)}.",
                    cause=[profile.name, *lacks],
                    evidence=facts.router.evidence(profile.line),
                    confidence=facts.doubt("ikev2-profile", name=profile.name),
                )


def _lacks(profile: Ikev2Profile) -> list[str]:
    lacks = []
    if not profile.local_auth:
        lacks.append("local authentication")
    if not profile.remote_auth:
        lacks.append("remote authentication")
    if not profile.matches and not profile.certificate_maps:
        lacks.append("a match statement")
    return lacks


HAZARD = Hazard(
    code="V2-INCOMPLETE",
    title="An incomplete IKEv2 profile",
    severity="critical",
    scope="router",
    what=(
        "An IKEv2 profile lacks 'authentication local', 'authentication remote', or a 'match identity remote' or "
        "'match certificate' line."
    ),
    why="IOS does not use such a profile, neither to start nor to respond.",
    symptom="The profile is not applied; 'IKEv2 profile not found' when called.",
    fix="Add what is missing.",
    source="IKEV2-COMPLETE",
    detect=detect,
)
