"""Keys that compete: one search, several keys that could answer it."""

from collections.abc import Iterator

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.certainty import strongest, weakest
from ikeaudit.hazards.facts.duplicates import (
    Duplicate,
    all_equal,
    duplicate_groups,
    duplicate_lines,
    duplicate_peers,
    taken,
)
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import each, listing, place
from ikeaudit.hazards.facts.responder_keys import Detour, detour_addresses, detour_lines, detour_profiles
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Severity, for_each_router
from ikeaudit.model import DEFAULT_KEYRING, Prefix, same_key
from ikeaudit.selection import KeyPick


def _usual(facts: RouterFacts) -> Severity | None:
    """None for the usual severity; keys that no policy lets be used harm nobody yet."""
    return None if facts.pre_shared else "info"


def _parts(facts: RouterFacts, found: list[Duplicate]) -> list[tuple[str, str, str]]:
    """Each address that is there several times, with each peer that it is for."""
    return [(facts.name, str(one.prefix), peer) for one in found for peer in duplicate_peers([one]) or ("",)]


@for_each_router(
    code="KR-DUP-ADDR",
    title="The same peer address in two keyrings, with the same key",
    category="selection",
    breaks=("keyring-verification",),
    explains=("KR-ORDER-DEP", "KR-ORPHAN", "KR-PROFILE-LACKS-PEER", "FL-KEYRING-SPRAWL", "FL-REDUNDANCY-COUPLED"),
    severity="high",
    what=(
        "Two or more keyrings of one front-door VRF hold a key for exactly the same address and mask, their local "
        "addresses do not keep them apart, and the keys are equal (or are type 6, so that nobody can tell). It is "
        "left out when every profile that names one of the keyrings names all of them."
    ),
    why=(
        "In IKEv1 the responder needs the key before it knows who is calling, so it searches all keyrings and, "
        "between equal masks, ends up with the first in the configuration. Only afterwards does the peer's identity "
        "select a profile, and a key that came from a keyring outside that profile is refused even though its text "
        "is right. Cisco calls two keys for one address unpredictable and does not support them."
    ),
    symptom=(
        "Works when this router starts the negotiation. When the peer starts it: 'Key not found in keyrings of "
        "profile , aborting exchange' after MM5, and the peer retransmits in MM_KEY_EXCH."
    ),
    fix=(
        "If the entries are meant for one peer, keep the address in one keyring only and let every profile name that "
        "keyring (plan strategy single-keyring)."
    ),
    source="KEY-TIE, KEY-VERIFY, U-3",
    absent_from=(),
)
def kr_dup_addr(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each set of keyrings that share addresses."""
    groups = duplicate_groups(facts.duplicates, lambda d: d.equal is not False and not d.harmless)
    for (keyrings, vrf), found in groups.items():
        hidden = any(d.equal is None for d in found)
        unsure = hidden or not all(d.sure for d in found)
        same = "keys that cannot be compared" if hidden else "the same key"
        yield kr_dup_addr.finding(
            peers=duplicate_peers(found),
            severity=_usual(facts),
            parts=_parts(facts, found),
            message=(
                f"Keyrings {listing(keyrings)} of {place(vrf)} all hold {listing(d.prefix for d in found)}, with "
                f"{same}: as responder the router takes {taken(keyrings)}, whichever profile the peer belongs to."
            ),
            cause=[str(vrf), *keyrings],
            evidence=facts.router.evidence(*duplicate_lines(found)),
            confidence="unknown" if unsure else "certain",
        )


@for_each_router(
    code="KR-DUP-ADDR-DIFFKEY",
    title="The same peer address in two keyrings, with different keys",
    category="selection",
    breaks=("psk-mismatch", "keyring-verification"),
    explains=(
        "PW-PSK-DIFF",
        "KR-ORDER-DEP",
        "KR-ORPHAN",
        "KR-PROFILE-LACKS-PEER",
        "FL-KEYRING-SPRAWL",
        "FL-REDUNDANCY-COUPLED",
    ),
    severity="critical",
    what=(
        "Two or more keyrings of one front-door VRF hold different keys for exactly the same address and mask, and "
        "their local addresses do not keep them apart."
    ),
    why=(
        "The responder chooses one of the keys blindly. If it is not the one that the caller used, everything from "
        "MM5 on decrypts to noise, so the negotiation dies without naming the real cause. Such keyrings cannot be "
        "merged by a program either: somebody has to say which key is right."
    ),
    symptom=(
        "On the router that is called: 'reserved not zero on ID payload!' and %CRYPTO-4-IKMP_BAD_MESSAGE. On the "
        "caller: retransmissions in MM_KEY_EXCH, then MM_NO_STATE (deleted)."
    ),
    fix=(
        "If one key is meant, agree on it with the peer, enter it wherever the address stands, and then let one "
        "keyring serve all profiles (plan strategy single-keyring). Where both keys are needed, keep them apart by "
        "local-address or front-door VRF, or move the tunnels to IKEv2."
    ),
    source="KEY-TIE, KEY-MISMATCH",
    absent_from=(),
)
def kr_dup_addr_diffkey(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each set of keyrings that contradict each other."""
    for (keyrings, vrf), found in duplicate_groups(facts.duplicates, lambda d: d.equal is False).items():
        yield kr_dup_addr_diffkey.finding(
            peers=duplicate_peers(found),
            severity=_usual(facts),
            parts=_parts(facts, found),
            message=(
                f"Keyrings {listing(keyrings)} of {place(vrf)} hold different keys for "
                f"{listing(d.prefix for d in found)}: only one of them can be the peer's, and called by it the router "
                f"takes that of {taken(keyrings)}."
            ),
            cause=[str(vrf), *keyrings],
            evidence=facts.router.evidence(*duplicate_lines(found)),
            confidence="certain" if all(d.sure for d in found) else "unknown",
        )


@for_each_router(
    code="KR-DEFAULT-SHADOW",
    title="A global key shadows a keyring",
    category="selection",
    breaks=("psk-mismatch", "keyring-verification"),
    explains=("PW-PSK-DIFF", "KR-DUP-ADDR", "KR-DUP-ADDR-DIFFKEY", "FL-KEYRING-SPRAWL", "FL-REDUNDANCY-COUPLED"),
    severity="high",
    what=(
        "A global key (crypto isakmp key) covers a peer that is reached through the default VRF, while the profile "
        "for that peer uses keyrings and does not name the keyring 'default'. Critical when the two keys differ. "
        "Medium where no profile is "
        "concerned and a keyring that would be taken without the global key holds another one."
    ),
    why=(
        "The global keys form the predefined keyring 'default', which a responder searches first wherever it stands "
        "in the configuration; if it has any match, even 0.0.0.0, no other keyring is looked at. The key so chosen "
        "does not belong to the peer's profile."
    ),
    symptom=(
        "When the peer starts: 'Key not found in keyrings of profile , aborting exchange' if the keys are equal, "
        "'reserved not zero on ID payload!' and %CRYPTO-4-IKMP_BAD_MESSAGE if they differ. When this router starts, "
        "all is well."
    ),
    fix=(
        "Where the keyring's key is meant for these peers, bring all keys to one place: a keyring that has the global"
        " keys too, named by every profile and found by what has none (plan strategy single-keyring proves the order "
        "of the steps). Until then 'keyring default' in the profile lets equal keys pass."
    ),
    source="KEY-DEFAULT-FIRST, KEY-VERIFY, C-3",
    absent_from=("isakmp-profile",),
)
def kr_default_shadow(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each global key, and one more where it also contradicts the keyring's key."""
    if not facts.has_default_keys:
        return
    groups: dict[tuple[Prefix | None, Severity], list[Detour]] = {}
    for detour in facts.detours:
        # A bound profile that has no key for its peer at all is told as that: there is nothing that could be shadowed.
        keyless = detour.expected is None and detour.peer.end.isakmp_profile == detour.profile.name
        if detour.taken.keyring.name == DEFAULT_KEYRING and not keyless:
            severity: Severity = "critical" if detour.equal is False else "high"
            groups.setdefault((detour.taken.key.prefix, severity), []).append(detour)
    yield from _unassigned(facts)
    for (prefix, severity), found in groups.items():
        profiles = detour_profiles(found)
        if severity == "critical":
            effect = "with another key than the keyring's"
        elif any(detour.verified for detour in found):
            effect = "and the verification against the profile's keyring then fails"
        else:
            effect = "and whether it is the keyring's key cannot be told"
        yield kr_default_shadow.finding(
            peers=detour_addresses(found),
            severity=_usual(facts) or severity,
            message=(
                f"The global key for {prefix} is searched before every keyring: it answers "
                f"{listing(detour_addresses(found))} of {each('profile', profiles)}, {effect}."
            ),
            cause=[str(prefix), severity],
            evidence=facts.router.evidence(*detour_lines(found)),
            confidence=strongest(*(detour.confidence for detour in found)),
        )


def _unassigned(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each global key that answers callers of no profile instead of a keyring with another key."""
    names = tuple(keyring.name for keyring in facts.router.keyrings)
    groups: dict[Prefix | None, list[tuple[Peer, KeyPick, bool | None]]] = {}
    for peer in facts.callers:
        taken = peer.blind_pick
        if taken is None or not peer.uses_default or peer.profile is not None or peer.bound is not None:
            continue
        best = facts.rules.keys_in(names, peer.end.local, peer.address).best
        equal = same_key(taken.key.secret, best[0].key.secret, same_router=True) if best else True
        if not equal:
            groups.setdefault(taken.key.prefix, []).append((peer, best[0], equal))
    for prefix, found in groups.items():
        lines = {line for peer, pick, _ in found for line in (pick.keyring.line, pick.key.line)}
        rings = dict.fromkeys(pick.keyring.name for _, pick, _ in found)
        global_keys = {peer.blind_pick.key.line for peer, _, _ in found if peer.blind_pick is not None}
        yield kr_default_shadow.finding(
            peers=[peer.label for peer, _, _ in found],
            severity="medium" if facts.pre_shared else "info",
            message=(
                f"The global key for {prefix} is searched before every keyring: it answers "
                f"{listing(peer.label for peer, _, _ in found)}, not the key of {each('keyring', rings)}."
            ),
            cause=[str(prefix), "no profile"],
            evidence=facts.router.evidence(*sorted(global_keys | lines)),
            confidence="unknown" if all(equal is None for _, _, equal in found) else "certain",
        )


@for_each_router(
    code="KR-LPM-STEAL",
    title="A more specific entry stands in another keyring",
    category="selection",
    breaks=("psk-mismatch", "keyring-verification"),
    explains=("PW-PSK-DIFF", "KR-ORPHAN", "FL-KEYRING-SPRAWL", "FL-REDUNDANCY-COUPLED"),
    severity="high",
    what=(
        "The keyrings of a peer's profile hold an entry for the peer, and a keyring that the profile does not name "
        "holds one with a longer mask in the same front-door VRF."
    ),
    why=(
        "A responder takes the longest mask among all keyrings of the VRF, not among those of the profile, which it "
        "does not know yet. As initiator it looks only into the profile's keyrings. The two directions so use "
        "different keys."
    ),
    symptom=(
        "Up when this router starts. When the peer starts: 'Key not found in keyrings of profile , aborting "
        "exchange', or %CRYPTO-4-IKMP_BAD_MESSAGE when the keys differ."
    ),
    fix=(
        "If no peer needs the other key, bring the entries into one keyring, after checking which key each profile "
        "then uses for each peer."
    ),
    source="KEY-LPM, KEY-VERIFY",
    absent_from=("isakmp-profile",),
)
def kr_lpm_steal(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring that takes peers from profiles that do not name it."""
    groups: dict[str, list[Detour]] = {}
    for detour in facts.detours:
        expected = detour.expected
        if detour.taken.keyring.name == DEFAULT_KEYRING or expected is None:
            continue
        if detour.taken.length > expected.length:
            groups.setdefault(detour.taken.keyring.name, []).append(detour)
    for keyring, found in groups.items():
        taken = dict.fromkeys(str(detour.taken.key.prefix) for detour in found)
        profiles = detour_profiles(found)
        yield kr_lpm_steal.finding(
            peers=detour_addresses(found),
            severity=_usual(facts),
            message=(
                f"Keyring {keyring} holds {listing(taken)}, which is more specific than the entry in the keyring "
                f"of {each('profile', profiles)}: when {listing(detour_addresses(found))} calls, the key of "
                f"{keyring} is taken{_effect(found)}."
            ),
            cause=[keyring],
            evidence=facts.router.evidence(*detour_lines(found)),
            confidence=strongest(*(detour.confidence for detour in found)),
        )


def _effect(found: list[Detour]) -> str:
    if all(detour.equal is False for detour in found):
        return ", which is another one"
    return ", and the verification then fails" if all(detour.verified for detour in found) else ""


@for_each_router(
    code="KR-ORDER-DEP",
    title="A tunnel works only by the order of the keyrings",
    category="selection",
    severity="medium",
    what=(
        "Two keyrings tie for a peer (same mask, same VRF and local address), and the one that comes first happens "
        "to be the one that the peer's profile names, while another one of the tie would fail."
    ),
    why=(
        "IOS does not promise any order between equal masks. Deleting and re-entering a keyring moves it to the "
        "end, and so does a configuration that is merged or replaced; after that the peer's calls fail without "
        "anybody having touched its tunnel."
    ),
    symptom=(
        "None today. After the keyrings change places: verification failure, or %CRYPTO-4-IKMP_BAD_MESSAGE, when "
        "the peer starts."
    ),
    fix=(
        "Where one key is meant for all, consolidate while it works: one keyring with the address, named by every "
        "profile that any of the others serves (plan strategy single-keyring proves the order of the steps)."
    ),
    source="KEY-TIE, C-2, C-8, CHANGE-APPENDS",
    absent_from=("isakmp-profile",),
)
def kr_order_dep(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each set of keyrings between which only their order decides."""
    groups: dict[tuple[str, ...], list[Peer]] = {}
    for peer in facts.callers:
        if peer.blind.tie and not peer.calls_aggressively and _lucky(facts, peer):
            keyrings = tuple(dict.fromkeys(pick.keyring.name for pick in peer.blind.best))
            groups.setdefault(keyrings, []).append(peer)
    for keyrings, peers in groups.items():
        picks = {pick.key.line: pick for peer in peers for pick in peer.blind.best}
        addresses = dict.fromkeys(peer.label for peer in peers)
        lines = sorted({line for pick in picks.values() for line in (pick.keyring.line, pick.key.line)})
        yield kr_order_dep.finding(
            peers=addresses,
            severity=_usual(facts),
            message=(
                f"For {listing(addresses)} the keyrings {listing(keyrings)} tie, and {keyrings[0]}, the one that "
                "the profile needs, wins only because it comes first in the configuration."
            ),
            cause=keyrings,
            evidence=facts.router.evidence(*lines),
            confidence=strongest(*(weakest(peer.selection_confidence, _hidden(peer)) for peer in peers)),
        )


def _lucky(facts: RouterFacts, peer: Peer) -> bool:
    """Whether the first keyring of the tie is the profile's, and another one would have made a difference."""
    profile = peer.profile or peer.bound
    if profile is None:
        return False
    rings = facts.rules.ring_names(profile)
    names = [pick.keyring.name for pick in peer.blind.best]
    if names[0] not in rings:
        return False
    differ = all_equal([pick.key.secret for pick in peer.blind.best]) is not True
    strangers = any(name not in rings for name in names)
    return differ or (strangers and peer.profile is not None)


def _hidden(peer: Peer) -> Confidence:
    """Keys that cannot be compared make it unknown, unless the verification alone already decides."""
    if peer.profile is None and all_equal([pick.key.secret for pick in peer.blind.best]) is None:
        return "unknown"
    return "certain"
