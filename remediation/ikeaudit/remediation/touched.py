"""What changed of a router between two moments of a proof, as far as a negotiation can notice.

What it says too much costs time, what it says too little would leave a verdict standing that is none any more. So whatever
cannot be told by an address or by a profile's name concerns everything; and at the end of a proof all is replayed once more as
a whole, and must say the same.
"""

from functools import cache

import msgspec

from ikeaudit.model import Ikev2, Ikev2Keyring, Ikev2Peer, Ikev2Profile, Prefix
from ikeaudit.model.versions import differing


class Touched(msgspec.Struct, frozen=True):
    """What changed between two moments, as far as a negotiation can notice.

    ``anything``: more than the fields below tell, so that every exchange of the router may be another one; else only those
    can be that are for an address that ``prefixes`` cover or may select one of ``profiles`` (``ikev1``: all that speak IKEv1),
    that speak IKEv2 (``ikev2``: all of it; else those that ``v2_prefixes`` and ``v2_profiles`` tell in the same way), or of an
    end that uses one of ``transform_sets``. ``bindings``: tunnel ends may be bound to something else, which the ends
    themselves tell.
    """

    anything: bool = False
    prefixes: tuple[Prefix, ...] = ()
    profiles: frozenset[str] = frozenset()
    ikev1: bool = False
    ikev2: bool = False
    v2_prefixes: tuple[Prefix, ...] = ()
    v2_profiles: frozenset[str] = frozenset()
    transform_sets: frozenset[str] = frozenset()
    bindings: bool = False

    @property
    def something(self) -> bool:
        """Whether a negotiation can notice at all."""
        return self != Touched()

    @property
    def callers(self) -> bool:
        """Whether a peer that calls by IKEv1 may be answered otherwise."""
        return self.anything or self.ikev1 or bool(self.prefixes or self.profiles)

    @property
    def ends(self) -> bool:
        """Whether an end may be another one, or bound to something else."""
        speaks = self.ikev2 or bool(self.v2_prefixes or self.v2_profiles)
        return self.anything or speaks or self.bindings or bool(self.transform_sets)


def touched_v2(old: Ikev2, new: Ikev2) -> Touched:
    """What differs between two versions of all that stands under ``crypto ikev2``.

    Proposals and policies are for everybody. A peer block counts for the addresses that it covers, one that is found by a name
    or an identity for everybody. A profile counts for the ends that are bound to it, by its name, and for the peers whose
    address it matches; one that matches something else, certificates for instance, for everybody.
    """
    everybody = Touched(ikev2=True)
    if not _alike(*(msgspec.structs.replace(own, keyrings=(), profiles=()) for own in (old, new))):
        return everybody
    prefixes: dict[Prefix, None] = {}
    names: set[str] = set()
    _, *lists = differing(old.keyrings, new.keyrings)
    rings, later_rings = ({ring.name: ring for ring in listed} for listed in lists)
    for name in rings.keys() | later_rings.keys():
        was, now = rings.get(name), later_rings.get(name)
        if was is now:
            continue
        if (was is None) != (now is None):
            names.update(p.name for own in (old, new) for p in own.profiles if name in (_ring(p), p.ppk_keyring))
        for block in _differing(was, now):
            if block.hostname is not None or block.identity is not None or block.ppk:
                return everybody
            prefixes.update(dict.fromkeys(block.addresses))
    _, *both = differing(old.profiles, new.profiles)
    profiles, later = ({profile.name: profile for profile in listed} for listed in both)
    for name in profiles.keys() | later.keys():
        before, after = profiles.get(name), later.get(name)
        if before is not None and after is not None and _alike(before, after):
            continue
        names.add(name)
        for profile in (before, after):
            if profile is None:
                continue
            if profile.certificate_maps or profile.virtual_template or any(m.prefix is None for m in profile.matches):
                return everybody
            prefixes.update((match.prefix, None) for match in profile.matches if match.prefix is not None)
    return Touched(v2_prefixes=tuple(prefixes), v2_profiles=frozenset(names))


def _ring(profile: Ikev2Profile) -> str | None:
    return profile.keyring.name if profile.keyring is not None else None


def _differing(was: Ikev2Keyring | None, now: Ikev2Keyring | None) -> list[Ikev2Peer]:
    """The peer blocks that only one of two versions of a keyring has, or has in that place among those that fit equally."""
    _, *lists = differing(was.peers if was is not None else (), now.peers if now is not None else ())
    one, other = ({block.name: block for block in listed} for listed in lists)
    found = []
    for name in one.keys() | other.keys():
        versions = [blocks[name] for blocks in (one, other) if name in blocks]
        if len(versions) == 1 or not _alike(*versions):
            found += versions
    common = [[n for n in blocks if n in one and n in other] for blocks in (one, other)]
    if common[0] != common[1]:
        found += [block for blocks in (one, other) for block in blocks.values()]
    return found


def _alike(one: object, other: object) -> bool:
    """Whether two things say the same, wherever they stand."""
    return one == other or without_lines(one) == without_lines(other)


_LEFT_OUT = frozenset({"facts", "description", "line", "first_line"})


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    """The fields of a part of a model that say something, and whether they are the number of a line."""
    return tuple((name, name.endswith("_line")) for name in kind.__struct_fields__ if name not in _LEFT_OUT)


def without_lines(value: object) -> object:
    """``value``, a model or a part of one, without line numbers, free text and what was measured of keys, to be compared.

    Of a line that stands for itself (``policy_off_line``) it is kept whether it is there.
    """
    if isinstance(value, msgspec.Struct):
        kind = type(value)
        told: list[object] = [kind]
        for name, is_line in _fields(kind):
            said = getattr(value, name)
            if is_line:
                said = bool(said)
            elif isinstance(said, _COMPOUND):
                said = without_lines(said)
            told.append(said)
        return tuple(told)
    if isinstance(value, (list, tuple)):
        return tuple([without_lines(one) if isinstance(one, _COMPOUND) else one for one in value])
    return value


_COMPOUND = (msgspec.Struct, list, tuple)
