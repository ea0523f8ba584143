"""Match statements of ISAKMP profiles: missing, equal, nested, too wide."""

from collections.abc import Iterator
from typing import TypeAlias

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import each, listing, place, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.scope import scope_of
from ikeaudit.hazards.finding import Finding, Severity, for_each_router
from ikeaudit.model import IdentityMatch, IsakmpProfile
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import ProfilePick


@for_each_router(
    code="PF-INCOMPLETE",
    title="A profile without a match statement",
    category="connectivity",
    breaks=("identity-not-matched", "profile-binding", "keyring-verification"),
    explains=("PW-ID", "PF-BOUND-NOMATCH", "PF-BIND-MISMATCH"),
    severity="high",
    what="An ISAKMP profile has neither 'match identity' nor 'match certificate'.",
    why=(
        "IOS calls such a profile incomplete and ignores some of its sub-commands; as responder it never selects "
        "it, so that a tunnel bound to it is refused in quick mode."
    ),
    symptom=(
        "'! This profile is incomplete (no match identity statement)' in the running-config; 'peer matches *none* "
        "of the profiles', then error 32."
    ),
    fix="If the profile is meant for these peers, add the match statement for their identity.",
    source="PROFILE-COMPLETE",
    absent_from=("isakmp-profile",),
)
def pf_incomplete(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile without a match line."""
    bound = by_key((peer.end.isakmp_profile, str(peer.address)) for peer in facts.ikev1_peers)
    for profile in facts.router.isakmp_profiles:
        if profile.matches:
            continue
        peers = bound.get(profile.name, ())
        yield pf_incomplete.finding(
            peers=peers,
            message=f"Profile {profile.name} has no match statement, so that no caller is ever assigned to it.",
            cause=[profile.name],
            evidence=facts.router.evidence(profile.line),
            confidence=facts.doubt("isakmp-profile", name=profile.name),
        )


_Statement: TypeAlias = tuple[IsakmpProfile, IdentityMatch]


@for_each_router(
    code="PF-DUP-ID",
    title="Two profiles match the same identity equally",
    category="selection",
    breaks=("identity-not-matched", "profile-binding", "keyring-verification"),
    explains=("PF-BIND-MISMATCH",),
    severity="high",
    what=(
        "Two or more ISAKMP profiles have the same match statement (kind, value and mask, VRF), and their local "
        "addresses do not keep them apart."
    ),
    why=(
        "An identity must belong to one profile only; else the configuration is invalid, and it depends on the order "
        "of profiles which one is selected. Where keyrings or bindings differ, that decides between up and down."
    ),
    symptom=(
        "When the peer starts: verification failure, or error 32 in quick mode, after a profile was re-created or "
        "moved."
    ),
    fix=(
        "If one profile is meant for the peer, let it alone match the identity: the one that the peer's tunnel is "
        "bound to. Where both are needed, keep them apart by VRF or local-address."
    ),
    source="PROFILE-UNIQUE, C-1",
    absent_from=(),
)
def pf_dup_id(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each set of profiles that share identities."""
    groups: dict[tuple[tuple[str, ...], bool], list[_Statement]] = {}
    for statements in _same_identity(facts):
        names = tuple(dict.fromkeys(profile.name for profile, _ in statements))
        if len(names) > 1:
            overlap = _overlap(facts, statements)
            if overlap is not False:
                groups.setdefault((names, overlap is True), []).extend(statements)
    for (names, sure), statements in groups.items():
        identities = dict.fromkeys(words(match) for _, match in statements)
        peers = dict.fromkeys(
            str(match.prefix.address) for _, match in statements if match.prefix is not None and match.prefix.is_host
        )
        yield pf_dup_id.finding(
            peers=peers,
            message=(
                f"Profiles {listing(names)} match alike ({listing(identities)}): which of them a caller gets is "
                "not defined."
            ),
            cause=[*names, "certain" if sure else "unknown"],
            parts=[
                (facts.name, words(m), str(m.prefix.address) if m.prefix is not None else "") for _, m in statements
            ],
            evidence=facts.router.evidence(*(n for profile, match in statements for n in (profile.line, match.line))),
            confidence="certain" if sure else "unknown",
        )


def _same_identity(facts: RouterFacts) -> list[list[_Statement]]:
    found: dict[tuple[object, ...], list[_Statement]] = {}
    for profile in facts.router.isakmp_profiles:
        for match in profile.matches:
            what: object = match.prefix.network if match.prefix is not None else (match.value or "").lower()
            found.setdefault((match.kind, what, match.vrf), []).append((profile, match))
    return [statements for statements in found.values() if len(statements) > 1]


def _overlap(facts: RouterFacts, statements: list[_Statement]) -> bool | None:
    """Whether two of the profiles apply at one local end; None when a learnt address decides."""
    version = next((match.prefix.version for _, match in statements if match.prefix is not None), 4)
    scopes = {p.name: scope_of(p.local_address, facts.rules.addresses, version) for p, _ in statements}
    known = [scope for scope in scopes.values() if scope.kind != "nowhere"]
    if len(known) > len(set(known)) or (len(known) > 1 and any(scope.kind == "any" for scope in known)):
        return True
    doubtful = [one.meets(other) for one in known[:50] for other in known[:50] if one is not other]
    return None if None in doubtful else False


def words(match: IdentityMatch) -> str:
    """A match statement as read aloud: ``address 10.0.0.2 in the default VRF``."""
    value = str(match.prefix) if match.prefix is not None else match.value or ""
    return f"{match.kind.replace('-', ' ')} {value} in {place(match.vrf)}"


@for_each_router(
    code="PF-OVERLAP-ID",
    title="One identity matches several profiles, more and less specifically",
    category="selection",
    breaks=("identity-not-matched", "profile-binding", "keyring-verification"),
    explains=("PF-BIND-MISMATCH",),
    severity="medium",
    what=(
        "A peer's identity is covered by the match statements of two or more profiles, one more specific than the "
        "other. High when the wider profile stands first in the configuration and would lead to another result "
        "(keyring or binding)."
    ),
    why=(
        "Cisco's own description contradicts itself: one place says that the first match in the configuration counts, "
        "another that the most specific does. Captures support the latter, but a design should not hang on it."
    ),
    symptom="Depending on the release: verification failure, or error 32 in quick mode, when the peer starts.",
    fix="Where a peer is meant for one of them, make the match statements disjoint.",
    source="C-1",
    absent_from=(),
)
def pf_overlap_id(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each wider profile and each severity."""
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
        addresses = dict.fromkeys(peer.label if peer.conceivable else str(peer.identity) for peer, _, _ in found)
        narrow = dict.fromkeys(best.profile.name for _, best, _ in found)
        lines = sorted({n for _, b, w in found for n in (b.profile.line, b.match.line, w.profile.line, w.match.line)})
        effect = (
            "which of the two readings IOS follows decides between up and down"
            if severity == "high"
            else "both readings of the rules lead to the same result today"
        )
        yield pf_overlap_id.finding(
            peers=dict.fromkeys(peer.label for peer, _, _ in found),
            severity=severity,
            message=(
                f"{listing(addresses)} {verb(addresses, 'matches', 'match')} {each('profile', narrow)} and, less "
                f"specifically, profile {name}: {effect}."
            ),
            cause=[name, severity],
            evidence=facts.router.evidence(*lines),
            confidence=strongest(*(_overlap_certainty(peer) for peer, _, _ in found)),
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


def _overlap_certainty(peer: Peer) -> Confidence:
    if peer.selected.uncertain:
        return "unknown"
    return "probable" if peer.far_rules is None or peer.conceivable else "certain"


@for_each_router(
    code="PF-CATCHALL",
    title="A profile matches everybody beside other profiles",
    category="selection",
    severity="medium",
    what=(
        "A profile has 'match identity address 0.0.0.0' (or ::/0), and other profiles match addresses in the same front-door "
        "VRF."
    ),
    why=(
        "Every peer of the other profiles also matches this one. Whoever is mistyped or forgotten there lands here "
        "without a warning, with this profile's keyring, and the reading 'first match counts' sends everybody here."
    ),
    symptom="A peer comes up under the wrong profile, or fails the verification against it.",
    fix="Narrow the match, if not everybody is meant; or keep the catch-all alone in its VRF (a DMVPN hub).",
    source="C-1",
    absent_from=(),
)
def pf_catchall(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each catch-all profile and VRF."""
    by_vrf: dict[str | None, dict[str, None]] = {}
    for profile in facts.router.isakmp_profiles:
        for match in profile.matches:
            if match.prefix is not None:
                by_vrf.setdefault(match.vrf, {})[profile.name] = None
    for profile in facts.router.isakmp_profiles:
        for match in profile.matches:
            if match.prefix is None or match.prefix.length or len(by_vrf[match.vrf]) < 2:
                continue
            others = [name for name in by_vrf[match.vrf] if name != profile.name]
            yield pf_catchall.finding(
                message=(
                    f"Profile {profile.name} matches every address in {place(match.vrf)}, beside profile "
                    f"{listing(others)}."
                ),
                cause=[profile.name, str(match.vrf), str(match.prefix)],
                evidence=facts.router.evidence(profile.line, match.line),
            )
