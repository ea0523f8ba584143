"""A running-config as IOS prints it needs none of this package; whether a text is one is told at next to no cost.

The test is a few searches over the whole text for what only other texts have: a second router, prompts, comments of people,
log messages, tabs and terminal remains, lines that do not begin as commands do. It errs on one side only: a text that it
is not sure of goes through all passes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_letters, digits
from typing import NamedTuple

from ikeaudit.ios.tables.names import DATA_ENDS, MACRO
from ikeaudit.ios.words import delimited, slot, starts
from ikeaudit.parsing.lines import MORE, UNUSUAL, Line
from ikeaudit.parsing.mess.plain import has_remark
from ikeaudit.parsing.mess.wrapped import NARROWEST, REDACTED, joined_lines

_HEADERS = r"(?:Building configuration\.\.\.|Current configuration : \d+ bytes|Using \d+ out of \d+ bytes[^\n]*)"
_OWN_REMARK = r"! (?:Last configuration change|NVRAM config last|No configuration change since) [^\n]*"
_VERSION = slot("global/version")
_START = re.compile(
    rf"(?:\n(?:{_HEADERS}|{_OWN_REMARK}|!|{slot('global/upgrade')} fpd auto)? *(?=\n))*+\n{_VERSION} 1[2-7]\.\d+ *(?=\n)"
)
_HEADER = re.compile(rf"\n{_HEADERS} *(?=\n)")
(_BANNER,) = starts("global/banner")
_OPENS_TEXT = "|".join(
    {re.split(r" \\S", words)[0] for words in delimited() if not words.startswith(_BANNER)} | {MACRO}
)
_FREE_TEXT = re.compile(
    rf"\n *+(?:{_BANNER}(?:\w\S* )?(?P<delimiter>\^C|\x03)(?P<rest>[^\n]*)"
    rf"|{slot('certificate-chain/certificate')}(?P<data>)(?: [^\n]*)?(?=\n)"
    rf"|{slot('rsa-pubkey/key-string')}(?P<string>)(?: [^\n]*)?(?=\n)|(?:{_OPENS_TEXT}) )"
)
"""What opens free text."""
_DATA = re.compile(rf"(?:\n *(?:[0-9A-F][0-9A-F ]*)?(?:<SECRET>)? *(?=\n))*+(?:\n[ \t]*{DATA_ENDS} *(?=\n))?")
_TELLTALE = re.compile(
    rf"\n(?:end\n[\s\S]|{_VERSION} | *+(?:(?!<CUT:)[^a-z0-9! \n]"  # nothing that a command begins with
    r"|!(?! *\n)"  # a comment of somebody
    r"|do |sho?w? |more "  # a session
    r"|hostn))"
)
_REMARK = re.compile(rf"\n *+{_OWN_REMARK}\n")
_NAME = slot("global/hostname")
_NAMED = re.compile(rf"\n *+{_NAME} \S+ *\n")
_COLON = re.compile(r"\n *+(?:\d+: |[\w.\-]++: [|>])")
"""Log messages, YAML."""
_PROMPT = re.compile(r"\n(?:[a-z][\w.\-]{0,62}+(?:\([A-Za-z][\w\-. ]*\))?[#>]| *+[a-z][\w.\-]{0,62}+\([a-z][\w\-]*\)#)")
_INNER_HOSTNAME = re.compile(rf"\n +{_NAME} ")
_IKEV2_KEYRING = re.compile(rf"\n{slot('global/crypto-ikev2-keyring')} [^\n]*(?:\n [^\n]*)*")
_HOSTNAME = re.compile(rf"\n{_NAME} \"?(?P<name>\S+?)\"? *\n")
_MARK = re.compile(r"(?<=[^ \n]) +(?:!|//|<[-=]|[-=]+>|#|; |\([^()\n]*\) *(?=\n)|[^\x00-\x7f])|\.\d{1,3}(?:!|//)")
"""What may begin a remark behind a command, in lines that may be free text."""
_HINTS = (("#", (" #",)), (";", ("; ",)), (")", (")\n", ") \n")))
_ARROWS = ("->", "=>", "<-", "<=")
"""Without one of these in a text, or a double slash behind a blank or an address, and with "!" at the start of lines only,
nothing in it begins a remark. What is seldom there is looked for by a letter first."""
_SLASHES = re.compile(r" //|\.\d{1,3}//")
_COMMENT = re.compile(r"\n *+!")
_REST = re.compile(r"\n *+(?:(?:key |address |[0-9][0-9]*+\.|<PSK)[^\n]*|[^\x00-,;-@\[-^`{-\x7f]++ *+(?=\n))")
"""What may be the rest of the line before: a value, or a single word."""
_UNFILLED = (("{", ("{{", "{%", "${")), ("<", ("<?", "<%", "</", "<#")))
"""Marks of templates whose values are missing."""
_GOST = "gost"
"""What tells an S-Terra gateway from IOS, which it looks like."""
_COMMON = (ascii_letters + digits + " \n.,:/_-+").encode()


class Printed(NamedTuple):
    """A whole running-config, line for line, with nothing where headers, banners and certificates stood.

    ``headers`` are the numbers of the lines that say that a configuration follows.
    """

    lines: list[str]
    name: str | None
    headers: frozenset[int]


def as_printed(text: str, lines: Sequence[str] | None = None) -> Printed | None:
    """``text``, if it is one router's running-config just as IOS prints it; None when that is not sure.

    ``lines`` is ``text`` cut at line feeds, if that was done already.
    """
    body = f"\n{text.rstrip()}\n"
    start = _START.match(body)
    if start is None or not body.endswith("\nend\n"):
        return None
    head = body[: start.end()]
    headers = frozenset(head.count("\n", 0, found.start() + 1) for found in _HEADER.finditer(head))
    said = list(text.split("\n") if lines is None else lines)
    rest = _without_free_text(body, said)
    if rest is None or "!" not in said:
        return None
    for number in headers:
        said[number - 1] = ""
    del body
    rest = rest[start.end() :]
    seldom = _Seldom.of(rest)
    if not _is_plain(rest, seldom) or _tells_tales(rest, seldom) or _is_foreign(rest, seldom):
        return None
    plain = said[head.count("\n") - 1 :]
    if _is_annotated(rest, plain, seldom) or _is_wrapped(rest, plain):
        return None
    name = _HOSTNAME.search(rest)
    return Printed(said, name and name["name"], headers)


def _without_free_text(text: str, lines: list[str]) -> str | None:
    """``text`` with empty lines for those inside banners and certificates, which are emptied in ``lines``, too; None where
    the end of one is not sure."""
    out: list[str] = []
    at = number = 0
    while found := _FREE_TEXT.search(text, at):
        start = end = found.end()
        if found["data"] is not None or found["string"] is not None:
            data = _DATA.match(text, start)
            end = data.end() if data else start
        elif found["delimiter"] is None:
            return None
        elif found["delimiter"] not in found["rest"]:
            closed = text.find(found["delimiter"], start)
            if closed < 0:
                return None
            end = text.index("\n", closed)
        size = text.count("\n", start, end)
        number += text.count("\n", at, start)
        lines[number : number + size] = [""] * size
        number += size
        out += [text[at:start], "\n" * size]
        at = end
    return "".join([*out, text[at:]]) if out else text


class _Seldom(NamedTuple):
    """The ``letters`` of a text that few lines have, in their order, and how many ``tokens`` stand in it for keys."""

    letters: str
    tokens: int

    @classmethod
    def of(cls, text: str) -> _Seldom:
        """Those of ``text``; of one that is not all ASCII, its letters are all of it."""
        letters = text.encode().translate(None, _COMMON).decode() if text.isascii() else text
        return cls(letters, sum(map(text.count, REDACTED)) if "<" in letters else 0)

    def holds(self, letter: str) -> bool:
        """Whether ``letter`` is in the text, be it outside of the tokens."""
        return letter in self.letters and (letter not in "<>" or self.letters.count(letter) > self.tokens)


def _is_plain(text: str, seldom: _Seldom) -> bool:
    """Whether reading ``text`` off a terminal changes nothing in it."""
    if not (text.isascii() and seldom.letters.isprintable()) and UNUSUAL.search(text):
        return False
    return not ("ore" in text and ("--" in text or "<-" in text) and MORE.search(text))


def _tells_tales(text: str, seldom: _Seldom) -> bool:
    """Whether a line is none that IOS prints in a configuration, or there is more than one router."""
    named = inner = False
    for found in _TELLTALE.finditer(text):
        at = found.start()
        if _HOSTNAME.match(text, at) and not named:
            named = True
        elif _INNER_HOSTNAME.match(text, at) and _NAMED.match(text, at):
            inner = True
        elif not _REMARK.match(text, at):
            return True
    if inner and _INNER_HOSTNAME.search(_IKEV2_KEYRING.sub("", text)):
        return True
    if "\nand a valid " in text or (": " in text and _COLON.search(text)):
        return True
    return (seldom.holds("#") or seldom.holds(">")) and _PROMPT.search(text) is not None


def _is_foreign(text: str, seldom: _Seldom) -> bool:
    """Whether ``text`` is of a system that prints nearly what IOS prints, or a template."""
    return _GOST in text or any(
        seldom.holds(letter) and any(map(text.__contains__, marks)) for letter, marks in _UNFILLED
    )


def _is_annotated(text: str, lines: Sequence[str], seldom: _Seldom) -> bool:
    """Whether somebody's remark stands behind a command."""
    hinted = any(seldom.holds(letter) and any(map(text.__contains__, hints)) for letter, hints in _HINTS)
    arrows = (seldom.holds("<") or seldom.holds(">")) and any(map(text.__contains__, _ARROWS))
    if text.isascii() and not hinted and not arrows and not ("//" in text and _SLASHES.search(text)):
        marks, separators = seldom.letters.count("!"), lines.count("!")
        if marks in (separators, separators + lines.count(" !")) or marks == len(_COMMENT.findall(text)):
            return False
    return any(has_remark(_line_at(text, found.start()).strip()) for found in _MARK.finditer(text))


def _is_wrapped(text: str, lines: Sequence[str]) -> bool:
    """Whether a line may be the rest of the one before it."""
    for found in _REST.finditer(text):
        first, second = _line_at(text, found.start()), found[0].strip()
        if joined_lines(Line(1, 0, first.strip()), Line(2, 1, second), 0):
            return True
    return _is_cut_at_the_edge(lines)


def _is_cut_at_the_edge(lines: Sequence[str]) -> bool:
    """Whether a terminal's edge may have cut a line: one of the longest, with something at the margin below it."""
    sizes = list(map(len, lines))
    width = max(sizes)
    if width < NARROWEST:
        return False
    if _is_redacted(lines[sizes.index(width)]):
        long = [line for line, size in zip(lines, sizes, strict=True) if size >= NARROWEST]
        width = max((len(line) for line in long if not _is_redacted(line)), default=0)
        if width < NARROWEST:
            return False
    for at in [at for at, size in enumerate(sizes) if width - 1 <= size <= width]:
        second = lines[at + 1] if at + 1 < len(lines) else ""
        if second and second[0] not in " !":
            first = lines[at]
            indent = len(first) - len(first.lstrip(" "))
            if joined_lines(Line(at, indent, first.strip()), Line(at + 1, 0, second), width):
                return True
    return False


def _is_redacted(line: str) -> bool:
    return any(mark in line for mark in REDACTED)


def _line_at(text: str, at: int) -> str:
    """The line that ends at or goes through position ``at``."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return text[start:end]
