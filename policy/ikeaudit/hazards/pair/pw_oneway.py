"""PW-ONEWAY: the tunnel comes up from one end only."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.oneway import oneway
from ikeaudit.hazards.facts.pair_findings import describe, grouped, pair_finding, reason_words
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    failing = [found for tunnel in context.tunnels if (found := oneway(tunnel)) is not None]
    for cause, items in grouped(failing).items():
        good = dict.fromkeys(f"{e.responder or e.peer} to {e.initiator}" for item in items for e in item.directions)
        if len(items) == 1:
            first = items[0].directions[0]
            at = f" at {first.failed_at}" if first.failed_at else ""
            message = f"{listing(good)} comes up, {describe(items)} fails{at}: {reason_words(cause.reason)}."
        else:
            message = (
                f"{counted(len(items), 'tunnel')} come up from one end only; {describe(items).partition(', ')[2]} "
                f"fails: {reason_words(cause.reason)}."
            )
        yield pair_finding(HAZARD, cause, items, message)


HAZARD = Hazard(
    code="PW-ONEWAY",
    title="A tunnel comes up from one end only",
    severity="high",
    scope="pair",
    what=(
        "Of the two directions of a tunnel one comes up and the other fails, in the usual reading of the selection "
        "rules or, with less confidence, in another one."
    ),
    why=(
        "As long as the right end happened to start, the tunnel is healthy and nothing shows. After a reload, a "
        "clear, a link flap or the end of phase 1 the other end may start, and the tunnel stays down until somebody "
        "intervenes."
    ),
    symptom="Depends on the cause; the failing direction's log lines tell.",
    fix="Mend the hazard that causes it; 'ikeaudit explain' shows the failing direction message by message.",
    source="DOMAIN 1, 11.D",
    detect=detect,
)
