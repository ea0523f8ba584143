"""``show crypto isakmp sa [detail]`` (MODE-MAIN, SHOW-LAYOUT): the negotiations of phase 1 that the router knows of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ikeaudit.model import IsakmpDetail, IsakmpSa, parse_address
from ikeaudit.parsing.shows.lines import texts
from ikeaudit.parsing.shows.times import seconds
from ikeaudit.parsing.ttp_adapter import Match, parse_show

_STATUS = re.compile(r"(?P<word>\S+)(?:.*(?P<more> \(\w+\)))?")
_AGREED = re.compile(
    r"(?:ACTIVE|STDBY) +(?P<encryption>\d?[a-z]\w*) +(?P<hash>[a-z]\w*) +(?P<authentication>[a-z]\w*) +(?P<group>\d+)"
    r" +(?P<remaining>[\d:]+|(?:\d+[dh])+)\b(?!.*\(deleted\))"
)


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


def parse_isakmp_detail(text: str) -> tuple[IsakmpDetail, ...] | None:
    """What the associations of ``show crypto isakmp sa detail`` agreed on; None when it is not that command's output.

    Rows that are deleted or have agreed on nothing yet are left out, and so are those over IPv6, which are not laid out in
    columns.
    """
    found = parse_show("show_crypto_isakmp_sa", texts(text))
    rows = tuple(_details(found.get("associations", [])))
    return rows if rows or "titles" in found else None


def _details(matches: list[Match]) -> Iterator[IsakmpDetail]:
    for match in matches:
        local, remote = parse_address(match.get("source", "")), parse_address(match["destination"])
        agreed = _AGREED.match(match.get("status", ""))
        if local is not None and remote is not None and agreed is not None and "state" not in match:
            yield IsakmpDetail(
                conn_id=int(match["conn_id"]),
                local=local,
                remote=remote,
                encryption=agreed["encryption"],
                hash=agreed["hash"],
                authentication=agreed["authentication"],
                group=agreed["group"],
                remaining=seconds(agreed["remaining"]),
            )
