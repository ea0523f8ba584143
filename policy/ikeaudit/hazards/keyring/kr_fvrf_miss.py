"""KR-FVRF-MISS: the key stands in a keyring of another front-door VRF."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import (
    Unreached,
    callers_at,
    end_lines,
    in_other_vrfs,
    keyless,
    open_ends,
    sureness,
    unreached,
    unreached_lines,
)
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing, place, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import DEFAULT_KEYRING
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
        yield from _open_ends(facts)


def _open_ends(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring and VRF of ends that answer anybody."""
    groups: dict[tuple[str, str | None, str | None], list[Unreached]] = {}
    for item in unreached(facts):
        keyring = item.pick.keyring
        if item.vrf_differs and keyring.name != DEFAULT_KEYRING:
            groups.setdefault((keyring.name, keyring.vrf, item.end.fvrf), []).append(item)
    for (keyring_name, vrf, fvrf), found in groups.items():
        ends = open_ends(found)
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=callers_at(facts, (item.end for item in found)),
            message=(
                f"Keyring {keyring_name} is for {place(vrf)}, but {listing(ends)} {verb(ends, 'answers', 'answer')} "
                f"callers in {place(fvrf)}, where there is no key."
            ),
            cause=[keyring_name, str(vrf), str(fvrf), *ends],
            evidence=facts.router.evidence(*unreached_lines(found)),
            confidence=facts.doubt("keyring", "isakmp-profile"),
        )


HAZARD = Hazard(
    code="KR-FVRF-MISS",
    title="The keyring's VRF is not the one that the packets arrive in",
    severity="high",
    scope="router",
    what=(
        "The outer packets of a tunnel travel in a front-door VRF ('tunnel vrf', or the VRF of the interface with "
        "the crypto map) in which no key covers the peer, while a keyring for another VRF, or for none, does cover "
        "it. An end that answers any caller is judged by the keyrings of its profile."
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
    source="KEY-FVRF",
    detect=detect,
)
