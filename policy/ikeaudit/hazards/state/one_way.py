"""Traffic that goes one way only."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.witness import ObservedSa, shown_lines

_SETTLED = 60
"""Seconds after which a tunnel that only sends is no longer one that just came up."""


@catalogued(
    code="SA-ONE-WAY",
    title="A tunnel is up and only sends",
    category="connectivity",
    severity="medium",
    scope="pair",
    what="A router has encrypted packets for a peer and decrypted none from it, for a minute or longer.",
    why="IKE is up at both ends, so nothing alarms; what is sent gets no answer.",
    symptom="'show crypto session detail' counts packets enc'ed, and none dec'ed.",
    fix=(
        "Where the far end decrypts and encrypts nothing, look at its routing, its crypto access list and its address "
        "translation; where it encrypts, at what filters ESP or UDP 4500 on the way."
    ),
    source="SA-EVIDENCE, SHOW-LAYOUT",
    absent_from=(),
)
def sa_one_way(context: AuditContext) -> Iterator[Finding]:
    """One finding for each session."""
    sessions: dict[tuple[str, str, str], ObservedSa] = {}
    for sa in context.witness.sas if context.witness.present else ():
        young = sa.uptime is not None and sa.uptime < _SETTLED
        if sa.carries and sa.encaps and sa.decaps == 0 and not young:
            sessions.setdefault((sa.router, listing(sa.interfaces), str(sa.remote)), sa)
    ends = {(sa.local, sa.remote): sa for sa in reversed(context.witness.sas)} if sessions else {}
    for (router, interfaces, peer), sa in sessions.items():
        far = ends.get((sa.remote, sa.local))
        hosts = [router, *([far.router] if far is not None else [])]
        yield sa_one_way.finding(
            hosts=hosts,
            peers=[peer],
            message=(
                f"{router} {interfaces} has encrypted {sa.encaps} packets for {peer} and decrypted none"
                f"{'' if far is None else _far(far)}."
            ),
            cause=[router, interfaces, peer],
            parts=[(router, interfaces, peer)],
            evidence=[
                line
                for one in (sa, far)
                if one is not None
                for line in shown_lines(context.fleet.rules(one.router), one.shown)
            ],
        )


def _far(far: ObservedSa) -> str:
    if far.encaps is None or far.decaps is None:
        return ""
    if far.encaps:
        return f"; {far.router} has encrypted {far.encaps}, which are lost on the way"
    if far.decaps:
        return f"; {far.router} decrypts them and encrypts nothing"
    return f"; {far.router} has decrypted none either"
