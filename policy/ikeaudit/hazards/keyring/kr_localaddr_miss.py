"""KR-LOCALADDR-MISS: a local-address restriction does not fit the tunnel that needs it."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import (
    Unreached,
    callers_at,
    candidates,
    end_lines,
    keyless,
    unreached,
    unreached_lines,
)
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.selection import Endpoint


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
            ends = dict.fromkeys(_place(peer.end) for peer in peers)
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
        yield from _open_ends(facts)


def _open_ends(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring that no end of its profile can use, where those ends answer anybody."""
    groups: dict[str, list[Unreached]] = {}
    for item in unreached(facts):
        if not item.vrf_differs:
            groups.setdefault(item.pick.keyring.name, []).append(item)
    for keyring, found in groups.items():
        ends = dict.fromkeys(f"{item.end.interface} ({_place(item.end)})" for item in found)
        restriction = found[0].pick.keyring.local_address
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=callers_at(facts, (item.end for item in found)),
            message=(
                f"The local-address of keyring {keyring} does not fit {listing(ends)}, which "
                f"{verb(ends, 'answers', 'answer')} any caller: the keyring takes no part in it."
            ),
            cause=[f"keyring {keyring}", *ends],
            evidence=facts.router.evidence(restriction.line if restriction else 0, *unreached_lines(found)),
        )
    for end in facts.ikev1_ends:
        profile = facts.rules.profiles.get(end.isakmp_profile or "") if end.accepts_any else None
        if profile is None or profile.local_address is None or end.virtual_template is not None:
            continue
        if facts.rules.addresses.admits(profile.local_address, end.local) is False:
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=callers_at(facts, [end]),
                message=(
                    f"The local-address of profile {profile.name} does not fit {end.interface} ({_place(end)}), which is "
                    "bound to it and answers any caller: no caller is assigned to the profile there."
                ),
                cause=[f"profile {profile.name}", end.interface],
                evidence=facts.router.evidence(profile.line, profile.local_address.line, *end.lines),
            )


def _place(end: Endpoint) -> str:
    local = end.local
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
    source="KEY-LOCAL-ADDRESS, U-16",
    detect=detect,
)
