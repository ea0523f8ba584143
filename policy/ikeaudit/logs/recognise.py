"""Which known message a line is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from ikeaudit.logs.message import ADDRESS, Row, opening
from ikeaudit.logs.messages import ROWS
from ikeaudit.logs.reading import Said


class Known(NamedTuple):
    """A message that a row of the tables describes, with the addresses in it and what else was caught."""

    row: Row
    peer: str | None = None
    local: str | None = None
    state: str = ""
    role: str = ""


_ABORTED = re.compile(r"%IKEV2-\d-NEG_ABORT:\s*Negotiation aborted due to ERROR:\s*:?\s*", re.IGNORECASE)
_ENDS = re.compile(
    rf"(%IKEV2-\d-\w+):\s*(?:\(\d+\):\s*)?Local:({ADDRESS}):\d+\s+Remote:({ADDRESS}):\d+\s+(?:Username:\S+\s+)?(?:IKEv2 )?(.*)"
)
"""Who has it with whom, as later releases write it in front of each message."""
_INIT_FAILED = re.compile(r"(?:Initial|Auth) exchange failed:+\s*(?=\S)", re.IGNORECASE)


def _index() -> Mapping[str, list[tuple[re.Pattern[str], Row]]]:
    found: dict[str, list[tuple[re.Pattern[str], Row]]] = {}
    for row in ROWS:
        found.setdefault(row.first, []).append((row.pattern(), row))
    for rows in found.values():
        rows.sort(key=lambda entry: -len(_SLOT.sub("", entry[1].text)))  # the longest words first: they say most
    return found


_SLOT = re.compile(r"\{\w+\}")
_ROWS = _index()


def recognise(said: Said) -> Known | None:
    """The row that ``said`` is an instance of, None where no table has it."""
    body = said.body
    if body.startswith("%IKEV2-") and (ends := _ENDS.match(body)):
        found = recognise(msgspec.structs.replace(said, body=f"{ends[1]}: {ends[4]}"))
        return found._replace(local=found.local or ends[2], peer=found.peer or ends[3]) if found else None
    if body[:1] == "%" and "NEG_ABORT" in body:
        aborted = _ABORTED.match(body)
        reason = aborted and _look_up(body[aborted.end() :].lstrip(": "), 2)
        if reason:
            return reason
    found = _look_up(body, said.version)
    if found is not None and found.row.version == 2 and (why := _INIT_FAILED.match(body)):
        return _look_up(body[why.end() :].lstrip(": "), 2) or found
    return found


def _look_up(body: str, version: int) -> Known | None:
    for pattern, row in _ROWS.get(opening(body), ()):
        if version and row.version and row.version != version:
            continue
        found = pattern.match(body)
        if found is not None:
            caught = found.groupdict()
            return Known(
                row,
                caught.get("peer"),
                caught.get("local"),
                (caught.get("state") or "").upper(),
                (caught.get("role") or "").upper(),
            )
    return None
