"""One scope's keyrings brought into a single one: which survives, what is moved, what results (PLAN-KEYRING).

Of the recipes that fit the cheapest is taken.
"""

from typing import Literal

import msgspec

from ikeaudit.model import (
    DEFAULT_KEYRING,
    CryptoMap,
    CryptoMapEntry,
    IsakmpProfile,
    Key,
    Keyring,
    KeyringRef,
    NamedLine,
    Router,
)
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.single_keyring.checks import readings
from ikeaudit.remediation.strategies.single_keyring.scopes import Entry, Scope, entry_id
from ikeaudit.selection import Endpoint, Identity, RouterRules

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


def choose(rules: RouterRules, scope: Scope, entries: tuple[Entry, ...], taken: frozenset[str]) -> Merge:
    """The recipe for a scope that has more than one place for keys; ``taken`` names must not be used for a new keyring."""
    wanted = {entry.id for entry in entries}
    holders = {entry.keyring for entry in entries}
    default = rules.router.default_keyring
    if scope.globals:
        if {entry_id(key) for key in scope.globals} == wanted:
            return Merge(recipe="A6", scope=scope, survivor=default, old=scope.keyrings)
        survivor = scope.keyrings[0] if len(scope.keyrings) == 1 else _fresh(scope, taken)
        return _into(survivor, "A5", scope, entries)
    for keyring in scope.keyrings:
        # The blind search picks the first keyring of a tie: the survivor must be that one for every entry.
        if {entry_id(key) for key in keyring.keys} == wanted and holders <= {keyring.name}:
            return _into(keyring, "A1", scope, entries)
    with_rsa = [keyring for keyring in scope.keyrings if keyring.rsa_keys]
    if len(with_rsa) == 1:  # its RSA keys then need not be touched
        return _into(with_rsa[0], "A3", scope, entries)
    if _serves_crypto_maps_only(rules, scope):
        return _into(scope.keyrings[0], "A3", scope, entries)
    return _into(_fresh(scope, taken), "A2", scope, entries)


def _into(survivor: Keyring, recipe: Recipe, scope: Scope, entries: tuple[Entry, ...]) -> Merge:
    held = {entry_id(key) for key in survivor.keys}
    return Merge(
        recipe=recipe,
        scope=scope,
        survivor=survivor,
        adds=tuple(entry for entry in entries if entry.id not in held),
        old=tuple(ring for ring in scope.keyrings if ring.name != survivor.name),
        globals=scope.globals,
    )


def _fresh(scope: Scope, taken: frozenset[str]) -> Keyring:
    """A keyring without keys, for the same scope, whose name differs from those ``taken`` in more than case."""
    name = f"KR-{scope.vrf or 'ALL'}"
    if scope.local is not None:
        name += f"-{scope.local[0]}".replace(":", ".")
    lowered = {other.lower() for other in taken}
    names = (name, *(f"{name}-{n}" for n in range(2, len(lowered) + 3)))
    free = next(candidate for candidate in names if candidate.lower() not in lowered)
    return Keyring(free, 0, scope.vrf, scope.keyrings[0].local_address if scope.keyrings else None)


def _in_scope(scope: Scope, end: Endpoint) -> bool:
    return end.ike_version == 1 and end.fvrf == scope.vrf and (scope.local is None or end.local.address in scope.local)


def _serves_crypto_maps_only(rules: RouterRules, scope: Scope) -> bool:
    kinds = {end.kind for end in rules.endpoints if _in_scope(scope, end)}
    return kinds == {"crypto-map"}


def bindings(
    rules: RouterRules, scope: Scope, known: frozenset[str]
) -> tuple[tuple[Binding, ...], tuple[Refusal, ...]]:
    """The crypto map entries of a scope that name no profile although their peers select one (PLAN-KEYRING).

    ``known`` are the peers whose configuration is in the fleet. Without it nobody knows as what a peer identifies itself, and
    an entry that is bound to another profile refuses it (BIND-PROFILE); such an entry is left as it is, and named.
    """
    found: dict[tuple[str, int], Binding] = {}
    refusals: dict[tuple[str, int], Refusal] = {}
    for crypto_map in rules.router.crypto_maps:
        for entry in crypto_map.entries:
            profile = _unbound(rules, scope, crypto_map, entry)
            if profile is None:
                continue
            unknown = [str(peer.address) for peer in entry.peers if str(peer.address) not in known]
            if unknown:
                refusals[crypto_map.name, entry.sequence] = Refusal(
                    router=rules.router.name,
                    subject=f"crypto map {crypto_map.name} {entry.sequence}",
                    reason=f"The entry is not bound to profile {profile}, which its peers select, because the configuration of "
                    f"{', '.join(unknown)} is not here and as what it identifies itself is not known.",
                    evidence=rules.router.evidence(entry.line, *(peer.line for peer in entry.peers)),
                )
            else:
                found[crypto_map.name, entry.sequence] = Binding(crypto_map.name, entry.sequence, profile, entry.line)
    return tuple(found.values()), tuple(refusals.values())


def _unbound(rules: RouterRules, scope: Scope, crypto_map: CryptoMap, entry: CryptoMapEntry) -> str | None:
    """The one profile that all peers of an unbound entry select in every reading; None when it is bound or they do not."""
    if entry.kind != "ipsec-isakmp" or entry.isakmp_profile or entry.ikev2_profile or crypto_map.isakmp_profile:
        return None
    names = set()
    for end in rules.endpoints:
        if end.crypto_map != crypto_map.name or not end.interface.endswith(f" {crypto_map.name} {entry.sequence}"):
            continue
        if end.peer is None or not _in_scope(scope, end):
            return None
        selected = readings(rules.profiles_for(Identity("address", end.peer), end.local))
        if len(selected) != 1:
            return None
        names.add(selected[0].name)
    return names.pop() if len(names) == 1 else None
