"""V2-OVERLAP: one identity matches two IKEv2 profiles."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.ikev2_overlap import overlaps
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile whose statements cover those of others."""
    for facts in context.routers:
        for wide, narrow in overlaps(facts.router.ikev2.profiles):
            names = [profile.name for profile, _ in narrow]
            lines = [n for profile, match in narrow for n in (profile.line, match.line)]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(
                    str(m.prefix.address) for _, m in narrow if m.prefix is not None and m.prefix.is_host
                ),
                message=f"IKEv2 profile {wide.name} also matches identities of profile {listing(names)}.",
                cause=[wide.name, *dict.fromkeys(names)],
                evidence=facts.router.evidence(wide.line, *(m.line for m in wide.matches), *lines),
                # The overlap is a fact; what IOS makes of it is not known (U-7).
                confidence="unknown",
            )


HAZARD = Hazard(
    code="V2-OVERLAP",
    title="One identity matches two IKEv2 profiles",
    severity="high",
    scope="router",
    what=(
        "The match statements of two IKEv2 profiles overlap, in a common front-door VRF and without local addresses "
        "that keep them apart."
    ),
    why=(
        "The guide says that no profile is selected when several match; the field says that the best one is. As "
        "long as nobody has tested it, tunnels of the identities concerned cannot be vouched for."
    ),
    symptom="'IKEv2 profile not found', or a session under the wrong profile.",
    fix="Make the match statements disjoint, or add 'match address local' or 'match fvrf'.",
    source="IKEV2-PROFILE, U-7, U-23",
    detect=detect,
)
