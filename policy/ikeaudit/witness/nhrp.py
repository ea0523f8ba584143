"""The peers of multipoint tunnels as NHRP has them, which tells how far each has come: IKE, IPsec, NHRP (SHOW-LAYOUT)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.model import IPAddress, ShownLine, parse_address
from ikeaudit.selection import RouterRules

LAYERS = {
    "IKE": "its calls of IKE have not come through",
    "IPSEC": "IKE is up, and IPsec is not",
    "NHRP": "its registration with NHRP has not come through",
}
"""What a peer waits for that is not up, by its state."""


class NhrpPeer(msgspec.Struct, frozen=True):
    """A peer of the protected tunnel ``interface`` of ``router``: ``nbma`` is its address outside, ``state`` how far it came.

    ``static``: it is configured, as a hub is at its spokes. ``waits`` says what it waits for, empty where it is up.
    """

    router: str
    interface: str
    nbma: IPAddress
    state: str
    static: bool = False
    shown: ShownLine | None = None

    @property
    def waits(self) -> str:
        """What a peer that is not up waits for."""
        return LAYERS.get(self.state, "")


def nhrp_peers(rules: RouterRules) -> Iterator[NhrpPeer]:
    """The peers that a router shows whose address outside is known, each once a tunnel, the one that has come furthest.

    Tunnels without protection, and the router's own address, are left out: no association belongs to them.
    """
    own = set(rules.addresses.all())
    protected = {end.interface for end in (*rules.endpoints, *rules.clients)}
    found: dict[tuple[str, IPAddress], NhrpPeer] = {}
    for row in rules.router.shows.dmvpn_peers or ():
        nbma = parse_address(row.nbma)
        if nbma is None or nbma in own or row.interface not in protected or "L" in row.attributes:
            continue
        peer = NhrpPeer(rules.router.name, row.interface, nbma, row.state, "S" in row.attributes, row.at)
        before = found.get((row.interface, nbma))
        if before is None or (before.waits and not peer.waits):
            found[row.interface, nbma] = peer
    yield from found.values()
