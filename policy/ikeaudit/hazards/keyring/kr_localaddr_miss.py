"""KR-LOCALADDR-MISS: a local-address restriction does not fit the tunnel that needs it."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import candidates, end_lines, keyless
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each keyring or profile whose restriction keeps its own tunnels out."""
    for facts in context.routers:
        groups: dict[tuple[str, int], list[Peer]] = {}
        for peer in keyless(facts):
            for pick in facts.covering(peer.end.fvrf, peer.address):
                restriction = pick.keyring.local_address
                if pick.keyring not in candidates(facts, peer) or restriction is None:
                    continue
                if facts.rules.addresses.admits(restriction, peer.end.local) is False:
                    groups.setdefault((f"keyring {pick.keyring.name}", restriction.line), []).append(peer)
        for peer in facts.ikev1_peers:
            restriction = peer.bound.local_address if peer.bound is not None else None
            if peer.bound is None or restriction is None:
                continue
            if facts.rules.addresses.admits(restriction, peer.end.local) is False:
                groups.setdefault((f"profile {peer.bound.name}", restriction.line), []).append(peer)
        for (owner, line), peers in groups.items():
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            ends = dict.fromkeys(_end(peer) for peer in peers)
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"The local-address of {owner} does not fit the tunnel to {listing(addresses)}, which uses "
                    f"{listing(ends)}: the {owner.split()[0]} takes no part in it."
                ),
                cause=[owner, *addresses],
                evidence=facts.router.evidence(line, *end_lines(peers)),
            )


def _end(peer: Peer) -> str:
    local = peer.end.local
    return f"{local.address or 'a learnt address'} of {local.interface}" if local.interface else str(local.address)


HAZARD = Hazard(
    code="KR-LOCALADDR-MISS",
    title="The local-address of a keyring or profile does not match the tunnel",
    severity="high",
    scope="router",
    what=(
        "A tunnel's own address (tunnel source, crypto map local-address or outgoing interface) is not the one that "
        "the 'local-address' of its keyring admits, and no other eligible keyring covers the peer; or the bound "
        "profile's 'local-address' does not admit it."
    ),
    why="A keyring or profile whose local address does not fit is ignored for the negotiation, as if it did not exist.",
    symptom="No key although one is configured for the peer; or 'peer matches *none* of the profiles'.",
    fix="Correct 'local-address' to the tunnel's source, or remove it.",
    source="DOMAIN 3.1, 10.2 U-16, 11.A",
    detect=detect,
)
