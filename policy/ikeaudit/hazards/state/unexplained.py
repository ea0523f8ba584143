"""Associations with peers that no configuration explains."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.model.grouping import by_key
from ikeaudit.witness import shown_lines


@catalogued(
    code="SA-UNEXPLAINED",
    title="An association with a peer that the configuration does not know",
    category="exposure",
    severity="medium",
    scope="router",
    what=(
        "A router shows an association that is up, with a peer that none of its tunnels and crypto maps names, and nothing in "
        "its configuration takes callers that it does not name."
    ),
    why="It is what is left of a tunnel that was taken away, or somebody's whom nobody meant to let in.",
    symptom="'show crypto session' shows the peer.",
    fix=(
        "Find out who the peer is. If nobody needs it, 'clear crypto session remote' with its address shows whether it comes "
        "back."
    ),
    source="SA-EVIDENCE, SHOW-LAYOUT",
    absent_from=("global", "interface", "crypto-map", "dynamic-map"),
)
def sa_unexplained(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    witness = context.witness
    for router, some in by_key((sa.router, sa) for sa in witness.unexplained).items():
        peers = list(dict.fromkeys(str(sa.remote) for sa in some))
        yield sa_unexplained.finding(
            hosts=[router],
            peers=peers,
            message=(
                f"{router} has an association with {listing(peers)}, which {verb(peers, 'is the peer', 'are peers')} of none "
                "of its tunnels and crypto maps."
            ),
            cause=[router],
            evidence=[line for sa in some for line in shown_lines(context.fleet.rules(router), sa.shown)],
        )
