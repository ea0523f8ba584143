"""Tunnel ends that hold no key for their peer, and keys that would have fitted but for one thing (KEY-BOUND, KEY-FVRF)."""

from collections.abc import Iterable, Iterator

import msgspec

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.near import keys_meant
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import DEFAULT_KEYRING, IsakmpProfile, Keyring
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, KeyPick


def keyless(facts: RouterFacts) -> Iterator[Peer]:
    """Configured peers of IKEv1 tunnel ends, and key servers, for which the router, calling them, finds no address key.

    Left out: ends that authenticate by certificates, ends whose ISAKMP or IPsec profile is not defined (PF-UNDEF-REF says
    so), and ends where it hangs on a learnt address whether a keyring takes part.
    """
    if facts.certificates or not facts.pre_shared:
        return
    for peer in (*facts.ikev1_peers, *facts.members):
        undefined = peer.end.isakmp_profile is not None and peer.bound is None
        if peer.end.peer is None or undefined or any(what.startswith("ipsec profile") for what, _ in peer.end.missing):
            continue
        if not peer.calling_keys.best and not peer.calling_keys.uncertain:
            yield peer


def mistyped(facts: RouterFacts) -> dict[int, set[str]]:
    """The lines of host keys that one slip apart would have been for a peer without a key, with the routers meant."""
    found: dict[int, set[str]] = {}
    for peer in keyless(facts):
        for pick in keys_meant(facts, peer.address):
            found.setdefault(pick.key.line, set()).add(peer.far_name)
    return found


def candidates(facts: RouterFacts, peer: Peer) -> list[Keyring]:
    """The keyrings that the router looks into when it calls ``peer``: the bound profile's, else all."""
    if peer.bound is None or not peer.bound.keyrings:
        return list(facts.keyrings)
    return [facts.rules.keyrings[n] for n in facts.rules.ring_names(peer.bound) if n in facts.rules.keyrings]


def in_other_vrfs(facts: RouterFacts, peer: Peer) -> list[KeyPick]:
    """Keys of named keyrings that cover the peer, but in another front-door VRF than the tunnel's."""
    names = {keyring.name for keyring in candidates(facts, peer)} - {DEFAULT_KEYRING}
    return [
        pick
        for vrf in facts.key_vrfs
        if vrf != peer.end.fvrf
        for pick in facts.covering(vrf, peer.address)
        if pick.keyring.name in names
    ]


def has_own(peer: Peer, pick: KeyPick) -> bool:
    """Whether the peer's front-door VRF has a key for it that is as specific as ``pick``, only in a keyring that the end does
    not use (KR-PROFILE-LACKS-PEER, PF-NO-KEYRING)."""
    lengths = [best.key.prefix.length for best in peer.blind.best if best.key.prefix is not None]
    return pick.key.prefix is not None and any(length >= pick.key.prefix.length for length in lengths)


def sureness(facts: RouterFacts, peers: list[Peer]) -> Confidence:
    """Unknown where lines that were not understood may hold the key, or where no tunnel's own interface is described.

    An excerpt that does not show the interface's address cannot show its VRF either; and a configuration with nothing of
    phase 1 in it at all is likely to be an excerpt.
    """
    placed: Confidence = "certain" if any(peer.placed for peer in peers) else "unknown"
    router = facts.router
    anything = router.isakmp_policies or facts.picks or router.isakmp_profiles or router.trustpoints
    return weakest(placed, "certain" if anything else "probable", facts.doubt("keyring", "isakmp-profile"))


def by_profile(peers: Iterable[Peer]) -> dict[tuple[str | None, str | None], list[Peer]]:
    """Peers by the profile that their end is bound to and by front-door VRF."""
    return by_key(((peer.end.isakmp_profile, peer.end.fvrf), peer) for peer in peers)


def end_lines(peers: list[Peer]) -> list[int]:
    """The lines of the tunnel ends, and of their profiles with the keyrings they name."""
    lines = {line for peer in peers for line in peer.end.lines}
    for peer in peers:
        if peer.bound is not None:
            lines |= {peer.bound.line, *(ref.line for ref in peer.bound.keyrings)}
    return sorted(lines)


class Unreached(msgspec.Struct, frozen=True):
    """A key that an end which answers anybody should have, and that does not reach it.

    ``vrf_differs`` tells the reason: the keyring's front-door VRF, else its ``local-address``.
    """

    end: Endpoint
    profile: IsakmpProfile | None
    pick: KeyPick
    vrf_differs: bool


def unreached(facts: RouterFacts) -> Iterator[Unreached]:
    """The keys of IKEv1 ends that name no peer (mGRE, dynamic maps) and have no key they can use.

    Their keys are those of the bound profile, else all of the router. Virtual templates are left out: they take the
    front-door VRF of the session that they are cloned for.
    """
    if facts.certificates or not facts.pre_shared:
        return
    for end in facts.ikev1_ends:
        profile = facts.rules.profiles.get(end.isakmp_profile or "")
        if not end.accepts_any or end.virtual_template is not None or (end.isakmp_profile and profile is None):
            continue
        names = set(facts.rules.ring_names(profile)) if profile is not None else {k.name for k in facts.keyrings}
        picks = [p for p in facts.picks if p.key.prefix is not None and p.keyring.name in names]
        near = [p for p in picks if p.keyring.vrf == end.fvrf]
        if any(facts.rules.addresses.admits(p.keyring.local_address, end.local) is not False for p in near):
            continue
        yield from (Unreached(end, profile, pick, not near) for pick in near or picks)


def open_ends(found: Iterable[Unreached]) -> list[str]:
    """The interfaces of the ends, once each."""
    return list(dict.fromkeys(item.end.interface for item in found))


def profiles_with_others(facts: RouterFacts, found: Iterable[Unreached]) -> list[str]:
    """The profiles of those ends in whose front-door VRF some key is, but not in their keyrings."""
    vrfs = {keyring.vrf for keyring in facts.keyrings if keyring.keys}
    return list(dict.fromkeys(i.profile.name for i in found if i.profile is not None and i.end.fvrf in vrfs))


def unreached_lines(found: Iterable[Unreached]) -> list[int]:
    """The lines of the ends, of their profiles, and of the keyrings with their keys."""
    lines: set[int] = set()
    for item in found:
        lines |= {*item.end.lines, item.pick.keyring.line, item.pick.key.line}
        if item.profile is not None:
            lines |= {item.profile.line, *(ref.line for ref in item.profile.keyrings)}
    return sorted(lines)


def callers_at(facts: RouterFacts, ends: Iterable[Endpoint]) -> list[str]:
    """The addresses of the known callers of ends that answer anybody."""
    wanted = set(ends)
    return list(dict.fromkeys(str(peer.address) for peer in facts.ikev1_peers if peer.end in wanted))
