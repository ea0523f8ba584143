"""What a router prints into a session without being asked: log messages, and the countdown to a scheduled reload."""

from __future__ import annotations

import re

_STAMP = (
    r"(?:[*.]?[A-Z][a-z]{2}\s+\d{1,2}\s+(?:\d{4}\s+)?\d\d:\d\d:\d\d(?:\.\d+)?(?:\s[A-Z]{2,5})?:\s"
    r"|(?:\d+[dwhy]\d+[dwhy]|\d\d:\d\d:\d\d):\s)"
)

SYSLOG = rf"(?:\d+:\s)?{_STAMP}?%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Z0-9_]+:"
"""Pattern of the beginning of an IOS log message: sequence number, time stamp, ``%FACILITY-SEVERITY-MNEMONIC:``."""

_MESSAGE = re.compile(rf"^(?:[^\s#>()]+(?:\([^)\s]+\))?[#>][ \t]?)?{SYSLOG}")
_COUNTDOWN = re.compile(r"(?:^[ \t]*\n)*^\*\*\*\n\*\*\* --- SHUTDOWN [^\n]*---\n\*\*\*(?:\n[ \t]*$)*\n?", re.MULTILINE)


def without_syslog(text: str) -> str:
    """``text`` without lines that are log messages, and without the countdown of ``reload in``.

    A prompt that a message was printed behind goes with it.
    """
    if "--- SHUTDOWN" in text:
        text = _COUNTDOWN.sub("", text)
    if "%" not in text:
        return text
    return "\n".join(line for line in text.split("\n") if "%" not in line or not _MESSAGE.match(line))
