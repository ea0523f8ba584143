"""KR-PLAINTEXT: keys that anybody who reads the configuration can read."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        found = [psk for psk in facts.psks if not psk.secret.opaque]
        if found:
            places = dict.fromkeys(psk.place for psk in found)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=[psk.target for psk in found],
                message=(
                    f"{counted(len(found), 'key')} of {len(facts.psks)} can be read in the configuration: "
                    f"{listing(places)}."
                ),
                cause=places,
                evidence=facts.router.evidence(*(psk.line for psk in found)),
            )


HAZARD = Hazard(
    code="KR-PLAINTEXT",
    title="A pre-shared key that can be read in the configuration",
    severity="medium",
    scope="router",
    what="A pre-shared key is written as type 0, or as type 7, which anybody can decode. Type 6 is not reported.",
    why="Every backup, ticket and screen copy of the configuration hands out the key.",
    symptom="None.",
    fix=(
        "'key config-key password-encrypt' and 'password encryption aes' turn the keys into type 6; keep the master "
        "key."
    ),
    source="KEY-TYPE6, KEY-STRENGTH",
    detect=detect,
)
