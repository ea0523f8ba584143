"""Where a row of show output stands, so that what rests on it can be shown as evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

from ikeaudit.model import CryptoSession, DmvpnPeer, Ikev2Sa, IPAddress, IsakmpSa, ShownLine, parse_address
from ikeaudit.parsing.shows.lines import body

_Row: TypeAlias = IsakmpSa | Ikev2Sa | CryptoSession | DmvpnPeer

_SPLIT = re.compile(r"[\s,;()]+")
_PORT = re.compile(r"/\d+$")


def placed(fields: Mapping[str, Any], command: str, text: str) -> dict[str, Any]:
    """``fields`` of ``command``'s output ``text``, each association and session of them with its line, where that is found."""
    found = dict(fields)
    lines = [_Line(ShownLine(command, number, line.strip())) for number, line in body(text)]
    for name in ("isakmp_sas", "ikev2_sas", "sessions", "dmvpn_peers"):
        if found.get(name):
            open_ = list(lines)
            found[name] = tuple(msgspec.structs.replace(row, at=_find(row, open_)) for row in found[name])
    return found


class _Line:
    """A line with the addresses and words in it."""

    def __init__(self, line: ShownLine) -> None:
        self.line = line
        self.words = _SPLIT.split(line.text)
        self.addresses = set(_addresses(self.words))


def _addresses(words: list[str]) -> Iterator[IPAddress]:
    for word in words:
        address = parse_address(_PORT.sub("", word)) if "." in word or ":" in word else None
        if address is not None:
            yield address


def _find(row: _Row, lines: list[_Line]) -> ShownLine | None:
    """The first of ``lines`` that says ``row``, which is then taken out with all before it: rows are printed in order."""
    for place, one in enumerate(lines):
        if _says(one, row):
            del lines[: place + 1]
            return one.line
    return None


def _says(one: _Line, row: _Row) -> bool:
    if isinstance(row, DmvpnPeer):
        return row.tunnel in one.addresses and (row.state in one.words or one.words[0] == "Tunnel")
    if isinstance(row, CryptoSession):
        return one.words[0] == "Peer:" and row.peer in one.addresses
    if isinstance(row, IsakmpSa):
        ends = {row.source, row.destination}
        return ends <= one.addresses and str(row.conn_id) in one.words
    return {row.local, row.remote} <= one.addresses or (str(row.tunnel_id) == one.words[0] and len(one.words) == 3)
