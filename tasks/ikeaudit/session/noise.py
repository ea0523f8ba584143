"""What a router prints into a session without being asked, told from what it answers.

Log messages, what somebody types with ``send``, the countdown to a scheduled reload, and the warning before a revert timer
fires come at any moment: between two lines, in the middle of one, before a prompt and behind it. They are cut out, and the
cut is marked, so that whoever knows what the line must have been can put its two parts together again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DATE = (
    r"[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?"
    r"(?: [^\s:%]{1,12}(?::\d\d)?)?: "
)
_STAMP = rf"(?:{_DATE}|(?:\d+[dwhy]\d+[dwhy]|\d\d:\d\d:\d\d): )"
_NUMBER = r"(?:\d+: )?(?:[\w.-]+: )?"

SYSLOG = rf"{_NUMBER}{_STAMP}?%[A-Z]\w*(?:-\w+)*-[0-7]-[A-Z]\w*:"
"""Pattern of the beginning of an IOS log message: sequence number, origin, time stamp, ``%FACILITY-SEVERITY-MNEMONIC:``."""

CUT = "\x00"
"""Stands where a broadcast was cut out, with the line ends around it; no router's text has it, a terminal drops NUL."""

_PROMPT = r"[^\s#>()]+(?:\([^)\s]+\))?[#>]"
_NO_BREAK = re.compile(rf"{_PROMPT}[ \t]?|[^\n]* pattern [^\n]*")
_MESSAGE = re.compile(rf"^(?:{_PROMPT}[ \t]?)?{SYSLOG}")
_LOG_LINE = re.compile(SYSLOG)
_IN_LINE = re.compile(
    rf"(?:\d+: )?{_STAMP}%[A-Z]|(?<![\"'*^.(\\#>])%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Z0-9_]+: "
)
_TRACE = re.compile(r"(?:[ \t]*-(?:Traceback|Process)=[^\n]*(?:\n|\Z))+")
_MONTH = re.compile(r" \d\d:\d\d:\d\d(?:\.\d+)?(?: [\w+:-]+)?: ")
_DEBUG = re.compile(rf"(?:\A|\n)(?:{_NUMBER}{_DATE}[^\n]*(?:\n|\Z))+")

_CONFIRM = r"Enter [\"'“”]configure confirm[\"'“”] if you wish to keep what you['’]ve configured\.?"
_ROLLBACK = re.compile(
    r"\n*(?:Rollback Confirmed Change:\s*Rollback will begin in (?:one|an?|\d+) (?:minute|second)s?\.?"
    rf"(?:\s*{_CONFIRM})?|{_CONFIRM})[ \t]*\n*",
    re.IGNORECASE,
)
_ROLLBACK_LOG = re.compile(r"%ARCHIVE_DIFF-\d-ROLLBK_CNFMD_CHG_WARNING")

_WILL_ROLL_BACK = "it rolls the change back in one minute unless it is confirmed"

_BLANK = r"\n?(?:^[ \t\x07]*\n)*"
_STARS = r"(?:^[ \t\x07]*\*\*\*[ \t]*\n)*"
_COUNTDOWN = re.compile(
    rf"{_BLANK}{_STARS}^[ \t\x07]*\*\*\* ?--- SHUTDOWN ([^\n]*?) ?---[ \t]*(?:\n\*\*\*[ \t]*$)*(?:\n[ \t]*$)*\n?",
    re.MULTILINE,
)
_SENT = re.compile(
    rf"{_BLANK}{_STARS}^[ \t\x07]*\*\*\* Message from [^\n]* to [^\n]*:[ \t]*(\*\*\*)?[ \t]*(?:\n|\Z)"
    r"(?:\*\*\*[ \t]*(?:\n|\Z))*",
    re.MULTILINE,
)
_NO_MESSAGE = re.compile(rf"\s*[%^]|{_PROMPT}[ \t]*\Z")
_LONGEST_MESSAGE = 40
_MARGIN = 4_000
_CLOSING = re.compile(r"(?:^\*\*\*[ \t]*(?:\n|\Z)|^[ \t]*\n)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Heard:
    """Text without what came unasked, ``CUT`` in its place, and what a person should know of it, in our words."""

    text: str
    warnings: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether something was cut out."""
        return CUT in self.text


def hear(text: str) -> Heard:
    """Cut out of ``text`` (line feeds only) what the router printed unasked.

    Log messages behind a prompt stay: they show that the prompt is there. :func:`without_syslog` takes them out later.
    """
    warnings: dict[str, None] = {}
    if "%" in text:
        if _ROLLBACK_LOG.search(text):
            warnings[_WILL_ROLL_BACK] = None
        text = _without_log_lines(text)
    if _MONTH.search(text):
        text = _DEBUG.sub(CUT, text)
    head, text, rest = _around(text, "ollback will begin", "configure confirm")
    if _ROLLBACK.search(text):
        warnings[_WILL_ROLL_BACK] = None
    text = head + _ROLLBACK.sub(CUT, text) + rest
    head, text, rest = _around(text, "--- SHUTDOWN")
    for countdown in _COUNTDOWN.finditer(text):
        if re.fullmatch(r"in [\d:]+|NOW", countdown[1]):
            warnings[f"it restarts {countdown[1].lower()}"] = None
    text = head + _COUNTDOWN.sub(CUT, text) + rest
    head, text, rest = _around(text, "*** Message from ")
    text = head + _without_sent(text) + rest
    if CUT in text:
        text = re.sub(f"{CUT}+", CUT, text)
    return Heard(text, tuple(warnings))


def mend(text: str, whole: re.Pattern[str] | None = None, sign: str = "") -> str:
    """``text`` with its cuts closed: by nothing where the two parts of a line together match ``whole``, else by a line end.

    ``sign`` is put at the beginning of each line that such a line end came before.
    """
    if CUT not in text:
        return text
    first, *rest = text.split(CUT)
    mended = first
    for part in rest:
        left, right = mended[mended.rfind("\n") + 1 :], part.partition("\n")[0]
        joined = bool(left and right and whole is not None and whole.search(left + right))
        mended += part if joined else f"{sign}{part}" if not left else f"\n{sign}{part}"
    return mended


def begun(text: str) -> str:
    """The end of ``text`` that may be the beginning of a broadcast, whose rest is still to come; empty when there is none."""
    at = re.search(r"^[ \t\x07]*\*\*\*|Rollback Confirmed Change: ?R", text, re.MULTILINE)
    if at is not None:
        return text[at.start() :]
    tail = text[text.rfind("\n") + 1 :]
    return tail if "%" in tail else ""


def without_syslog(text: str) -> str:
    """``text`` without log messages and other broadcasts.

    A prompt that a log message was printed behind goes with it.
    """
    return without_prompts(mend(hear(text).text))


def without_prompts(text: str) -> str:
    """``text`` without the lines in which a log message stands behind a prompt."""
    if "%" not in text:
        return text
    return "\n".join(line for line in text.split("\n") if "%" not in line or not _MESSAGE.match(line.lstrip(CUT)))


def _around(text: str, *signs: str) -> tuple[str, str, str]:
    """``text`` in three: before, around and behind the places where one of ``signs`` stands, since configurations are long."""
    found = [at for sign in signs for at in (text.find(sign), text.rfind(sign)) if at >= 0]
    if not found:
        return text, "", ""
    start, end = max(0, min(found) - _MARGIN), max(found) + _MARGIN
    start = text.rfind("\n", 0, start) + 1
    return text[:start], text[start:end], text[end:]


def _without_log_lines(text: str) -> str:
    """Cut out log messages: lines that are one from their first character on, and what begins in the middle of a line.

    A configuration names log messages too, in patterns of event applets: those have no time stamp.
    """
    pieces: list[str] = []
    at, percent = 0, text.find("%")
    while percent >= 0:
        begin, end = text.rfind("\n", 0, percent) + 1, text.find("\n", percent)
        end = len(text) if end < 0 else end + 1
        if begin >= at and _LOG_LINE.match(text, begin):
            start = max(at, begin - 1)
        else:
            inside = _IN_LINE.search(text, max(at, begin), end)
            start = inside.start() if inside and not _NO_BREAK.fullmatch(text, begin, inside.start()) else -1
        if start >= 0:
            pieces.append(text[at:start])
            trace = _TRACE.match(text, end)
            at = end = trace.end() if trace else end
        percent = text.find("%", end)
    return CUT.join([*pieces, text[at:]])


def _without_sent(text: str) -> str:
    """Cut out messages of ``send``: frame and what was typed, which ends with an empty line or a frame.

    Where neither comes, one line is taken for the message: what follows may be the router's answer.
    """
    pieces: list[str] = []
    at = 0
    for frame in _SENT.finditer(text):
        if frame.start() < at:
            continue
        pieces.append(text[at : frame.start()])
        at = _end_of_message(text, frame.end(), framed=frame[1] is not None)
    pieces.append(text[at:])
    return CUT.join(pieces)


def _end_of_message(text: str, start: int, *, framed: bool) -> int:
    if framed and text.startswith("\n", start):
        start += 1
    first = start
    for number, (begin, end) in enumerate(_lines(text, start)):
        line = text[begin:end].strip("\n")
        if not line.strip() or line.strip() == "***":
            closing = _CLOSING.match(text, begin)
            return closing.end() if closing else end
        if _NO_MESSAGE.match(line) or number >= _LONGEST_MESSAGE:
            return begin if number <= 1 else first
        if number == 0:
            first = end
    return first


def _lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each line from ``start`` on, its line end included."""
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end + 1
        yield start, end
        start = end
