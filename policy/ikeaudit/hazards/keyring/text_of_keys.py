"""The keys themselves: how strong they are, how they are written, and what is shown of them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.facts.psk import Psk
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import MAPS, Finding, for_each_router
from ikeaudit.model import DEFAULT_KEYRING, Keyring, Prefix, Secret, SecretFacts, ShownKey
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import KeyPick

MINIMUM_LENGTH = 20
"""Characters below which a key is called short."""


GUESSABLE = 12
"""Characters below which a key is guessed in days by whoever has recorded one aggressive-mode exchange."""

MINIMUM_DISTINCT = 8
"""Different characters below which a key is called simple, however long it is."""


def weakness(facts: SecretFacts) -> str | None:
    """Why a key is weak, in words; None when nothing speaks against it."""
    if facts.sample:
        return "a well-known sample word"
    if facts.length < MINIMUM_LENGTH:
        return f"{facts.length} characters long"
    if facts.distinct < MINIMUM_DISTINCT:
        return f"made of {facts.distinct} different characters"
    return None


@for_each_router(
    code="KR-WEAK-PSK",
    title="A short, simple or well-known pre-shared key",
    category="hygiene",
    explains=("KR-PLAINTEXT",),
    severity="high",
    what=(
        "A pre-shared key that can be read (type 0 or 7) is shorter than 20 characters, made of fewer than 8 "
        "different ones, or a word from documentation. Type 6 keys cannot be judged, nor can keys of a snapshot "
        "that was redacted without their facts. Critical, and an exposure, where a key below 12 characters is for more than "
        "one address: whoever is outside may try. High for words from documentation, else medium."
    ),
    why=(
        "Whoever records one aggressive-mode exchange, or sits in the middle of a main-mode one, can try keys "
        "offline at leisure. The key also authenticates: whoever has it is the peer."
    ),
    fix="Use at least 24 random characters, different for each pair of routers, or certificates.",
    source="KEY-STRENGTH, MODE-AGGRESSIVE",
    absent_from=(),
)
def kr_weak_psk(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router and each way to be weak."""
    groups = by_key((_kind(facts, psk), (psk, why)) for psk in facts.psks if (why := _judge(psk)) is not None)
    for kind, weak in groups.items():
        reasons = dict.fromkeys(f"{psk.place} is {why}" for psk, why in weak)
        open_ = kind == "guessable"
        yield kr_weak_psk.finding(
            severity="critical" if open_ else "medium" if kind == "weak" else None,
            category="exposure" if open_ else None,
            peers=[psk.target for psk, _ in weak],
            message=f"{counted(len(weak), 'weak key')} of {len(facts.psks)}: {listing(reasons)}.",
            cause=[kind],
            parts=_parts(facts, (psk for psk, _ in weak)),
            evidence=facts.router.evidence(*(psk.line for psk, _ in weak)),
        )


def _kind(facts: RouterFacts, psk: Psk) -> str:
    """How weak a weak key is: a sample word is told of by FL-PSK-SAMPLE; one may be guessed by whoever is let try."""
    if psk.secret.facts is not None and psk.secret.facts.sample:
        return "sample"
    short = psk.secret.facts is not None and psk.secret.facts.length < GUESSABLE
    return "guessable" if short and psk.for_many and facts.uses(psk) else "weak"


def _parts(facts: RouterFacts, found: Iterable[Psk]) -> list[tuple[str, str, str]]:
    return [(facts.name, psk.place, psk.target) for psk in found]


def _judge(psk: Psk) -> str | None:
    if psk.secret.opaque or psk.secret.facts is None:
        return None
    return weakness(psk.secret.facts)


@for_each_router(
    code="KR-PLAINTEXT",
    title="A pre-shared key that can be read in the configuration",
    category="hygiene",
    severity="medium",
    what="A pre-shared key is written as type 0, or as type 7, which anybody can decode. Type 6 is not reported.",
    why="Every backup, ticket and screen copy of the configuration hands out the key.",
    fix=(
        "'key config-key password-encrypt' and 'password encryption aes' turn the keys into type 6; keep the master "
        "key."
    ),
    source="KEY-TYPE6, KEY-STRENGTH",
    absent_from=(),
)
def kr_plaintext(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    readable = (psk for psk in facts.psks if not psk.secret.opaque)
    # What is weak as well is told with that, as one.
    for weak, found in by_key((_judge(psk) is not None, psk) for psk in readable).items():
        places = dict.fromkeys(psk.place for psk in found)
        yield kr_plaintext.finding(
            peers=[psk.target for psk in found],
            message=(
                f"{counted(len(found), 'key')} of {len(facts.psks)} can be read in the configuration: "
                f"{listing(places)}."
            ),
            cause=["weak" if weak else "readable"],
            parts=_parts(facts, found),
            evidence=facts.router.evidence(*(psk.line for psk in found)),
        )


@for_each_router(
    code="KR-TYPE6-OPAQUE",
    title="Type 6 keys cannot be compared or moved",
    category="hygiene",
    severity="info",
    what=(
        "Pre-shared keys are encrypted as type 6. High when 'password encryption aes' is not configured on the same "
        "router."
    ),
    why=(
        "The encrypted text is salted and tied to the router's master key: whether two keys are the same cannot be "
        "told, and the text is worthless on another router. Verdicts that need the comparison are 'unknown'. With "
        "'password encryption aes' missing, the keys may not survive the next change or reload."
    ),
    symptom="None; in the second case tunnels that fail after a reload.",
    fix=(
        "Nothing, if the keys are known to whoever plans the change; a plan that moves a key to another router asks "
        "for it. Restore 'password encryption aes' and the master key where they are missing."
    ),
    source="KEY-TYPE6, U-17",
    absent_from=(),
)
def kr_type6_opaque(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    found = [psk for psk in facts.psks if psk.secret.type == 6]
    if not found:
        return
    places = dict.fromkeys(psk.place for psk in found)
    broken = not facts.router.password_encryption_aes
    state = (
        ", and 'password encryption aes' is missing, without which the router cannot be relied on to read them"
        if broken
        else ""
    )
    yield kr_type6_opaque.finding(
        peers=[psk.target for psk in found],
        severity="high" if broken else "info",
        message=f"{counted(len(found), 'key')} of type 6 cannot be compared with any other: {listing(places)}{state}.",
        cause=["no password encryption aes" if broken else "opaque"],
        parts=_parts(facts, found),
        evidence=facts.router.evidence(*(psk.line for psk in found)),
    )


@for_each_router(
    code="KR-NOXAUTH",
    title="A router-to-router peer is challenged by XAUTH",
    category="connectivity",
    breaks=("xauth",),
    severity="high",
    what=(
        "A crypto map has 'client authentication list' (or the peer's profile does), and a router that is a peer of that map, "
        "of a static or a dynamic entry, has a key without 'no-xauth' and no profile of its own."
    ),
    why="A router does not answer a question for user name and password; phase 1 waits for it until it times out.",
    symptom="Phase 1 stays in CONF_XAUTH, the tunnel never comes up.",
    fix=(
        "If the peer is a router, add 'no-xauth' to its global key, or bind it to a profile without client "
        "authentication."
    ),
    source="XAUTH-ROUTERS, U-21",
    absent_from=("isakmp-profile", *MAPS, "global"),
)
def kr_noxauth(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each crypto map or profile with XAUTH and the peers it catches."""
    groups: dict[str, tuple[int, list[Peer]]] = {}
    for peer in facts.ikev1_peers:
        profile = peer.profile if peer.end.accepts_any else peer.bound or peer.profile
        line = facts.rules.asks_user(profile, peer.end.crypto_map)
        if line is not None and not _exempt(peer):
            owner = f"profile {profile.name}" if profile is not None else f"crypto map {peer.end.crypto_map}"
            groups.setdefault(owner, (line, []))[1].append(peer)
    for owner, (line, peers) in groups.items():
        addresses = dict.fromkeys(str(peer.address) for peer in peers)
        keys = sorted({pick.key.line for peer in peers for pick in peer.blind.best})
        yield kr_noxauth.finding(
            peers=addresses,
            message=(
                f"{owner[0].upper()}{owner[1:]} asks for XAUTH, and the key of {listing(addresses)}, a router, "
                "is not exempt from it."
            ),
            cause=[owner],
            evidence=facts.router.evidence(line, *keys, *(n for peer in peers for n in peer.end.lines)),
            confidence="certain" if all(peer.far_rules is not None for peer in peers) else "probable",
        )


def _exempt(peer: Peer) -> bool:
    """Whether the peer's key says ``no-xauth``; only a global key can."""
    pick = peer.blind_pick
    return pick is not None and pick.keyring.name == DEFAULT_KEYRING and pick.key.no_xauth


@for_each_router(
    code="KR-SHOW-DRIFT",
    title="show crypto isakmp key disagrees with the running-config",
    category="drift",
    severity="medium",
    what=(
        "The snapshot holds the output of 'show crypto isakmp key', and an entry (keyring, address and mask or host "
        "name, key) is in it but not in the running-config, or the other way round. The text of type 6 keys is not "
        "compared."
    ),
    why=(
        "One of the two is cut short, stale or from another moment, so that everything else that the audit says may "
        "be about a router that does not exist."
    ),
    symptom="None on the router.",
    fix=(
        "Collect again; if it stays, look for a configuration change in between, or for output cut off by the terminal."
    ),
    source="SHOW-LAYOUT, U-11",
    absent_from=("keyring", "global"),
)
def kr_show_drift(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router whose two sources differ."""
    shown = facts.router.shows.keys
    if shown is None:
        return
    only_config, only_shown, changed, lines = _compare(facts, shown)
    parts = []
    if only_config:
        parts.append(f"only in the configuration: {listing(only_config)}")
    if only_shown:
        parts.append(f"only in the command's output: {listing(only_shown)}")
    if changed:
        parts.append(f"with another key: {listing(changed)}")
    if parts:
        yield kr_show_drift.finding(
            message=f"'show crypto isakmp key' and the running-config disagree; {'; '.join(parts)}.",
            cause=["shown keys"],
            parts=[(facts.name, entry, "") for entry in (*only_config, *only_shown, *changed)],
            evidence=facts.router.evidence(*lines),
        )


def _compare(facts: RouterFacts, shown: tuple[ShownKey, ...]) -> tuple[list[str], list[str], list[str], list[int]]:
    """Targets only configured, only shown, and in both with different keys; and the configuration lines concerned."""
    mine = {(p.keyring.name, _target(p.key.prefix, p.key.hostname)): p.key for p in facts.picks}
    theirs = by_key(((row.keyring, _target(row.prefix, row.hostname)), row) for row in shown)
    count = Counter((p.keyring.name, _target(p.key.prefix, p.key.hostname)) for p in facts.picks)
    only_config = [place for place in mine if place not in theirs]
    only_shown = [place for place, rows in theirs.items() if len(rows) > count[place]]
    changed = [place for place in mine if place in theirs and not _same(mine[place].secret, theirs[place])]
    lines = [mine[place].line for place in (*only_config, *changed)]
    return _words(only_config), _words(only_shown), _words(changed), lines


def _target(prefix: Prefix | None, hostname: str | None) -> str:
    return str(prefix.network) if prefix is not None else f"host {(hostname or '').lower()}"


def _same(configured: Secret, shown: list[ShownKey]) -> bool:
    """Whether the shown key can be the configured one; what cannot be compared is taken to agree (U-11)."""
    if configured.opaque or (configured.facts is not None and configured.facts.trailing_blanks):
        return True
    return any(row.secret.opaque or row.secret.fingerprint == configured.fingerprint for row in shown)


def _words(places: list[tuple[str, str]]) -> list[str]:
    return [f"{target} of {keyring}" for keyring, target in places]


@for_each_router(
    code="KR-TRAIL-SPACE",
    title="A key ends in blanks",
    category="connectivity",
    breaks=("psk-mismatch",),
    explains=("PW-PSK-DIFF",),
    severity="high",
    what=(
        "A key in a keyring ends in one or more blanks. Critical where a global key for the same address shows that "
        "the key was, or is being, moved between the two forms."
    ),
    why=(
        "In a keyring the rest of the line is the key, blanks included; the global form takes one word and drops "
        "them. Nobody sees the difference, and the peer that was typed without it has another key."
    ),
    symptom="%CRYPTO-4-IKMP_BAD_MESSAGE, although the keys look the same.",
    fix=(
        "If the blanks are not meant, type the entry anew without them (IOS takes it only after 'no' with the old "
        "one), at the same time as the peer if it has them too."
    ),
    source="KEY-BLANKS",
    absent_from=(),
)
def kr_trail_space(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring; critical where the same address also stands among the global keys."""
    default = {p.key.prefix.network for p in facts.picks if _global(p.keyring) and p.key.prefix is not None}
    groups: dict[str, list[KeyPick]] = {}
    for pick in facts.picks:
        strength = pick.key.secret.facts
        if not _global(pick.keyring) and strength is not None and strength.trailing_blanks:
            groups.setdefault(pick.keyring.name, []).append(pick)
    for keyring, picks in groups.items():
        moved = any(pick.key.prefix is not None and pick.key.prefix.network in default for pick in picks)
        targets = [str(pick.key.prefix or pick.key.hostname) for pick in picks]
        both = "; the same address also stands among the global keys, whose form drops the blanks" if moved else ""
        yield kr_trail_space.finding(
            peers=targets,
            severity="critical" if moved else "high",
            message=(f"In keyring {keyring} the key of {listing(targets)} ends in blanks, which are part of it{both}."),
            cause=[keyring],
            evidence=facts.router.evidence(*(pick.key.line for pick in picks)),
        )


def _global(keyring: Keyring) -> bool:
    return keyring.name == DEFAULT_KEYRING


@for_each_router(
    code="KR-KEY-IN-NAME",
    title="A name that holds a pre-shared key",
    category="hygiene",
    severity="medium",
    what=(
        "The name of a keyring, profile, crypto map or another object is spelt like a pre-shared key of the router, or holds "
        "one of eight characters or more."
    ),
    why=(
        "Keys are taken out of whatever is written; names are not, because a configuration whose names were altered would be "
        "another one. So the key stands in every copy, log and report of this router, its own show output included."
    ),
    symptom="None.",
    fix="Change the key at both ends. Keep the name: it is no secret any more, once the key is another one.",
    source="KEY-STRENGTH",
    absent_from=(),
)
def kr_key_in_name(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router; it does not say which key it is."""
    lines = facts.router.keys_in_names
    if lines:
        some = "The name of an object spells" if len(lines) == 1 else f"{counted(len(lines), 'name')} of objects spell"
        yield kr_key_in_name.finding(
            message=f"{some} out a pre-shared key of this router.",
            cause=["key in a name"],
            evidence=facts.router.evidence(*lines),
        )
