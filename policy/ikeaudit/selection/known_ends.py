"""The tunnel ends of a router whose configuration changes a little at a time: made anew is what a change can concern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from ikeaudit.model import Interface, Router
from ikeaudit.model.versions import differing
from ikeaudit.selection.defined import Defined
from ikeaudit.selection.endpoint import Endpoint, endpoints, tunnel_ends
from ikeaudit.selection.local import Addresses

_OTHER_PARTS = ("name", "acls", "host_mappings", "domain_name", "dynamic_maps", "crypto_maps")
"""What a change of may concern any end; beside them ends are made of interfaces and of what they are bound to."""


class KnownEnds:
    """The ends of one version of a router; ``found`` is in configuration order, as :func:`endpoints` has it."""

    def __init__(self, router: Router, addresses: Addresses, earlier: KnownEnds | None = None) -> None:
        """``earlier``: those of another version of the router."""
        self._router = router
        self._addresses = addresses
        if earlier is not None and (found := earlier._later(router, addresses)) is not None:
            # An interface has as many ends as before, at the same places.
            self._places, self._sources, self._odd = earlier._places, earlier._sources, earlier._odd
            self.found = found
        else:
            self.found = endpoints(router, addresses)

    @cached_property
    def _places(self) -> dict[str, slice]:
        """Where the ends of each tunnel interface stand in ``found``."""
        places: dict[str, slice] = {}
        for at, end in enumerate(self.found):
            if end.kind == "tunnel":
                first = places.get(end.interface, slice(at, at)).start
                places[end.interface] = slice(first, at + 1)
        return places

    @cached_property
    def _sources(self) -> frozenset[str | None]:
        """The interfaces that the ends start from."""
        return frozenset(end.local.interface for end in self.found)

    @cached_property
    def _odd(self) -> tuple[str, ...]:
        """The tunnels that are made of more than their interface, the one that they start from, and what they are bound to.

        They start from another interface's address, or a profile names their template. What a list or a name of a host makes of
        an end is among the other parts.
        """
        return tuple(interface.name for interface in self._router.interfaces if self._is_odd(interface))

    def _is_odd(self, interface: Interface) -> bool:
        tunnel = interface.tunnel
        if tunnel is None:
            return False
        source = self._addresses.interface(tunnel.source_interface)
        return interface.name.startswith("Virtual-Template") or source is None or source.unnumbered is not None

    def _later(self, router: Router, addresses: Addresses) -> tuple[Endpoint, ...] | None:
        """The ends of a later version of the router; None where all of them have to be made anew."""
        was = self._router
        if any(_other(getattr(was, part), getattr(router, part)) for part in _OTHER_PARTS):
            return None
        _, gone, come = differing(was.interfaces, router.interfaces)
        if len(gone) != len(come) or not all(self._replaces(old, new) for old, new in zip(gone, come, strict=True)):
            return None
        bound = {end.interface for end in self._bound_to_others(router)}
        names = dict.fromkeys((*(new.name for new in come), *self._odd, *bound))
        if not names:
            return self.found
        if any(end.kind == "crypto-map" for end in self.found):
            return None
        return self._with(names, router, addresses)

    def _replaces(self, old: Interface, new: Interface) -> bool:
        """Whether a later version of an interface concerns no other one, and the ends of a crypto map neither."""
        return (
            old.name == new.name
            and old.name not in self._sources
            and not new.crypto_maps
            and _source(old) == _source(new)
        )

    def _bound_to_others(self, router: Router) -> Iterator[Endpoint]:
        """The ends that name something which is defined now and was not, or was and is not, or an IPsec profile that is new."""
        was = self._router
        _, gone, come = differing(was.ipsec_profiles, router.ipsec_profiles)
        names: set[str | None] = {profile.name for profile in (*gone, *come)}
        if names:
            yield from (end for end in self.found if end.ipsec_profile in names)
        isakmp = _either(was.isakmp_profiles, router.isakmp_profiles)
        if isakmp:
            yield from (end for end in self.found if end.isakmp_profile in isakmp)
        ikev2 = _either(was.ikev2.profiles, router.ikev2.profiles)
        if ikev2:
            yield from (end for end in self.found if end.ikev2_profile in ikev2)
        sets = _either(was.transform_sets, router.transform_sets)
        if sets:
            yield from (end for end in self.found if not sets.isdisjoint(end.transform_sets))

    def _with(self, names: Iterable[str], router: Router, addresses: Addresses) -> tuple[Endpoint, ...] | None:
        """``found`` with the ends of some interfaces made anew; None where one has more or fewer of them than before."""
        defined = Defined(router)
        found = list(self.found)
        for name in names:
            interface = addresses.interfaces[name]
            place = self._places.get(name, slice(0, 0))
            ends = tunnel_ends(router, interface, defined, addresses)
            if len(ends) != place.stop - place.start:
                return None
            for at, end in enumerate(ends, place.start):
                if end != found[at]:
                    found[at] = end
        return tuple(found)


def _source(interface: Interface) -> object:
    """Where a tunnel starts from; None of what is no tunnel."""
    tunnel = interface.tunnel
    return None if tunnel is None else (tunnel.source_interface, tunnel.source_address, tunnel.vrf)


def _other(was: Any, now: Any) -> bool:
    return was is not now and was != now


def _either(was: tuple[Any, ...], now: tuple[Any, ...]) -> frozenset[str | None]:
    """The names that only one of two versions of a list has."""
    _, gone, come = differing(was, now)
    return frozenset({thing.name for thing in gone} ^ {thing.name for thing in come})
