"""Where a keyring or a profile takes part: its ``local-address``, resolved (KEY-LOCAL-ADDRESS)."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model import IPAddress, LocalAddress
from ikeaudit.selection import Addresses


class Scope(msgspec.Struct, frozen=True):
    """The local end that a restriction admits.

    ``any``: no restriction. ``address``: one address. ``learnt``: the address of an interface that learns it. ``nowhere``:
    an interface that does not exist, is shut down or has no address.
    """

    kind: Literal["any", "address", "learnt", "nowhere"]
    address: IPAddress | None = None
    interface: str | None = None

    def meets(self, other: Scope) -> bool | None:
        """Whether some local end lies in both; None when an address that is learnt would have to be known."""
        if "nowhere" in (self.kind, other.kind):
            return False
        if "any" in (self.kind, other.kind) or self == other:
            return True
        if self.kind == other.kind:
            return False
        # A learnt address against a written one: the written one is somebody else's if an interface is known to hold it.
        written = self if self.kind == "address" else other
        return False if written.interface is not None else None


def scope_of(restriction: LocalAddress | None, addresses: Addresses, version: int) -> Scope:
    """``restriction`` for IP ``version``, as a comparable scope."""
    if restriction is None:
        return Scope("any")
    if restriction.address is not None:
        owners = addresses.owners(restriction.address)
        return Scope("address", restriction.address, owners[0].name if owners else None)
    interface = addresses.interface(restriction.interface)
    if interface is None or interface.shutdown:
        return Scope("nowhere")
    if interface.addressing in ("dhcp", "negotiated"):
        return Scope("learnt", interface=interface.name)
    address = addresses.primary(interface.name, version)
    if address is None:
        return Scope("nowhere")
    owners = addresses.owners(address)
    return Scope("address", address, owners[0].name if owners else None)
