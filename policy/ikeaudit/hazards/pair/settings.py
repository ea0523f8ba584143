"""Identities and timers that the two ends of a tunnel set differently."""

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer, peer_keepalive
from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.hazards.shared.router_pairs import ikev1_pairs, known_pairs, unexpected
from ikeaudit.hazards.shared.weak_crypto import first_common
from ikeaudit.model import IsakmpProfile, Router
from ikeaudit.selection import Endpoint


@catalogued(
    code="PW-ID",
    title="The responder's profile does not match the initiator's identity",
    category="connectivity",
    breaks=("identity-not-matched", "profile-binding", "keyring-verification"),
    explains=("PF-BIND-MISMATCH",),
    severity="high",
    scope="pair",
    what=(
        "Both configurations are known, and the identity that one router presents is matched by no profile of the "
        "other, whose tunnel is bound to one."
    ),
    why=(
        "The caller ends up without a profile, and the bound tunnel refuses it in quick mode. The other direction "
        "is not concerned."
    ),
    symptom="Called: 'peer matches *none* of the profiles', then error 32.",
    fix=(
        "Match in the profile what the other router presents, or make it present what the profile matches, whichever "
        "is meant."
    ),
    source="BIND-PROFILE, U-5",
    absent_from=("isakmp-profile", "global"),
)
def pw_id(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile and router that presents something else."""
    groups: dict[tuple[str, str, str], list[tuple[Peer, IsakmpProfile]]] = {}
    for peer in context.peers:
        profile = unexpected(context, peer) if peer.end.ike_version == 1 else None
        if profile is not None:
            groups.setdefault((peer.router.name, profile.name, peer.far_name), []).append((peer, profile))
    for (router, name, far), found in groups.items():
        identities = dict.fromkeys(str(peer.identity) for peer, _ in found)
        first = found[0][0]
        yield pw_id.finding(
            hosts=sorted((router, far)),
            peers=dict.fromkeys(str(peer.address) for peer, _ in found),
            message=(
                f"{far} presents the identity {listing(identities)}, which profile {name} of {router} does not match."
            ),
            cause=[router, name, far],
            parts=[(router, name, str(peer.address)) for peer, _ in found],
            evidence=first.router.evidence(
                found[0][1].line,
                *(match.line for match in found[0][1].matches),
                *(n for p, _ in found for n in p.end.lines),
            ),
            confidence="probable" if first.guessed else "certain",
        )


@catalogued(
    code="PW-DPD",
    title="Dead peer detection at one end only",
    category="hygiene",
    severity="low",
    scope="pair",
    what="One end of a tunnel has a keepalive (DPD) and the other has none.",
    why="The end without it keeps sending into security associations that the other end has already dropped.",
    symptom="%CRYPTO-4-RECVD_PKT_INV_SPI at one end after a failure.",
    fix="Configure it at both ends.",
    source="DPD-BOTH, CHANGE-CLEAR",
    absent_from=("isakmp-profile", "ikev2-profile", "global"),
)
def pw_dpd(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router that lacks it, with all peers that have it."""
    groups: dict[str, dict[str, tuple[str, int]]] = {}
    for peer in known_pairs(context):
        if peer.far_rules is None or peer.far is None:
            continue
        back = Peer(
            peer.far_rules, peer.far, peer.far.peer or peer.end.local.address or peer.address, peer.rules, peer.end
        )
        here, there = peer_keepalive(peer), peer_keepalive(back)
        if (here is None) == (there is None):
            continue
        if here is None and there is not None:
            groups.setdefault(peer.router.name, {})[peer.far_name] = (peer.end.interface, there.line)
        elif here is not None:
            groups.setdefault(peer.far_name, {})[peer.router.name] = (peer.far.interface, here.line)
    for router, others in groups.items():
        yield pw_dpd.finding(
            hosts=sorted({router, *others}),
            message=(
                f"Only the other end checks whether the peer is alive: {listing(sorted(others))}, but not {router}."
            ),
            cause=[router],
            parts=[(router, name, "") for name in others],
            evidence=[e for name, (_, line) in others.items() for e in context.router(name).router.evidence(line)],
        )


DEFAULT = 86400
"""Seconds that a policy without a lifetime has (POLICY-AGREE)."""


RATIO = 4
"""A difference by this factor is called wide."""


@catalogued(
    code="PW-LIFETIME",
    title="The lifetimes of two routers differ widely",
    category="hygiene",
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
    fix="Set the same lifetime at both ends.",
    source="POLICY-AGREE",
    absent_from=("isakmp-policy",),
)
def pw_lifetime(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of routers."""
    for one, other in ikev1_pairs(context):
        common = first_common(one.rules.policies, other.rules.policies)
        if common is None:
            continue
        mine, theirs = _lifetime(one, common[0].number), _lifetime(other, common[1].number)
        if max(mine, theirs) >= RATIO * min(mine, theirs):
            yield pw_lifetime.finding(
                hosts=[one.name, other.name],
                message=(
                    f"Phase 1 lasts {mine} s on {one.name} and {theirs} s on {other.name}; the lower value is used."
                ),
                cause=[one.name, other.name],
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
        yield pw_lifetime.finding(
            hosts=[peer.router.name, peer.far_name],
            peers=[str(peer.address)],
            message=(
                f"IPsec security associations last {mine[0]} s on {peer.router.name} ({peer.end.interface}) and "
                f"{theirs[0]} s on {peer.far_name} ({peer.far.interface}); the lower value is used."
            ),
            cause=[peer.router.name, peer.end.interface, peer.far_name, peer.far.interface],
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
