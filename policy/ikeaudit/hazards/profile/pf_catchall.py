"""PF-CATCHALL: a profile that matches everybody beside other profiles."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each catch-all profile and VRF."""
    for facts in context.routers:
        by_vrf: dict[str | None, dict[str, None]] = {}
        for profile in facts.router.isakmp_profiles:
            for match in profile.matches:
                by_vrf.setdefault(match.vrf, {})[profile.name] = None
        for profile in facts.router.isakmp_profiles:
            for match in profile.matches:
                if match.prefix is None or match.prefix.length or len(by_vrf[match.vrf]) < 2:
                    continue
                others = [name for name in by_vrf[match.vrf] if name != profile.name]
                yield HAZARD.finding(
                    hosts=[facts.name],
                    message=(
                        f"Profile {profile.name} matches every address in {place(match.vrf)}, beside profile "
                        f"{listing(others)}."
                    ),
                    cause=[profile.name, str(match.vrf), str(match.prefix)],
                    evidence=facts.router.evidence(profile.line, match.line),
                )


HAZARD = Hazard(
    code="PF-CATCHALL",
    title="A profile matches everybody beside other profiles",
    severity="medium",
    scope="router",
    what=(
        "A profile has 'match identity address 0.0.0.0' (or ::/0), and other profiles match in the same front-door VRF."
    ),
    why=(
        "Every peer of the other profiles also matches this one. Whoever is mistyped or forgotten there lands here "
        "without a warning, with this profile's keyring, and the reading 'first match counts' sends everybody here."
    ),
    symptom="A peer comes up under the wrong profile, or fails the verification against it.",
    fix="Narrow the match, or keep the catch-all alone in its VRF (a DMVPN hub).",
    source="C-1",
    detect=detect,
)
