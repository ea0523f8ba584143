"""CM-MULTIPEER-SPLIT: only some peers of an entry are covered by its profile."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IPAddress
from ikeaudit.selection.profiles import specificity


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each crypto map entry."""
    for facts in context.routers:
        entries: dict[str, dict[IPAddress, Peer]] = {}
        labels: dict[str, dict[str, None]] = {}
        for peer in facts.ikev1_peers:
            if peer.end.kind == "crypto-map" and peer.end.peer is not None and peer.bound is not None:
                # One entry counts once, however many interfaces its map stands on.
                entry = " ".join(peer.end.interface.split()[1:])
                entries.setdefault(entry, {}).setdefault(peer.address, peer)
                labels.setdefault(entry, {})[peer.end.interface] = None
        for entry, found in entries.items():
            label, peers = listing(labels[entry]), list(found.values())
            bad = [(peer, problem) for peer in peers if (problem := _problem(peer)) is not None]
            if len(peers) < 2 or not bad or len(bad) == len(peers):
                continue
            profile = peers[0].bound
            assert profile is not None
            problems = [f"{peer.address} {problem}" for peer, problem in bad]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=[str(peer.address) for peer, _ in bad],
                message=(
                    f"Of the {len(peers)} peers of {label}, profile {profile.name} does not serve all: "
                    f"{listing(problems)}."
                ),
                cause=[entry, profile.name, *problems],
                evidence=facts.router.evidence(
                    *(n for peer, _ in bad for n in peer.end.lines),
                    profile.line,
                    *(ref.line for ref in profile.keyrings),
                    *(match.line for match in profile.matches),
                ),
                confidence="certain" if all(peer.far_rules is not None for peer, _ in bad) else "probable",
            )


def _problem(peer: Peer) -> str | None:
    assert peer.bound is not None
    if not peer.calling_keys.best and not peer.calling_keys.uncertain:
        return "has no key in its keyrings"
    matched = any(
        m.kind == "certificate" or (m.vrf == peer.end.fvrf and specificity(m, peer.identity) is not None)
        for m in peer.bound.matches
    )
    return None if matched else "is not matched"


HAZARD = Hazard(
    code="CM-MULTIPEER-SPLIT",
    title="A crypto map entry's profile serves only some of its peers",
    severity="high",
    scope="router",
    what=(
        "A crypto map entry with several 'set peer' lines is bound to a profile whose keyrings or match statements "
        "cover some of the peers only."
    ),
    why=(
        "The first peer works, so nobody notices until it fails and the router turns to the next, which cannot come up."
    ),
    symptom="After a failover: 'No pre-shared key with X!', or error 32 when that peer starts.",
    fix="Give the profile keys and match statements for all peers of the entry.",
    source="END-MAP-ADDRESS",
    detect=detect,
)
