"""The IKEv2 objects of one router, before they become text: their names, what is created, what each place is bound to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import msgspec

from ikeaudit.model import IPAddress, Prefix
from ikeaudit.remediation.strategies.ikev2.partners import Tokens
from ikeaudit.remediation.strategies.ikev2.places import Place

MADE = "V2-"
"""What the names of all objects begin with that this strategy makes."""


class Names:
    """The names that objects of one kind have; those that differ in case only count as the same."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.lower() for name in taken}

    def free(self, wanted: str) -> str:
        """``wanted``, or with the first number behind it that makes it free; it is taken from then on."""
        wanted = re.sub(r"[^A-Za-z0-9._-]", "-", wanted).strip("-") or "PEER"
        name, number = wanted, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{wanted}-{number}"
        self._taken.add(name.lower())
        return name


class PolicyPlan(msgspec.Struct, frozen=True):
    """A new IKEv2 policy; ``fvrf`` None is the global VRF."""

    name: str
    fvrf: str | None


class PeerBlock(msgspec.Struct, frozen=True):
    """A peer block of a keyring."""

    label: str
    prefix: Prefix
    tokens: Tokens


class KeyringPlan(msgspec.Struct, frozen=True):
    """A new IKEv2 keyring; or more ``blocks`` for one that an earlier wave made (``new`` false)."""

    name: str
    blocks: tuple[PeerBlock, ...]
    new: bool = True


class ProfilePlan(msgspec.Struct, frozen=True):
    """A new IKEv2 profile.

    ``local`` is given where another profile matches the same identity at another address; ``own`` is the identity that the
    router presents, None where the places of the profile have several addresses; ``peers`` are whom its keys are for.
    """

    name: str
    fvrf: str | None
    identities: tuple[Prefix, ...]
    keyring: str
    own: IPAddress | None
    local: IPAddress | None
    ivrf: str | None
    multipoint: bool
    peers: tuple[Prefix, ...] = ()


class TransformPlan(msgspec.Struct, frozen=True):
    """A new transform set."""

    name: str
    mode: str


class IpsecPlan(msgspec.Struct, frozen=True):
    """A new IPsec profile; ``kept`` are lines of the one that it replaces."""

    name: str
    transform_set: str
    profile: str
    kept: tuple[str, ...]


class Binding(msgspec.Struct, frozen=True):
    """What a place is bound to: an IPsec profile for a tunnel, an IKEv2 profile and a transform set for a crypto map entry.

    ``policies`` are the IKEv2 policies that govern it.
    """

    place: Place
    profile: str
    transform_set: str
    ipsec_profile: str | None = None
    policies: frozenset[str] = frozenset()


class RouterPlan(msgspec.Struct, frozen=True):
    """All that a router gets.

    ``proposal`` is None when it has a fitting one, ``extended`` are policies that get the proposal ``proposal_name`` besides
    theirs.
    """

    router: str
    proposal_name: str
    proposal: bool
    policies: tuple[PolicyPlan, ...]
    extended: tuple[str, ...]
    keyrings: tuple[KeyringPlan, ...]
    profiles: tuple[ProfilePlan, ...]
    transform_sets: tuple[TransformPlan, ...]
    ipsec_profiles: tuple[IpsecPlan, ...]
    bindings: dict[Place, Binding]

    def share(self, places: Collection[Place], made: Collection[Place]) -> RouterPlan:
        """What ``places`` rest on, and no place of those ``made`` for before."""
        own, earlier = self._named(places), self._named(made)
        rings = [
            (msgspec.structs.replace(ring, new=not blocks & earlier), blocks & own - earlier)
            for ring in self.keyrings
            for blocks in [frozenset((ring.name, block.prefix) for block in ring.blocks)]
        ]
        new = own - earlier
        return msgspec.structs.replace(
            self,
            proposal=self.proposal and not made,
            policies=tuple(p for p in self.policies if ("policy", p.name) in new),
            extended=tuple(name for name in self.extended if ("policy", name) in new),
            keyrings=tuple(
                msgspec.structs.replace(ring, blocks=tuple(b for b in ring.blocks if (ring.name, b.prefix) in wanted))
                for ring, wanted in rings
                if wanted
            ),
            profiles=tuple(p for p in self.profiles if ("profile", p.name) in new),
            transform_sets=tuple(t for t in self.transform_sets if ("set", t.name) in new),
            ipsec_profiles=tuple(p for p in self.ipsec_profiles if ("ipsec", p.name) in new),
            bindings={place: bound for place, bound in self.bindings.items() if place in places and place not in made},
        )

    def _named(self, places: Collection[Place]) -> frozenset[tuple[str, object]]:
        """What bindings of ``places`` name, directly or not; peer blocks by their keyring."""
        found: set[tuple[str, object]] = set()
        profiles = {profile.name: profile for profile in self.profiles}
        for place in places:
            bound = self.bindings[place]
            found |= {("profile", bound.profile), ("set", bound.transform_set), ("ipsec", bound.ipsec_profile)}
            found.update(("policy", name) for name in bound.policies)
            if bound.profile in profiles:
                profile = profiles[bound.profile]
                found.update((profile.keyring, prefix) for prefix in profile.peers)
        return frozenset(found)
