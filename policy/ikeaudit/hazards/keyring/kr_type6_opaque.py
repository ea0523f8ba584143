"""KR-TYPE6-OPAQUE: keys that cannot be compared or moved."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        found = [psk for psk in facts.psks if psk.secret.type == 6]
        if not found:
            continue
        places = dict.fromkeys(psk.place for psk in found)
        broken = not facts.router.password_encryption_aes
        state = (
            ", and 'password encryption aes' is missing, without which the router cannot be relied on to read them"
            if broken
            else ""
        )
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=[psk.target for psk in found],
            severity="high" if broken else "info",
            message=(
                f"{counted(len(found), 'key')} of type 6 cannot be compared with any other: {listing(places)}{state}."
            ),
            cause=["no password encryption aes" if broken else "opaque", *places],
            evidence=facts.router.evidence(*(psk.line for psk in found)),
        )


HAZARD = Hazard(
    code="KR-TYPE6-OPAQUE",
    title="Type 6 keys cannot be compared or moved",
    severity="info",
    scope="router",
    what=(
        "Pre-shared keys are encrypted as type 6. High when 'password encryption aes' is not configured on the same "
        "router."
    ),
    why=(
        "The encrypted text is salted and tied to the router's master key: whether two keys are the same cannot be "
        "told, and the text is worthless on another router. Verdicts that need the comparison are 'unknown'. With "
        "'password encryption aes' missing, the keys may not survive the next change or reload."
    ),
    symptom="None; in the second case tunnels that fail after a reload.",
    fix=(
        "Nothing, if the keys are known to whoever plans the change; a plan that moves a key to another router asks "
        "for it. Restore 'password encryption aes' and the master key where they are missing."
    ),
    source="KEY-TYPE6, U-17",
    detect=detect,
)
