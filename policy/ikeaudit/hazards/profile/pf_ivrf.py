"""PF-IVRF: the profile's inside VRF is not the tunnel interface's."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Interface, IsakmpProfile


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile whose tunnels are in another VRF."""
    for facts in context.routers:
        groups: dict[str, tuple[IsakmpProfile, list[Interface]]] = {}
        interfaces = facts.rules.addresses.interfaces
        pairs = [(end.isakmp_profile, end.interface) for end in facts.ikev1_ends if end.kind == "tunnel"]
        pairs += [
            (p.name, f"Virtual-Template{p.virtual_template}")
            for p in facts.router.isakmp_profiles
            if p.virtual_template is not None
        ]
        for name, label in dict.fromkeys(pairs):
            profile, interface = facts.rules.profiles.get(name or ""), interfaces.get(label)
            if profile is None or interface is None or profile.vrf is None or profile.vrf == interface.vrf:
                continue
            groups.setdefault(profile.name, (profile, []))[1].append(interface)
        for profile, found in groups.values():
            seen = dict.fromkeys(f"{i.name} in {place(i.vrf)}" for i in found)
            yield HAZARD.finding(
                hosts=[facts.name],
                message=(
                    f"Profile {profile.name} maps its tunnels to {place(profile.vrf)}, but is bound to {listing(seen)}."
                ),
                cause=[profile.name, str(profile.vrf), *seen],
                evidence=facts.router.evidence(profile.line, *(interface.line for interface in found)),
            )


HAZARD = Hazard(
    code="PF-IVRF",
    title="The profile's inside VRF is not the tunnel interface's",
    severity="medium",
    scope="router",
    what=(
        "A profile with 'vrf NAME' is bound to a tunnel interface, or clones a virtual template, whose 'vrf "
        "forwarding' names another VRF or none."
    ),
    why=(
        "The profile's VRF is meant for crypto maps; a tunnel's own VRF governs. Where the two disagree, one of "
        "them does not say what its author meant."
    ),
    symptom="Security associations are up, but no traffic passes, or it appears in the wrong VRF.",
    fix="Align the two, or remove 'vrf' from the profile of a tunnel.",
    source="DOMAIN 3.2, 11.B, 11.F",
    detect=detect,
)
