"""PF-OVERLAP-ID: profiles whose match statements nest."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard, Severity
from ikeaudit.model import IsakmpProfile
from ikeaudit.selection import ProfilePick


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each wider profile and each severity."""
    for facts in context.routers:
        groups: dict[tuple[str, Severity], list[tuple[Peer, ProfilePick, ProfilePick]]] = {}
        for peer in facts.callers:
            best = peer.selected.best
            if not best:
                continue
            for wider in peer.selected.matching:
                if wider.specificity < best[0].specificity and wider.profile is not best[0].profile:
                    severity: Severity = "high" if _matters(peer, best[0].profile, wider) else "medium"
                    groups.setdefault((wider.profile.name, severity), []).append((peer, best[0], wider))
        for (name, severity), found in groups.items():
            addresses = dict.fromkeys(str(peer.identity) for peer, _, _ in found)
            narrow = dict.fromkeys(best.profile.name for _, best, _ in found)
            lines = sorted(
                {n for _, b, w in found for n in (b.profile.line, b.match.line, w.profile.line, w.match.line)}
            )
            effect = (
                "which of the two readings IOS follows decides between up and down"
                if severity == "high"
                else "both readings of the rules lead to the same result today"
            )
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=dict.fromkeys(str(peer.address) for peer, _, _ in found),
                severity=severity,
                message=(
                    f"{listing(addresses)} {verb(addresses, 'matches', 'match')} profile {listing(narrow)} and, less "
                    f"specifically, profile {name}: "
                    f"{effect}."
                ),
                cause=[name, severity, *narrow, *addresses],
                evidence=facts.router.evidence(*lines),
                confidence=strongest(*(_certainty(peer) for peer, _, _ in found)),
            )


def _matters(peer: Peer, best: IsakmpProfile, wider: ProfilePick) -> bool:
    """Whether 'most specific' and 'first in configuration' end differently (C-1)."""
    if wider is not peer.selected.first:
        return False
    bound = peer.end.isakmp_profile
    if bound is not None and (bound == best.name) != (bound == wider.profile.name):
        return True
    taken = peer.blind_pick
    if taken is None:
        return False
    rules = peer.rules
    return (taken.keyring.name in rules.ring_names(best)) != (taken.keyring.name in rules.ring_names(wider.profile))


def _certainty(peer: Peer) -> Confidence:
    if peer.selected.uncertain:
        return "unknown"
    return "probable" if peer.far_rules is None or peer.conceivable else "certain"


HAZARD = Hazard(
    code="PF-OVERLAP-ID",
    title="One identity matches several profiles, more and less specifically",
    severity="medium",
    scope="router",
    what=(
        "A peer's identity is covered by the match statements of two or more profiles, one more specific than the "
        "other. High when the wider profile stands first in the configuration and would lead to another result "
        "(keyring or binding)."
    ),
    why=(
        "Cisco's own description contradicts itself: one place says that the first match in the configuration "
        "counts, another that the most specific does. Captures support the latter, but a design should not hang on "
        "it."
    ),
    symptom="Depending on the release: verification failure, or error 32 in quick mode, when the peer starts.",
    fix="Make the match statements disjoint.",
    source="C-1",
    detect=detect,
)
