"""CM-LOCALADDR: the peer calls another address than the crypto map answers from."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.selection import Endpoint


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each crypto map with a local address and each router that calls another one."""
    groups: dict[tuple[str, str, str], list[tuple[Peer, Endpoint]]] = {}
    for peer in context.peers:
        if peer.far_rules is None or peer.end.peer is None:
            continue
        facts = context.router(peer.far_rules.router.name)
        mine = _meant(facts, peer)
        if mine is not None and mine.local.address != peer.address:
            groups.setdefault((facts.name, mine.crypto_map or "", peer.router.name), []).append((peer, mine))
    for (host, name, caller), found in groups.items():
        router = context.router(host).router
        called = dict.fromkeys(str(peer.address) for peer, _ in found)
        local = next(m.local_address for m in router.crypto_maps if m.name == name)
        assert local is not None
        yield HAZARD.finding(
            hosts=sorted((host, caller)),
            peers=called,
            message=(
                f"Crypto map {name} of {host} negotiates from {local.name} ({found[0][1].local.address}), but "
                f"{caller} calls {listing(called)}."
            ),
            cause=[host, name, *called],
            evidence=[
                *router.evidence(local.line, *(n for _, mine in found for n in mine.lines)),
                *found[0][0].router.evidence(*(n for peer, _ in found for n in peer.end.lines)),
            ],
        )


def _meant(facts: RouterFacts, peer: Peer) -> Endpoint | None:
    """The crypto map end with a local address that is meant for the caller."""
    for end in facts.ends_towards(peer.end.local.address):
        if end.kind == "crypto-map" and end.crypto_map in facts.maps_with_local_address:
            return end
    return None


HAZARD = Hazard(
    code="CM-LOCALADDR",
    title="The peer calls another address than the crypto map's local-address",
    severity="high",
    scope="pair",
    what=(
        "A crypto map has 'local-address', and the router at the far end names another address of this router as "
        "its peer. Whether keyrings fit the local address is KR-LOCALADDR-MISS."
    ),
    why=(
        "Called at its interface, the router has no crypto map entry for that address; calling, it comes from an "
        "address for which the far end has neither key nor entry."
    ),
    symptom="No key, or error 32; replies from an unexpected address.",
    fix="Name the local-address at the far end, or remove it here.",
    source="END-MAP-ADDRESS",
    detect=detect,
)
