"""The physical lines of a file, made plain: terminal remains, odd blanks and prompts taken away, numbers kept.

Nothing here knows configuration; a line is never dropped, at most emptied, so that position ``i`` is always line
``i + 1`` of the user's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ikeaudit.ios.tables.names import AT_THE_MARGIN, VITAL_IN_INTERFACE
from ikeaudit.ios.words import any_of

MORE = re.compile(r"\s*(?:<-+ ?More ?-+>|-+ ?[Mm]ore ?-+|-+\(more(?: \d+%)?\)-+)\s?")
"""What a terminal's pager leaves in a text."""
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[()][0-9A-B]|[=>])")
_BLANKS = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_NOTHING = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xAD))
_TRANSLATION = {**_BLANKS, **_NOTHING}
_CONTROL = re.compile(r"[\x00-\x02\x04-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
UNUSUAL = re.compile(f"[\\x00-\\x02\\x04-\\x09\\x0b-\\x1f\\x7f{''.join(map(chr, _TRANSLATION))}]")
"""Characters that :func:`plain` changes."""
_PROMPT = re.compile(r"([A-Za-z][\w.\-]{0,62})(?:\(([A-Za-z][\w\-. ]*)\))?([#>])[ ]?")
_CONFIG_PROMPT = re.compile(r"[A-Za-z][\w.\-]{0,62}\([a-z][\w\-]*\)#")
_EXEC_WORD = re.compile(
    r"(?:sh(?:ow?)?|ping|trace(?:route)?|debug|un(?:debug)?|u all|clear|cle|copy|wr(?:ite)?|mem|ter(?:minal)?|en(?:able)?"
    r"|disable|exit|logout|conf(?:igure)?|telnet|ssh|dir|reload|more|delete|verify|test|monitor|set|who|quit|config)\b",
    re.IGNORECASE,
)
_CONFIG_WORD = re.compile(rf"(?:no )?{any_of((*AT_THE_MARGIN, VITAL_IN_INTERFACE[0]))} \S", re.IGNORECASE)
_AS_TYPED = ("desc", "!")
_NO_CONFIGURATION = ("tcl", "vlan", "boot", "rommon")
_TAB = 8


class Line(NamedTuple):
    """One line: its number in the user's file, the blanks before it, its text without blanks around it.

    ``host`` and ``mode`` are those of a prompt that stood before the text: mode ``exec``, ``config`` or ``config-if``.
    """

    number: int
    indent: int
    text: str
    host: str | None = None
    mode: str | None = None
    also: tuple[int, ...] = ()


def split_lines(text: str) -> list[str]:
    """``text`` cut where an editor cuts it: at LF, CRLF or, in a file without LF, at CR."""
    if "\n" not in text:
        return text.split("\r")
    return text.split("\n")


def _terminal(text: str) -> str:
    """What a terminal would show of a line with carriage returns and backspaces in it."""
    shown: list[str] = []
    cursor = 0
    for character in _ANSI.sub("", text):
        if character == "\b":
            cursor = max(0, cursor - 1)
        elif character == "\r":
            cursor = 0
        elif cursor < len(shown):
            shown[cursor] = character
            cursor += 1
        else:
            shown.append(character)
            cursor += 1
    return "".join(shown)


def plain(text: str) -> str:
    """One line without terminal remains; blanks of every kind become spaces."""
    text = text.rstrip("\r")
    if not text.isascii():
        text = text.translate(_TRANSLATION)
    if "\r" in text or "\b" in text or "\x1b" in text:
        text = _terminal(text)
    if "ore" in text and ("--" in text or "<-" in text):
        text = MORE.sub("", text, count=1)
    if "\t" in text:
        body = text.lstrip(" \t")
        indent = len(text[: len(text) - len(body)].expandtabs(_TAB))
        text = " " * indent + body.replace("\t", " ")
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    return text


def printed_lines(printed: Iterable[str]) -> list[Line]:
    """Lines as IOS printed them that hold anything but a separator (``!``), numbered from 1."""
    lines: list[Line] = []
    for number, raw in enumerate(printed, 1):
        body = raw.strip()
        if not body or body[0] == "!":
            continue
        if "  " in body and not body.startswith(_AS_TYPED):
            body = " ".join(body.split())
        lines.append(Line(number, len(raw) - len(raw.lstrip(" ")), body))
    return lines


def read_lines(text: str) -> list[Line]:
    """All lines of ``text``, numbered from 1, prompts split off."""
    lines: list[Line] = []
    for number, raw in enumerate(split_lines(text), 1):
        line = plain(raw)
        if line.startswith("> "):
            line = line.lstrip("> ")  # quoted in a page of notes
        body = line.strip()
        if "  " in body and not body.startswith(_AS_TYPED):
            body = " ".join(body.split())
        indent = len(line) - len(line.lstrip(" "))
        if ("#" in body or ">" in body) and (indent == 0 or _CONFIG_PROMPT.match(body)):
            lines.append(_unprompt(number, body))
        else:
            lines.append(Line(number, indent, body))
    return lines


def _unprompt(number: int, body: str) -> Line:
    found = _PROMPT.match(body)
    if found is None:
        return Line(number, 0, body)
    host, mode, sign = found.groups()
    rest = body[found.end() :].strip()
    if mode in _NO_CONFIGURATION:
        return Line(number, 0, rest, host, "exec")
    if mode is not None and (sign == "#" or mode.startswith("conf")):
        return Line(number, 0 if mode == "config" else 1, rest, host, mode)
    if mode is None and (not rest or _EXEC_WORD.match(rest)) and (sign == "#" or rest):
        return Line(number, 0, rest, host, "exec")
    if mode is None and _CONFIG_WORD.match(rest):
        return Line(number, 0, rest, host, "bare")
    return Line(number, 0, body)
