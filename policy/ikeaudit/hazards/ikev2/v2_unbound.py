"""V2-UNBOUND: an IKEv2 profile that nothing refers to."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard, ObjectRef
from ikeaudit.model import Ikev2Profile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile."""
    for facts in context.routers:
        bound = facts.in_use.ikev2_references
        for profile in facts.router.ikev2.profiles:
            if profile.name in bound or profile.virtual_template is not None or profile.shutdown:
                continue
            spare = _spare(facts, profile)
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"IKEv2 profile {profile.name} is attached to no IPsec profile, crypto map or tunnel.",
                cause=[profile.name],
                evidence=facts.router.evidence(profile.line),
                confidence="certain" if facts.in_use.sure(profile.name) else "unknown",
                fix=f"{HAZARD.fix[:-1]}, or delete the profile, which matches no configured peer." if spare else None,
                removes=[ObjectRef("ikev2-profile", facts.name, profile.name, profile.line)] if spare else (),
            )


def _spare(facts: RouterFacts, profile: Ikev2Profile) -> bool:
    """Whether nothing that is configured could be meant to have the profile: it matches addresses, and no peer's."""
    prefixes = [match.prefix for match in profile.matches if match.prefix is not None]
    if len(prefixes) < len(profile.matches) or profile.certificate_maps or not prefixes:
        return False
    near = any(name.lower() == profile.name.lower() for name in facts.in_use.ikev2_references)
    if near or facts.in_use.ikev2_profile_missed or facts.in_use.open_ends or not facts.rules.endpoints:
        return False
    addresses = {peer.address for peer in facts.in_use.peers}
    sure = facts.in_use.sure(profile.name)
    return sure and not any(prefix.covers(address) for prefix in prefixes for address in addresses)


HAZARD = Hazard(
    code="V2-UNBOUND",
    title="An IKEv2 profile is attached to nothing",
    severity="high",
    scope="router",
    what=(
        "An IKEv2 profile is named by no IPsec profile, crypto map entry, tunnel protection or GETVPN group, and has no "
        "virtual template. The profile 'default' is attached wherever the built-in IPsec profile 'default' is used."
    ),
    why=(
        "It has to be attached at both ends. Until then the router keeps starting IKEv1, and the migration has not "
        "taken place."
    ),
    symptom="'show crypto ikev2 sa' is empty; tunnels are up by IKEv1.",
    fix="'set ikev2-profile NAME' in the IPsec profile or crypto map entry that it is meant for.",
    source="IKEV2-ATTACHED",
    detect=detect,
)
