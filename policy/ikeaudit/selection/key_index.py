"""The address keys of all keyrings of a router, found by the address that they are for, from one version of it to the next.

Each line of a change makes another version of a keyring that may hold thousands of keys; what is made anew of the index is
what belongs to the keys that came and went.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ikeaudit.model import IPAddress, Key, Keyring, Prefix, Router
from ikeaudit.selection.keys import KeyPick
from ikeaudit.selection.places import Places

_Networks = dict[int, dict[int, dict[int, Key]]]
"""The keys of one mask by network, then by the numbers of the places of their keyring, and of themselves in it."""


class KeyIndex:
    """The keys of a router's keyrings; the global one is the first of them."""

    def __init__(self, router: Router, earlier: KeyIndex | None = None) -> None:
        """``earlier``: the index of another version of the router, of which is taken over what has not changed."""
        self._by_mask: dict[tuple[int, int], _Networks] = dict(earlier._by_mask) if earlier is not None else {}
        self._keys: dict[int, Places[Key]] = dict(earlier._keys) if earlier is not None else {}
        self._made: set[object] = set()
        known: Places[Keyring] = earlier._rings if earlier is not None else Places()
        rings, gone, come = known.later((router.default_keyring, *router.keyrings))
        self._rings: Places[Keyring] = rings
        for number in dict(gone).keys() - dict(come).keys():
            self._change(number, ())
        for number, ring in come:
            self._change(number, ring.keys)
        self._ring_at = dict(zip(self._rings.numbers, self._rings.things, strict=True))
        self._number_of = {ring.name: number for number, ring in self._ring_at.items()}

    def _change(self, ring: int, keys: tuple[Key, ...]) -> None:
        """Take in what has become of the keys of one keyring."""
        self._keys[ring], gone, come = self._keys.get(ring, Places()).later(keys)
        for at, key in gone:
            self._put(ring, at, key.prefix, None)
        for at, key in come:
            self._put(ring, at, key.prefix, key)

    def _put(self, ring: int, at: int, prefix: Prefix | None, key: Key | None) -> None:
        """Put a key of a keyring under its prefix, or take it away; what the earlier version holds stays as it is."""
        if prefix is None:
            return
        kind = prefix.version, prefix.mask
        if kind not in self._made:
            self._made.add(kind)
            self._by_mask[kind] = dict(self._by_mask.get(kind, {}))
        networks, network = self._by_mask[kind], prefix.value & prefix.mask
        if (kind, network) not in self._made:
            self._made.add((kind, network))
            networks[network] = dict(networks.get(network, {}))
        rings = networks[network]
        if (kind, network, ring) not in self._made:
            self._made.add((kind, network, ring))
            rings[ring] = dict(rings.get(ring, _NONE))
        held = rings.setdefault(ring, {})
        held.pop(at, None)
        if key is not None:
            held[at] = key
        elif not held:
            del rings[ring]

    # -- looking up ------------------------------------------------------------------------------------------------

    def of_default(self, peer: IPAddress) -> tuple[KeyPick, ...]:
        """The global keys that cover ``peer``, in configuration order."""
        return self._of(self._rings.numbers[0], peer)

    def of_ring(self, name: str, peer: IPAddress) -> tuple[KeyPick, ...]:
        """The keys of the keyring ``name`` that cover ``peer``, in configuration order."""
        number = self._number_of.get(name)
        return self._of(number, peer) if number is not None else ()

    def named(self, vrf: str | None, peer: IPAddress) -> tuple[KeyPick, ...]:
        """The keys of all named keyrings for that VRF that cover ``peer``, in configuration order."""
        default = self._rings.numbers[0]
        return self._picks(
            (ring, at, key)
            for rings in self._covering(peer)
            for ring, held in rings.items()
            if ring != default and self._ring_at[ring].vrf == vrf
            for at, key in held.items()
        )

    def vrfs(self) -> tuple[str | None, ...]:
        """The VRFs that named keyrings are for, in the order of the first of each."""
        return tuple(dict.fromkeys(ring.vrf for ring in self._rings.things[1:]))

    def _of(self, ring: int, peer: IPAddress) -> tuple[KeyPick, ...]:
        return self._picks(
            (ring, at, key) for rings in self._covering(peer) for at, key in rings.get(ring, _NONE).items()
        )

    def _covering(self, peer: IPAddress) -> Iterator[dict[int, dict[int, Key]]]:
        value, version = int(peer), peer.version
        for (family, mask), networks in self._by_mask.items():
            if family == version and (value & mask) in networks:
                yield networks[value & mask]

    def _picks(self, found: Iterable[tuple[int, int, Key]]) -> tuple[KeyPick, ...]:
        return tuple([KeyPick(self._ring_at[ring], key) for ring, _, key in sorted(found, key=_place)])


_NONE: dict[int, Key] = {}


def _place(found: tuple[int, int, Key]) -> tuple[int, int]:
    return found[:2]
