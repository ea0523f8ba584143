"""V2-AND-V1-BOUND: an ISAKMP and an IKEv2 profile on one object."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Router


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each object."""
    for facts in context.routers:
        for owner, isakmp, ikev2, lines in _bindings(facts.router):
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"{owner} is bound to ISAKMP profile {isakmp} and to IKEv2 profile {ikev2}.",
                cause=[owner, isakmp, ikev2],
                evidence=facts.router.evidence(*lines),
            )


def _bindings(router: Router) -> Iterator[tuple[str, str, str, tuple[int, ...]]]:
    for profile in router.ipsec_profiles:
        if profile.isakmp_profile is not None and profile.ikev2_profile is not None:
            one, two = profile.isakmp_profile, profile.ikev2_profile
            yield f"IPsec profile {profile.name}", one.name, two.name, (profile.line, one.line, two.line)
    for crypto_map in (*router.crypto_maps, *router.dynamic_maps):
        for entry in crypto_map.entries:
            if entry.isakmp_profile is not None and entry.ikev2_profile is not None:
                one, two = entry.isakmp_profile, entry.ikev2_profile
                owner = f"Crypto map {crypto_map.name} {entry.sequence}"
                yield owner, one.name, two.name, (entry.line, one.line, two.line)
    for interface in router.interfaces:
        protection = interface.tunnel.protection if interface.tunnel is not None else None
        if protection is not None and protection.isakmp_profile and protection.ikev2_profile:
            lines = (interface.line, protection.line)
            yield f"Tunnel protection of {interface.name}", protection.isakmp_profile, protection.ikev2_profile, lines


HAZARD = Hazard(
    code="V2-AND-V1-BOUND",
    title="An ISAKMP and an IKEv2 profile on one object",
    severity="high",
    scope="router",
    what="An IPsec profile, crypto map entry or tunnel protection names both an ISAKMP profile and an IKEv2 profile.",
    why=(
        "The data model of IOS-XE makes the two exclusive. A configuration that has both is either rejected, or "
        "leaves open which version the router starts."
    ),
    symptom="One of the lines is missing after the configuration was loaded.",
    fix="'no set isakmp-profile' before 'set ikev2-profile'.",
    source="BIND-ENTRY, IKEV2-VERSIONS",
    detect=detect,
)
