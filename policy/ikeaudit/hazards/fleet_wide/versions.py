"""IKE versions and releases across the fleet."""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.facts.release import Release, platform_of, release_of, shield
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, compared
from ikeaudit.hazards.folding import fold
from ikeaudit.hazards.shared.weak_crypto import Weakness, weak_pfs, weak_phase1, weak_phase2
from ikeaudit.ios.words import starts
from ikeaudit.model import Evidence, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint

_VERSION = starts("global/version")


class MixedGroup(msgspec.Struct, frozen=True, tag=True):
    """The finding for one group of tunnels that are of both versions."""

    order: str
    finding: Finding


def _mixed(context: AuditContext) -> Iterator[MixedGroup]:
    for finding in _groups(context):
        yield MixedGroup(finding.hosts[0], finding)


@compared(
    _mixed,
    code="FL-MIXED-VERSION",
    title="Tunnels that belong together use different IKE versions",
    category="hygiene",
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
    absent_from=(),
)
def fl_mixed_version(groups: Sequence[MixedGroup], _names: Collection[str]) -> Iterator[Finding]:
    """One finding for each group of tunnels that one router has in both versions, and one where many pairs do."""
    yield from fold(group.finding for group in groups)


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
        yield fl_mixed_version.finding(
            hosts=[router.name, *dict.fromkeys(others.get(name, ()))],
            peers=dict.fromkeys(str(end.peer) for end in ends if end.peer is not None),
            message=f"Of {name} some use IKEv1 ({listing(versions[1])}) and some IKEv2 ({listing(versions[2])}).",
            cause=[name],
            evidence=router.evidence(*(end.lines[0] for end in ends if end.lines)),
        )


class Blocked(msgspec.Struct, frozen=True, tag=True):
    """A router whose upgrade would cost it tunnels; ``limit`` is the release that refuses what it uses, ``found``.

    ``words`` describe the router; ``far`` are the routers at the other ends, ``peers`` the addresses of all ends.
    """

    order: str
    words: str
    limit: str
    found: tuple[str, ...]
    far: tuple[str, ...]
    peers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    confidence: Confidence


def _blocked(context: AuditContext) -> Iterator[Blocked]:
    for facts in context.routers:
        blocked = _planned(facts, (context.planned or {}).get(facts.name))
        if blocked is not None:
            yield blocked


@compared(
    _blocked,
    code="FL-UPGRADE-BLOCK",
    title="An upgrade would take tunnels down",
    category="connectivity",
    severity="critical",
    scope="fleet",
    what=(
        "A router on IOS-XE uses phase 1 policies, transform sets or PFS groups that the releases of Field Notice "
        "FN72510 refuse on its platform (17.11.1a where the platform is not known), and the release that 'check "
        "--target-release' plans for it is one of those. Without a planned release nothing is said: PH1-WEAK, PH2-WEAK and "
        "PFS-WEAK name what is weak."
    ),
    why=(
        "The lines are rejected when the new release boots, and every tunnel that depends on them stays down, at "
        "both ends."
    ),
    symptom="After the upgrade: '... is not CSDL compliant', no common policy.",
    fix="If the upgrade is to take place, move the router and its peers to strong algorithms first.",
    source="ALGO-WEAK",
    absent_from=("isakmp-policy",),
)
def fl_upgrade_block(routers: Sequence[Blocked], _names: Collection[str]) -> Iterator[Finding]:
    """One finding for each set of routers that use the same weak objects and meet the same release."""
    groups = by_key(((one.limit, "; ".join(one.found), one.confidence), one) for one in routers)
    for (limit, _, confidence), items in groups.items():
        names = [item.order for item in items]
        peers = sorted({name for item in items for name in item.far} - set(names))
        also = f", and the tunnels to {listing(peers)} with it" if peers else ""
        what = f"uses what release {limit}" if len(items) == 1 else f"use what release {limit}"
        yield fl_upgrade_block.finding(
            hosts=sorted({*names, *peers}),
            peers=dict.fromkeys(peer for item in items for peer in item.peers),
            message=f"{listing(item.words for item in items)} {what} refuses: {listing(items[0].found)}{also}.",
            cause=[limit, confidence, *items[0].found],
            evidence=[line for item in items for line in item.evidence],
            confidence=confidence,
        )


def _described(facts: RouterFacts) -> str:
    release = release_of(facts.router)
    platform = platform_of(facts.router) or "unknown platform"
    return f"{facts.name} ({platform}, {release if release is not None else 'unknown release'})"


def _planned(facts: RouterFacts, planned: Release | None) -> Blocked | None:
    """What the planned release would hit; nothing on a router that is not to be upgraded."""
    without_override = msgspec.structs.replace(facts.router, compliance_shield_disabled=False)
    state = shield(without_override, planned) if planned is not None else "accepts"
    found = tuple(weaknesses(facts))
    if planned is None or state == "accepts" or not found:
        return None
    return Blocked(
        order=facts.name,
        words=_described(facts),
        limit=str(planned),
        found=tuple(map(str, found)),
        far=tuple(sorted({peer.far_name for peer in facts.peers if peer.far_rules is not None})),
        peers=tuple(dict.fromkeys(str(peer.address) for peer in facts.peers)),
        evidence=facts.router.evidence(*(weakness.line for weakness in found)),
        confidence=_sureness(facts, state == "refuses"),
    )


def _sureness(facts: RouterFacts, known: bool) -> Confidence:
    """A disabled compliance shield keeps the algorithms, but was seen not to last (ALGO-WEAK)."""
    return "certain" if known and not facts.router.compliance_shield_disabled else "probable"


def weaknesses(facts: RouterFacts) -> list[Weakness]:
    """Everything on a router that Field Notice FN72510 refuses."""
    return [
        *weak_phase1(facts.router, facts.rules.policies),
        *weak_phase2(facts.router),
        *weak_pfs(facts.router),
    ]


FIRST = Release(15, 1)
"""The first releases with IKEv2 are 15.1(1)T and IOS-XE 3.3S, which calls itself 15.1 (IKEV2-RELEASES)."""


class Old(msgspec.Struct, frozen=True, tag=True):
    """A router with IPsec whose ``release`` has no IKEv2, and the lines that say so."""

    order: str
    release: str
    evidence: tuple[Evidence, ...]


def _old(context: AuditContext) -> Iterator[Old]:
    for facts in context.routers:
        release = release_of(facts.router)
        if release is not None and release < FIRST and (facts.ends or facts.picks):
            yield Old(facts.name, str(Release(release.major, release.minor)), _version(facts.router))


@compared(
    _old,
    code="FL-NO-V2",
    title="A router's release has no IKEv2",
    category="hygiene",
    severity="info",
    scope="fleet",
    what="A router with IPsec runs a release before 15.1(1)T or IOS-XE 3.3S.",
    why="It and the tunnels to it cannot be moved to IKEv2.",
    fix="Upgrade or replace it, or leave its tunnels out of the migration.",
    source="IKEV2-RELEASES",
    absent_from=(),
)
def fl_no_v2(routers: Sequence[Old], _names: Collection[str]) -> Iterator[Finding]:
    """One finding for each release."""
    for release, some in by_key((one.release, one) for one in routers).items():
        names = sorted(one.order for one in some)
        yield fl_no_v2.finding(
            hosts=names,
            message=f"Release {release} on {listing(names)} has no IKEv2.",
            cause=[release],
            evidence=[line for one in some for line in one.evidence],
            confidence="probable",
        )


def _version(router: Router) -> tuple[Evidence, ...]:
    """The configuration's own ``version`` line."""
    lines = enumerate(router.lines, router.first_line)
    return router.evidence(*[n for n, text in lines if text.startswith(_VERSION)][:1])
