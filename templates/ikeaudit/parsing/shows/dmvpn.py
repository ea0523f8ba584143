"""``show dmvpn [detail]`` (DOMAIN 9): the peers of each multipoint tunnel and how far each has come."""

from __future__ import annotations

import re

from ikeaudit.model import DmvpnPeer, parse_address
from ikeaudit.parsing.shows.lines import body

_TITLE = re.compile(r"\s*Legend: Attrb .*|\s*#\s*Ent\s+Peer NBMA Addr\s+.*", re.IGNORECASE)
_INTERFACE = re.compile(r"\s*Interface:?\s+(?P<name>[^\s,]+)(?:,?\s.*)?", re.IGNORECASE)
_ROW = re.compile(
    r"\s*(?:(?P<entries>\d+)\s+)?(?P<nbma>[\w.:]*[.:][\w.:]*)\s+(?P<tunnel>[\d.:a-fA-F]+)\s+(?P<state>[A-Z]+)\s+(?P<since>\S+)"
    r"(?:\s+(?P<attributes>[A-Z0-9]{1,6}))?(?:\s+\S.*)?",
)
_TUNNEL_ONLY = re.compile(
    r"\s*(?P<tunnel>[\d.:a-fA-F]+)\s+(?P<state>[A-Z]+)\s+(?P<since>\d\S*|never)(?:\s+(?P<attributes>[A-Z0-9]{1,6}))?(?:\s+\S.*)?"
)


def parse_dmvpn(text: str) -> tuple[DmvpnPeer, ...] | None:
    """The rows printed; None when it is not that command's output. A further tunnel address of one NBMA address has a row of
    its own that leaves the NBMA address out."""
    peers: list[DmvpnPeer] = []
    recognised = False
    interface = ""
    nbma = ""
    for _, line in body(text):
        if _TITLE.fullmatch(line):
            recognised = True
        elif found := _INTERFACE.fullmatch(line):
            interface = found["name"]
        elif row := _ROW.fullmatch(line):
            nbma = row["nbma"]
            peers += _peer(interface, nbma, row)
        elif row := _TUNNEL_ONLY.fullmatch(line):
            peers += _peer(interface, nbma, row)
    return tuple(peers) if peers or recognised else None


def _peer(interface: str, nbma: str, row: re.Match[str]) -> list[DmvpnPeer]:
    tunnel = parse_address(row["tunnel"])
    if tunnel is None:
        return []
    return [DmvpnPeer(interface, nbma, tunnel, row["state"], row["attributes"] or "")]
