"""One router's lines without what people, tools and terminals put between and behind them: log messages, banners, comments,
remarks, prose, marks of what was left out, breaks inside a line."""

from __future__ import annotations

import re
from collections.abc import Container

from ikeaudit.ios.tables.names import AT_THE_MARGIN
from ikeaudit.ios.words import any_of, free_text, key_words, prose
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess.commands import spell_global
from ikeaudit.parsing.mess.freeform import banner_of, without_freeform
from ikeaudit.parsing.mess.wrapped import joined_lines, terminal_width

_GLUED = re.compile(rf"!(?={any_of(AT_THE_MARGIN)} \S)")
_COMMENTED_KEY = re.compile(
    rf"!\s*(?:(?P<margin>{any_of(key_words(margin=True))})|{any_of(key_words(margin=False))}) .*?<PSK:(?P<key>[0-9a-f]+)>"
)
_REMARK = re.compile(r"\s+(?:!|//|<[-=]+|[-=]+>|#|;\s|\([^()]*\)$|[^\x00-\x7f]).*$")
_MARKS = re.compile(r"[!#;(\x80-\U0010ffff]|//|<[-=]|[-=]>")
_GLUED_REMARK = re.compile(r"( \d{1,3}(?:\.\d{1,3}){3})(?:!|//).*$")
_FREE_TEXT = ("desc", "no desc", *(f"{word} " for word in prose()), *free_text())
_SENTENCE = 4


def _comment(line: Line, following: str, masked: Container[str]) -> Line | None:
    """None for a comment; the line without its mark where a separator is glued to a command, or where a tool that masks
    keys (RANCID) has put the mark there."""
    if (key := _COMMENTED_KEY.match(line.text)) and key["key"] in masked:
        return line._replace(text=line.text[1:].strip(), indent=0 if key["margin"] else 2)
    if not _GLUED.match(line.text):
        return None
    bare = line.text[1:]
    spelt, known, _ = spell_global(bare)
    if not known or (following.startswith("!") and len(following) > 1 and following[1] != "!"):
        return None
    return line._replace(text=spelt)


_LOG = re.compile(
    r"(?:\d+: )?[*.]?[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d.*?: |%[A-Z][A-Z0-9_]+-\d-[A-Z0-9_]+: |\^Z?$|% ?[A-Z]"
    r"|A pre-shared key for address mask .* already exists!|and a valid access list have been configured\."
)
_REFUSED = re.compile(r"% ?(?:Invalid input detected|Incomplete command|Ambiguous command)")


def without_noise(lines: list[Line]) -> tuple[list[Line], list[tuple[int, str]]]:
    """``lines`` without what a router says in between: log messages, and errors together with the commands refused."""
    kept: list[Line] = []
    remarks: list[tuple[int, str]] = []
    for line in lines:
        if line.text[:1] not in "*.%^a0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" or not _LOG.match(line.text):
            kept.append(line)
        elif _REFUSED.match(line.text):
            while kept and not kept[-1].text:
                kept.pop()
            if kept and kept[-1].mode is not None:
                remarks.append((kept[-1].number, "refused by the router: left out"))
                kept.pop()
    return kept, remarks


_LEFT_OUT = r"(?:\w+ )?(?:output |lines? |config\w* )?(?:omitted|suppressed|truncated|skipped|cut)"
_ELISION = re.compile(
    rf"(?:[!<\[(\-=*.\s]*+(?:snip\w*|{_LEFT_OUT})[>\])\-=*.\s]*(?: for .*)?"
    r"|!?\s*+[<\[(]?\s*+(?:\.\s?\.\s?\.+|\u2026)\s*[>\])]?|!?\s*\.)$",
    re.IGNORECASE,
)
"""What people write where they leave lines out: ``<snip>``, ``[...]``, ``!--- output omitted``."""


def _is_prose(text: str) -> bool:
    """Whether a line is a sentence: IOS commands neither begin with a capital nor end with a full stop."""
    return text[-1] == "." and text[0].isupper() and text.count(" ") >= _SENTENCE


def has_remark(text: str) -> bool:
    """Whether somebody's remark stands behind a command, or what looks like one."""
    return _without_remark(text) != text


def _without_remark(text: str) -> str:
    marked = _MARKS.search(text) is not None
    if marked and not text.startswith(_FREE_TEXT) and not banner_of(text):
        return _GLUED_REMARK.sub(r"\1", _REMARK.sub("", text))
    return text


def plain_lines(lines: list[Line], masked: Container[str] = ()) -> tuple[list[Line], list[tuple[int, str]]]:
    """The commands among one router's lines, and remarks (line, text) on what was mended; ``masked`` are the fingerprints of
    keys that a tool had masked."""
    kept: list[Line] = []
    lines, refused = without_noise(lines)
    lines, remarks = without_freeform(lines)
    remarks += refused
    waiting: Line | None = None
    width = terminal_width(lines)
    for index, line in enumerate(lines):
        text = line.text
        if not text or text[0] == "#" or _is_prose(text):
            continue
        if text[0] in "!<[(.-=*" and _ELISION.match(text):
            remarks.append((line.number, "something was left out of the file here"))
            continue
        if text[0] == "!":
            following = next((after.text for after in lines[index + 1 : index + 4] if after.text), "")
            glued = _comment(line, following, masked)
            if glued is None:
                continue
            remarks.append((line.number, "a '!' before a command: read as the command"))
            line = glued
        else:
            bare = _without_remark(text)
            if bare is not text:
                remarks.append((line.number, "remark after the command left out"))
                line = line._replace(text=bare)
                if not bare:
                    continue
        if waiting is not None:
            joined = joined_lines(waiting, line, width)
            if joined is not None:
                remarks.append((line.number, f"taken as the rest of line {waiting.number}"))
                waiting = joined
                continue
            kept.append(waiting)
        waiting = line
    if waiting is not None:
        kept.append(waiting)
    return kept, remarks
