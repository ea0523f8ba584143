"""KR-STALE-ENTRY: a key for a peer that no tunnel uses."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import counted, listing, verb
from ikeaudit.hazards.finding import Finding, Hazard, ObjectRef
from ikeaudit.selection import KeyPick


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router, if its tunnel ends tell all of its peers."""
    for facts in context.routers:
        ends = facts.in_use.ends
        gdoi = any(entry.kind == "gdoi" for m in facts.router.crypto_maps for entry in m.entries)
        gdoi = gdoi or bool(facts.rules.key_servers)
        if not facts.rules.endpoints or gdoi or any(end.peer_name is not None for end in ends):
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
            names = [_name(pick) for pick in stale]
            doubt = facts.doubt("interface", "crypto-map", "dynamic-map", "keyring")
            fix, gone = _advice(facts, stale) if doubt == "certain" else (None, [])
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=[str(pick.key.prefix) for pick in stale],
                message=f"{counted(len(stale), 'key')} for peers that no tunnel names: {listing(names)}.",
                cause=names,
                evidence=facts.router.evidence(*(pick.key.line for pick in stale)),
                confidence=weakest("probable", doubt),
                fix=fix,
                removes=[ObjectRef("key", facts.name, pick.keyring.name, pick.key.line) for pick in gone],
            )


def _advice(facts: RouterFacts, stale: list[KeyPick]) -> tuple[str | None, list[KeyPick]]:
    """What to do, and the keys that may go: none while a peer has no key, since one of these may be its, mistyped."""
    lacking = dict.fromkeys(str(peer.address) for peer in facts.in_use.keyless)
    if lacking:
        return f"Correct the address if a key is meant for {listing(lacking)}, which has none.", []
    matched = {pick: profiles for pick in stale if (profiles := facts.in_use.matched_with(pick))}
    gone = [pick for pick in stale if pick not in matched]
    if not gone:
        return None, []
    if not matched:
        return _REMOVE, gone
    users = list(dict.fromkeys(name for names in matched.values() for name in names))
    kept = f"profile {listing(users)} still {verb(users, 'matches', 'match')} the peers of the others"
    return f"Delete {listing(_name(pick) for pick in gone)} ({kept}). {_SURE}", gone


def _name(pick: KeyPick) -> str:
    return f"{pick.key.prefix} in {pick.keyring.name}"


_SURE = "Make sure first that nobody calls who is not in this snapshot."
_REMOVE = "Delete it, after making sure that nobody calls who is not in this snapshot."

HAZARD = Hazard(
    code="KR-STALE-ENTRY",
    title="A key for a peer that no tunnel uses",
    severity="low",
    scope="router",
    what=(
        "A key's address covers no peer of any tunnel or crypto map of the router, up or not. Not judged in a front-door VRF "
        "where some end answers any caller, nor on routers that name peers by host name or register with GETVPN."
    ),
    why="A forgotten key still lets its owner through phase 1, and takes part in every search.",
    symptom="None.",
    fix=(
        "Find out whether the peer is to come back. If it is not, the key can go together with what else names the peer, "
        "after making sure that nobody calls who is not in this snapshot."
    ),
    source="KEY-STRENGTH",
    detect=detect,
)
