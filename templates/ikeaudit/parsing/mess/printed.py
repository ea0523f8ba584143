"""A running-config as IOS prints it needs none of this package; whether a text is one is told at next to no cost.

The test is a few searches over the whole text for what only other texts have: a second router, prompts, comments of people,
log messages, tabs and terminal remains, lines that do not begin as commands do. It errs on one side only: a text that it
is not sure of goes through all passes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ikeaudit.parsing.lines import MORE, UNUSUAL, Line
from ikeaudit.parsing.mess.plain import has_remark
from ikeaudit.parsing.mess.wrapped import NARROWEST, joined_lines

_HEADERS = r"(?:Building configuration\.\.\.|Current configuration : \d+ bytes|Using \d+ out of \d+ bytes[^\n]*)"
_OWN_REMARK = r"! (?:Last configuration change|NVRAM config last|No configuration change since) [^\n]*"
_START = re.compile(rf"(?:\n(?:{_HEADERS}|{_OWN_REMARK}|!|upgrade fpd auto)? *(?=\n))*+\nversion 1[2-7]\.\d+ *(?=\n)")
_HEADER = re.compile(rf"\n{_HEADERS} *(?=\n)")
_FREE_TEXT = re.compile(
    r"\n *(?:banner (?:\w\S* )?(?P<delimiter>\^C|\x03)(?P<rest>[^\n]*)"
    r"|(?P<data>certificate|key-string)(?: [^\n]*)?(?=\n)"
    r"|(?:banner|aaa authentication (?:banner|fail-message)|menu|(?:vacant|refuse|busy)-message|(?:auth|logon)-banner|title"
    r"|ip admission banner|macro name) )"
)
_DATA = re.compile(r"(?:\n *(?:[0-9A-F][0-9A-F ]*)?(?:<SECRET>)? *(?=\n))*+(?:\n[ \t]*quit *(?=\n))?")
_TELLTALE = re.compile(
    rf"\n(?: *+[^a-z0-9! \n]"  # nothing that a command begins with
    rf"| *+(?!{_OWN_REMARK}\n)!(?! *\n)"  # a comment of somebody
    r"| *+(?:do|sho?w?|more) "  # a session
    r"| *+hostn(?!ame \S+ *\n))"
)
_COLON = re.compile(r"\n *+(?:\d+: |[\w.\-]++: [|>])")
"""Log messages, YAML."""
_PROMPT = re.compile(r"\n(?:[a-z][\w.\-]{0,62}+(?:\([A-Za-z][\w\-. ]*\))?[#>]| *+[a-z][\w.\-]{0,62}+\([a-z][\w\-]*\)#)")
_INNER_HOSTNAME = re.compile(r"\n +hostname ")
_IKEV2_KEYRING = re.compile(r"\ncrypto ikev2 keyring [^\n]*(?:\n [^\n]*)*")
_HOSTNAME = re.compile(r"\nhostname \"?(?P<name>\S+?)\"? *\n")
_MARK = re.compile(r"(?<=[^ \n]) +(?:!|//|<[-=]|[-=]+>|#|; |\([^()\n]*\) *(?=\n)|[^\x00-\x7f])|\.\d{1,3}(?:!|//)")
"""What may begin a remark behind a command, in lines that may be free text."""
_HINTS = (
    ("#", " #"),
    (";", "; "),
    (")", ")\n"),
    (")", ") \n"),
    ("//", " //"),
    (">", "->"),
    (">", "=>"),
    ("<", "<-"),
    ("<", "<="),
)
"""Without one of these in a text (a letter that is quickly looked for, then the whole), and with "!" at the start of lines
only, nothing in it begins a remark."""
_GLUED = re.compile(r"\.\d{1,3}//")
_COMMENT = re.compile(r"\n *+!")
_REST = re.compile(r"\n *+(?:[\w.:\-/]++ *+(?=\n)|(?:key|address|\d+\.|<PSK)[^\n]*)")
"""What may be the rest of the line before."""
_UNFILLED = tuple(map(re.compile, (r"\{[{%]", r"<[?%/#]", r"\$\{")))
"""Marks of templates whose values are missing."""
_GOST = "gost"
"""What tells an S-Terra gateway from IOS, which it looks like."""


class Printed(NamedTuple):
    """A whole running-config: ``text`` line for line, with nothing where headers, banners and certificates stood.

    ``headers`` are the numbers of the lines that say that a configuration follows.
    """

    text: str
    name: str | None
    headers: frozenset[int]


def as_printed(text: str) -> Printed | None:
    """``text``, if it is one router's running-config just as IOS prints it; None when that is not sure."""
    body = f"\n{text.rstrip()}\n"
    start = _START.match(body)
    if start is None or not body.endswith("\nend\n") or "\n!\n" not in body:
        return None
    commands = _without_free_text(body)
    if commands is None:
        return None
    head, rest = commands[: start.end()], commands[start.end() :]
    headers = frozenset(head.count("\n", 0, found.start() + 1) for found in _HEADER.finditer(head))
    if not _is_plain(rest) or _tells_tales(rest) or _is_another(rest) or _is_annotated(rest) or _is_wrapped(rest):
        return None
    name = _HOSTNAME.search(rest)
    return Printed(_HEADER.sub("\n", head)[1:] + rest, name and name["name"], headers)


def _without_free_text(text: str) -> str | None:
    """``text`` with empty lines for those inside banners and certificates; None where the end of one is not sure."""
    out: list[str] = []
    at = 0
    while found := _FREE_TEXT.search(text, at):
        start = end = found.end()
        if found["data"]:
            data = _DATA.match(text, start)
            end = data.end() if data else start
        elif found["delimiter"] is None:
            return None
        elif found["delimiter"] not in found["rest"]:
            closed = text.find(found["delimiter"], start)
            if closed < 0:
                return None
            end = text.index("\n", closed)
        out += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    return "".join([*out, text[at:]])


def _is_plain(text: str) -> bool:
    """Whether reading ``text`` off a terminal changes nothing in it."""
    if not (text.isascii() and text.replace("\n", "").isprintable()) and UNUSUAL.search(text):
        return False
    return not ("ore" in text and ("--" in text or "<-" in text) and MORE.search(text))


def _tells_tales(text: str) -> bool:
    """Whether a line is none that IOS prints in a configuration; what is seldom there is looked for as plain text first."""
    if _TELLTALE.search(text) or "\nand a valid " in text or (": " in text and _COLON.search(text)):
        return True
    prompted = "#" in text or text.count(">") > text.count("<PSK:") + text.count("<SECRET>")
    return prompted and _PROMPT.search(text) is not None


def _is_another(text: str) -> bool:
    """Whether ``text`` holds more than one router, or is of a system that prints nearly what IOS prints."""
    if text.count("\nhostname ") > 1 or "\nversion " in text or text.index("\nend\n") + 5 < len(text):
        return True
    if (
        text.count("hostname ") > 1
        and _INNER_HOSTNAME.search(text)
        and _INNER_HOSTNAME.search(_IKEV2_KEYRING.sub("", text))
    ):
        return True
    return _GOST in text or any(mark.search(text) for mark in _UNFILLED)


def _is_annotated(text: str) -> bool:
    """Whether somebody's remark stands behind a command."""
    hinted = any(letter in text and hint in text for letter, hint in _HINTS) or ("//" in text and _GLUED.search(text))
    if text.isascii() and not hinted:
        marks = text.count("!")
        if marks == text.count("\n!") + text.count("\n !") or marks == len(_COMMENT.findall(text)):
            return False
    return any(has_remark(_line_at(text, found.start()).strip()) for found in _MARK.finditer(text))


def _is_wrapped(text: str) -> bool:
    """Whether a line may be the rest of the one before it."""
    for found in _REST.finditer(text):
        first, second = _line_at(text, found.start()), found[0].strip()
        if joined_lines(Line(1, 0, first.strip()), Line(2, 1, second), 0):
            return True
    return _is_cut_at_the_edge(text.split("\n"))


def _is_cut_at_the_edge(lines: list[str]) -> bool:
    """Whether a terminal's edge may have cut a line: one of the longest, with something at the margin below it."""
    sizes = list(map(len, lines))
    width = max(sizes)
    if width < NARROWEST:
        return False
    if _is_redacted(lines[sizes.index(width)]):
        width = max((len(line) for line in lines if not _is_redacted(line)), default=0)
        if width < NARROWEST:
            return False
    for at, size in enumerate(sizes[:-1]):
        if width - 1 <= size <= width and (second := lines[at + 1]) and second[0] not in " !":
            first = lines[at]
            indent = len(first) - len(first.lstrip(" "))
            if joined_lines(Line(at, indent, first.strip()), Line(at + 1, 0, second), width):
                return True
    return False


def _is_redacted(line: str) -> bool:
    return "<PSK:" in line or "<SECRET>" in line


def _line_at(text: str, at: int) -> str:
    """The line that ends at or goes through position ``at``."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return text[start:end]
