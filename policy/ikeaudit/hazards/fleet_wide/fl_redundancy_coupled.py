"""FL-REDUNDANCY-COUPLED: all ways out of a site share one hazard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.duplicates import duplicate_lines
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.responder_keys import detour_lines
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IPAddress
from ikeaudit.selection import Endpoint

SITE = 4
"""A router with more tunnels than this is a hub rather than a site with a backup."""


_Way: TypeAlias = tuple[str, IPAddress | None]
"""A tunnel end by its interface and the peer it names: the peers of one crypto map entry are ways of their own."""


class _Edit(msgspec.Struct, frozen=True):
    """What has to be edited on ``router``: keyrings, with the tunnel ends that hang on them and their lines."""

    router: RouterFacts
    keyrings: tuple[str, ...]
    peers: tuple[Peer, ...]
    lines: tuple[int, ...]


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router and set of keyrings, with the sites whose every tunnel hangs on them."""
    edits = [edit for facts in context.routers for edit in _edits(facts)]
    count = {facts.name: len({_way(peer.end) for peer in facts.peers}) for facts in context.routers}
    ways = {facts.name: _ways(facts, count) for facts in context.routers}
    for edit in edits:
        sites = [edit.router.name] if _cut_off(ways[edit.router.name], {_way(peer.end) for peer in edit.peers}) else []
        far: dict[str, set[_Way]] = {}
        for peer in edit.peers:
            if peer.far is not None:
                far.setdefault(peer.far.router, set()).add(_way(peer.far))
        sites += [name for name, ends in far.items() if _cut_off(ways[name], ends)]
        if sites:
            yield _finding(edit, sorted(sites))


def _finding(edit: _Edit, sites: list[str]) -> Finding:
    own = sites == [edit.router.name]
    where = "" if own else f" of {edit.router.name}"
    far = sorted({peer.far_name for peer in edit.peers})
    whose = f"this router, to {listing(far)}," if own else f"{listing(sites)}"
    return HAZARD.finding(
        hosts=dict.fromkeys([edit.router.name, *sites]),
        peers=dict.fromkeys(str(peer.address) for peer in edit.peers),
        message=f"All tunnels of {whose} hang on the same edit of keyring {listing(edit.keyrings)}{where}.",
        cause=[*edit.keyrings, *far],
        evidence=edit.router.router.evidence(*edit.lines),
    )


def _way(end: Endpoint) -> _Way:
    return end.interface, end.peer


def _ways(facts: RouterFacts, count: dict[str, int]) -> set[_Way]:
    """The tunnel ends of a site with a backup; nothing for a hub, or for a router with one tunnel.

    Three or more routers that all have no other tunnel than the one to this router make it a hub.
    """
    ends = {_way(peer.end) for peer in facts.peers}
    far = {peer.far_name for peer in facts.peers}
    if len(far) > 2 and all(count.get(name) == 1 for name in far):
        return set()
    return ends if 2 <= len(ends) <= SITE else set()


def _cut_off(ways: set[_Way], touched: set[_Way]) -> bool:
    """Whether the edit touches every way out of a site."""
    return bool(ways) and ways <= touched


def _edits(facts: RouterFacts) -> Iterator[_Edit]:
    """Keyrings that have to be edited, with the peers that the edit concerns."""
    harmful = [d for d in facts.duplicates if not d.harmless]
    if harmful:
        names = tuple(dict.fromkeys(name for d in harmful for name in d.keyrings))
        peers = tuple(dict.fromkeys(peer for d in harmful for peer in d.peers))
        yield _Edit(facts, names, peers, tuple(duplicate_lines(harmful)))
    found = [detour for detour in facts.detours if not detour.peer.conceivable]
    if found and not harmful:
        names = tuple(dict.fromkeys(detour.taken.keyring.name for detour in found))
        peers = tuple(dict.fromkeys(detour.peer for detour in found))
        yield _Edit(facts, names, peers, tuple(detour_lines(found)))


HAZARD = Hazard(
    code="FL-REDUNDANCY-COUPLED",
    title="Primary and backup tunnel of a site share one hazard",
    severity="high",
    scope="fleet",
    what=(
        "Duplicate or shadowed keys (the KR-DUP family, KR-DEFAULT-SHADOW, KR-LPM-STEAL) on a router concern all tunnels "
        "of a site that has two to four of them: of the router itself, or of a router at their far end."
    ),
    why=(
        "Mending the hazard means touching every way out of the site at once; a mistake cuts it off, and the "
        "redundancy does not help."
    ),
    symptom="None.",
    fix="Mend one tunnel after the other, in separate windows, with the other one checked before each.",
    source="CHANGE-FAR-FIRST",
    detect=detect,
)
