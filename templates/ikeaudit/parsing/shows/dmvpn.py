"""``show dmvpn [detail]`` (SHOW-LAYOUT): the peers of each multipoint tunnel and how far each has come."""

from __future__ import annotations

import re

from ikeaudit.model import DmvpnPeer, parse_address
from ikeaudit.parsing.shows.lines import body

_TITLE = re.compile(r"\s*Legend: Attrb .*|\s*#\s*Ent\s+Peer NBMA Addr\s+.*", re.IGNORECASE)
_INTERFACE = re.compile(r"\s*Interface:?\s+(?P<name>[^\s,]+)(?:,?\s.*)?", re.IGNORECASE)
_ROW = re.compile(
    r"\s*(?:(?P<entries>\d+)\s+)?(?P<nbma>[\w.:-]*[.:][\w.:-]*|UNKNOWN)\s+(?P<tunnel>[\d.:a-fA-F]+)\s+(?P<state>[A-Z]+)\s+(?P<since>\S+)"
    r"(?:\s+(?P<attributes>[A-Z0-9]{1,6}))?(?:\s+\S.*)?",
)
_STACKED = (
    re.compile(r"\s*\d+\.\s*Peer NBMA Address:\s*(?P<nbma>\S+)\s*", re.IGNORECASE),
    re.compile(r"\s*Tunnel IPv[46] Address:\s*(?P<tunnel>\S+)\s*", re.IGNORECASE),
    re.compile(
        r"\s*# Ent:\s*\d+,\s*Status:\s*(?P<state>[A-Z]+),.*?(?:Cache Attrib:\s*(?P<attributes>[A-Z0-9]+).*)?",
        re.IGNORECASE,
    ),
)
"""IPv6: the fields of a peer on lines of their own, the address of the tunnel before the status."""
_TUNNEL_ONLY = re.compile(
    r"\s*(?P<tunnel>[\d.:a-fA-F]+)\s+(?P<state>[A-Z]+)\s+(?P<since>\d\S*|never)(?:\s+(?P<attributes>[A-Z0-9]{1,6}))?(?:\s+\S.*)?"
)


def parse_dmvpn(text: str) -> tuple[DmvpnPeer, ...] | None:
    """The rows printed; None when it is not that command's output. A further tunnel address of one NBMA address has a row of
    its own that leaves the NBMA address out."""
    peers: list[DmvpnPeer] = []
    recognised = False
    interface = nbma = tunnel = ""
    for _, line in body(text):
        if _TITLE.fullmatch(line):
            recognised = True
        elif found := _INTERFACE.fullmatch(line):
            interface = found["name"]
        elif found := _STACKED[0].fullmatch(line):
            nbma = found["nbma"]
        elif found := _STACKED[1].fullmatch(line):
            tunnel = found["tunnel"]
        elif found := _STACKED[2].fullmatch(line):
            peers += _peer(interface, nbma, tunnel, found)
        elif row := _ROW.fullmatch(line):
            nbma = row["nbma"]
            peers += _peer(interface, nbma, row["tunnel"], row)
        elif row := _TUNNEL_ONLY.fullmatch(line):
            peers += _peer(interface, nbma, row["tunnel"], row)
    return tuple(peers) if peers or recognised else None


def _peer(interface: str, nbma: str, address: str, row: re.Match[str]) -> list[DmvpnPeer]:
    tunnel = parse_address(address)
    if tunnel is None:
        return []
    return [DmvpnPeer(interface, nbma, tunnel, row["state"], row["attributes"] or "")]
