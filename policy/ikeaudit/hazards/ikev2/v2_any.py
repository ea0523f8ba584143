"""V2-ANY: an IKEv2 profile or keyring for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.ikev2_keys import pre_shared
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile and each peer block."""
    for facts in context.routers:
        for what, cause, lines in (*_profiles(facts), *_blocks(facts)):
            yield HAZARD.finding(
                hosts=[facts.name],
                message=what,
                cause=[cause],
                evidence=facts.router.evidence(*lines),
            )


def _profiles(facts: RouterFacts) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    for profile in facts.router.ikev2.profiles:
        wide = [m for m in profile.matches if m.kind == "any" or (m.prefix is not None and not m.prefix.length)]
        if wide and pre_shared(profile):
            yield (
                f"IKEv2 profile {profile.name} accepts any identity with a pre-shared key.",
                f"profile {profile.name}",
                (profile.line, *(match.line for match in wide)),
            )


def _blocks(facts: RouterFacts) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    for keyring in facts.router.ikev2.keyrings:
        for block in keyring.peers:
            if any(not prefix.length for prefix in block.addresses) and (block.local or block.remote):
                yield (
                    f"Peer {block.name} of IKEv2 keyring {keyring.name} has a key for every address.",
                    f"keyring {keyring.name} {block.name}",
                    (keyring.line, block.line),
                )


HAZARD = Hazard(
    code="V2-ANY",
    title="An IKEv2 profile or key for everybody",
    severity="high",
    scope="router",
    what=(
        "An IKEv2 profile with pre-shared keys has 'match identity remote any' (or address 0.0.0.0), or a keyring's "
        "peer block has address 0.0.0.0."
    ),
    why="Whoever knows the key is accepted under any name. The identity, which IKEv2 would check, is not used.",
    symptom="None.",
    fix="Match the identities that are meant, with a key for each; or certificates.",
    source="DOMAIN 6.1, 6.2, 11.C, 11.F",
    detect=detect,
)
