"""KR-NOXAUTH: a LAN-to-LAN peer is asked for a user name."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import DEFAULT_KEYRING, NamedLine


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each crypto map or profile with XAUTH and the static peers it catches."""
    for facts in context.routers:
        maps = {crypto_map.name: crypto_map for crypto_map in facts.router.crypto_maps}
        groups: dict[str, tuple[int, list[Peer]]] = {}
        for peer in facts.ikev1_peers:
            if peer.end.peer is None or peer.end.kind != "crypto-map" or _exempt(peer):
                continue
            profile = peer.bound or peer.profile
            crypto_map = maps.get(peer.end.crypto_map or "")
            xauth: NamedLine | None = crypto_map.client_authentication if crypto_map is not None else None
            if profile is not None:
                if profile.client_authentication is not None:
                    groups.setdefault(f"profile {profile.name}", (profile.line, []))[1].append(peer)
            elif xauth is not None:
                groups.setdefault(f"crypto map {peer.end.crypto_map}", (xauth.line, []))[1].append(peer)
        for owner, (line, peers) in groups.items():
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            keys = sorted({pick.key.line for peer in peers for pick in peer.blind.best})
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"{owner[0].upper()}{owner[1:]} asks for XAUTH, and the key of {listing(addresses)}, a router, "
                    "is not exempt from it."
                ),
                cause=[owner, *addresses],
                evidence=facts.router.evidence(line, *keys, *(n for peer in peers for n in peer.end.lines)),
                confidence="probable",
            )


def _exempt(peer: Peer) -> bool:
    """Whether the peer's key says ``no-xauth``; only a global key can."""
    pick = peer.blind_pick
    return pick is not None and pick.keyring.name == DEFAULT_KEYRING and pick.key.no_xauth


HAZARD = Hazard(
    code="KR-NOXAUTH",
    title="A router-to-router peer is challenged by XAUTH",
    severity="high",
    scope="router",
    what=(
        "A crypto map has 'client authentication list' (or the peer's profile does), and a static peer of that map "
        "has a key without 'no-xauth' and no profile of its own."
    ),
    why="A router does not answer a question for user name and password; phase 1 waits for it until it times out.",
    symptom="Phase 1 stays in CONF_XAUTH, the tunnel never comes up.",
    fix="Add 'no-xauth' to the global key, or bind the peer to a profile without client authentication.",
    source="XAUTH-ROUTERS, U-21",
    detect=detect,
)
