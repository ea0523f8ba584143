"""FL-MIXED-VERSION: tunnels that belong together use different IKE versions."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.selection import Endpoint


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each group of tunnels."""
    groups: dict[str, dict[int, dict[str, Endpoint]]] = {}
    for facts in context.routers:
        for peer in facts.peers:
            if peer.far_rules is not None:
                pair = " and ".join(sorted((facts.name, peer.far_name)))
                _add(groups, f"tunnels between {pair}", peer.end)
        for end in facts.ends:
            if end.crypto_map is not None:
                _add(groups, f"crypto map {end.crypto_map} of {facts.name}", end)
    for name, versions in groups.items():
        if len(versions) < 2:
            continue
        ends = [end for by_label in versions.values() for end in by_label.values()]
        yield HAZARD.finding(
            hosts=sorted({end.router for end in ends}),
            peers=dict.fromkeys(str(end.peer) for end in ends if end.peer is not None),
            message=(
                f"Of the {name}, {counted(len(versions[1]), 'end')} negotiate by IKEv1 "
                f"({listing(sorted(versions[1]))}) and "
                f"{len(versions[2])} by IKEv2 ({listing(sorted(versions[2]))})."
            ),
            cause=[name, *sorted(versions[1]), "", *sorted(versions[2])],
            evidence=[line for end in ends for line in context.router(end.router).router.evidence(*end.lines[:1])],
        )


def _add(groups: dict[str, dict[int, dict[str, Endpoint]]], name: str, end: Endpoint) -> None:
    groups.setdefault(name, {}).setdefault(end.ike_version, {})[f"{end.router} {end.interface}"] = end


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
    source="DOMAIN 6.5, 11.E",
    detect=detect,
)
