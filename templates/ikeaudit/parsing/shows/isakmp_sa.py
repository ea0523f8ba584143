"""``show crypto isakmp sa [detail]`` (MODE-MAIN, SHOW-LAYOUT): the negotiations of phase 1 that the router knows of."""

from __future__ import annotations

import re

from ikeaudit.model import IsakmpSa, parse_address
from ikeaudit.parsing.shows.lines import body

_TITLE = re.compile(
    r"\s*(?:IPv[46] )?Crypto ISAKMP SA\s*|\s*dst\s+src\s+state\s+conn-id.*|\s*C-id\s+Local\s+Remote\s+.*", re.I
)
_ROW = re.compile(
    r"\s*(?P<dst>[\d.:a-fA-F]+)\s+(?P<src>[\d.:a-fA-F]+)\s+(?P<state>[A-Z]{2}_\w+)\s+(?P<conn>\d+)(?:\s+\d+)?\s+(?P<status>\S.*)"
)
_DETAIL = re.compile(
    r"\s*(?P<conn>\d+)\s+(?P<local>[\d.:a-fA-F]+)\s+(?P<remote>[\d.:a-fA-F]+)\s+(?:(?P<vrf>\S+)\s+)?"
    r"(?P<status>ACTIVE|STDBY)(?P<rest>\s.*)?"
)
_MORE = re.compile(r"\s\((?P<more>\w+)\)")
_STACKED = re.compile(
    r"(?:^|(?<=\s))(?P<name>dst|src|state|conn-id|status):\s*(?P<value>[^\s:]\S*(?: \(\w+\))?)", re.IGNORECASE
)
"""IPv6: ``dst: A``, ``src: B``, then the rest, on lines of their own."""


def parse_isakmp_sa(text: str) -> tuple[IsakmpSa, ...] | None:
    """The rows of ``show crypto isakmp sa``, with or without ``detail``; None when it is not that command's output.

    Associations over IPv6 are printed field by field. The detailed table names no state and no initiator: a row of it has
    ``state`` empty, the remote end as ``destination`` and the local one as ``source``.
    """
    rows: list[IsakmpSa] = []
    recognised = False
    stacked: dict[str, str] = {}
    for _, line in body(text):
        recognised = recognised or _TITLE.fullmatch(line) is not None
        if named := _STACKED.findall(line):
            if named[0][0].lower() == "dst":
                rows += _stacked(stacked)
                stacked = {}
            stacked.update((name.lower(), value) for name, value in named)
            continue
        if row := _ROW.fullmatch(line):
            found = _sa(row["dst"], row["src"], row["state"], row["status"], row["conn"])
        elif row := _DETAIL.fullmatch(line):
            more = _MORE.search(row["rest"] or "")
            status = row["status"] + (f" ({more['more']})" if more else "")
            found = _sa(row["remote"], row["local"], "", status, row["conn"])
        else:
            continue
        rows += [found] if found else []
    rows += _stacked(stacked)
    return tuple(rows) if rows or recognised else None


def _stacked(values: dict[str, str]) -> list[IsakmpSa]:
    """The association whose fields stood on lines of their own, unless something is missing."""
    connection = values.get("conn-id", "")
    if not connection.isdigit():
        return []
    found = _sa(
        values.get("dst", ""), values.get("src", ""), values.get("state", ""), values.get("status", ""), connection
    )
    return [found] if found else []


def _sa(destination: str, source: str, state: str, status: str, connection: str) -> IsakmpSa | None:
    to, of = parse_address(destination), parse_address(source)
    if to is None or of is None:
        return None
    return IsakmpSa(to, of, state, status.strip(), int(connection))
