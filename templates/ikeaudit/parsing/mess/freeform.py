"""Text inside a configuration that is not commands: banners, certificates, key strings, macros.

A banner may hold anything, configuration examples included; it ends at its own delimiter. When the delimiter never comes
again the banner is taken as one line, so that a damaged file does not vanish into it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ikeaudit.ios.tables.names import DATA_ENDS, MACRO
from ikeaudit.ios.words import delimited, slot
from ikeaudit.parsing.lines import Line

_BANNER = re.compile(
    rf"(?:{'|'.join(delimited())}) (?P<delimiter>\^C|(?!<(?:CUT:|PSK|SECRET>))\S)(?P<rest>.*)$", re.IGNORECASE
)
_DATA_START = re.compile(
    rf"(?:{slot('certificate-chain/certificate')}(?: (?:self-signed|ca|rollback|ra-\S+|general-purpose))*(?: [0-9A-F]{{2,}})?"
    rf"|{slot('rsa-pubkey/key-string')}(?: \S+)?)$",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"[0-9A-Fa-f]{2,}(?: [0-9A-Fa-f]{2,})* ?(?:<SECRET>)?$|[A-Za-z0-9+/=]{40,}$|-----(?:BEGIN|END) [A-Z0-9 ]+-----$"
)
_MACRO = re.compile(rf"{MACRO} \S", re.IGNORECASE)
_FIRST_LETTERS = frozenset("bBaAmMvVrRlLtTi")
"""What the first line of a banner, a menu or a macro may begin with."""


def without_freeform(lines: list[Line]) -> tuple[list[Line], list[tuple[int, str]]]:
    """``lines`` without those inside banners, certificates and macros, and remarks (line, text) on damaged ones."""
    kept: list[Line] = []
    remarks: list[tuple[int, str]] = []
    ends = _DelimiterSearch(lines)
    index = 0
    while index < len(lines):
        line = lines[index]
        text = line.text
        kept.append(line)
        index += 1
        if not text:
            continue
        first = text[0]
        if first in _FIRST_LETTERS and (found := _BANNER.match(text)):
            after = _banner_end(found, ends, index)
            if after is None:
                remarks.append((line.number, "banner without an end: read as one line"))
            else:
                index = after
        elif first in "cCkK" and _DATA_START.match(text):
            index = _data_end(lines, index)
        elif first in "mM" and _MACRO.match(text):
            end = ends.find(index, "@", exact=True)
            index = index if end is None else end + 1
    return kept, remarks


banner_of = _BANNER.match
"""The first line of a text between two delimiters: groups ``delimiter`` and ``rest``."""


def opens_text(line: str) -> str:
    """What ends the text between two delimiters, or the macro, that ``line`` begins; empty when it begins none."""
    line = " ".join(line.split())
    found = _BANNER.match(line)
    if found is None:
        return "@" if _MACRO.match(line) else ""
    delimiter = found["delimiter"]
    return "" if delimiter.isalnum() or delimiter in found["rest"] else delimiter


def written_by_people(lines: Sequence[str]) -> set[int]:
    """The positions of lines inside banners, menu texts and macros, their first lines apart."""
    found: set[int] = set()
    texts = [Line(number, 0, line.strip()) for number, line in enumerate(lines)]
    ends = _DelimiterSearch(texts)
    index = 0
    while index < len(texts):
        text = texts[index].text
        index += 1
        if text[:1] not in _FIRST_LETTERS:
            continue
        end: int | None = index
        if banner := _BANNER.match(text):
            end = _banner_end(banner, ends, index)
        elif _MACRO.match(text) and (end := ends.find(index, "@", exact=True)) is not None:
            end += 1
        if end is not None and end > index:
            found.update(range(index, end))
            index = end
    return found


class _DelimiterSearch:
    """Finds the next line with a delimiter; a delimiter once missing is not looked for again (keeps the whole linear)."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._missing: set[tuple[str, bool]] = set()

    def find(self, start: int, delimiter: str, *, exact: bool = False) -> int | None:
        if (delimiter, exact) in self._missing:
            return None
        for index in range(start, len(self._lines)):
            text = self._lines[index].text
            if text == delimiter if exact else delimiter in text:
                return index
        self._missing.add((delimiter, exact))
        return None


def _banner_end(found: re.Match[str], ends: _DelimiterSearch, start: int) -> int | None:
    """Position after the banner whose first line is ``found``; None when it has no end."""
    delimiter = found["delimiter"]
    if delimiter in found["rest"]:
        return start
    if delimiter.isalnum():
        # A word, not a delimiter: an old corpus or a copy that lost its control character.
        return start
    end = ends.find(start, delimiter)
    return None if end is None else end + 1


def _data_end(lines: list[Line], index: int) -> int:
    while index < len(lines) and (not lines[index].text or _DATA.match(lines[index].text)):
        index += 1
    if index < len(lines) and lines[index].text.lower() == DATA_ENDS:
        index += 1
    return index
