"""V2-DUP-PEER: the same address or identity in two peer blocks."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Ikev2Keyring, Ikev2Peer


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each set of blocks that share something."""
    for facts in context.routers:
        for keyring in facts.router.ikev2.keyrings:
            groups: dict[tuple[str, ...], list[str]] = {}
            for target, blocks in _targets(keyring).items():
                names = tuple(dict.fromkeys(block.name for block in blocks))
                if len(names) > 1:
                    groups.setdefault(names, []).append(target)
            lines = {block.name: block.line for block in keyring.peers}
            for names, targets in groups.items():
                yield HAZARD.finding(
                    hosts=[facts.name],
                    peers=targets,
                    message=f"In IKEv2 keyring {keyring.name} the peers {listing(names)} all claim {listing(targets)}.",
                    cause=[keyring.name, *names, *targets],
                    evidence=facts.router.evidence(keyring.line, *(lines[name] for name in names)),
                )


def _targets(keyring: Ikev2Keyring) -> dict[str, list[Ikev2Peer]]:
    found: dict[str, list[Ikev2Peer]] = {}
    for block in keyring.peers:
        for prefix in block.addresses:
            found.setdefault(str(prefix.network), []).append(block)
        if block.identity is not None:
            own = block.identity
            value = str(own.prefix.network) if own.prefix is not None else (own.value or "").lower()
            found.setdefault(f"identity {own.kind} {value}", []).append(block)
    return found


HAZARD = Hazard(
    code="V2-DUP-PEER",
    title="The same address or identity in two peer blocks of an IKEv2 keyring",
    severity="high",
    scope="router",
    what="Two peer blocks of one IKEv2 keyring have the same address and mask, or the same identity.",
    why=(
        "The command line rejects the second one, so that the running configuration is not what the template says; "
        "which block counts is open."
    ),
    symptom="Authentication fails with the key of the other block.",
    fix="Keep one block, with the key that the peer has.",
    source="IKEV2-KEYS",
    detect=detect,
)
