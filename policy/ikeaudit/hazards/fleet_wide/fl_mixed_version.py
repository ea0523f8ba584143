"""FL-MIXED-VERSION: tunnels that belong together use different IKE versions."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.folding import fold
from ikeaudit.selection import Endpoint


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each group of tunnels that one router has in both versions, and one where many pairs do."""
    yield from fold(_groups(context))


def _groups(context: AuditContext) -> Iterator[Finding]:
    groups: dict[str, list[Endpoint]] = {}
    others: dict[str, list[str]] = {}
    for facts in context.routers:
        for peer in facts.peers:
            # A tunnel has two ends: what one router has is enough to see that its tunnels differ.
            if peer.far_rules is not None and facts.name < peer.far_name:
                name = f"the tunnels between {facts.name} and {peer.far_name}"
                groups.setdefault(name, []).append(peer.end)
                others.setdefault(name, []).append(peer.far_name)
        for end in facts.ends:
            if end.crypto_map is not None:
                groups.setdefault(f"the entries of crypto map {end.crypto_map} of {facts.name}", []).append(end)
    for name, ends in groups.items():
        versions = {
            version: sorted({end.interface for end in ends if end.ike_version == version}) for version in (1, 2)
        }
        if not versions[1] or not versions[2]:
            continue
        router = context.router(ends[0].router).router
        yield HAZARD.finding(
            hosts=[router.name, *dict.fromkeys(others.get(name, ()))],
            peers=dict.fromkeys(str(end.peer) for end in ends if end.peer is not None),
            message=f"Of {name} some use IKEv1 ({listing(versions[1])}) and some IKEv2 ({listing(versions[2])}).",
            cause=[name, *versions[1], "", *versions[2]],
            evidence=router.evidence(*(end.lines[0] for end in ends if end.lines)),
        )


HAZARD = Hazard(
    code="FL-MIXED-VERSION",
    title="Tunnels that belong together use different IKE versions",
    severity="medium",
    scope="fleet",
    what=(
        "Of the tunnels between two routers, or the entries of one crypto map, some negotiate by IKEv1 and some by "
        "IKEv2."
    ),
    why=(
        "A migration stopped half-way: both sets of keys and policies have to be kept, and whichever end is behind "
        "decides what fails next."
    ),
    symptom="None, or PW-IKEVER where the two ends of one tunnel differ.",
    fix="Finish the migration of the group, or take it back.",
    source="IKEV2-VERSIONS",
    detect=detect,
)
