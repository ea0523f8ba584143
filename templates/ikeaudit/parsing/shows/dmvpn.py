"""``show dmvpn [detail]`` (DOMAIN 9): the peers of each multipoint tunnel and how far each has come."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.model import DmvpnPeer, parse_address
from ikeaudit.parsing.shows.lines import texts
from ikeaudit.parsing.ttp_adapter import Match, parse_show


def parse_dmvpn(text: str) -> tuple[DmvpnPeer, ...] | None:
    """The rows printed; None when it is not that command's output."""
    found = parse_show("show_dmvpn", texts(text))
    peers = tuple(peer for match in found.get("interfaces", ()) for peer in _peers(match))
    return peers if peers or "titles" in found else None


def _peers(match: Match) -> Iterator[DmvpnPeer]:
    """The peers of one interface. A further tunnel address of one NBMA address has a row of its own that leaves the NBMA
    address out."""
    nbma = ""
    for row in match.get("peers", ()):
        nbma = row.get("nbma", nbma)
        tunnel = parse_address(row.get("tunnel", ""))
        if tunnel is not None and "state" in row:
            yield DmvpnPeer(match["name"], nbma, tunnel, row["state"], row.get("attributes", ""))
