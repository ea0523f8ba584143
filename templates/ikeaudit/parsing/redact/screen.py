"""What a terminal would show of a line, so that a word cannot hide from the rules behind control characters."""

from __future__ import annotations

import re

REMAINS = re.compile(
    "[\x00-\x02\x04-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200d\u2060\ufeff\u2010-\u2013\u2212]|\r(?=.)"
)
"""Characters that a terminal, an editor, a web page or a PDF viewer leaves behind."""

_TYPESET = re.compile(
    r"\b(pre|shared|transform|isakmp|ikev2|esp|ah|md5|sha|sha\d{3}|dynamic|local|self|aggressive|security|access|virtual|trust"
    r"|invalid|client)[\u2010-\u2013\u2212](?=[A-Za-z])",
    re.IGNORECASE,
)
"""A hyphen of a command, set as a printer sets it."""

_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[()][0-9A-B]|[=>])")
_INVISIBLE = re.compile("[\x00-\x02\x04-\x07\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200d\u2060\ufeff]")


def may_hide(text: str) -> bool:
    """Whether ``text`` holds such characters."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return False
    return REMAINS.search(text) is not None


def cleared(line: str) -> str:
    """``line`` as a terminal would show it; the carriage returns at its end stay."""
    body = line.rstrip("\r")
    return as_shown(body) + line[len(body) :] if REMAINS.search(body) else line


def lower(text: str) -> str:
    """``text`` in lower case, every character in its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(char.lower() if char.isascii() else char for char in text)


def as_shown(line: str) -> str:
    """``line`` with its backspaces and carriage returns played, escape sequences and invisible characters taken away."""
    line = _ESCAPE.sub("", line)
    if "\b" in line or "\r" in line:
        line = _played(line)
    return _TYPESET.sub(r"\1-", _INVISIBLE.sub("", line))


def _played(line: str) -> str:
    shown: list[str] = []
    cursor = 0
    for character in line:
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
