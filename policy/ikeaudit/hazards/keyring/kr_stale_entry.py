"""KR-STALE-ENTRY: a key for a peer that no tunnel uses."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router, if its tunnel ends tell all of its peers."""
    for facts in context.routers:
        ends = facts.rules.endpoints
        gdoi = any(entry.kind == "gdoi" for m in facts.router.crypto_maps for entry in m.entries)
        gdoi = gdoi or bool(facts.rules.key_servers)
        if not ends or gdoi or any(end.peer_name is not None for end in ends):
            continue
        open_vrfs = {end.fvrf for end in ends if end.accepts_any}
        open_vrfs |= {m.vrf for p in facts.router.isakmp_profiles if p.virtual_template is not None for m in p.matches}
        addresses = {end.peer for end in ends if end.peer is not None} | {peer.address for peer in facts.peers}
        covering = {
            (pick.keyring.name, pick.key.line)
            for address in addresses
            for vrf in facts.key_vrfs
            for pick in facts.covering(vrf, address)
        }
        stale = [
            pick
            for pick in facts.picks
            if pick.key.prefix is not None
            and pick.keyring.vrf not in open_vrfs
            and (pick.keyring.name, pick.key.line) not in covering
        ]
        if stale:
            names = [f"{pick.key.prefix} in {pick.keyring.name}" for pick in stale]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=[str(pick.key.prefix) for pick in stale],
                message=f"{counted(len(stale), 'key')} for peers that no tunnel names: {listing(names)}.",
                cause=names,
                evidence=facts.router.evidence(*(pick.key.line for pick in stale)),
                confidence="probable",
            )


HAZARD = Hazard(
    code="KR-STALE-ENTRY",
    title="A key for a peer that no tunnel uses",
    severity="low",
    scope="router",
    what=(
        "A key's address covers no peer of any tunnel or crypto map of the router. Not judged in a front-door VRF "
        "where some end answers any caller, nor on routers that name peers by host name or register with GETVPN."
    ),
    why="A forgotten key still lets its owner through phase 1, and takes part in every search.",
    symptom="None.",
    fix="Delete it, after making sure that nobody calls who is not in this snapshot.",
    source="DOMAIN 11.A, 11.F",
    detect=detect,
)
