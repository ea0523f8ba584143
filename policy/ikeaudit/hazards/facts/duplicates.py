"""Keys for the same address and mask in several keyrings of one scope (KEY-TIE)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_view import RouterView
from ikeaudit.hazards.facts.scope import scope_of
from ikeaudit.model import DEFAULT_KEYRING, Prefix, Secret
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import KeyPick


class Duplicate(msgspec.Struct, frozen=True):
    """One address and mask that stands in several keyrings.

    ``equal`` tells whether all keys are the same, None when type 6 text hides it; ``sure`` is False when it depends on a
    learnt address whether the keyrings meet at all. ``harmless``: the keys are equal and every profile that names one of
    the keyrings names them all, so that it makes no difference which is taken (U-3).
    """

    prefix: Prefix
    vrf: str | None
    picks: tuple[KeyPick, ...]
    equal: bool | None
    sure: bool
    peers: tuple[Peer, ...]
    harmless: bool

    @property
    def keyrings(self) -> tuple[str, ...]:
        """The keyrings in the order of the search."""
        return tuple(dict.fromkeys(pick.keyring.name for pick in self.picks))


def all_equal(secrets: Sequence[Secret]) -> bool | None:
    """Whether all keys of one router are the same clear key; None when type 6 text or a mask hides it (U-17)."""
    clear = {secret.fingerprint for secret in secrets if not secret.opaque}
    hidden = {secret.fingerprint for secret in secrets if secret.opaque}
    if len(clear) > 1:
        return False
    if any(secret.masked for secret in secrets) and len(secrets) > 1:
        return None
    return True if len(clear) + len(hidden) <= 1 else None


def duplicates(facts: RouterView) -> tuple[Duplicate, ...]:
    """Every duplicate of one router, in the order of the search."""
    groups = by_key(
        ((pick.keyring.vrf, pick.key.prefix.network), pick) for pick in facts.picks if pick.key.prefix is not None
    )
    found = []
    together: dict[frozenset[str], bool] = {}
    for (vrf, prefix), picks in groups.items():
        if len({pick.keyring.name for pick in picks}) < 2:
            continue
        for cluster, sure in _clusters(facts, picks, prefix.version):
            peers = {peer: None for pick in cluster for peer in facts.peers_under(pick.key.line)}
            equal = all_equal([pick.key.secret for pick in cluster])
            names = frozenset(pick.keyring.name for pick in cluster)
            if names not in together:
                together[names] = _always_together(facts, names)
            harmless = equal is True and together[names]
            found.append(Duplicate(prefix, vrf, tuple(cluster), equal, sure, tuple(peers), harmless))
    return tuple(found)


def _always_together(facts: RouterView, keyrings: frozenset[str]) -> bool:
    """Whether the keyrings are named by some profile, and every profile that names one of them names all."""
    users = {p.name: p for name in keyrings for p in facts.listed_keyrings.get(name, ())}
    return bool(users) and all(keyrings <= {ref.name for ref in p.keyrings} for p in users.values())


def _clusters(facts: RouterView, picks: list[KeyPick], version: int) -> Iterator[tuple[list[KeyPick], bool]]:
    """Keys of one prefix that can be candidates at one local end, and whether that is sure."""
    scopes = {pick.keyring.name: scope_of(pick.keyring.local_address, facts.rules.addresses, version) for pick in picks}
    live = [pick for pick in picks if scopes[pick.keyring.name].kind != "nowhere"]
    if any(scopes[pick.keyring.name].kind == "any" for pick in live):
        clusters = [live]
    else:
        by_scope = by_key((scopes[pick.keyring.name], pick) for pick in live)
        clusters = list(by_scope.values())
    pairs = False
    for cluster in clusters:
        if len({pick.keyring.name for pick in cluster}) > 1:
            pairs = True
            yield cluster, True
    kinds = {scopes[pick.keyring.name].kind for pick in live}
    if not pairs and "learnt" in kinds:
        learnt = next(s for s in scopes.values() if s.kind == "learnt")
        doubtful = [pick for pick in live if learnt.meets(scopes[pick.keyring.name]) is not False]
        if len({pick.keyring.name for pick in doubtful}) > 1:
            yield doubtful, False


_Group: TypeAlias = tuple[tuple[str, ...], str | None]


def duplicate_groups(found: Iterable[Duplicate], wanted: Callable[[Duplicate], bool]) -> dict[_Group, list[Duplicate]]:
    """The wanted ones of the duplicates of a router by the keyrings and the VRF that they share: one cause each."""
    return by_key(((duplicate.keyrings, duplicate.vrf), duplicate) for duplicate in found if wanted(duplicate))


def duplicate_peers(found: Iterable[Duplicate]) -> list[str]:
    """The addresses that the duplicates stand for: known peers, and the address itself where it is a single host."""
    names: dict[str, None] = {}
    for duplicate in found:
        if duplicate.prefix.is_host:
            names[str(duplicate.prefix)] = None
        names.update(dict.fromkeys(str(peer.address) for peer in duplicate.peers))
    return list(names)


def taken(keyrings: Sequence[str]) -> str:
    """Which of the keyrings of a duplicate a responder takes the key from, in words."""
    if keyrings[0] == DEFAULT_KEYRING:
        return "the global keys (default), which are searched first"
    return f"{keyrings[0]}, the first of them in configuration order"


def duplicate_lines(found: Iterable[Duplicate]) -> list[int]:
    """The lines of the keyrings and keys involved, one duplicate after the other."""
    return list(dict.fromkeys(line for d in found for pick in d.picks for line in (pick.keyring.line, pick.key.line)))
