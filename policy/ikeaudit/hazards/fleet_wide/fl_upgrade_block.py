"""FL-UPGRADE-BLOCK: routers that must not be upgraded as they are."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.release import FN72510, platform_of, release_of, shield, threshold
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.weak_crypto import Weakness, weak_pfs, weak_phase1, weak_phase2
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router on IOS-XE that still accepts what later releases refuse, with its peers."""
    for facts in context.routers:
        release = release_of(facts.router)
        known = threshold(facts.router)
        if shield(facts.router) != "accepts" or release is None or not (release.xe or known is not None):
            continue
        found = weaknesses(facts)
        if not found:
            continue
        platform = platform_of(facts.router) or "unknown platform"
        peers = sorted({peer.far_name for peer in facts.peers if peer.far_rules is not None})
        also = f"; the tunnels to {listing(peers)} go with it" if peers else ""
        yield HAZARD.finding(
            hosts=sorted({facts.name, *peers}),
            peers=dict.fromkeys(str(peer.address) for peer in facts.peers),
            message=(
                f"{facts.name} ({platform}, {release}) uses what release {known or FN72510[0][1]} refuses: "
                f"{listing(found)}{also}."
            ),
            cause=[facts.name, *(str(weakness) for weakness in found)],
            evidence=facts.router.evidence(*(weakness.line for weakness in found)),
            confidence="certain" if known is not None else "probable",
        )


def weaknesses(facts: RouterFacts) -> list[Weakness]:
    """Everything on a router that Field Notice FN72510 refuses."""
    return [
        *weak_phase1(facts.router, facts.rules.policies),
        *weak_phase2(facts.router),
        *weak_pfs(facts.router),
    ]


HAZARD = Hazard(
    code="FL-UPGRADE-BLOCK",
    title="An upgrade would take tunnels down",
    severity="critical",
    scope="fleet",
    what=(
        "A router on IOS-XE uses phase 1 policies, transform sets or PFS groups that the releases of Field Notice "
        "FN72510 refuse on its platform (17.11.1a where the platform is not known), and its present release still "
        "accepts them. Which upgrades are planned is not known here: the finding is about any beyond that release."
    ),
    why=(
        "The lines are rejected when the new release boots, and every tunnel that depends on them stays down, at "
        "both ends."
    ),
    symptom="After the upgrade: '... is not CSDL compliant', no common policy.",
    fix="Move the router and its peers to strong algorithms first.",
    source="DOMAIN 7, 11.E",
    detect=detect,
)
