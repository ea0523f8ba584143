"""Which address of a router a negotiation uses, and whether a ``local-address`` restriction admits it."""

from __future__ import annotations

import msgspec

from ikeaudit.model import Interface, IPAddress, LocalAddress, Router


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

    def __init__(self, router: Router) -> None:
        self.interfaces: dict[str, Interface] = {i.name: i for i in router.interfaces}
        self._owner: dict[IPAddress, list[Interface]] = {}
        for interface in router.interfaces:
            for own in interface.addresses:
                if own.role != "link-local":
                    self._owner.setdefault(own.address, []).append(interface)

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
