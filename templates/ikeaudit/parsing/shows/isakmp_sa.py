"""``show crypto isakmp sa [detail]`` (DOMAIN 2.1 and 9): the negotiations of phase 1 that the router knows of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ikeaudit.model import IsakmpSa, parse_address
from ikeaudit.parsing.shows.lines import texts
from ikeaudit.parsing.ttp_adapter import Match, parse_show

_STATUS = re.compile(r"(?P<word>\S+)(?:.*(?P<more> \(\w+\)))?")


def parse_isakmp_sa(text: str) -> tuple[IsakmpSa, ...] | None:
    """The rows of ``show crypto isakmp sa``, with or without ``detail``; None when it is not that command's output.

    The detailed table names no state and no initiator: a row of it has ``state`` empty, the remote end as ``destination``
    and the local one as ``source``.
    """
    found = parse_show("show_crypto_isakmp_sa", texts(text))
    rows = tuple(_associations(found.get("associations", [])))
    return rows if rows or "titles" in found else None


def _associations(matches: list[Match]) -> Iterator[IsakmpSa]:
    """The rows that are complete, with addresses that are some."""
    for match in matches:
        destination, source = parse_address(match["destination"]), parse_address(match.get("source", ""))
        status = _STATUS.match(match.get("status", ""))
        if destination is None or source is None or status is None:
            continue
        text = status["word"] + (status["more"] or "")
        yield IsakmpSa(destination, source, match.get("state", ""), text, int(match["conn_id"]))
