"""PW-NAT-INITIATE: an end is to call a peer that hides behind port translation."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        ends = [end for end in facts.ends if not end.responder_only and not context.fleet.directory.callable(end)]
        if ends:
            addresses = dict.fromkeys(str(end.peer) for end in ends)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"{listing(end.interface for end in ends)} {verb(ends, 'calls', 'call')} {listing(addresses)}, "
                    "where port translation lets nobody in."
                ),
                cause=addresses,
                evidence=facts.router.evidence(*(n for end in ends for n in end.lines)),
            )


HAZARD = Hazard(
    code="PW-NAT-INITIATE",
    title="An end names a peer that only the other side can call",
    severity="medium",
    scope="pair",
    what=(
        "A tunnel's peer address is known to be the outside of port translation (PAT), and the end is not "
        "'responder-only'."
    ),
    why=(
        "The translator has no entry until the inner side has called. After a loss of state only that side can "
        "bring the tunnel up."
    ),
    symptom="This end retransmits MM1 without an answer, until the other one starts.",
    fix="'responder-only' here, DPD and something that keeps the inner side starting (a tracked ping) there.",
    source="CALL-POSSIBLE, NAT-ADDRESSES",
    detect=detect,
)
