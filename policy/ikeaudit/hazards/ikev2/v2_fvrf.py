"""V2-FVRF: the IKEv2 profile or policy is not for the tunnel's front-door VRF."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import ANY_VRF
from ikeaudit.selection import Endpoint


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile, and one for the policies, by VRF."""
    for facts in context.routers:
        groups: dict[tuple[str, str | None, int], list[Endpoint]] = {}
        for end in facts.ikev2_ends:
            profile = facts.rules.ikev2.profiles.get(end.ikev2_profile or "")
            if profile is not None and profile.fvrf not in (ANY_VRF, end.fvrf):
                groups.setdefault((f"profile {profile.name}", end.fvrf, profile.line), []).append(end)
            policies = facts.router.ikev2.policies
            if policies and all(policy.fvrf not in (ANY_VRF, end.fvrf) for policy in policies):
                names = ", ".join(policy.name for policy in policies)
                groups.setdefault((f"policy {names}", end.fvrf, policies[0].line), []).append(end)
        for (owner, fvrf, line), ends in groups.items():
            labels = dict.fromkeys(end.interface for end in ends)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(str(end.peer) for end in ends if end.peer is not None),
                message=(
                    f"IKEv2 {owner} does not apply in {place(fvrf)}, which the packets of {listing(labels)} travel in."
                ),
                cause=[owner, str(fvrf)],
                evidence=facts.router.evidence(line, *(n for end in ends for n in end.lines)),
            )


HAZARD = Hazard(
    code="V2-FVRF",
    title="The IKEv2 profile or policy is not for the tunnel's front-door VRF",
    severity="high",
    scope="router",
    what=(
        "A tunnel's outer packets travel in a front-door VRF, and its IKEv2 profile, or every configured IKEv2 "
        "policy, is for another one: without 'match fvrf' that is the default VRF only."
    ),
    why="The profile is not found when the peer calls, and without a policy no proposal is offered.",
    symptom="'IKEv2 profile not found', or NO_PROPOSAL_CHOSEN.",
    fix="'match fvrf NAME' (or 'any') in both the profile and the policy.",
    source="IKEV2-FVRF",
    detect=detect,
)
