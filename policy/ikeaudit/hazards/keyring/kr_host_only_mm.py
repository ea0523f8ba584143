"""KR-HOST-ONLY-MM: the peer has a host-name key only, and main mode cannot use it."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import candidates, end_lines, keyless
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Key


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each host name."""
    for facts in context.routers:
        if not any(pick.key.hostname is not None for pick in facts.picks):
            continue
        groups: dict[str, list[tuple[Peer, Key]]] = {}
        for peer in keyless(facts):
            if _aggressive(peer):
                continue
            names = _names(facts, peer)
            keys = _host_keys(facts, peer)
            own = [key for key in keys if (key.hostname or "").lower() in names] or _guess(facts, peer, keys)
            for key in own:
                groups.setdefault(key.hostname or "", []).append((peer, key))
        for hostname, found in groups.items():
            addresses = dict.fromkeys(str(peer.address) for peer, _ in found)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"The only key for {listing(addresses)} is written for the host name {hostname}, and nothing "
                    "makes either end use aggressive mode."
                ),
                cause=[hostname, *addresses],
                evidence=facts.router.evidence(
                    *(key.line for _, key in found), *end_lines([peer for peer, _ in found])
                ),
                confidence="probable",
            )


def _host_keys(facts: RouterFacts, peer: Peer) -> list[Key]:
    """The keys by host name that the router may use for the peer."""
    rings = (keyring for keyring in candidates(facts, peer) if keyring.vrf == peer.end.fvrf)
    return [key for keyring in rings for key in keyring.keys if key.hostname is not None]


def _guess(facts: RouterFacts, peer: Peer, keys: list[Key]) -> list[Key]:
    """The one key by host name, where nothing tells whose name it is: it may well be the peer's."""
    mapped = {mapping.name.lower() for mapping in facts.router.host_mappings}
    if len(keys) != 1 or (keys[0].hostname or "").lower() in mapped or peer.far_rules is not None:
        return []
    return keys


def _names(facts: RouterFacts, peer: Peer) -> set[str]:
    """The names that the peer goes by: of its own, and by ``ip host``."""
    names = {mapping.name.lower() for mapping in facts.router.host_mappings if peer.address in mapping.addresses}
    if peer.far_rules is not None:
        names |= {peer.far_rules.fqdn.lower(), (peer.far_rules.router.hostname or "").lower()}
    return names


def _aggressive(peer: Peer) -> bool:
    """Whether one of the ends is told to use aggressive mode."""
    if peer.bound is not None and peer.bound.initiate_mode == "aggressive":
        return True
    if any(block.address == peer.address for block in peer.router.isakmp.peers):
        return True
    if peer.far_rules is None or peer.far is None:
        return False
    far_profile = peer.far_rules.profiles.get(peer.far.isakmp_profile or "")
    return far_profile is not None and far_profile.initiate_mode == "aggressive"


HAZARD = Hazard(
    code="KR-HOST-ONLY-MM",
    title="Only a host-name key for a peer that negotiates in main mode",
    severity="high",
    scope="router",
    what=(
        "A tunnel's peer is covered by no address key, only by a key for its host name (as the peer calls itself, as "
        "'ip host' maps it, or the only host name with a key where nothing tells whose it is), and neither end is told "
        "to use aggressive mode."
    ),
    why="In main mode the host name is not known when the key is needed, so that keys by host name are no candidates.",
    symptom=(
        "Called: no key at MM1, 'phase 1 SA policy not acceptable!'. Starting: nothing is sent, or the router falls "
        "back to aggressive mode if the name resolves."
    ),
    fix="Write the key for the peer's address, or use certificates or IKEv2, where the identity comes first.",
    source="KEY-ADDRESS-ONLY, U-14",
    detect=detect,
)
