"""PF-UNUSED: a profile that no tunnel and no known peer uses."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IsakmpProfile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each unused profile of a router that has tunnels."""
    for facts in context.routers:
        if not facts.rules.endpoints or facts.rules.key_servers:
            continue  # the members of a key server's groups may use any profile
        bound = {end.isakmp_profile for end in facts.rules.endpoints}
        matched = {pick.profile.name for peer in facts.ikev1_peers for pick in peer.selected.matching}
        for profile in facts.router.isakmp_profiles:
            if profile.name in bound or profile.name in matched or _open(facts, profile):
                continue
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"Profile {profile.name} is bound to no tunnel, and no known peer matches it.",
                cause=[profile.name],
                evidence=facts.router.evidence(profile.line, *(match.line for match in profile.matches)),
                confidence="certain" if all(p.far_rules is not None for p in facts.ikev1_peers) else "probable",
            )


def _open(facts: RouterFacts, profile: IsakmpProfile) -> bool:
    """Whether callers that nobody knows may use it: at an end that takes anybody, or by a virtual template."""
    if profile.virtual_template is not None:
        return True
    vrfs = {match.vrf for match in profile.matches}
    return any(end.accepts_any and end.isakmp_profile is None and end.fvrf in vrfs for end in facts.rules.endpoints)


HAZARD = Hazard(
    code="PF-UNUSED",
    title="A profile that nothing uses",
    severity="low",
    scope="router",
    what=(
        "An ISAKMP profile is bound to no IPsec profile in use, crypto map or tunnel, and no known peer's identity "
        "matches it. Not judged where an unbound end answers any caller in its VRF."
    ),
    why=(
        "It still takes part when a caller's identity is matched, and so can come to overlap with a profile that is "
        "in use."
    ),
    symptom="None.",
    fix="Delete it in a quiet window, after making sure that nobody calls who is not in this snapshot.",
    source="DOMAIN 11.B",
    detect=detect,
)
