"""IKEv2 profiles: how their sessions authenticate, whom they expect, and which of them take the same peer (IKEV2-PROFILE)."""

from collections.abc import Iterable
from typing import TypeAlias

from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.model import ANY_VRF, Ikev2Identity, Ikev2Profile
from ikeaudit.selection import Identity


def pre_shared(profile: Ikev2Profile) -> bool:
    """Whether either end of the profile's sessions authenticates by a pre-shared key."""
    return any(auth.method == "pre-share" for auth in (*profile.local_auth, *profile.remote_auth))


def expected_identities(peer: Peer, profile: Ikev2Profile) -> list[Identity]:
    """What the peer presents: by its own configuration, else its address and the names that the profile matches."""
    if peer.far_rules is not None and peer.far is not None:
        theirs = peer.far_rules.ikev2.profiles.get(peer.far.ikev2_profile or "")
        if theirs is not None:
            return [peer.far_rules.ikev2.own_identity(theirs, peer.far.local)]
    found = [Identity("address", peer.address)]
    for match in profile.matches:
        if match.kind == "fqdn":
            found.append(Identity("fqdn", value=match.value or ""))
        elif match.kind == "email":
            found.append(Identity("user-fqdn", value=match.value or ""))
        elif match.kind == "key-id":
            found.append(Identity("key-id", value=match.value or ""))
    return found


_Statement: TypeAlias = tuple[Ikev2Profile, Ikev2Identity]


Overlap: TypeAlias = tuple[Ikev2Profile, list[_Statement]]


def overlaps(profiles: Iterable[Ikev2Profile]) -> list[Overlap]:
    """Each profile that is as wide as others or wider, with the statements of the others that it covers.

    Of two equal statements the profile that comes first counts as the wide one.
    """
    statements = [(p, m) for p in profiles if not p.shutdown for m in p.matches]
    found: dict[str, Overlap] = {}
    prefixes: dict[tuple[int, int], dict[int, list[tuple[int, _Statement]]]] = {}
    names: dict[tuple[str, str], list[tuple[int, _Statement]]] = {}
    everything: list[tuple[int, _Statement]] = []
    for position, (profile, match) in enumerate(statements):
        item = (position, (profile, match))
        if match.kind == "any":
            everything.append(item)
        elif match.prefix is not None:
            networks = prefixes.setdefault((match.prefix.version, match.prefix.mask), {})
            networks.setdefault(match.prefix.value & match.prefix.mask, []).append(item)
        else:
            names.setdefault((match.kind, (match.value or "").lower()), []).append(item)
    for position, (profile, match) in enumerate(statements):
        wider = list(everything)
        if match.prefix is not None:
            for (version, mask), networks in prefixes.items():
                if version == match.prefix.version and mask & ~match.prefix.mask == 0:
                    wider += networks.get(match.prefix.value & mask, ())
        elif match.kind != "any":
            wider += _wider_names(names, match)
        for other_position, (other, other_match) in wider:
            same = _key(other_match) == _key(match)
            if other.name == profile.name or (same and other_position > position) or not _meet(other, profile):
                continue
            found.setdefault(other.name, (other, []))[1].append((profile, match))
    return list(found.values())


def _key(match: Ikev2Identity) -> tuple[str, object]:
    return match.kind, match.prefix.network if match.prefix is not None else (match.value or "").lower()


def _wider_names(
    names: dict[tuple[str, str], list[tuple[int, _Statement]]], match: Ikev2Identity
) -> list[tuple[int, _Statement]]:
    """Statements for the same name, and for the domains that it lies in."""
    value = (match.value or "").lower()
    found = list(names.get((match.kind, value), ()))
    if match.kind in ("fqdn", "fqdn-domain"):
        labels = value.split(".")
        start = 1 if match.kind == "fqdn-domain" else 0
        for n in range(start, len(labels)):
            found += names.get(("fqdn-domain", ".".join(labels[n:])), ())
    if match.kind == "email":
        found += names.get(("email-domain", value.rpartition("@")[2]), ())
    return found


def _meet(one: Ikev2Profile, other: Ikev2Profile) -> bool:
    """Whether some packet can be for both: a common VRF, and no local addresses that keep them apart."""
    if one.fvrf != other.fvrf and ANY_VRF not in (one.fvrf, other.fvrf):
        return False
    mine = {*map(str, one.local_addresses), *one.local_interfaces}
    theirs = {*map(str, other.local_addresses), *other.local_interfaces}
    return not mine or not theirs or bool(mine & theirs)
