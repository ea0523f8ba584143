"""V2-ANY: an IKEv2 profile or keyring for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.ikev2_keys import pre_shared
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile with its keyring, and for each keyring of other profiles."""
    for facts in context.routers:
        groups: dict[str, list[_Wide]] = {}
        for wide in (*_profiles(facts), *_blocks(facts)):
            groups.setdefault(wide.keyring, []).append(wide)
        for keyring, found in groups.items():
            words = [wide.words for wide in found]
            text = f"{'; '.join(words[:_TOLD])}{f'; and {len(words) - _TOLD} more' if len(words) > _TOLD else ''}"
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"{text[0].upper()}{text[1:]}.",
                cause=[keyring, *(wide.cause for wide in found)],
                evidence=facts.router.evidence(*(line for wide in found for line in wide.lines)),
            )


class _Wide(msgspec.Struct, frozen=True):
    """A statement that is for everybody; ``keyring`` is what such statements are told together by."""

    keyring: str
    words: str
    cause: str
    lines: tuple[int, ...]


_TOLD = 3
"""How many of the statements around one keyring a message tells."""


def _profiles(facts: RouterFacts) -> Iterator[_Wide]:
    for profile in facts.router.ikev2.profiles:
        wide = [m for m in profile.matches if m.kind == "any" or (m.prefix is not None and not m.prefix.length)]
        if wide and pre_shared(profile):
            yield _Wide(
                profile.keyring.name if profile.keyring is not None else f"profile {profile.name}",
                f"IKEv2 profile {profile.name} accepts any identity with a pre-shared key",
                f"profile {profile.name}",
                (profile.line, *(match.line for match in wide)),
            )


def _blocks(facts: RouterFacts) -> Iterator[_Wide]:
    for keyring in facts.router.ikev2.keyrings:
        for block in keyring.peers:
            if any(not prefix.length for prefix in block.addresses) and (block.local or block.remote):
                yield _Wide(
                    keyring.name,
                    f"peer {block.name} of IKEv2 keyring {keyring.name} has a key for every address",
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
    source="IKEV2-PROFILE, IKEV2-KEYS",
    detect=detect,
)
