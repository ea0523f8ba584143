"""One scope's keyrings brought into a single one: what is moved, and the configuration that results (PLAN-KEYRING)."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model import DEFAULT_KEYRING, IsakmpProfile, Key, Keyring, KeyringRef, NamedLine, Router
from ikeaudit.remediation.strategies.single_keyring.scopes import Entry, Scope

Recipe = Literal["A1", "A2", "A3", "A5", "A6"]


class Binding(msgspec.Struct, frozen=True):
    """A crypto map entry that gets the profile which its peers select anyway (PLAN-KEYRING, PF-UNBOUND)."""

    map: str
    sequence: int
    profile: str
    line: int


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to one scope.

    ``recipe``: A1, the survivor holds every key already and wins every tie, so no key is typed again; A6, the same with the
    global keys as survivor; A2, a new keyring (without keys, line 0) takes over all; A3, a keyring takes over the keys of the
    others; A5, the global keys move into a keyring, new or not. ``adds`` are the keys that the survivor lacks, ``old`` the
    keyrings that it replaces, ``globals`` the global keys that go.
    """

    recipe: Recipe
    scope: Scope
    survivor: Keyring
    adds: tuple[Entry, ...] = ()
    old: tuple[Keyring, ...] = ()
    globals: tuple[Key, ...] = ()
    bindings: tuple[Binding, ...] = ()

    @property
    def new(self) -> bool:
        """Whether the survivor has to be created."""
        return self.survivor.line == 0 and self.survivor.name != DEFAULT_KEYRING

    @property
    def subject(self) -> str:
        """What is merged, for refusals and titles."""
        return f"keyrings {', '.join(self.scope.names)} ({self.scope})"

    @property
    def dissolved(self) -> frozenset[str]:
        """The names whose place the survivor takes, ``default`` among them when global keys go."""
        return frozenset(ring.name for ring in self.old) | ({DEFAULT_KEYRING} if self.globals else set())


def names_listed(profile: IsakmpProfile) -> tuple[str, ...]:
    """The keyrings that ``profile`` lists, each once."""
    return tuple(dict.fromkeys(ref.name for ref in profile.keyrings))


def uses_global_keys(profile: IsakmpProfile) -> bool:
    """Whether ``profile`` has no ``keyring`` line and may be selected by a peer of the default VRF (U-4).

    A profile for EzVPN groups or certificates does not use the keys of addresses.
    """
    kinds = [match.kind for match in profile.matches if match.vrf is None]
    return not profile.keyrings and any(kind not in ("group", "certificate") for kind in kinds)


def keeps_default(router: Router) -> bool:
    """Whether the global keys keep a meaning for profiles when those of addresses are gone: keys of host names remain."""
    return any(key.hostname is not None for key in router.default_keyring.keys)


def merged(router: Router, merge: Merge) -> Router:
    """The router's model after ``merge``, for the checks that come before any step is drafted."""
    gone = {ring.name for ring in merge.old}
    survivor = msgspec.structs.replace(
        merge.survivor, keys=merge.survivor.keys + tuple(entry.key for entry in merge.adds)
    )
    kept = [survivor if ring.name == survivor.name else ring for ring in router.keyrings if ring.name not in gone]
    kept += [msgspec.structs.replace(ring, keys=()) for ring in merge.old if ring.rsa_keys]
    default = router.default_keyring
    remaining = tuple(key for key in default.keys if key not in merge.globals)
    return msgspec.structs.replace(
        router,
        keyrings=(*kept, survivor) if merge.new else tuple(kept),
        default_keyring=msgspec.structs.replace(default, keys=remaining),
        isakmp_profiles=tuple(_profile(router, merge, profile) for profile in router.isakmp_profiles),
        crypto_maps=tuple(
            msgspec.structs.replace(
                crypto_map,
                entries=tuple(
                    next(
                        (
                            msgspec.structs.replace(entry, isakmp_profile=NamedLine(0, b.profile))
                            for b in merge.bindings
                            if (b.map, b.sequence) == (crypto_map.name, entry.sequence)
                        ),
                        entry,
                    )
                    for entry in crypto_map.entries
                ),
            )
            for crypto_map in router.crypto_maps
        ),
    )


def _profile(router: Router, merge: Merge, profile: IsakmpProfile) -> IsakmpProfile:
    """``profile`` listing the survivor wherever it used one of those that it replaces."""
    listed = names_listed(profile)
    if merge.globals and uses_global_keys(profile):
        listed = (DEFAULT_KEYRING,)
    staying = {ring.name for ring in merge.old if ring.rsa_keys}
    if keeps_default(router):
        staying.add(DEFAULT_KEYRING)
    names = []
    for name in listed:
        if name in merge.dissolved:
            names.append(merge.survivor.name)
        if name not in merge.dissolved or name in staying:
            names.append(name)
    refs = tuple(KeyringRef(0, name) for name in dict.fromkeys(names))
    return msgspec.structs.replace(profile, keyrings=refs)
