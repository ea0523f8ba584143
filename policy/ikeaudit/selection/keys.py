"""Which pre-shared key a router takes for a peer address (KEY-BEFORE-ID, KEY-LPM, KEY-TIE, KEY-FVRF)."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

import msgspec

from ikeaudit.model import IPAddress, Key, Keyring
from ikeaudit.selection.local import Addresses, LocalEnd


class KeyPick(msgspec.Struct, frozen=True):
    """A key together with the keyring that it stands in."""

    keyring: Keyring
    key: Key

    @property
    def length(self) -> int:
        """Mask length of the key's address, the specificity that IOS compares; 0 for a host-name key."""
        return self.key.prefix.length if self.key.prefix is not None else 0


class KeyTable:
    """Address keys of several keyrings, searchable in the time of the number of different masks, not of keys."""

    def __init__(self, picks: Iterable[KeyPick]) -> None:
        self._by_mask: dict[tuple[int, int], dict[int, list[tuple[int, KeyPick]]]] = {}
        for position, pick in enumerate(picks):
            prefix = pick.key.prefix
            if prefix is None:
                continue
            networks = self._by_mask.setdefault((prefix.version, prefix.mask), {})
            networks.setdefault(prefix.value & prefix.mask, []).append((position, pick))

    def covering(self, peer: IPAddress) -> tuple[KeyPick, ...]:
        """Every key whose address and mask cover ``peer``, in configuration order."""
        value, version = int(peer), peer.version
        found: list[tuple[int, KeyPick]] = []
        for (family, mask), networks in self._by_mask.items():
            if family == version:
                found += networks.get(value & mask, ())
        found.sort(key=itemgetter(0))
        return tuple(pick for _, pick in found)


class KeySearch(msgspec.Struct, frozen=True):
    """The result of a key search.

    ``considered`` are all keys that cover the peer at the stage that decided, in configuration order; ``best`` those with
    the longest mask, the first in the configuration first. More than one keyring in ``best`` is a tie (KEY-TIE).
    ``uncertain`` are keyrings whose ``local-address`` cannot be resolved and that would have taken part, ``lacking`` such whose
    ``local-address`` names no VRF where the end is in one (LOCAL-VRF); ``outranked`` keys
    with a longer mask than the best, left out for their ``local-address``: were the mask looked at first, they would win
    and then serve nobody (U-16).
    """

    considered: tuple[KeyPick, ...] = ()
    best: tuple[KeyPick, ...] = ()
    uncertain: tuple[KeyPick, ...] = ()
    outranked: tuple[KeyPick, ...] = ()
    lacking: tuple[KeyPick, ...] = ()

    @property
    def tie(self) -> bool:
        """Whether the longest mask stands in more than one keyring."""
        return len({pick.keyring.name for pick in self.best}) > 1

    @classmethod
    def among(cls, picks: Iterable[KeyPick], addresses: Addresses, end: LocalEnd) -> KeySearch:
        """Filter by ``local-address`` first, then take the longest mask (U-16)."""
        considered: list[KeyPick] = []
        uncertain: list[KeyPick] = []
        barred: list[KeyPick] = []
        for pick in picks:
            admitted = addresses.admits(pick.keyring.local_address, end)
            if admitted:
                considered.append(pick)
            elif admitted is None:
                uncertain.append(pick)
            else:
                barred.append(pick)
        longest = max((pick.length for pick in considered), default=0)
        best = tuple(pick for pick in considered if pick.length == longest)
        return cls(
            tuple(considered),
            best,
            tuple(pick for pick in uncertain if pick.length >= longest),
            tuple(pick for pick in barred if pick.length > longest) if best else (),
            tuple(p for p in barred if p.length >= longest and addresses.lacks_vrf(p.keyring.local_address, end)),
        )


def keys_of(keyrings: Iterable[Keyring]) -> list[KeyPick]:
    """Every key of the given keyrings in configuration order."""
    return [KeyPick(keyring, key) for keyring in keyrings for key in keyring.keys]
