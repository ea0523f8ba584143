"""PW-LIFETIME: lifetimes that differ widely."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.policy_strength import first_common
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.router_pairs import ikev1_pairs, known_pairs
from ikeaudit.model import Router
from ikeaudit.selection import Endpoint

DEFAULT = 86400
"""Seconds that a policy without a lifetime has (POLICY-AGREE)."""
RATIO = 4
"""A difference by this factor is called wide."""


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of routers."""
    for one, other in ikev1_pairs(context):
        common = first_common(one.rules.policies, other.rules.policies)
        if common is None:
            continue
        mine, theirs = _lifetime(one, common[0].number), _lifetime(other, common[1].number)
        if max(mine, theirs) >= RATIO * min(mine, theirs):
            yield HAZARD.finding(
                hosts=[one.name, other.name],
                message=(
                    f"Phase 1 lasts {mine} s on {one.name} and {theirs} s on {other.name}; the lower value is used."
                ),
                cause=[str(mine), str(theirs)],
                evidence=[*one.router.evidence(common[0].line), *other.router.evidence(common[1].line)],
            )
    yield from _phase2(context)


def _phase2(context: AuditContext) -> Iterator[Finding]:
    """One finding for each tunnel whose two ends write down IPsec lifetimes that differ widely."""
    written = {facts.name: _Written(facts.router) for facts in context.routers}
    for peer in known_pairs(context):
        if peer.far_rules is None or peer.far is None:
            continue
        mine, theirs = written[peer.router.name].of(peer.end), written[peer.far_name].of(peer.far)
        if mine is None or theirs is None or max(mine[0], theirs[0]) < RATIO * min(mine[0], theirs[0]):
            continue
        yield HAZARD.finding(
            hosts=[peer.router.name, peer.far_name],
            peers=[str(peer.address)],
            message=(
                f"IPsec security associations last {mine[0]} s on {peer.router.name} ({peer.end.interface}) and "
                f"{theirs[0]} s on {peer.far_name} ({peer.far.interface}); the lower value is used."
            ),
            cause=[peer.end.interface, str(mine[0]), peer.far.interface, str(theirs[0])],
            evidence=[*peer.router.evidence(mine[1]), *peer.far_rules.router.evidence(theirs[1])],
        )


class _Written:
    """The IPsec lifetimes in seconds that a router's IPsec profiles and crypto map entries write down, with their lines."""

    def __init__(self, router: Router) -> None:
        self._profiles = {p.name: (p.lifetime, p.line) for p in router.ipsec_profiles if p.lifetime}
        entries = (entry for crypto_map in router.crypto_maps for entry in crypto_map.entries)
        self._entries = {entry.line: (entry.lifetime, entry.line) for entry in entries if entry.lifetime}

    def of(self, end: Endpoint) -> tuple[int, int] | None:
        """That of one tunnel end; None where nothing is written."""
        if end.kind == "tunnel":
            return self._profiles.get(end.ipsec_profile or "")
        return next((self._entries[line] for line in end.lines if line in self._entries), None)


def _lifetime(facts: RouterFacts, number: int) -> int:
    policies = {policy.number: policy.lifetime for policy in facts.router.isakmp_policies}
    return policies.get(number) or DEFAULT


HAZARD = Hazard(
    code="PW-LIFETIME",
    title="The lifetimes of two routers differ widely",
    severity="info",
    scope="pair",
    what=(
        "The phase 1 lifetimes of the policy that two routers agree on, or the IPsec lifetimes that both ends of a tunnel "
        "write down, differ by a factor of four or more."
    ),
    why=(
        "It does no harm by itself: the lower value is used. But rekeying happens when nobody expects it, and the "
        "router that starts it is not the one that started the tunnel."
    ),
    symptom="None.",
    fix="Set the same lifetime at both ends.",
    source="POLICY-AGREE",
    detect=detect,
)
