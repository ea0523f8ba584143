"""Lines that were wrapped: by a printer or a mail program between two words, by a terminal at its edge."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ikeaudit.ios.tables.names import DATA_ENDS, OF_ONE_WORD
from ikeaudit.ios.words import any_of, key_words, slot, starts
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess.commands import is_known_anywhere, spell_global, wants_a_name
from ikeaudit.parsing.mess.garble import begins_with_a_word

_ADDRESS, _HOST_NAME = starts("ikev2-peer/address", "ikev2-peer/hostname")
_QUAD = r"\d{1,3}(?:\.\d{1,3}){3}"
_KEY = r"(?:key )?(?:[067] )?<PSK:[0-9a-f]+>"
_VALUE_LINE = re.compile(
    rf"(?:address )?(?:{_QUAD}|{_KEY})(?:\s+(?:{_QUAD}|{_KEY}|address|no-xauth|secondary|[\w\-]+))?(?: {_QUAD})?$"
)
_WANTS_VALUE = re.compile(
    r".*(?:\baddress(?: \S+)?|\bkey(?: [067])?|\bhostname \S+|\bpeer|\bdestination|\bsource|\S host \S+"
    rf"|\b{any_of(key_words(margin=True))} (?:[067] )?<PSK:\w+>|\b{slot('global/ip-route')}(?: \S+){{1,2}})$"
)
_NAME_LINE = re.compile(r"[\w.:\-/]+$")
NARROWEST = 72
"""The width of a terminal, at least; lines are cut there."""
REDACTED = ("<PSK:", "<SECRET>", "<CUT:")
"""What a redacted line is known by."""


def _length(line: Line) -> int:
    return line.indent + len(line.text)


def terminal_width(lines: Iterable[Line]) -> int:
    """The length of the longest line, as far as redaction has not changed it; 0 when no line is long."""
    longest = max((_length(line) for line in lines if not any(mark in line.text for mark in REDACTED)), default=0)
    return longest if longest >= NARROWEST else 0


def _at_the_edge(first: Line, second: Line, width: int) -> bool:
    """Whether ``first`` reaches the edge of the terminal, a blank there left out, and ``second`` is no command."""
    return (
        width > 0
        and not first.also
        and width - 1 <= _length(first) <= width
        and second.number == first.number + 1
        and not second.indent
        and second.mode is None
        and second.text[0] != "!"
        and not spell_global(second.text).known
        and not _is_command(second.text)
    )


def joined_lines(first: Line, second: Line, width: int) -> Line | None:
    """``first`` with ``second`` appended when the second is the rest of a wrapped line; ``width`` is the terminal's."""
    if _at_the_edge(first, second, width):
        whole_word = _length(first) < width or begins_with_a_word(first.text.rpartition(" ")[2])
        blank = " " if whole_word else ""
        return first._replace(text=f"{first.text}{blank}{second.text}", also=(*first.also, second.number))
    value, start = second.text, first.text
    if value.startswith(_ADDRESS) and (f" {_ADDRESS.rstrip()}" in start or start.startswith(_HOST_NAME)):
        return None  # of an RSA public key with an address in its header, and one below it; of an IKEv2 peer with both
    rest = (_VALUE_LINE.match(value) and _WANTS_VALUE.match(start)) or (
        _NAME_LINE.match(value) and wants_a_name(start) and not _is_command(value)
    )
    if not rest:
        return None
    return first._replace(text=f"{start} {value}", also=(*first.also, second.number))


def _is_command(word: str) -> bool:
    return word in ("end", "exit", DATA_ENDS, *OF_ONE_WORD) or is_known_anywhere(word)
