"""What a router answers to callers that no configuration names: one representative for each class of addresses.

The keys cut the address space into classes whose members are all treated alike, so that a look at one address of each class
is a look at all of them.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address

import msgspec

from ikeaudit.model import IPAddress, Key, Prefix
from ikeaudit.selection import Identity, LocalEnd, RouterRules


class Caller(msgspec.Struct, frozen=True):
    """An address from which a negotiation may arrive, and the end at which it arrives."""

    end: LocalEnd
    address: IPAddress


def representatives(prefixes: Iterable[Prefix]) -> tuple[IPAddress, ...]:
    """For every prefix an address that no narrower one covers; none for a prefix that narrower ones use up."""
    contiguous = sorted({p.network for p in prefixes if p.contiguous}, key=lambda p: (p.version, p.value, p.length))
    found = [p.address for p in prefixes if not p.contiguous]
    open_: list[tuple[Prefix, int]] = []

    def close() -> None:
        prefix, cursor = open_.pop()
        if cursor <= _last(prefix):
            found.append(_address(prefix.version, cursor))
        if open_:
            outer, at = open_[-1]
            open_[-1] = (outer, at if at < prefix.value else _last(prefix) + 1)

    for prefix in contiguous:
        while open_ and not (open_[-1][0].version == prefix.version and prefix.value <= _last(open_[-1][0])):
            close()
        open_.append((prefix, prefix.value))
    while open_:
        close()
    return tuple(sorted(found, key=lambda a: (a.version, int(a))))


def callers(rules: RouterRules) -> tuple[Caller, ...]:
    """A caller of every class at every end of the router that negotiates IKEv1."""
    ends = dict.fromkeys(end.local for end in rules.endpoints if end.ike_version == 1)
    by_vrf: dict[str | None, tuple[IPAddress, ...]] = {}
    found = []
    for end in ends:
        if end.fvrf not in by_vrf:
            peers = [Prefix.of(e.peer) for e in rules.endpoints if e.peer is not None and e.fvrf == end.fvrf]
            by_vrf[end.fvrf] = representatives((*_prefixes(rules, end.fvrf), *peers))
        found += [Caller(end, address) for address in by_vrf[end.fvrf]]
    return tuple(found)


def _prefixes(rules: RouterRules, fvrf: str | None) -> list[Prefix]:
    rings = [ring for ring in rules.keyrings.values() if ring.vrf == fvrf]
    matches = [m.prefix for p in rules.router.isakmp_profiles for m in p.matches if m.vrf == fvrf]
    keys = [key.prefix for ring in rings for key in ring.keys]
    return [prefix for prefix in (*keys, *matches) if prefix is not None]


def class_of(rules: RouterRules, caller: Caller) -> str:
    """The callers that ``caller`` stands for, in words: its address, or the narrowest network of a key or match it is in."""
    found = [prefix for prefix in _prefixes(rules, caller.end.fvrf) if prefix.covers(caller.address)]
    narrow = max(found, key=lambda prefix: prefix.length if prefix.contiguous else -1, default=None)
    if narrow is None or narrow.is_host or not narrow.contiguous:
        return str(caller.address)
    return f"an address of {narrow.network}" if narrow.length else "any other address"


def served(rules: RouterRules, caller: Caller) -> bool:
    """Whether some IKEv1 end of the router could accept the quick mode of ``caller``.

    See END-PLACES, END-TEMPLATE and BIND-PROFILE.
    """
    chosen = rules.profiles_for(Identity("address", caller.address), caller.end)
    profiles = {p.profile.name: p.profile for p in (*chosen.matching, *chosen.uncertain)}
    templates = {profile.virtual_template for profile in profiles.values()}
    for end in rules.endpoints:
        if (
            end.ike_version != 1
            or end.shutdown
            or end.missing
            or (profiles and end.isakmp_profile not in (None, *profiles))
        ):
            continue
        if end.virtual_template is not None:
            if end.virtual_template in templates and end.local.address in (None, caller.end.address):
                return True
        elif end.local == caller.end and end.peer in (None, caller.address):
            return True
    return False


def accepted_key(rules: RouterRules, caller: Caller) -> tuple[int, str] | None:
    """The key with which ``caller`` gets through main mode in every reading of the rules; None when there is no such key.

    The caller presents its address as its identity. Two keyrings that tie, or two profiles that depend on the reading, must
    all lead to the same key in a keyring that the profile lists (KEY-TIE, KEY-VERIFY, C-1).
    """
    search = rules.blind_keys(caller.end, caller.address)
    if not search.best or search.uncertain:
        return None
    keys = {_key(pick.key) for pick in search.best}
    chosen = rules.profiles_for(Identity("address", caller.address), caller.end)
    profiles = [pick.profile for pick in (*chosen.best, *(p for p in (chosen.first,) if p is not None))]
    for profile in profiles:
        listed = set(rules.ring_names(profile))
        if any(pick.keyring.name not in listed for pick in search.best):
            return None
    return keys.pop() if len(keys) == 1 else None


def still_calling(before: RouterRules, now: RouterRules, classes: Iterable[Caller]) -> Iterator[Caller]:
    """The callers that IKEv1 is still there for.

    Where tunnel ends have gone over to IKEv2, those that remain at that address count, and the peers that they name; where
    none has, everybody does.
    """
    earlier, later = _answering(before), _answering(now)
    for caller in classes:
        remaining = later.get(caller.end, set())
        if remaining == earlier.get(caller.end) or None in remaining or caller.address in remaining:
            yield caller


def _answering(rules: RouterRules) -> dict[LocalEnd, set[IPAddress | None]]:
    """The peers of the IKEv1 ends at each local end; None stands for any."""
    found: dict[LocalEnd, set[IPAddress | None]] = {}
    for end in rules.endpoints:
        if end.ike_version == 1:
            found.setdefault(end.local, set()).add(end.peer)
    return found


def lost_callers(before: RouterRules, now: RouterRules, classes: Iterable[Caller]) -> Iterator[Caller]:
    """The callers that got through with some key before, and do not with that key now."""
    for caller in classes:
        key = accepted_key(before, caller)
        if key is not None and accepted_key(now, caller) != key:
            yield caller


def _key(key: Key) -> tuple[int, str]:
    return (6 if key.secret.opaque else 0, key.secret.fingerprint)


def _last(prefix: Prefix) -> int:
    return prefix.value | (~prefix.mask & ((1 << prefix.bits) - 1))


def _address(version: int, value: int) -> IPAddress:
    return IPv4Address(value) if version == 4 else IPv6Address(value)
