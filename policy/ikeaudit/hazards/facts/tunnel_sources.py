"""Protected tunnels that share a source (END-SHARED)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import Interface, IPAddress, Tunnel, TunnelProtection


class ProtectedTunnel(msgspec.Struct, frozen=True):
    """A tunnel interface with its protection; ``source`` its own address or, where that is learnt, its source interface."""

    interface: Interface
    tunnel: Tunnel
    protection: TunnelProtection
    source: IPAddress | str

    @property
    def name(self) -> str:
        """The interface's name."""
        return self.interface.name

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines that matter here."""
        return (self.interface.line, self.tunnel.source_line, self.tunnel.destination_line, self.protection.line)


def by_source(facts: RouterFacts) -> Iterator[list[ProtectedTunnel]]:
    """Groups of two or more protected tunnels with one source and one front-door VRF; those shut down are left out."""
    groups: dict[tuple[object, str | None], list[ProtectedTunnel]] = {}
    for interface in facts.router.interfaces:
        tunnel = interface.tunnel
        if tunnel is None or tunnel.protection is None or interface.shutdown:
            continue
        if tunnel.source_interface is not None:
            version = 6 if tunnel.mode.endswith("ipv6") else 4
            source: IPAddress | str | None = facts.rules.addresses.primary(tunnel.source_interface, version)
            source = source or tunnel.source_interface
        else:
            source = tunnel.source_address
        if source is not None:
            found = ProtectedTunnel(interface, tunnel, tunnel.protection, source)
            groups.setdefault((source, tunnel.vrf), []).append(found)
    return (group for group in groups.values() if len(group) > 1)


def properly_shared(tunnels: list[ProtectedTunnel]) -> bool:
    """Whether all carry ``shared``, name one IPsec profile, and have an interface as their source."""
    return (
        all(t.protection.shared and t.tunnel.source_interface is not None for t in tunnels)
        and len({t.protection.ipsec_profile for t in tunnels}) == 1
    )
