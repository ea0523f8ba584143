"""PW-UNKNOWN-PEER: the configuration of the far end is missing."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        ends = {peer.end: str(peer.address) for peer in facts.peers if peer.far_rules is None}
        ends |= {end: end.peer_name for end in facts.ends if end.peer is None and end.peer_name is not None}
        addresses = dict.fromkeys(ends.values())
        if addresses:
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"{counted(len(addresses), 'peer')} without a configuration in this snapshot: {listing(addresses)}."
                ),
                cause=addresses,
                evidence=facts.router.evidence(*(end.lines[-1] for end in ends if end.lines)),
            )


HAZARD = Hazard(
    code="PW-UNKNOWN-PEER",
    title="The far end's configuration is not in the snapshot",
    severity="info",
    scope="pair",
    what="A tunnel's peer address belongs to no router of the snapshot, or its name resolves only by DNS.",
    why=(
        "Only this router's half of the negotiation can be checked; whether the tunnel comes up is unknown, in both "
        "directions."
    ),
    symptom="None.",
    fix="Collect the far end too, or accept that it is another's.",
    source="DOMAIN 11.D",
    detect=detect,
)
