"""PF-AM-CONFLICT: aggressive mode is needed and disabled."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.aggressive import disabling, initiates, needs
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router that disables what it needs, and one for each that disables what its callers use."""
    for facts in context.routers:
        if not facts.router.isakmp.aggressive_mode_disabled:
            continue
        own = [*initiates(facts), *needs(facts)]
        if own:
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"Aggressive mode is disabled, but {listing(what for what, _ in own)} cannot do without it.",
                cause=[what for what, _ in own],
                evidence=facts.router.evidence(*disabling(facts), *(line for _, line in own)),
            )
        callers = {peer.far_name: peer for peer in facts.ikev1_peers if peer.calls_aggressively}
        if callers:
            yield HAZARD.finding(
                hosts=sorted({facts.name, *callers}),
                peers=[str(peer.address) for peer in callers.values()],
                message=f"{facts.name} refuses aggressive mode, and is called by it: {listing(sorted(callers))}.",
                cause=["callers", *sorted(callers)],
                evidence=[
                    *facts.router.evidence(*disabling(facts)),
                    *(
                        evidence
                        for peer in callers.values()
                        if peer.far_rules is not None
                        for evidence in peer.far_rules.router.evidence(
                            *(peer.far.lines if peer.far is not None else ())
                        )
                    ),
                ],
            )


HAZARD = Hazard(
    code="PF-AM-CONFLICT",
    title="Aggressive mode is needed but disabled",
    severity="high",
    scope="pair",
    what=(
        "'crypto isakmp aggressive-mode disable' stands on a router that has keys by host name, EzVPN groups or "
        "profiles that start aggressive mode, or that is called by a router which starts it."
    ),
    why="Keys by host name and groups can only be found when the identity comes first, which main mode cannot do.",
    symptom="AM1 is dropped; the caller retransmits.",
    fix="IKEv2 or certificates for these peers, or allow aggressive mode again.",
    source="MODE-AGGRESSIVE, AGGRESSIVE-KEY",
    detect=detect,
)
