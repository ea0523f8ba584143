"""PW-DPD: dead peer detection at one end only."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.keepalives import peer_keepalive
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.router_pairs import known_pairs


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router that lacks it, with all peers that have it."""
    groups: dict[str, dict[str, tuple[str, int]]] = {}
    for peer in known_pairs(context):
        if peer.far_rules is None or peer.far is None:
            continue
        back = Peer(
            peer.far_rules, peer.far, peer.far.peer or peer.end.local.address or peer.address, peer.rules, peer.end
        )
        here, there = peer_keepalive(peer), peer_keepalive(back)
        if (here is None) == (there is None):
            continue
        if here is None and there is not None:
            groups.setdefault(peer.router.name, {})[peer.far_name] = (peer.end.interface, there.line)
        elif here is not None:
            groups.setdefault(peer.far_name, {})[peer.router.name] = (peer.far.interface, here.line)
    for router, others in groups.items():
        yield HAZARD.finding(
            hosts=sorted({router, *others}),
            message=(
                f"Only the other end checks whether the peer is alive: {listing(sorted(others))}, but not {router}."
            ),
            cause=sorted(others),
            evidence=[e for name, (_, line) in others.items() for e in context.router(name).router.evidence(line)],
        )


HAZARD = Hazard(
    code="PW-DPD",
    title="Dead peer detection at one end only",
    severity="low",
    scope="pair",
    what="One end of a tunnel has a keepalive (DPD) and the other has none.",
    why="The end without it keeps sending into security associations that the other end has already dropped.",
    symptom="%CRYPTO-4-RECVD_PKT_INV_SPI at one end after a failure.",
    fix="Configure it at both ends.",
    source="DPD-BOTH, CHANGE-CLEAR",
    detect=detect,
)
