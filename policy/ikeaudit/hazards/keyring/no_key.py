"""Peers for whom no key is found, and where the key that was meant stands instead."""

from collections.abc import Iterator

from ikeaudit.exchange import Initiator
from ikeaudit.exchange.aggressive_mode import aggressive_peer, hostname_key
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest, weakest
from ikeaudit.hazards.facts.missing_keys import (
    Unreached,
    by_profile,
    callers_at,
    end_lines,
    has_own,
    in_other_vrfs,
    keyless,
    open_ends,
    profiles_with_others,
    sureness,
    unreached,
    unreached_lines,
)
from ikeaudit.hazards.facts.near import keys_meant
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import each, listing, place, verb
from ikeaudit.hazards.facts.responder_keys import Detour, detour_addresses, detour_lines
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, catalogued, for_each_router, speaking_of
from ikeaudit.model import DEFAULT_KEYRING
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import KeyPick


@catalogued(
    code="KR-NOKEY",
    title="No eligible key for a configured peer",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder", "keyring-verification"),
    explains=("PW-NOKEY-R", "CM-MULTIPEER-SPLIT"),
    severity="critical",
    what=(
        "A tunnel names a peer, negotiates by IKEv1 with pre-shared keys, and the keys it may use (those of the "
        "bound profile's keyrings; without a profile all keys of the front-door VRF and local address) do not cover "
        "the peer's address, nor is there a key by which it could start aggressive mode."
    ),
    why=(
        "Without a key the router sends no packet at all, and as responder it finds every pre-share policy "
        "unacceptable."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!' and 'No Cert or pre-shared address key.', nothing leaves the router. "
        "Called: 'phase 1 SA policy not acceptable!'."
    ),
    fix=(
        "If the peer is to have a pre-shared key, put it into a keyring of the bound profile, in the tunnel's "
        "front-door VRF."
    ),
    source="KEY-MISSING, KEY-BOUND",
    absent_from=("keyring", "isakmp-profile", "global"),
)
def kr_nokey(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile (or the lack of one) whose peers have no key."""
    for facts, lacking in speaking_of(context, "KR-NOKEY", _lacking):
        for (profile, fvrf), peers in by_profile(lacking).items():
            addresses = dict.fromkeys(str(peer.address) for peer in peers)
            where = f"The keyrings of profile {profile} hold" if profile else "The router holds"
            meant = {
                pick.key.line: (pick, peer)
                for peer in peers
                for pick in keys_meant(facts, peer.address)
                if pick.key.prefix is not None and not context.fleet.owners(pick.key.prefix.address)
            }
            written = listing(pick.key.prefix for pick, _ in meant.values())
            hint = f" (did you mean the key for {written}, which no tunnel uses?)" if meant else ""
            yield kr_nokey.finding(
                hosts=[facts.name],
                peers=addresses,
                message=f"{where} no key for {listing(addresses)}, reached through {place(fvrf)}{hint}.",
                fix=_corrected(*next(iter(meant.values()))) if len(meant) == 1 else None,
                cause=[facts.name, str(profile), str(fvrf)],
                evidence=facts.router.evidence(*end_lines(peers), *meant),
                confidence=weakest(sureness(facts, peers), context.told(facts.name, addresses)),
            )


def _lacking(facts: RouterFacts) -> list[Peer]:
    """The peers for whom there is no key; one that only lacks the name of its VRF is there (KR-LOCALADDR-MISS)."""
    return [peer for peer in keyless(facts) if not _by_name(peer) and not peer.calling_keys.lacking]


def _corrected(pick: KeyPick, peer: Peer) -> str:
    ring = "the global keys" if pick.keyring.name == DEFAULT_KEYRING else f"keyring {pick.keyring.name}"
    return f"Correct the address of the key in {ring}: {peer.address} instead of {pick.key.prefix}."


def _by_name(peer: Peer) -> bool:
    """Whether the router can start aggressive mode with a key for the peer's name, or one set for that (MODE-AGGRESSIVE).

    The key has to stand where the router looks: in the bound profile's keyrings, if a profile is bound.
    """
    initiator = Initiator(peer.rules, peer.end)
    block = aggressive_peer(initiator)
    by_itself = not peer.router.isakmp.aggressive_mode_disabled and hostname_key(initiator, peer.bound) is not None
    return by_itself or (block is not None and block.password is not None)


@for_each_router(
    code="KR-PROFILE-LACKS-PEER",
    title="The bound profile's keyring has no entry for the peer, another keyring does",
    category="selection",
    breaks=("no-key-on-initiator", "no-key-on-responder", "keyring-verification"),
    explains=("KR-NOKEY", "PW-NOKEY-R", "KR-ORPHAN", "CM-MULTIPEER-SPLIT"),
    severity="high",
    what=(
        "A tunnel is bound to a profile whose keyrings do not cover the tunnel's peer, or a caller's identity selects "
        "such a profile, while a keyring that the profile does not name holds a key for it in the same front-door VRF."
    ),
    why=(
        "As initiator only the profile's keyrings count, so there is no key. As responder the blind search does "
        "find the other keyring's key, but the verification then refuses it."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange' "
        "after MM5. The key is there to be seen in 'show crypto isakmp key', which misleads."
    ),
    fix="If that entry is meant for this tunnel, name its keyring in the profile too: 'keyring NAME'.",
    source="KEY-BOUND, KEY-VERIFY",
    absent_from=("keyring", "isakmp-profile", "global"),
)
def kr_profile_lacks_peer(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile that lacks peers."""
    lacking = [peer for peer in keyless(facts) if peer.bound is not None and peer.bound.keyrings and peer.blind.best]
    for (profile, fvrf), peers in by_profile(lacking).items():
        addresses = dict.fromkeys(str(peer.address) for peer in peers)
        elsewhere = {pick.keyring.name: None for peer in peers for pick in peer.blind.best}
        keys = [line for peer in peers for pick in peer.blind.best for line in (pick.keyring.line, pick.key.line)]
        yield kr_profile_lacks_peer.finding(
            peers=addresses,
            message=(
                f"Profile {profile} is bound to the tunnel to {listing(addresses)}, but its keyrings hold no key "
                f"for it; {each('keyring', elsewhere)}, which the profile does not name, {verb(elsewhere, 'does', 'do')}."
            ),
            cause=[str(profile), str(fvrf)],
            evidence=facts.router.evidence(*end_lines(peers), *sorted(set(keys))),
            confidence=sureness(facts, peers),
        )
    named = set(lacking)
    yield from _callers(facts, [d for d in facts.detours if _lacks(d) and d.peer not in named])


def _lacks(detour: Detour) -> bool:
    """Whether the caller's profile has no key for it at all, while another keyring answers."""
    ring = detour.taken.keyring.name
    return detour.verified and detour.expected is None and ring != DEFAULT_KEYRING and bool(detour.profile.keyrings)


def _callers(facts: RouterFacts, found: list[Detour]) -> Iterator[Finding]:
    """One finding for each profile that callers are assigned to whose key it does not have."""
    groups = by_key((detour.profile.name, detour) for detour in found)
    for profile, detours in groups.items():
        rings = dict.fromkeys(detour.taken.keyring.name for detour in detours)
        yield kr_profile_lacks_peer.finding(
            peers=detour_addresses(detours),
            message=(
                f"Profile {profile} matches {listing(detour_addresses(detours))}, but its keyrings hold no key for it; "
                f"{each('keyring', rings)}, which the profile does not name, {verb(rings, 'does', 'do')}."
            ),
            cause=[profile, "callers"],
            evidence=facts.router.evidence(*detour_lines(detours)),
            confidence=strongest(*(detour.confidence for detour in detours)),
        )


@for_each_router(
    code="KR-FVRF-MISS",
    title="The keyring's VRF is not the one that the packets arrive in",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder"),
    explains=("KR-NOKEY", "PW-NOKEY-R", "CM-MULTIPEER-SPLIT", "PF-FVRF-MATCH"),
    severity="high",
    what=(
        "The outer packets of a tunnel travel in a front-door VRF ('tunnel vrf', or the VRF of the interface with "
        "the crypto map) in which no key covers the peer, while a keyring for another VRF, or for none, does cover "
        "it. An end that answers any caller is judged by the keyrings of its profile."
    ),
    why=(
        "A keyring without 'vrf' is for the default VRF only, and one with 'vrf' for that VRF only. A key in the "
        "wrong one does not exist for the negotiation."
    ),
    symptom="'No pre-shared key with X!' when starting, 'phase 1 SA policy not acceptable!' when called.",
    fix=(
        "If the keys are meant for this tunnel, give its VRF a keyring ('crypto keyring NAME vrf FVRF'), and put the "
        "VRF into the profile's match lines too."
    ),
    source="KEY-FVRF",
    absent_from=("keyring", "isakmp-profile", "global"),
)
def kr_fvrf_miss(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring and each VRF it is missed in."""
    groups: dict[tuple[str, str | None, str | None], list[tuple[Peer, KeyPick]]] = {}
    for peer in keyless(facts):
        for pick in (pick for pick in in_other_vrfs(facts, peer) if not has_own(peer, pick)):
            key = (pick.keyring.name, pick.keyring.vrf, peer.end.fvrf)
            groups.setdefault(key, []).append((peer, pick))
    for (keyring, vrf, fvrf), found in groups.items():
        addresses = dict.fromkeys(str(peer.address) for peer, _ in found)
        lines = sorted({line for _, pick in found for line in (pick.keyring.line, pick.key.line)})
        others = dict.fromkeys(best.keyring.name for peer, _ in found for best in peer.blind.best)
        there = f"the one with a key is {each('keyring', others)}" if others else "there is no key"
        yield kr_fvrf_miss.finding(
            peers=addresses,
            message=(
                f"Keyring {keyring} covers {listing(addresses)}, but it is for {place(vrf)} and the tunnel's "
                f"packets travel in {place(fvrf)}, where {there}."
            ),
            cause=[keyring, str(vrf), str(fvrf)],
            evidence=facts.router.evidence(*end_lines([peer for peer, _ in found]), *lines),
            confidence=sureness(facts, [peer for peer, _ in found]),
        )
    yield from _open_in_other_vrf(facts)


def _open_in_other_vrf(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring and VRF of ends that answer anybody."""
    groups: dict[tuple[str, str | None, str | None], list[Unreached]] = {}
    for item in unreached(facts):
        keyring = item.pick.keyring
        if item.vrf_differs and keyring.name != DEFAULT_KEYRING:
            groups.setdefault((keyring.name, keyring.vrf, item.end.fvrf), []).append(item)
    for (keyring_name, vrf, fvrf), found in groups.items():
        ends, short = open_ends(found), profiles_with_others(facts, found)
        there = f"{each('profile', short)} {verb(short, 'has', 'have')} no key" if short else "there is no key"
        yield kr_fvrf_miss.finding(
            peers=callers_at(facts, (item.end for item in found)),
            message=(
                f"Keyring {keyring_name} is for {place(vrf)}, but {listing(ends)} {verb(ends, 'answers', 'answer')} "
                f"callers in {place(fvrf)}, where {there}."
            ),
            cause=[keyring_name, str(vrf), str(fvrf), "callers"],
            evidence=facts.router.evidence(*unreached_lines(found)),
            confidence=facts.doubt("keyring", "isakmp-profile"),
        )


@for_each_router(
    code="KR-GLOBAL-IN-VRF",
    title="A global key is relied on for a peer in a VRF",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder"),
    explains=("KR-NOKEY", "PW-NOKEY-R", "CM-MULTIPEER-SPLIT", "PF-FVRF-MATCH"),
    severity="critical",
    what="A tunnel's outer packets travel in a front-door VRF, and the only key that covers its peer is a global one.",
    why=(
        "Global keys apply to the default VRF only. Moving the Internet uplink into a VRF so takes all tunnels down "
        "at once."
    ),
    symptom="'No pre-shared key with X!' when starting, 'phase 1 SA policy not acceptable!' when called.",
    fix="If the key is meant for this tunnel, put it into a keyring of that VRF: 'crypto keyring NAME vrf FVRF'.",
    source="KEY-FVRF, KEY-GLOBAL",
    absent_from=("keyring", "isakmp-profile", "global"),
)
def kr_global_in_vrf(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each VRF that the global keys do not reach."""
    groups: dict[str, list[tuple[Peer, KeyPick]]] = {}
    for peer in keyless(facts):
        fvrf = peer.end.fvrf
        if fvrf is None or in_other_vrfs(facts, peer):
            continue
        picks = [p for p in facts.covering(None, peer.address) if p.keyring.name == DEFAULT_KEYRING]
        if picks and not has_own(peer, picks[0]):
            groups.setdefault(fvrf, []).append((peer, picks[0]))
    for vrf, found in groups.items():
        addresses = dict.fromkeys(str(peer.address) for peer, _ in found)
        prefixes = dict.fromkeys(str(pick.key.prefix) for _, pick in found)
        lines = sorted({pick.key.line for _, pick in found})
        others = [best for peer, _ in found for best in peer.blind.best]
        only, lines = (
            "The" if others else "Only the",
            [*lines, *(n for o in others for n in (o.keyring.line, o.key.line))],
        )
        yield kr_global_in_vrf.finding(
            peers=addresses,
            message=(
                f"{only} global key for {listing(prefixes)} covers {listing(addresses)}, but the tunnel's "
                f"packets travel in VRF {vrf}, where global keys are not consulted."
            ),
            cause=[vrf],
            evidence=facts.router.evidence(*end_lines([peer for peer, _ in found]), *lines),
            confidence=sureness(facts, [peer for peer, _ in found]),
        )
    yield from _open_with_global(facts)


def _open_with_global(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each VRF in which ends answer anybody and only global keys are there."""
    found = [item for item in unreached(facts) if item.vrf_differs]
    named = {item.end for item in found if item.pick.keyring.name != DEFAULT_KEYRING}
    groups = by_key((item.end.fvrf, item) for item in found if item.end not in named and item.end.fvrf is not None)
    for vrf, items in groups.items():
        ends, short = open_ends(items), profiles_with_others(facts, items)
        others = [keyring.line for keyring in facts.keyrings if short and keyring.vrf == vrf]
        theirs = (
            f"the keyrings of {each('profile', short)} hold global keys only"
            if short
            else "the only keys for them are global ones"
        )
        yield kr_global_in_vrf.finding(
            peers=callers_at(facts, (item.end for item in items)),
            message=(
                f"{listing(ends)} {verb(ends, 'answers', 'answer')} callers in VRF {vrf}, and {theirs}, which are "
                "not consulted there."
            ),
            cause=[vrf, "callers"],
            evidence=facts.router.evidence(*unreached_lines(items), *others),
            confidence=facts.doubt("keyring", "isakmp-profile"),
        )
