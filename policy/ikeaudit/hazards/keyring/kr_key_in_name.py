"""KR-KEY-IN-NAME: the name of an object is a key of its router, or holds one."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router; it does not say which key it is."""
    for facts in context.routers:
        lines = facts.router.keys_in_names
        if lines:
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"{counted(len(lines), 'name')} of objects spell out a pre-shared key of this router."
                if len(lines) > 1
                else "The name of an object spells out a pre-shared key of this router.",
                cause=["key in a name"],
                evidence=facts.router.evidence(*lines),
            )


HAZARD = Hazard(
    code="KR-KEY-IN-NAME",
    title="A name that holds a pre-shared key",
    severity="medium",
    scope="router",
    what=(
        "The name of a keyring, profile, crypto map or another object is spelt like a pre-shared key of the router, or holds "
        "one of eight characters or more."
    ),
    why=(
        "Keys are taken out of whatever is written; names are not, because a configuration whose names were altered would be "
        "another one. So the key stands in every copy, log and report of this router, its own show output included."
    ),
    symptom="None.",
    fix="Change the key at both ends. Keep the name: it is no secret any more, once the key is another one.",
    source="KEY-STRENGTH",
    detect=detect,
)
