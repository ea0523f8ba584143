"""``show crypto isakmp sa [detail]`` (DOMAIN 2.1 and 9): the negotiations of phase 1 that the router knows of."""

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
    r"(?P<status>ACTIVE|STDBY)(?:\s+\((?P<more>\w+)\))?\s+(?P<encr>\S+)\s+(?P<hash>\S+)?\s+(?P<auth>\S+)?\s+(?P<group>\d+)\s+"
    r"(?P<life>[\d:]+).*"
)


def parse_isakmp_sa(text: str) -> tuple[IsakmpSa, ...] | None:
    """The rows of ``show crypto isakmp sa``, with or without ``detail``; None when it is not that command's output.

    The detailed table names no state and no initiator: a row of it has ``state`` empty, the remote end as ``destination``
    and the local one as ``source``.
    """
    rows: list[IsakmpSa] = []
    recognised = False
    for _, line in body(text):
        recognised = recognised or _TITLE.fullmatch(line) is not None
        if row := _ROW.fullmatch(line):
            found = _sa(row["dst"], row["src"], row["state"], row["status"], row["conn"])
        elif row := _DETAIL.fullmatch(line):
            status = row["status"] + (f" ({row['more']})" if row["more"] else "")
            found = _sa(row["remote"], row["local"], "", status, row["conn"])
        else:
            continue
        rows += [found] if found else []
    return tuple(rows) if rows or recognised else None


def _sa(destination: str, source: str, state: str, status: str, connection: str) -> IsakmpSa | None:
    to, of = parse_address(destination), parse_address(source)
    if to is None or of is None:
        return None
    return IsakmpSa(to, of, state, status.strip(), int(connection))
