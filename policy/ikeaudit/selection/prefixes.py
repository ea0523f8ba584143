"""Prefixes, found by an address or a prefix in the time of the number of different masks, not of prefixes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeAlias

from ikeaudit.model import IPAddress, Prefix

Places: TypeAlias = dict[Any, list[int]]
"""The places of what is found under a key, in their order."""


def note(lists: Places, key: object, place: int) -> None:
    """Add ``place`` to a list that an earlier version may share."""
    lists[key] = [*lists.get(key, ()), place]


def forget(lists: Places, key: object, place: int) -> None:
    """Take ``place`` out of a list that an earlier version may share."""
    left = [known for known in lists.pop(key, ()) if known != place]
    if left:
        lists[key] = left


class PrefixIndex:
    """Places by prefix; nothing is to be added once it was asked something."""

    def __init__(self) -> None:
        self._by_mask: dict[tuple[int, int], Places] = {}
        self._all: list[int] = []
        self._shortened: dict[tuple[int, int, int], frozenset[int]] = {}

    def add(self, place: int, prefix: Prefix) -> None:
        """Note ``prefix`` at ``place``."""
        mask = prefix.mask
        networks = self._by_mask.get((prefix.version, mask))
        if networks is None:
            networks = self._by_mask[prefix.version, mask] = {}
        networks.setdefault(prefix.value & mask, []).append(place)
        if not mask:
            self._all.append(place)

    def changed(self, gone: Iterable[tuple[int, Prefix]], come: Iterable[tuple[int, Prefix]]) -> PrefixIndex:
        """The index without what is ``gone``, and with what has ``come`` behind all others; this one stays as it is."""
        other = PrefixIndex()
        other._by_mask = {at: dict(networks) for at, networks in self._by_mask.items()}
        for place, prefix in gone:
            forget(other._by_mask[prefix.version, prefix.mask], prefix.value & prefix.mask, place)
        for place, prefix in come:
            note(other._by_mask.setdefault((prefix.version, prefix.mask), {}), prefix.value & prefix.mask, place)
        other._all = [place for (_, mask), lists in other._by_mask.items() if not mask for place in lists.get(0, ())]
        return other

    def covering(self, address: IPAddress | None) -> Iterator[tuple[int, int]]:
        """The places whose prefix surely covers ``address``, each with the length of that prefix.

        An address that is learnt (None) is surely covered by the prefix of all only.
        """
        if address is None:
            yield from ((place, 0) for place in self._all)
            return
        value, version = int(address), address.version
        for (family, mask), networks in self._by_mask.items():
            if family == version and (value & mask) in networks:
                length = mask.bit_count()
                yield from ((place, length) for place in networks[value & mask])

    def meets(self, prefix: Prefix, above: int = -1) -> bool:
        """Whether a prefix here, with more than ``above`` bits in its mask, has an address in common with ``prefix``."""
        return any(
            family == prefix.version
            and mask.bit_count() > above
            and prefix.value & mask & prefix.mask in self._told_apart(family, mask, prefix.mask)
            for family, mask in self._by_mask
        )

    def _told_apart(self, family: int, mask: int, by: int) -> Collection[int]:
        """The networks of one mask, as far as another mask tells them apart."""
        networks = self._by_mask[family, mask]
        if not mask & ~by:
            return networks
        if (family, mask, by) not in self._shortened:
            self._shortened[family, mask, by] = frozenset(network & by for network in networks)
        return self._shortened[family, mask, by]
