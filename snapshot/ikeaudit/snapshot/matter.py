"""What an audit goes by: a router without the lines that say nothing to anybody about tunnels."""

from __future__ import annotations

import re
from hashlib import sha256

import msgspec

from ikeaudit.ios.words import slot
from ikeaudit.model import Router
from ikeaudit.model.remembered import Remembered
from ikeaudit.snapshot.packing import packed

_FIRST = (slot("global/snmp-server"), slot("global/ntp"))
_IDLE = re.compile(rf" +description |{slot('global/snmp-server')} (?!host\b)|{slot('global/ntp')} ")
"""How lines begin that no rule looks at, and that change often: descriptions, SNMP but for its hosts, the clock's servers."""


_BARE = frozenset({"!", "end"})
"""Lines that only stand between others, or behind them: whether a text was cut short is known without them."""


def _left(line: str) -> str:
    """What is left of a line."""
    idle = line in _BARE or ((" description " in line or line.startswith(_FIRST)) and _IDLE.match(line) is not None)
    return "" if idle else line


_LEFT = Remembered(_left)


def without_idle_lines(router: Router) -> Router:
    """``router`` with nothing where such lines stand, but for those that were not understood, and interfaces not described.

    Every other line keeps its number. An audit is given routers like this, so that it cannot depend on those lines.
    """
    lines = _LEFT.of(router.lines)
    for at in {one.line - router.first_line for one in router.unknown}.intersection(range(len(lines))):
        lines[at] = router.lines[at]
    interfaces = [
        one if one.description is None else msgspec.structs.replace(one, description=None) for one in router.interfaces
    ]
    return msgspec.structs.replace(router, lines=tuple(lines), interfaces=tuple(interfaces))


def matter_of(left: Router) -> str | None:
    """SHA-256 of all that an audit goes by of one router, of which idle lines are left out already, up to its last line that
    is none; None where that has no form."""
    counting = max((number for number, line in enumerate(left.lines, 1) if line), default=0)
    content = packed(msgspec.structs.replace(left, lines=left.lines[:counting]))
    return None if content is None else sha256(content).hexdigest()
