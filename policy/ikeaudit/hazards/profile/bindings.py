"""What ISAKMP profiles are bound to, and their keyrings."""

from collections.abc import Iterator

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.one_slip import Lookalikes
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import each, listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import USERS, Finding, for_each_router
from ikeaudit.model import IsakmpProfile


@for_each_router(
    code="PF-NO-KEYRING",
    title="A profile without a keyring, while its peer's key is in a named one",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder", "keyring-verification"),
    explains=("KR-NOKEY", "KR-PROFILE-LACKS-PEER", "PW-NOKEY-R", "KR-ORPHAN"),
    severity="high",
    what=(
        "A profile has no 'keyring' line, pre-shared keys are in use, and the key that the search finds for one of "
        "its peers stands in a named keyring. A profile that lives on global keys is not reported, nor one for client "
        "groups, whose keys are the groups'."
    ),
    why=(
        "Without a 'keyring' line the profile uses the global keys. The initiator then finds no key, and the "
        "responder's blind search does find one, which the verification refuses."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange'."
    ),
    fix="If the profile is meant for that keyring's keys, name it: 'keyring NAME'.",
    source="PROFILE-NO-KEYRING, KEY-VERIFY, U-4",
    absent_from=("isakmp-profile",),
)
def pf_no_keyring(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile without a keyring that needs one."""
    if facts.certificates or not facts.pre_shared:
        return
    groups: dict[str, tuple[IsakmpProfile, dict[Peer, None]]] = {}
    for peer in facts.callers:
        for profile in (peer.bound, peer.profile):
            if profile is None or profile.keyrings or _of_client_groups(profile):
                continue
            if peer.blind.best and not peer.uses_default:
                groups.setdefault(profile.name, (profile, {}))[1][peer] = None
    for profile, peers in groups.values():
        rings = dict.fromkeys(pick.keyring.name for peer in peers for pick in peer.blind.best)
        addresses = dict.fromkeys(peer.label for peer in peers)
        keys = sorted({n for p in peers for pick in p.blind.best for n in (pick.keyring.line, pick.key.line)})
        yield pf_no_keyring.finding(
            peers=addresses,
            message=(
                f"Profile {profile.name} names no keyring and so has the global keys only, while the key for "
                f"{listing(addresses)} is in {each('keyring', rings)}."
            ),
            cause=[profile.name],
            evidence=facts.router.evidence(profile.line, *(m.line for m in profile.matches), *keys),
            # That such a profile uses the global keys is inferred (U-4).
            confidence=strongest(*("unknown" if p.blind.uncertain else "probable" for p in peers)),
        )


def _of_client_groups(profile: IsakmpProfile) -> bool:
    """Whether the profile is for client groups only: their keys stand with the groups (TAC 46242)."""
    return bool(profile.matches) and all(match.kind == "group" for match in profile.matches)


@for_each_router(
    code="PF-BIND-MISMATCH",
    title="The peer's identity selects another profile than the tunnel is bound to",
    category="selection",
    breaks=("profile-binding", "keyring-verification"),
    severity="high",
    what=(
        "The profile that a peer's identity selects is not the one that the IPsec profile, crypto map or tunnel "
        "protection towards that peer is bound to."
    ),
    why=(
        "Phase 1 can succeed, when both profiles use the same keyring; in quick mode the responder looks for an end "
        "that is bound to the selected profile, finds none, and refuses, with an error that looks like a proxy "
        "mismatch. As initiator it does not look at match statements at all."
    ),
    symptom=(
        "When the peer starts: 'map_db_check_isakmp_profile profile did not match', error 32, PROPOSAL_NOT_CHOSEN; "
        "its phase 1 stays QM_IDLE. Up when this router starts."
    ),
    fix=(
        "Match the peer's identity in the bound profile and nowhere else, or bind the profile that matches, whichever"
        " is meant."
    ),
    source="BIND-PROFILE",
    absent_from=("isakmp-profile",),
)
def pf_bind_mismatch(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each pair of profiles."""
    groups: dict[tuple[str, str], list[Peer]] = {}
    for peer in facts.ikev1_peers:
        if peer.bound is not None and peer.profile is not None and peer.profile.name != peer.bound.name:
            groups.setdefault((peer.bound.name, peer.profile.name), []).append(peer)
    for (bound, selected), peers in groups.items():
        identities = dict.fromkeys(str(peer.identity) for peer in peers)
        ends = dict.fromkeys(peer.end.interface for peer in peers)
        matches = sorted({pick.match.line for peer in peers for pick in peer.selected.matching})
        profiles = [facts.rules.profiles[name].line for name in (bound, selected)]
        yield pf_bind_mismatch.finding(
            peers=dict.fromkeys(str(peer.address) for peer in peers),
            message=(
                f"The identity {listing(identities)} selects profile {selected}, but {listing(ends)} "
                f"{verb(ends, 'is', 'are')} bound to profile {bound}."
            ),
            cause=[bound, selected],
            evidence=facts.router.evidence(*profiles, *matches, *(n for peer in peers for n in peer.end.lines)),
            confidence=strongest(*(peer.selection_confidence for peer in peers)),
        )


@for_each_router(
    code="PF-BOUND-NOMATCH",
    title="The bound profile does not match its own peer",
    category="selection",
    breaks=("identity-not-matched", "profile-binding", "keyring-verification"),
    explains=("PW-ID", "PF-BIND-MISMATCH", "CM-MULTIPEER-SPLIT"),
    severity="high",
    what=(
        "A tunnel is bound to an ISAKMP profile none of whose match statements covers the identity of the tunnel's "
        "peer (its address, unless its configuration says otherwise). A statement that only lacks the VRF is "
        "PF-FVRF-MATCH."
    ),
    why=(
        "Match statements have no effect on negotiations that the router starts, which hides the mistake. When the "
        "peer calls, another profile or none is selected, and the tunnel's binding refuses it."
    ),
    symptom=(
        "When the peer starts: 'peer matches *none* of the profiles' or another one, then error 32 or a "
        "verification failure. Up when this router starts."
    ),
    fix="If the bound profile is meant for this peer, add the peer's identity to it; else bind the one that is.",
    source="PROFILE-INITIATOR, BIND-PROFILE, U-5",
    absent_from=("isakmp-profile",),
)
def pf_bound_nomatch(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile that is bound to tunnels of peers that it does not match."""
    groups: dict[str, list[Peer]] = {}
    for peer in facts.ikev1_peers:
        if peer.bound is not None and peer.bound.matches and not _covered(facts, peer):
            groups.setdefault(peer.bound.name, []).append(peer)
    meant = facts.in_use.peers if groups else ()
    known = {name for peer in meant for name in (str(peer.address), str(peer.identity))}
    for name, peers in groups.items():
        profile = facts.rules.profiles[name]
        identities = dict.fromkeys(str(peer.identity) for peer in peers)
        slips = [slip for slip in _slips(profile, [*identities]) if slip[0] not in known]
        yield pf_bound_nomatch.finding(
            peers=dict.fromkeys(str(peer.address) for peer in peers),
            message=(
                f"Profile {name} is bound to {listing(peer.end.interface for peer in peers)}, but none of its "
                f"match statements covers the peer's identity {listing(identities)}"
                f"{f' (did you mean it by {slips[0][0]}?)' if slips else ''}."
            ),
            fix=f"Correct the match statement: {slips[0][1]} instead of {slips[0][0]}." if len(slips) == 1 else None,
            cause=[name],
            evidence=facts.router.evidence(
                profile.line, *(m.line for m in profile.matches), *(n for peer in peers for n in peer.end.lines)
            ),
            confidence=strongest(*(_sure(peer) for peer in peers)),
        )


def _slips(profile: IsakmpProfile, presented: list[str]) -> list[tuple[str, str]]:
    """What the profile matches, each beside an identity that is one slip apart."""
    matched = [str(match.prefix) for match in profile.matches if match.prefix is not None]
    alike = Lookalikes(presented)
    return [(written, presented[place]) for written in matched for place in alike.of(written)]


def _sure(peer: Peer) -> Confidence:
    known = peer.far_rules is not None and not peer.guessed and not peer.presents_by_profile
    return "certain" if known else "probable"


def _covered(facts: RouterFacts, peer: Peer) -> bool:
    """Whether a match statement of the bound profile covers the identity, in whichever VRF; certificate maps may always."""
    assert peer.bound is not None
    statements = facts.statements(peer.bound)
    if not peer.presents_known and statements.only_names:
        return True  # Nobody knows what the peer calls itself, and the profile expects a name.
    return statements.certificates or bool(statements.covering(peer.identity))


@for_each_router(
    code="PF-UNBOUND",
    title="A profile matches the peer, but the tunnel is not bound to it",
    category="selection",
    breaks=("keyring-verification",),
    severity="medium",
    what=(
        "A tunnel or crypto map entry that can start negotiations has no ISAKMP profile, although one matches its "
        "peer. Common in configurations generated by cloud providers. Low where each such peer has its key in one keyring; "
        "not reported then for an entry whose peers select several profiles, as it can be bound to one only."
    ),
    why=(
        "What such an initiator does differs in the sources: with tunnel protection it was seen to take the most "
        "specific profile, with a crypto map to start without one, choose a key blindly and be verified against the "
        "profile at MM6. As long as each peer has one key in one keyring that makes no difference; with the second "
        "keyring it does."
    ),
    symptom="None, or 'Key not found in keyrings of profile , aborting exchange' on this router when it starts.",
    fix="If the profile is meant for the tunnel, 'set isakmp-profile NAME' in the IPsec profile or crypto map entry.",
    source="KEY-UNBOUND, C-4, U-6",
    absent_from=(*USERS, "global"),
)
def pf_unbound(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router, with its IPsec profiles and crypto maps without a binding."""
    found: dict[Peer, str] = {}
    selected = _selected_by_entry(facts)
    for peer in facts.ikev1_peers:
        end = peer.end
        starts = end.peer is not None and not end.responder_only
        if starts and end.isakmp_profile is None and peer.profile is not None:
            if len(selected.get(end.interface, ())) > 1 and not _hangs_on_profile(peer):
                continue  # A binding would suit one peer of the entry and break another, and nothing hangs on it.
            owner = f"IPsec profile {end.ipsec_profile}" if end.kind == "tunnel" else f"crypto map {end.crypto_map}"
            found[peer] = owner
    if found:
        profiles = dict.fromkeys(peer.profile.name for peer in found if peer.profile is not None)
        lines = [facts.rules.profiles[name].line for name in profiles]
        owners = dict.fromkeys(found.values())
        entries = dict.fromkeys(p.end.interface for p in found if len(selected.get(p.end.interface, ())) > 1)
        yield pf_unbound.finding(
            severity=None if any(map(_hangs_on_profile, found)) else "low",
            fix=f"{pf_unbound.fix} {_FOR_ALL.format(listing(entries))}" if entries else None,
            peers=dict.fromkeys(str(peer.address) for peer in found),
            message=(
                f"{each('Profile', profiles)} {verb(profiles, 'matches', 'match')} "
                f"{listing(peer.address for peer in found)}, but {listing(owners)}, which "
                f"{verb(owners, 'protects', 'protect')} the tunnel, {verb(owners, 'is', 'are')} bound to no ISAKMP profile."
            ),
            cause=["unbound"],
            parts=[(facts.name, owner, str(peer.address)) for peer, owner in found.items()],
            evidence=facts.router.evidence(*(n for peer in found for n in peer.end.lines), *lines),
        )


_FOR_ALL = "The peers of {} select several profiles: let one match them all, with one keyring, and bind that."


def _selected_by_entry(facts: RouterFacts) -> dict[str, set[str | None]]:
    """The profiles that the peers of each crypto map entry select, of which it can be bound to one; None where none is."""
    found: dict[str, set[str | None]] = {}
    for peer in facts.ikev1_peers:
        if peer.end.kind == "crypto-map":
            found.setdefault(peer.end.interface, set()).add(peer.profile.name if peer.profile is not None else None)
    return found


def _hangs_on_profile(peer: Peer) -> bool:
    """Whether keys of several keyrings are there for the peer, so that it matters which profile a call starts with."""
    return len({pick.keyring.name for pick in peer.blind.considered}) > 1
