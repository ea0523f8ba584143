"""KR-FVRF-MISS: the key stands in a keyring of another front-door VRF."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import end_lines, in_other_vrfs, keyless, sureness
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.selection import KeyPick


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each keyring and each VRF it is missed in."""
    for facts in context.routers:
        groups: dict[tuple[str, str | None, str | None], list[tuple[Peer, KeyPick]]] = {}
        for peer in keyless(facts):
            for pick in in_other_vrfs(facts, peer):
                key = (pick.keyring.name, pick.keyring.vrf, peer.end.fvrf)
                groups.setdefault(key, []).append((peer, pick))
        for (keyring, vrf, fvrf), found in groups.items():
            addresses = dict.fromkeys(str(peer.address) for peer, _ in found)
            lines = sorted({line for _, pick in found for line in (pick.keyring.line, pick.key.line)})
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"Keyring {keyring} covers {listing(addresses)}, but it is for {place(vrf)} and the tunnel's "
                    f"packets travel in {place(fvrf)}, where there is no key."
                ),
                cause=[keyring, str(vrf), str(fvrf), *addresses],
                evidence=facts.router.evidence(*end_lines([peer for peer, _ in found]), *lines),
                confidence=sureness(facts, [peer for peer, _ in found]),
            )


HAZARD = Hazard(
    code="KR-FVRF-MISS",
    title="The keyring's VRF is not the one that the packets arrive in",
    severity="high",
    scope="router",
    what=(
        "The outer packets of a tunnel travel in a front-door VRF ('tunnel vrf', or the VRF of the interface with "
        "the crypto map) in which no key covers the peer, while a keyring for another VRF, or for none, does cover "
        "it."
    ),
    why=(
        "A keyring without 'vrf' is for the default VRF only, and one with 'vrf' for that VRF only. A key in the "
        "wrong one does not exist for the negotiation."
    ),
    symptom="'No pre-shared key with X!' when starting, 'phase 1 SA policy not acceptable!' when called.",
    fix=(
        "Create the keyring with the tunnel's VRF ('crypto keyring NAME vrf FVRF'), and put the VRF into the "
        "profile's match lines too."
    ),
    source="DOMAIN 3.1, 4.5, 11.A",
    detect=detect,
)
