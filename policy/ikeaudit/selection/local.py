"""Which address of a router a negotiation uses, and whether a ``local-address`` restriction admits it."""

from __future__ import annotations

import msgspec

from ikeaudit.model import Interface, IPAddress, LocalAddress, Router
from ikeaudit.model.versions import differing


class LocalEnd(msgspec.Struct, frozen=True):
    """The router's own end of an IKE negotiation.

    ``address`` is None when the configuration does not say it (DHCP, negotiated, interface without an address);
    ``interface`` is the interface it belongs to, when known; ``fvrf`` the front-door VRF, None the default VRF.
    """

    address: IPAddress | None
    interface: str | None = None
    fvrf: str | None = None


class Addresses:
    """The addresses of one router, by interface and the other way round."""

    def __init__(self, router: Router, earlier: Addresses | None = None) -> None:
        """``earlier``: those of another version of the router, of which is taken over what has not changed."""
        self._listed = router.interfaces
        if earlier is not None and self._take_over(earlier):
            return
        self.interfaces: dict[str, Interface] = {i.name: i for i in router.interfaces}
        self._owner: dict[IPAddress, list[Interface]] = {}
        for interface in router.interfaces:
            for address in _held(interface):
                self._owner.setdefault(address, []).append(interface)

    def _take_over(self, earlier: Addresses) -> bool:
        """Take over all but the interfaces that are others now; not where one of them has other addresses."""
        _, gone, come = differing(earlier._listed, self._listed)
        pairs = list(zip(gone, come, strict=False))
        same = all((old.name, _held(old)) == (new.name, _held(new)) for old, new in pairs)
        if len(gone) != len(come) or len(earlier.interfaces) != len(self._listed) or not same:
            return False
        self.interfaces = {**earlier.interfaces, **{new.name: new for new in come}}
        self._owner = dict(earlier._owner)
        for old, new in pairs:
            for address in set(_held(new)):
                self._owner[address] = [new if holder.name == old.name else holder for holder in self._owner[address]]
        return True

    def interface(self, name: str | None) -> Interface | None:
        """The interface of that name, or None."""
        return self.interfaces.get(name) if name is not None else None

    def primary(self, name: str, version: int = 4) -> IPAddress | None:
        """The address that the router sends from on interface ``name``; None when it is not in the configuration."""
        seen: set[str] = set()
        while (interface := self.interfaces.get(name)) is not None and name not in seen:
            seen.add(name)
            for own in interface.addresses:
                if own.role == "primary" and own.address.version == version:
                    return own.address
            if interface.unnumbered is None:
                return None
            name = interface.unnumbered
        return None

    def shared(self, name: str) -> IPAddress | None:
        """The one first-hop redundancy address of interface ``name``; None without one, or with several."""
        interface = self.interfaces.get(name)
        found = [own.address for own in interface.addresses if own.role == "fhrp"] if interface is not None else []
        return found[0] if len(found) == 1 else None

    def down(self, name: str | None) -> bool:
        """Whether interface ``name`` is shut down."""
        interface = self.interface(name)
        return interface is not None and interface.shutdown

    def owners(self, address: IPAddress) -> tuple[Interface, ...]:
        """The interfaces that hold ``address``, in configuration order; one for each VRF at most, as IOS allows."""
        return tuple(self._owner.get(address, ()))

    def all(self) -> dict[IPAddress, list[Interface]]:
        """Every address with the interfaces that hold it."""
        return self._owner

    def stand_as(self, other: Addresses) -> bool:
        """Whether every address stands at the interface, and in the VRF, that it has in ``other``."""
        if self is other:
            return True
        _, gone, come = differing(other._listed, self._listed)
        places = [[(one.name, one.vrf, _held(one)) for one in interfaces] for interfaces in (gone, come)]
        return places[0] == places[1] or _places(self) == _places(other)

    def admits(self, restriction: LocalAddress | None, end: LocalEnd) -> bool | None:
        """Whether ``local-address`` lets this end through; None when the configuration cannot tell (KEY-LOCAL-ADDRESS, U-16).

        The same interface on both sides is a match even when its address is learnt. An interface that does not exist, or
        has no address at all, admits nothing (KEY-LOCAL-ADDRESS), nor does an address without its VRF (:meth:`lacks_vrf`).
        """
        if restriction is None:
            return True
        if restriction.address is not None:
            if (restriction.vrf is not None and restriction.vrf != end.fvrf) or self.lacks_vrf(restriction, end):
                return False
            return None if end.address is None else restriction.address == end.address
        interface = self.interfaces.get(restriction.interface or "")
        if restriction.interface == end.interface:
            # The interface stands for its own address, not for a secondary or shared one (KEY-LOCAL-ADDRESS).
            own = self.primary(end.interface or "", end.address.version) if end.address is not None else None
            return own == end.address
        if interface is None:
            return False
        if interface.addressing in ("dhcp", "negotiated"):
            return None
        address = self.primary(interface.name, end.address.version if end.address is not None else 4)
        if address is None:
            return False
        return None if end.address is None else address == end.address

    def lacks_vrf(self, restriction: LocalAddress | None, end: LocalEnd) -> bool:
        """Whether ``local-address`` names this end's address, and not the front-door VRF that it is in (LOCAL-VRF)."""
        return (
            restriction is not None
            and restriction.address is not None
            and restriction.vrf is None
            and end.fvrf is not None
            and restriction.address == end.address
        )


def _held(interface: Interface) -> list[IPAddress]:
    """The addresses of an interface by which a router is reached from elsewhere."""
    return [own.address for own in interface.addresses if own.role != "link-local"]


def _places(addresses: Addresses) -> dict[IPAddress, list[tuple[str, str | None]]]:
    return {address: [(i.name, i.vrf) for i in there] for address, there in addresses.all().items()}
