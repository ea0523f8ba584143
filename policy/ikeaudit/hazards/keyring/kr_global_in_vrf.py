"""KR-GLOBAL-IN-VRF: a peer in a VRF relies on a global key."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import (
    Unreached,
    callers_at,
    end_lines,
    in_other_vrfs,
    keyless,
    open_ends,
    sureness,
    unreached,
    unreached_lines,
)
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import DEFAULT_KEYRING
from ikeaudit.selection import KeyPick


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each VRF that the global keys do not reach."""
    for facts in context.routers:
        groups: dict[str, list[tuple[Peer, KeyPick]]] = {}
        for peer in keyless(facts):
            fvrf = peer.end.fvrf
            if fvrf is None or in_other_vrfs(facts, peer):
                continue
            picks = [p for p in facts.covering(None, peer.address) if p.keyring.name == DEFAULT_KEYRING]
            if picks:
                groups.setdefault(fvrf, []).append((peer, picks[0]))
        for vrf, found in groups.items():
            addresses = dict.fromkeys(str(peer.address) for peer, _ in found)
            prefixes = dict.fromkeys(str(pick.key.prefix) for _, pick in found)
            lines = sorted({pick.key.line for _, pick in found})
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"Only the global key for {listing(prefixes)} covers {listing(addresses)}, but the tunnel's "
                    f"packets travel in VRF {vrf}, where global keys are not consulted."
                ),
                cause=[vrf, *addresses],
                evidence=facts.router.evidence(*end_lines([peer for peer, _ in found]), *lines),
                confidence=sureness(facts, [peer for peer, _ in found]),
            )
        yield from _open_ends(facts)


def _open_ends(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each VRF in which ends answer anybody and only global keys are there."""
    found = [item for item in unreached(facts) if item.vrf_differs]
    named = {item.end for item in found if item.pick.keyring.name != DEFAULT_KEYRING}
    groups: dict[str, list[Unreached]] = {}
    for item in found:
        if item.end not in named and item.end.fvrf is not None:
            groups.setdefault(item.end.fvrf, []).append(item)
    for vrf, items in groups.items():
        ends = open_ends(items)
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=callers_at(facts, (item.end for item in items)),
            message=(
                f"{listing(ends)} {verb(ends, 'answers', 'answer')} callers in VRF {vrf}, and the only keys for them are "
                "global ones, which are not consulted there."
            ),
            cause=[vrf, *ends],
            evidence=facts.router.evidence(*unreached_lines(items)),
            confidence=facts.doubt("keyring", "isakmp-profile"),
        )


HAZARD = Hazard(
    code="KR-GLOBAL-IN-VRF",
    title="A global key is relied on for a peer in a VRF",
    severity="critical",
    scope="router",
    what="A tunnel's outer packets travel in a front-door VRF, and the only key that covers its peer is a global one.",
    why=(
        "Global keys apply to the default VRF only. Moving the Internet uplink into a VRF so takes all tunnels down "
        "at once."
    ),
    symptom="'No pre-shared key with X!' when starting, 'phase 1 SA policy not acceptable!' when called.",
    fix="Put the key into a keyring of that VRF: 'crypto keyring NAME vrf FVRF'.",
    source="KEY-FVRF, KEY-GLOBAL",
    detect=detect,
)
