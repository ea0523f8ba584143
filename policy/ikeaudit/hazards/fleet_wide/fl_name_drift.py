"""FL-NAME-DRIFT: one name, different contents."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Evidence, Router


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each name."""
    groups: dict[tuple[str, str], dict[str, list[tuple[Router, int]]]] = {}
    for facts in context.routers:
        for kind, name, content, line in _objects(facts.router):
            groups.setdefault((kind, name), {}).setdefault(content, []).append((facts.router, line))
    for (kind, name), contents in groups.items():
        if len(contents) < 2:
            continue
        variants = [f"{content} ({listing(r.name for r, _ in users)})" for content, users in sorted(contents.items())]
        evidence: list[Evidence] = [e for users in contents.values() for r, line in users for e in r.evidence(line)]
        yield HAZARD.finding(
            hosts=sorted({router.name for users in contents.values() for router, _ in users}),
            message=(
                f"{kind[0].upper()}{kind[1:]} {name} exists in {counted(len(contents), 'variant')}: "
                f"{listing(variants)}."
            ),
            cause=[kind, name, *variants],
            evidence=evidence,
        )


def _objects(router: Router) -> Iterator[tuple[str, str, str, int]]:
    """Objects that have nothing to do with the router's own peers, with their contents in words."""
    for transform_set in router.transform_sets:
        content = f"{' '.join(transform_set.algorithms)}, mode {transform_set.mode}"
        yield "transform set", transform_set.name, content, transform_set.line
    for proposal in router.ikev2.proposals:
        parts = {
            "": proposal.encryption,
            "integrity ": proposal.integrity,
            "prf ": proposal.prf,
            "group ": proposal.groups,
        }
        content = ", ".join(f"{kind}{' '.join(values)}" for kind, values in parts.items() if values)
        yield "IKEv2 proposal", proposal.name, content or "empty", proposal.line
    for profile in router.ipsec_profiles:
        content = f"pfs {profile.pfs or 'none'}, lifetime {profile.lifetime or 'default'}"
        yield "IPsec profile", profile.name, content, profile.line


HAZARD = Hazard(
    code="FL-NAME-DRIFT",
    title="One name, different contents on different routers",
    severity="low",
    scope="fleet",
    what=(
        "A transform set, IKEv2 proposal or IPsec profile (PFS, lifetime) has the same name on several routers, but "
        "not the same contents."
    ),
    why=(
        "People and templates take equal names for equal settings; a tunnel between two variants fails, or falls "
        "back to what they have in common."
    ),
    symptom="None, or PW-TS-NONE, PW-PFS, PW-PH1-NONE.",
    fix="Bring the contents together, or rename one of them.",
    source="PROFILE-NAMES",
    detect=detect,
)
