"""FL-PSK-REUSE: one key for several pairs of routers."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.key_uses import KeyUse, key_uses


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each key."""
    routers = {router.name for router in context.fleet.routers}
    for uses in key_uses(context).values():
        pairs: dict[frozenset[str], list[KeyUse]] = {}
        for use in uses:
            for pair in use.pairs:
                pairs.setdefault(pair, []).append(use)
        if len(pairs) < 2:
            continue
        known = [pair for pair, shared in pairs.items() if not any(use.guessed for use in shared)]
        names = sorted(
            " - ".join(sorted(pair, key=lambda name: (name.split("/")[0] not in routers, name))) for pair in pairs
        )
        yield HAZARD.finding(
            hosts=sorted({use.router.name for use in uses}),
            peers=sorted({use.psk.target for use in uses}),
            message=f"One pre-shared key serves {counted(len(pairs), 'pair')} of routers: {listing(names)}.",
            cause=names,
            evidence=sorted({line for use in uses for line in use.router.evidence(use.psk.line)}),
            confidence="certain" if len(known) > 1 else "probable",
        )


HAZARD = Hazard(
    code="FL-PSK-REUSE",
    title="One pre-shared key for several pairs of routers",
    severity="high",
    scope="fleet",
    what=(
        "Keys with the same fingerprint are used between two or more pairs of routers. The same key under several "
        "addresses of one pair is one use, and routers behind one HSRP, VRRP or GLBP address count as one; type 6 keys "
        "can only be compared on one router."
    ),
    why=(
        "Whoever gets hold of one router can pose as any other that shares the key, and a change of key has to "
        "reach all of them at once."
    ),
    symptom="None.",
    fix="A key of its own for each pair, or certificates.",
    source="KEY-STRENGTH",
    detect=detect,
)
