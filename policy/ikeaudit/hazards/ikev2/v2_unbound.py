"""V2-UNBOUND: an IKEv2 profile that nothing refers to."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Router


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile."""
    for facts in context.routers:
        bound = _bound(facts.router)
        for profile in facts.router.ikev2.profiles:
            if profile.name in bound or profile.virtual_template is not None or profile.shutdown:
                continue
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"IKEv2 profile {profile.name} is attached to no IPsec profile, crypto map or tunnel.",
                cause=[profile.name],
                evidence=facts.router.evidence(profile.line),
            )


def _bound(router: Router) -> set[str]:
    found = {p.ikev2_profile.name for p in router.ipsec_profiles if p.ikev2_profile is not None}
    found |= {group.ikev2_profile.name for group in router.gdoi_groups if group.ikev2_profile is not None}
    for crypto_map in (*router.crypto_maps, *router.dynamic_maps):
        found |= {entry.ikev2_profile.name for entry in crypto_map.entries if entry.ikev2_profile is not None}
    for interface in router.interfaces:
        protection = interface.tunnel.protection if interface.tunnel is not None else None
        if protection is not None and protection.ikev2_profile is not None:
            found.add(protection.ikev2_profile)
        if protection is not None and protection.ipsec_profile == "default":
            found.add("default")  # The built-in IPsec profile names the IKEv2 profile of that name (DOMAIN 3.5).
    return found


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
    fix="'set ikev2-profile NAME' in the IPsec profile or crypto map entry, or delete the profile.",
    source="DOMAIN 3.5, 11.C, 11.F",
    detect=detect,
)
