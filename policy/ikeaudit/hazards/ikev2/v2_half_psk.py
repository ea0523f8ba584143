"""V2-HALF-PSK: only one half of an asymmetric key."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each keyring."""
    for facts in context.routers:
        for keyring in facts.router.ikev2.keyrings:
            half = [block for block in keyring.peers if (block.local is None) != (block.remote is None)]
            if half:
                words = [f"{block.name} ({'remote' if block.local is None else 'local'} is missing)" for block in half]
                yield HAZARD.finding(
                    hosts=[facts.name],
                    peers=dict.fromkeys(str(prefix) for block in half for prefix in block.addresses),
                    message=f"In IKEv2 keyring {keyring.name} half of the key is missing for {listing(words)}.",
                    cause=[keyring.name, *words],
                    evidence=facts.router.evidence(keyring.line, *(block.line for block in half)),
                )


HAZARD = Hazard(
    code="V2-HALF-PSK",
    title="Only one half of an asymmetric IKEv2 key",
    severity="critical",
    scope="router",
    what="A peer block has 'pre-shared-key local' without 'remote', or the other way round.",
    why=(
        "One half proves this router to the peer, the other proves the peer to it. Without either, the "
        "authentication fails."
    ),
    symptom="'Failed to authenticate the IKE SA'.",
    fix="Add the missing half, or use one symmetric key.",
    source="IKEV2-LOCAL-REMOTE",
    detect=detect,
)
