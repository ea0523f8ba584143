"""PW-V2-KE: the initiator's first group is not the responder's."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.selection import LocalEnd, RouterRules


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each direction between two routers that needs another round trip."""
    seen: set[tuple[str, str]] = set()
    for peer in context.peers:
        if peer.end.ike_version != 2 or peer.far_rules is None or peer.end.peer is None:
            continue
        guess, accepted = _groups(peer.rules, peer.end.local), _groups(peer.far_rules, _far_end(peer))
        pair = (peer.router.name, peer.far_name)
        if pair in seen or not guess or not accepted or guess[0] in accepted or not set(guess) & set(accepted):
            continue
        seen.add(pair)
        lines = [
            proposal.line for proposal in peer.rules.ikev2.proposals(peer.rules.ikev2.policy(peer.end.local)) or ()
        ]
        far = peer.far_rules
        theirs = [proposal.line for proposal in far.ikev2.proposals(far.ikev2.policy(_far_end(peer))) or ()]
        yield HAZARD.finding(
            hosts=sorted(pair),
            peers=[str(peer.address)],
            message=(
                f"{pair[0]} guesses group {guess[0]}, which {pair[1]} does not have; they agree on another in a "
                "second round."
            ),
            cause=[guess[0], *accepted],
            evidence=[*peer.router.evidence(*lines), *far.router.evidence(*theirs)],
        )


def _far_end(peer: Peer) -> LocalEnd:
    return peer.far.local if peer.far is not None else LocalEnd(peer.address)


def _groups(rules: RouterRules, end: LocalEnd) -> tuple[str, ...]:
    """The groups that an end offers, in order of preference."""
    proposals = rules.ikev2.proposals(rules.ikev2.policy(end)) or ()
    return tuple(dict.fromkeys(group for proposal in proposals for group in proposal.groups))


HAZARD = Hazard(
    code="PW-V2-KE",
    title="The initiator's first Diffie-Hellman group is not the responder's",
    severity="info",
    scope="pair",
    what=(
        "The first group of the initiator's IKEv2 proposal is not among the responder's, but they have another one "
        "in common."
    ),
    why=(
        "The responder asks for another key exchange payload, and the negotiation takes one more round trip. It "
        "succeeds."
    ),
    symptom="'The peer's KE payload contained the wrong DH group' (INVALID_KE_PAYLOAD).",
    fix="None needed; the same order of groups at both ends avoids it.",
    source="IKEV2-POLICY",
    detect=detect,
)
