"""The IKEv2 objects of one router, before they become text: their names, what is created, what each place is bound to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from operator import itemgetter
from typing import Any

import msgspec

from ikeaudit.model import IPAddress, Prefix
from ikeaudit.model.grouping import by_key
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


class Shelf:
    """The objects of a router by name, for shares of them; ``places`` are the bindings' by label."""

    def __init__(self, plan: RouterPlan) -> None:
        self.places = {place.label: place for place in plan.bindings}
        self._plan = plan
        self._rings = {profile.name: (profile.keyring, profile.peers) for profile in plan.profiles}
        self._things: dict[tuple[str, object], tuple[int, Any]] = {}
        for kind in ("policies", "profiles", "transform_sets", "ipsec_profiles"):
            self._things.update(((kind, thing.name), (at, thing)) for at, thing in enumerate(getattr(plan, kind)))
        self._things.update((("extended", name), (at, name)) for at, name in enumerate(plan.extended))
        for ring in plan.keyrings:
            self._things.update(((ring.name, block.prefix), (at, block)) for at, block in enumerate(ring.blocks))

    def named(self, places: Collection[Place]) -> frozenset[tuple[str, object]]:
        """What ``places`` rest on, directly or not: the proposal under its kind, peer blocks under their keyring."""
        found: set[tuple[str, object]] = {("proposal", None)} if places else set()
        for bound in (self._plan.bindings[place] for place in places):
            found |= {("profiles", bound.profile), ("transform_sets", bound.transform_set)}
            found.add(("ipsec_profiles", bound.ipsec_profile))
            found.update((kind, name) for name in bound.policies for kind in ("policies", "extended"))
            keyring, peers = self._rings.get(bound.profile, ("", ()))
            found.add(("keyrings", keyring))
            found.update((keyring, prefix) for prefix in peers)
        return frozenset(found)

    def share(self, places: Collection[Place], new: Collection[tuple[str, object]]) -> RouterPlan:
        """The plan for ``places``, of ``new`` objects alone."""
        mine = by_key((name[0], self._things[name]) for name in new if name in self._things)
        made = {kind: tuple(thing for _, thing in sorted(found, key=itemgetter(0))) for kind, found in mine.items()}
        kinds = ("policies", "extended", "profiles", "transform_sets", "ipsec_profiles")
        return msgspec.structs.replace(
            self._plan,
            proposal=self._plan.proposal and ("proposal", None) in new,
            keyrings=tuple(
                KeyringPlan(ring.name, made[ring.name], ("keyrings", ring.name) in new)
                for ring in self._plan.keyrings
                if ring.name in made
            ),
            bindings={place: self._plan.bindings[place] for place in places},
            **{kind: made.get(kind, ()) for kind in kinds},
        )
