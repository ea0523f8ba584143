"""FL-REDUNDANCY-COUPLED: all ways out of a site share one hazard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.duplicates import duplicate_lines
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.responder_keys import detour_lines
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard

SITE = 4
"""A router with more tunnels than this is a hub rather than a site with a backup."""


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each site and keyring."""
    for facts in context.routers:
        far = {peer.far_name for peer in facts.ikev1_peers}
        if len(far) < 2 or len(facts.ikev1_peers) > SITE:
            continue
        for keyrings, peers, lines in _shared(facts):
            if {peer.far_name for peer in peers} == far:
                yield HAZARD.finding(
                    hosts=[facts.name],
                    peers=dict.fromkeys(str(peer.address) for peer in peers),
                    message=(
                        f"All tunnels of {facts.name}, to {listing(sorted(far))}, hang on the same edit of keyring "
                        f"{listing(keyrings)}."
                    ),
                    cause=[*keyrings, *sorted(far)],
                    evidence=facts.router.evidence(*lines),
                )


def _shared(facts: RouterFacts) -> Iterator[tuple[list[str], Iterable[Peer], list[int]]]:
    """Keyrings that have to be edited, with the peers that the edit concerns."""
    harmful = [d for d in facts.duplicates if not d.harmless]
    if harmful:
        names = list(dict.fromkeys(name for d in harmful for name in d.keyrings))
        yield names, {peer: None for d in harmful for peer in d.peers}, duplicate_lines(harmful)
    found = [detour for detour in facts.detours if not detour.peer.conceivable]
    if found and not harmful:
        names = list(dict.fromkeys(detour.taken.keyring.name for detour in found))
        yield names, {detour.peer: None for detour in found}, detour_lines(found)


HAZARD = Hazard(
    code="FL-REDUNDANCY-COUPLED",
    title="Primary and backup tunnel of a site share one hazard",
    severity="high",
    scope="fleet",
    what=(
        "A router with two to four IKEv1 tunnels to different routers has duplicate or shadowed keys (the KR-DUP "
        "family, KR-DEFAULT-SHADOW, KR-LPM-STEAL) that concern all of them."
    ),
    why=(
        "Mending the hazard means touching every way out of the site at once; a mistake cuts it off, and the "
        "redundancy does not help."
    ),
    symptom="None.",
    fix="Mend one tunnel after the other, in separate windows, with the other one checked before each.",
    source="DOMAIN 8.8, 11.E",
    detect=detect,
)
