"""KR-WILDCARD: a key for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import DEFAULT_KEYRING, Prefix

THRESHOLD = 8
"""Masks shorter than this many bits are a wildcard."""


def wildcard(prefix: Prefix) -> bool:
    """Whether an address and mask cover so much that they name nobody."""
    return prefix.length < THRESHOLD and prefix.contiguous


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each wildcard key."""
    for facts in context.routers:
        for pick in facts.picks:
            prefix = pick.key.prefix
            if prefix is None or not wildcard(prefix):
                continue
            default = pick.keyring.name == DEFAULT_KEYRING
            owner = "A global key" if default else f"Keyring {pick.keyring.name}"
            peers = dict.fromkeys(str(peer.address) for peer in facts.peers_under(pick.key.line))
            shadow = ", and being global it is searched before every keyring" if default else ""
            known = f" ({counted(len(peers), 'known peer')})" if peers else ""
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=peers,
                message=(
                    f"{owner} {'is' if default else 'holds a key'} for {prefix.address}/{prefix.length} in "
                    f"{place(pick.keyring.vrf)}: whoever has it may call from anywhere{known}{shadow}."
                ),
                cause=[pick.keyring.name, str(prefix)],
                evidence=facts.router.evidence(pick.keyring.line, pick.key.line),
            )


HAZARD = Hazard(
    code="KR-WILDCARD",
    title="A pre-shared key for any address",
    severity="high",
    scope="router",
    what="A key's mask is 0.0.0.0 or ::/0, or shorter than 8 bits.",
    why=(
        "Every device that knows the group's secret can pose as any of its members, and losing one of them means "
        "changing the key on all. As a global key it also shadows the keyrings (KR-DEFAULT-SHADOW)."
    ),
    symptom="None: it works, for everybody.",
    fix="Give each peer its own key; where addresses change (DMVPN spokes), use certificates or IKEv2 identities.",
    source="KEY-STRENGTH",
    detect=detect,
)
