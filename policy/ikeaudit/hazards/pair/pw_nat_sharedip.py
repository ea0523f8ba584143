"""PW-NAT-SHAREDIP: several peers behind one translated address with different keys."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.duplicates import all_equal
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Secret


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each shared address."""
    for facts in context.routers:
        groups: dict[tuple[str | None, str], dict[str, Peer]] = {}
        for peer in facts.ikev1_peers:
            if peer.far_rules is not None:
                groups.setdefault((peer.end.fvrf, str(peer.address)), {})[peer.far_name] = peer
        for (_, address), peers in groups.items():
            if len(peers) < 2 or address not in context.outside_addresses:
                continue
            keys = [secret for peer in peers.values() if (secret := _their_key(peer)) is not None]
            rings = {facts.rules.ring_names(p.profile) for p in peers.values() if p.profile is not None}
            equal = all_equal(keys)
            if equal and len(rings) < 2:
                continue
            what = "different keys" if equal is False else "keys that cannot be compared" if not equal else "one key"
            yield HAZARD.finding(
                hosts=sorted({facts.name, *peers}),
                peers=[address],
                message=(
                    f"{listing(sorted(peers))} all call {facts.name} from {address}, with "
                    f"{what}{' and profiles of different keyrings' if len(rings) > 1 else ''}."
                ),
                cause=[facts.name, address, *sorted(peers)],
                evidence=facts.router.evidence(*(n for peer in peers.values() for n in peer.end.lines)),
                confidence="certain" if equal is not None else "unknown",
            )


def _their_key(peer: Peer) -> Secret | None:
    """The key that the far router uses for this one."""
    if peer.far_rules is None or peer.far is None or peer.far.peer is None:
        return None
    best = Peer(peer.far_rules, peer.far, peer.far.peer).calling_keys.best
    return best[0].key.secret if best else None


HAZARD = Hazard(
    code="PW-NAT-SHAREDIP",
    title="Several peers behind one translated address have different keys",
    severity="high",
    scope="pair",
    what=(
        "Address translation is known to give several routers one outer address, and they use different keys "
        "towards the router that they call, or belong there to profiles with different keyrings."
    ),
    why=(
        "In main mode the key is chosen by the outer address, so that all who share it must share one key and one "
        "keyring."
    ),
    symptom="%CRYPTO-4-IKMP_BAD_MESSAGE for all of them but one.",
    fix="One key for all of them, or IKEv2 with identities (key-id, FQDN).",
    source="NAT-ADDRESSES",
    detect=detect,
)
