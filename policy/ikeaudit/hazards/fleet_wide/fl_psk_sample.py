"""FL-PSK-SAMPLE: a key from documentation."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.psk import Psk
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Router


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each sample word."""
    groups: dict[str, list[tuple[Router, Psk]]] = {}
    for facts in context.routers:
        for psk in facts.psks:
            if psk.secret.facts is not None and psk.secret.facts.sample and not psk.secret.opaque:
                groups.setdefault(psk.secret.fingerprint, []).append((facts.router, psk))
    for found in groups.values():
        hosts = sorted({router.name for router, _ in found})
        places = dict.fromkeys(f"{psk.place} on {router.name}" for router, psk in found)
        yield HAZARD.finding(
            hosts=hosts,
            peers=sorted({psk.target for _, psk in found}),
            message=(
                f"A well-known word serves as pre-shared key on {counted(len(hosts), 'router')}: {listing(places)}."
            ),
            cause=places,
            evidence=[line for router, psk in found for line in router.evidence(psk.line)],
        )


HAZARD = Hazard(
    code="FL-PSK-SAMPLE",
    title="A pre-shared key from documentation",
    severity="critical",
    scope="fleet",
    what="A key is one of the words that documentation and labs use (cisco, cisco123 and the like).",
    why="It is the first thing that anybody tries.",
    symptom="None.",
    fix="Replace it at both ends, by at least 24 random characters.",
    source="KEY-STRENGTH",
    detect=detect,
)
