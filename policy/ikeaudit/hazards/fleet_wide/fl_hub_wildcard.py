"""FL-HUB-WILDCARD: one key of the hub opens all spokes."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.keyring.kr_wildcard import wildcard
from ikeaudit.model import Evidence, Secret, same_key
from ikeaudit.selection import KeyPick


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each wildcard key with spokes."""
    for facts in context.routers:
        for pick in facts.picks:
            if pick.key.prefix is None or not wildcard(pick.key.prefix):
                continue
            spokes: dict[str, tuple[Peer, KeyPick, bool | None]] = {}
            for peer in facts.peers_under(pick.key.line):
                theirs = _spoke_key(peer, pick.key.secret)
                if theirs is not None:
                    spokes[peer.far_name] = (peer, *theirs)
            if len(spokes) < 2:
                continue
            evidence: list[Evidence] = [*facts.router.evidence(pick.keyring.line, pick.key.line)]
            for peer, key, _ in spokes.values():
                if peer.far_rules is not None:
                    evidence += peer.far_rules.router.evidence(key.key.line)
            names = sorted(spokes)
            yield HAZARD.finding(
                hosts=sorted({facts.name, *names}),
                peers=[str(peer.address) for peer, _, _ in spokes.values()],
                message=(
                    f"{facts.name} has one key for everybody, and {counted(len(spokes), 'spoke')} with a key for the "
                    f"hub alone share it: {listing(names)}."
                ),
                cause=[pick.keyring.name, str(pick.key.prefix), *names],
                evidence=evidence,
                confidence="unknown" if any(equal is None for _, _, equal in spokes.values()) else "certain",
            )


def _spoke_key(peer: Peer, hub: Secret) -> tuple[KeyPick, bool | None] | None:
    """The spoke's host key for the hub, unless it is another key than the hub's."""
    if peer.far_rules is None or peer.far is None or peer.far.peer is None:
        return None
    best = Peer(peer.far_rules, peer.far, peer.far.peer).calling_keys.best
    if not best or best[0].key.prefix is None or not best[0].key.prefix.is_host:
        return None
    equal = same_key(hub, best[0].key.secret, same_router=False)
    return None if equal is False else (best[0], equal)


HAZARD = Hazard(
    code="FL-HUB-WILDCARD",
    title="One key of the hub opens all spokes",
    severity="high",
    scope="fleet",
    what=(
        "A hub has a key for any address, and two or more routers of the snapshot use it with an entry for the hub "
        "alone."
    ),
    why=(
        "The spokes look as if each had its own key. Whoever takes it from one of them can pose as every other "
        "towards the hub."
    ),
    symptom="None.",
    fix="A key for each spoke on the hub, or certificates; the finding's hosts are the blast radius.",
    source="KEY-STRENGTH",
    detect=detect,
)
