"""Keyrings that are empty, not defined, or not needed."""

from collections.abc import Iterator

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.near import names_meant
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import counted, each, listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import MAPS, Finding, ObjectRef, for_each_router
from ikeaudit.model import IsakmpProfile, Keyring
from ikeaudit.selection import KeyPick


@for_each_router(
    code="KR-EMPTY",
    title="A profile names an empty keyring",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder", "keyring-verification"),
    explains=("KR-NOKEY", "KR-PROFILE-LACKS-PEER", "PW-NOKEY-R", "CM-MULTIPEER-SPLIT"),
    severity="critical",
    what=(
        "A profile names keyrings, 'default' included, and they hold neither a pre-shared nor an RSA key. An empty "
        "keyring beside a filled one does no harm and is not reported."
    ),
    why=(
        "The profile has no key for anybody, so that its tunnels cannot start, and a key found elsewhere fails the "
        "verification."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange'."
    ),
    fix="Put the keys that are meant into the keyring, or name the one that holds them.",
    source="KEY-BOUND, KEY-VERIFY",
    absent_from=("keyring", "isakmp-profile", "global"),
)
def kr_empty(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each set of empty keyrings that profiles rely on."""
    groups: dict[tuple[str, ...], list[IsakmpProfile]] = {}
    for profile in facts.router.isakmp_profiles:
        rings = [facts.rules.keyrings[ref.name] for ref in profile.keyrings if ref.name in facts.rules.keyrings]
        if rings and not any(ring.keys or ring.rsa_keys for ring in rings):
            groups.setdefault(tuple(ring.name for ring in rings), []).append(profile)
    for keyrings, profiles in groups.items():
        names = [profile.name for profile in profiles]
        lines = [line for p in profiles for line in (p.line, *(ref.line for ref in p.keyrings))]
        peers = dict.fromkeys(str(p.address) for p in facts.ikev1_peers if any(_serves(one, p) for one in profiles))
        yield kr_empty.finding(
            peers=peers,
            message=(
                f"{each('Keyring', keyrings)} {verb(keyrings, 'holds', 'hold')} no key, and {each('profile', names)} "
                f"{verb(names, 'has', 'have')} no other keyring."
            ),
            cause=keyrings,
            evidence=facts.router.evidence(*(facts.rules.keyrings[name].line for name in keyrings), *lines),
            confidence=weakest(*(facts.doubt("keyring", name=name) for name in keyrings)),
        )


def _serves(profile: IsakmpProfile, peer: Peer) -> bool:
    """Whether a profile is that of a peer's tunnel; where none is bound, whether it matches the peer."""
    if peer.end.isakmp_profile is not None:
        return peer.end.isakmp_profile == profile.name
    return any(match.prefix is not None and match.prefix.covers(peer.address) for match in profile.matches)


@for_each_router(
    code="KR-UNDEF",
    title="A profile names a keyring that is not defined",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder", "keyring-verification"),
    explains=("KR-NOKEY", "KR-PROFILE-LACKS-PEER", "PW-NOKEY-R", "KR-ORPHAN", "CM-MULTIPEER-SPLIT"),
    severity="critical",
    what="A 'keyring' line of a profile names a keyring that the configuration does not define.",
    why=(
        "The profile has no keys from it: its tunnels cannot start, and as responder a key found elsewhere fails "
        "the verification."
    ),
    symptom=(
        "Starting: 'No pre-shared key with X!'. Called: 'Key not found in keyrings of profile , aborting exchange'."
    ),
    fix="Correct the name where another keyring is meant (capital letters count); else define it.",
    source="KEY-BOUND, KEY-VERIFY, U-10",
    absent_from=("global",),
)
def kr_undef(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each name that is not defined."""
    groups: dict[str, list[tuple[IsakmpProfile, int]]] = {}
    for profile in facts.router.isakmp_profiles:
        for ref in profile.keyrings:
            if ref.name not in facts.rules.keyrings:
                groups.setdefault(ref.name, []).append((profile, ref.line))
    for keyring, users in groups.items():
        names = [profile.name for profile, _ in users]
        meant = _meant(facts, keyring, [profile for profile, _ in users])
        hint = f"; {each('keyring', (k.name for k in meant))} may be meant" if meant else ""
        peers = dict.fromkeys(str(p.address) for p in facts.ikev1_peers if p.end.isakmp_profile in names)
        yield kr_undef.finding(
            peers=peers,
            message=(
                f"Keyring {keyring} is not defined, and {each('profile', names)} "
                f"{verb(names, 'names', 'name')} it{hint}."
            ),
            cause=[keyring],
            evidence=facts.router.evidence(
                *(line for p, ref in users for line in (p.line, ref)), *(k.line for k in meant)
            ),
            confidence=facts.doubt(),
            fix=_correct(keyring, names, meant[0]) if len(meant) == 1 else None,
        )


def _meant(facts: RouterFacts, missing: str, users: list[IsakmpProfile]) -> list[Keyring]:
    """The keyrings that the name may stand for: those spelt alike, else of no profile, for its peers or one slip apart."""
    alike = [k for k in facts.router.keyrings if k.name.lower() == missing.lower()]
    if alike:
        return alike
    unused = [k for k in facts.router.keyrings if k.name not in facts.listed_keyrings]
    near = names_meant(missing, (k.name for k in unused))
    names = {profile.name for profile in users}
    wanted = {peer.address for peer in facts.in_use.peers if peer.end.isakmp_profile in names}
    matches = [match.prefix for profile in users for match in profile.matches if match.prefix is not None]
    fitting = [
        keyring
        for keyring in unused
        if any(
            any(key.prefix.covers(address) for address in wanted) or any(key.prefix.overlaps(m) for m in matches)
            for key in keyring.keys
            if key.prefix is not None
        )
    ]
    return [k for k in fitting if k.name in near] or fitting or [k for k in unused if k.name in near]


def _correct(missing: str, users: list[str], meant: Keyring) -> str:
    return (
        f"Correct the name: 'keyring {meant.name}' instead of 'keyring {missing}' in {each('profile', users)}. Keyring "
        f"{meant.name} is needed as it stands."
    )


@for_each_router(
    code="KR-ORPHAN",
    title="A keyring that no profile names takes part in the search",
    category="selection",
    breaks=("psk-mismatch", "keyring-verification"),
    severity="medium",
    what=(
        "The router uses profiles, and a keyring with address keys is named by none of them. High when a known peer "
        "that calls is answered from it, low when another keyring answers all that it "
        "covers. A keyring that a tunnel or dynamic entry without a profile lives on is no "
        "orphan, nor is one that a profile seems to lack (KR-UNDEF, KR-EMPTY, PF-NO-KEYRING, KR-PROFILE-LACKS-PEER)."
    ),
    why=(
        "The responder's search does not care whether a profile names a keyring. An orphan that wins it takes the "
        "negotiation to a key that no profile can verify."
    ),
    symptom=(
        "When a covered peer starts: 'Key not found in keyrings of profile , aborting exchange', or "
        "%CRYPTO-4-IKMP_BAD_MESSAGE."
    ),
    fix=(
        "Find out what the keyring is for before it is touched, and name it in the profile of those peers; it can go "
        "when nothing that is configured needs it."
    ),
    source="KEY-LPM, KEY-VERIFY",
    absent_from=("isakmp-profile",),
)
def kr_orphan(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring that no profile names and nothing without a profile lives on.

    Silent where the keyring seems to be what something lacks: that is told by the hazard of what lacks it.
    """
    if not facts.router.isakmp_profiles:
        return
    for keyring in facts.router.keyrings:
        if keyring.name in facts.listed_keyrings or not any(key.prefix is not None for key in keyring.keys):
            continue
        if facts.in_use.serves(keyring) or facts.in_use.keyring_missed(keyring):
            continue
        yield _orphan(facts, keyring)


def _orphan(facts: RouterFacts, keyring: Keyring) -> Finding:
    covered = {peer: None for key in keyring.keys for peer in facts.peers_under(key.line)}
    taken = dict.fromkeys(str(peer.address) for peer in covered if _takes(keyring, peer))
    spared = dict.fromkeys(str(peer.address) for peer in covered)
    if taken:
        what = f"answers {listing(taken)} when it calls"
    elif spared:
        what = f"covers {listing(spared)}, whom another keyring answers"
    else:
        what = "covers no known peer"
    unseen: Confidence = "certain" if taken or not _unseen(facts) else "probable"
    certain = facts.in_use.sure(keyring.name) and not _unseen(facts)
    return kr_orphan.finding(
        peers=taken or spared,
        parts=[(facts.name, keyring.name, address) for address in taken or ("",)],
        severity="info" if not facts.pre_shared else "high" if taken else "low" if spared else "medium",
        message=f"No profile names keyring {keyring.name}, yet a responder searches it too; it {what}.",
        cause=[keyring.name],
        evidence=facts.router.evidence(keyring.line, *(key.line for key in keyring.keys)),
        confidence=weakest(unseen, "certain" if facts.in_use.sure(keyring.name) else "unknown"),
        fix=_REMOVE_KEYRING if certain else None,
        removes=[ObjectRef("keyring", facts.name, keyring.name, keyring.line)] if certain else (),
    )


def _takes(keyring: Keyring, peer: Peer) -> bool:
    """Whether the search for a caller may end in the keyring: it wins, ties, or takes part by an address not known."""
    return any(pick.keyring.name == keyring.name for pick in (*peer.blind.best, *peer.blind.uncertain))


def _unseen(facts: RouterFacts) -> bool:
    """Whether there may be users of the keyring that the configuration does not name: GETVPN, or an excerpt."""
    gdoi = any(entry.kind == "gdoi" for crypto_map in facts.router.crypto_maps for entry in crypto_map.entries)
    return gdoi or bool(facts.rules.key_servers) or not facts.rules.endpoints


_REMOVE_KEYRING = (
    "If nobody calls who is not in this snapshot, the keyring can go: no tunnel, crypto map entry or profile of this "
    "configuration needs it."
)


@for_each_router(
    code="KR-STALE-ENTRY",
    title="A key for a peer that no tunnel uses",
    category="hygiene",
    severity="low",
    what=(
        "A key's address covers no peer of any tunnel or crypto map of the router, up or not. Not judged in a front-door VRF "
        "where some end answers any caller, nor on routers that name peers by host name or register with GETVPN."
    ),
    why="A forgotten key still lets its owner through phase 1, and takes part in every search.",
    fix=(
        "Find out whether the peer is to come back. If it is not, the key can go together with what else names the peer, "
        "after making sure that nobody calls who is not in this snapshot."
    ),
    source="KEY-STRENGTH",
    absent_from=("keyring", *MAPS, "interface", "global"),
)
def kr_stale_entry(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router, if its tunnel ends tell all of its peers."""
    ends = facts.in_use.ends
    gdoi = any(entry.kind == "gdoi" for m in facts.router.crypto_maps for entry in m.entries)
    gdoi = gdoi or bool(facts.rules.key_servers)
    if not facts.rules.endpoints or gdoi or any(end.peer_name is not None for end in ends):
        return
    open_vrfs = {end.fvrf for end in ends if end.accepts_any}
    open_vrfs |= {m.vrf for p in facts.router.isakmp_profiles if p.virtual_template is not None for m in p.matches}
    addresses = {end.peer for end in ends if end.peer is not None} | {peer.address for peer in facts.peers}
    covering = {
        (pick.keyring.name, pick.key.line)
        for address in addresses
        for vrf in facts.key_vrfs
        for pick in facts.covering(vrf, address)
    }
    stale = [
        pick
        for pick in facts.picks
        if pick.key.prefix is not None
        and pick.keyring.vrf not in open_vrfs
        and (pick.keyring.name, pick.key.line) not in covering
    ]
    if stale:
        names = [_name(pick) for pick in stale]
        doubt = facts.doubt("interface", "crypto-map", "dynamic-map", "keyring")
        fix, gone = _advice(facts, stale) if doubt == "certain" else (None, [])
        yield kr_stale_entry.finding(
            peers=[str(pick.key.prefix) for pick in stale],
            message=f"{counted(len(stale), 'key')} for peers that no tunnel names: {listing(names)}.",
            cause=["stale"],
            parts=[(facts.name, pick.keyring.name, str(pick.key.prefix)) for pick in stale],
            evidence=facts.router.evidence(*(pick.key.line for pick in stale)),
            confidence=weakest("probable", doubt),
            fix=fix,
            removes=[ObjectRef("key", facts.name, pick.keyring.name, pick.key.line) for pick in gone],
        )


def _advice(facts: RouterFacts, stale: list[KeyPick]) -> tuple[str | None, list[KeyPick]]:
    """What to do, and the keys that may go: none while a peer has no key, since one of these may be its, mistyped."""
    keyless = facts.in_use.keyless
    lacking = dict.fromkeys(
        str(p.address) for p in keyless if not any(facts.covering(v, p.address) for v in facts.key_vrfs)
    )
    if lacking:
        named = listing(lacking)
        return (
            f"Correct the address if a key is meant for {named}, which has none; or the tunnel's, if that is wrong.",
            [],
        )
    if keyless:
        return None, []
    matched = {pick: profiles for pick in stale if (profiles := facts.in_use.matched_with(pick))}
    gone = [pick for pick in stale if pick not in matched]
    if not gone:
        return None, []
    if not matched:
        return _REMOVE_KEY, gone
    users = list(dict.fromkeys(name for names in matched.values() for name in names))
    kept = f"{each('profile', users)} still {verb(users, 'matches', 'match')} the peers of the others"
    return (
        f"If nobody calls who is not in this snapshot, {listing(_name(pick) for pick in gone)} can go ({kept}).",
        gone,
    )


def _name(pick: KeyPick) -> str:
    return f"{pick.key.prefix} in {pick.keyring.name}"


_REMOVE_KEY = "If nobody calls who is not in this snapshot, it can go."
