"""KR-ORDER-DEP: it only works because of the order of the keyrings."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest, weakest
from ikeaudit.hazards.facts.duplicates import all_equal
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each set of keyrings between which only their order decides."""
    for facts in context.routers:
        groups: dict[tuple[str, ...], list[Peer]] = {}
        for peer in facts.callers:
            if peer.blind.tie and not peer.calls_aggressively and _lucky(facts, peer):
                keyrings = tuple(dict.fromkeys(pick.keyring.name for pick in peer.blind.best))
                groups.setdefault(keyrings, []).append(peer)
        for keyrings, peers in groups.items():
            picks = {pick.key.line: pick for peer in peers for pick in peer.blind.best}
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            lines = sorted({line for pick in picks.values() for line in (pick.keyring.line, pick.key.line)})
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"For {listing(addresses)} the keyrings {listing(keyrings)} tie, and {keyrings[0]}, the one that "
                    "the profile needs, wins only because it comes first in the configuration."
                ),
                cause=[*keyrings, *addresses],
                evidence=facts.router.evidence(*lines),
                confidence=strongest(*(weakest(peer.selection_confidence, _hidden(peer)) for peer in peers)),
            )


def _lucky(facts: RouterFacts, peer: Peer) -> bool:
    """Whether the first keyring of the tie is the profile's, and another one would have made a difference."""
    profile = peer.profile or peer.bound
    if profile is None:
        return False
    rings = facts.rules.ring_names(profile)
    names = [pick.keyring.name for pick in peer.blind.best]
    if names[0] not in rings:
        return False
    differ = all_equal([pick.key.secret for pick in peer.blind.best]) is not True
    strangers = any(name not in rings for name in names)
    return differ or (strangers and peer.profile is not None)


def _hidden(peer: Peer) -> Confidence:
    """Keys that cannot be compared make it unknown, unless the verification alone already decides."""
    if peer.profile is None and all_equal([pick.key.secret for pick in peer.blind.best]) is None:
        return "unknown"
    return "certain"


HAZARD = Hazard(
    code="KR-ORDER-DEP",
    title="A tunnel works only by the order of the keyrings",
    severity="medium",
    scope="router",
    what=(
        "Two keyrings tie for a peer (same mask, same VRF and local address), and the one that comes first happens "
        "to be the one that the peer's profile names, while another one of the tie would fail."
    ),
    why=(
        "IOS does not promise any order between equal masks. Deleting and re-entering a keyring moves it to the "
        "end, and so does a configuration that is merged or replaced; after that the peer's calls fail without "
        "anybody having touched its tunnel."
    ),
    symptom=(
        "None today. After the keyrings change places: verification failure, or %CRYPTO-4-IKMP_BAD_MESSAGE, when "
        "the peer starts."
    ),
    fix=(
        "Consolidate now, while it works: one keyring with the address, named by every profile that any of the others "
        "serves (plan strategy single-keyring proves the order of the steps)."
    ),
    source="KEY-TIE, C-2, C-8, CHANGE-APPENDS",
    detect=detect,
)
