"""CM-DYNAMIC: a dynamic entry cannot start, and must come last."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each crypto map with a dynamic entry."""
    for facts in context.routers:
        for crypto_map in facts.router.crypto_maps:
            dynamic = [entry for entry in crypto_map.entries if entry.kind == "dynamic"]
            if not dynamic:
                continue
            first = min(dynamic, key=lambda entry: entry.sequence)
            late = [e for e in crypto_map.entries if e.kind == "ipsec-isakmp" and e.sequence > first.sequence]
            places = [str(entry.sequence) for entry in dynamic]
            if late:
                message = (
                    f"The dynamic entry {first.sequence} of crypto map {crypto_map.name} takes away the peers of "
                    f"what comes after it: entry {listing(e.sequence for e in late)}."
                )
            else:
                message = (
                    f"Crypto map {crypto_map.name} answers any caller by its dynamic entry {listing(places)}; such "
                    "tunnels can only be started from the other end."
                )
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=[str(peer.address or peer.hostname) for entry in late for peer in entry.peers],
                severity="high" if late else "info",
                message=message,
                cause=[crypto_map.name, *places, "", *(str(e.sequence) for e in late)],
                evidence=facts.router.evidence(*(entry.line for entry in (*dynamic, *late))),
            )


HAZARD = Hazard(
    code="CM-DYNAMIC",
    title="A dynamic crypto map entry",
    severity="info",
    scope="router",
    what="A crypto map refers to a dynamic map. High when static entries follow it.",
    why=(
        "A dynamic entry has no peer to call, so its tunnels come up from the other end only. Entries are tried in "
        "order: one that takes anybody, placed before static ones, takes their peers too, under its own profile and "
        "transform sets."
    ),
    symptom="Static peers come up under the dynamic entry, or fail by its profile.",
    fix="Give the dynamic entry the last sequence number (65535).",
    source="END-DYNAMIC, CALL-POSSIBLE",
    detect=detect,
)
