"""The masks of keys and match statements: those that cover everybody, and those that do not mean what they read like."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.phrases import counted, listing, place
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router
from ikeaudit.model import DEFAULT_KEYRING, Prefix

THRESHOLD = 8
"""Masks shorter than this many bits are a wildcard."""


def wildcard(prefix: Prefix) -> bool:
    """Whether an address and mask cover so much that they name nobody."""
    return prefix.length < THRESHOLD and prefix.contiguous


@for_each_router(
    code="KR-WILDCARD",
    title="A pre-shared key for any address",
    category="hygiene",
    explains=("FL-HUB-WILDCARD",),
    severity="high",
    what="A key's mask is 0.0.0.0 or ::/0, or shorter than 8 bits.",
    why=(
        "Every device that knows the group's secret can pose as any of its members, and losing one of them means "
        "changing the key on all. As a global key it also shadows the keyrings (KR-DEFAULT-SHADOW)."
    ),
    symptom="None: it works, for everybody.",
    fix="Give each peer its own key; where addresses change (DMVPN spokes), use certificates or IKEv2 identities.",
    source="KEY-STRENGTH",
    absent_from=(),
)
def kr_wildcard(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each wildcard key."""
    for pick in facts.picks:
        prefix = pick.key.prefix
        if prefix is None or not wildcard(prefix):
            continue
        default = pick.keyring.name == DEFAULT_KEYRING
        owner = "A global key" if default else f"Keyring {pick.keyring.name}"
        peers = dict.fromkeys(str(peer.address) for peer in facts.peers_under(pick.key.line))
        shadow = ", and being global it is searched before every keyring" if default else ""
        known = f" ({counted(len(peers), 'known peer')})" if peers else ""
        yield kr_wildcard.finding(
            peers=peers,
            message=(
                f"{owner} {'is' if default else 'holds a key'} for {prefix.address}/{prefix.length} in "
                f"{place(pick.keyring.vrf)}: whoever has it may call from anywhere{known}{shadow}."
            ),
            cause=[pick.keyring.name, str(prefix)],
            evidence=facts.router.evidence(pick.keyring.line, pick.key.line),
        )


@for_each_router(
    code="KR-MASK-BAD",
    title="An address with host bits or a mask with holes",
    category="selection",
    severity="medium",
    what=(
        "The address of a key or of a 'match identity address' line has bits set that its mask cuts off, or the "
        "mask is not ones followed by zeros."
    ),
    why=(
        "The line reads as if it meant one host, but covers the whole network, or scattered addresses. Such an "
        "entry can win a search that its author never thought of."
    ),
    symptom="Unexpected peers match the key or the profile.",
    fix="Write what is meant: the host with 255.255.255.255, or the network address with its mask.",
    source="U-15",
    absent_from=(),
)
def kr_mask_bad(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring or profile with such lines."""
    groups: dict[str, list[tuple[Prefix, int]]] = {}
    for owner, prefix, line in _prefixes(facts):
        if prefix.has_host_bits or not prefix.contiguous:
            groups.setdefault(owner, []).append((prefix, line))
    for owner, found in groups.items():
        holes = any(not prefix.contiguous for prefix, _ in found)
        problem = "a mask that is not contiguous" if holes else "host bits that the mask cuts off"
        written = [str(prefix) if prefix.version == 6 else f"{prefix.address} {_mask(prefix)}" for prefix, _ in found]
        yield kr_mask_bad.finding(
            message=f"{owner} is written with {problem}: {listing(written)}.",
            cause=[owner],
            parts=[(facts.name, f"{owner} {text}", "") for text in written],
            fix=_IPV6 if all(prefix.version == 6 for prefix, _ in found) else None,
            evidence=facts.router.evidence(*(line for _, line in found)),
        )


_IPV6 = "Write what is meant: the host with /128, or the network's own address with its length."


def _prefixes(facts: RouterFacts) -> Iterator[tuple[str, Prefix, int]]:
    for pick in facts.picks:
        if pick.key.prefix is not None:
            yield f"Keyring {pick.keyring.name}", pick.key.prefix, pick.key.line
    for profile in facts.router.isakmp_profiles:
        for match in profile.matches:
            if match.prefix is not None:
                yield f"Profile {profile.name}", match.prefix, match.line


def _mask(prefix: Prefix) -> str:
    return str(Prefix(prefix.version, prefix.mask, (1 << prefix.bits) - 1).address)
