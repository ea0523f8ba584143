"""Times as show commands print them (SHOW-LAYOUT)."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)")
_UNITS = re.compile(r"(?:\d+[ywdh])+")
_SECONDS = {"y": 365 * 86400, "w": 7 * 86400, "d": 86400, "h": 3600}


def seconds(text: str | None) -> int | None:
    """The seconds of ``05:50:03``, ``3d18h``, ``7w0d`` (cut off below its last unit) or ``0``; None of anything else."""
    if text is None:
        return None
    if text.isdigit():
        return int(text)
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
    if _UNITS.fullmatch(text):
        return sum(int(count) * _SECONDS[unit] for count, unit in re.findall(r"(\d+)([ywdh])", text))
    return None
