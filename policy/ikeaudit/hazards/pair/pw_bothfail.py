"""PW-BOTHFAIL: the tunnel does not come up from either end."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.tunnels import FAILED, TunnelPair
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import Failing, describe, ends, grouped, pair_finding, reason_words


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    failing = [found for tunnel in context.tunnels if (found := _dead(tunnel)) is not None]
    for cause, items in grouped(failing).items():
        what = (
            "No direction comes up" if len(items) > 1 else f"{listing(items[0].tunnel.hosts)} come up in no direction"
        )
        how = f" of {describe(items)}" if len(items) > 1 else f" ({ends(items[0])})"
        yield pair_finding(HAZARD, cause, items, f"{what}{how}: {reason_words(cause.reason)}.")


def _dead(tunnel: TunnelPair) -> Failing | None:
    """A tunnel whose every direction that anybody can start fails."""
    if tunnel.back is None:
        return None
    started = [e for e in tunnel.directions if e.outcome != "not-initiated"]
    if not started or any(e.outcome not in FAILED for e in started):
        return None
    return Failing(tunnel, tuple(started), weakest(*(e.confidence for e in started)))


HAZARD = Hazard(
    code="PW-BOTHFAIL",
    title="A tunnel comes up from neither end",
    severity="critical",
    scope="pair",
    what=(
        "Both directions of a tunnel fail; or the only one that can be started does, where the other end names no "
        "peer or only responds."
    ),
    why="The tunnel is down, or will be as soon as its present security associations end.",
    symptom="Depends on the cause; both directions' log lines tell.",
    fix="Mend the hazards reported for the two routers; 'ikeaudit explain' shows both directions message by message.",
    source="KEY-BEFORE-ID",
    detect=detect,
)
