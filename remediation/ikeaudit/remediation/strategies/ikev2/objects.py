"""The IKEv2 objects of one router, before they become text: their names, what is created, what each place is bound to."""

import re
from collections.abc import Iterable

import msgspec

from ikeaudit.model import IPAddress, Prefix
from ikeaudit.remediation.strategies.ikev2.partners import Tokens
from ikeaudit.remediation.strategies.ikev2.places import Place


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
    """A new IKEv2 keyring."""

    name: str
    blocks: tuple[PeerBlock, ...]


class ProfilePlan(msgspec.Struct, frozen=True):
    """A new IKEv2 profile.

    ``local`` is given where another profile matches the same identity at another address; ``own`` is the identity that the
    router presents, None where the places of the profile have several addresses.
    """

    name: str
    fvrf: str | None
    identities: tuple[Prefix, ...]
    keyring: str
    own: IPAddress | None
    local: IPAddress | None
    ivrf: str | None
    multipoint: bool


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
    """What a place is bound to: an IPsec profile for a tunnel, an IKEv2 profile and a transform set for a crypto map entry."""

    place: Place
    profile: str
    transform_set: str
    ipsec_profile: str | None = None


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
