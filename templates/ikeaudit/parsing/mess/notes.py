"""Pages of notes: text written for people, with pieces of configuration in it.

A page is not read as routers. Its pieces may be examples, alternatives or extracts of several routers, and nothing says
where one router ends; what a model would make of them is nobody's configuration. It is reported with what it is and how
many crypto-relevant lines in it were not read.

**The rule.** Banners, certificates and comments (``!``) are left out of account. What remains is a page of notes when

1. it has code blocks (Markdown fences, reStructuredText directives and ``::``, AsciiDoc listings, ``<pre>``) and text
   outside them,
2. it has Markdown headings (``# Phase 1``), two or more and one in a hundred lines; a heading every eight lines, a sentence, or
   a section that is begun twice; and nothing that names a router: no ``hostname``, no
   prompt, no header of ``show running-config``, no ``version``, or
3. half of its lines, and at least four, are prose: sentences, headings, list items, links, tables.

What begins as HTML is a page, too. Anything else is configuration, whatever stands between its routers: several routers
with their host names and comment lines or ``###`` rules between them, extracts with page breaks, a configuration in a
single fence and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ikeaudit.ios.words import prose, slot
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess.commands import opened, spell_global
from ikeaudit.parsing.mess.freeform import without_freeform

_FENCE = re.compile(r"(?:```|~~~)\s*[\w+#-]*\s*$")
_BARE_FENCE = 3
_RST_BLOCK = re.compile(r"\.\. (?:code-block|code|sourcecode|parsed-literal)::")
_OPENS = re.compile(r"<(?:pre|code)[^>]*>", re.IGNORECASE)
_CLOSES = re.compile(r"</(?:pre|code)>", re.IGNORECASE)
_TAGS = re.compile(r"(?:</?(?:pre|code)[^>]*>\s*)+$", re.IGNORECASE)
_LISTING = "----"
_TITLE = re.compile(r"(?:={1,6}|#{1,6}) +[A-Z]")
_DRAWN = re.compile(r"([=\-~^*])\1{2,}$")
_HEADING = re.compile(r"#{1,6} +[^\s#]")
_NAMES_A_ROUTER = re.compile(
    r"hostn\w* \S+$|Building configuration|Current configuration|Using \d+ out of"
    rf"|{slot('global/version')} \d+\.\d|{slot('global/boot-start-marker')}$",
    re.IGNORECASE,
)
_PAGE_ELEMENT = re.compile(
    r"[-*+] (?![\w.\-]+:(?: |$))\W*[A-Za-z]\w* \w|\d{1,2}\. [A-Z]\w* |!?\[[^\]]*\]\(|\|.*\|$|\*\*\S.*\*\*|:\w+:`|\.\. \w+"
)
_SAID_BY_ROUTERS = re.compile(
    r"Enter configuration commands|Type escape sequence|Sending \d|Success rate|Building conf|Destination filename|"
    r"Copyright|Technical Support|Compiled |Cisco |ROM: |This product|A summary|If you require|importers|Translated|"
    r"Press RETURN|User Access|Unauthorized|Authorized"
)
_HTML = re.compile(r"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][a-z]*(?:'[a-z]+)?[,;:.!?)]*$")
_WORDS = 6
_WORDY = 0.8
_HEADINGS = 2
_LINES_A_HEADING = 100
_DENSE = 8
_PROSE_LINES = 4
_PROSE_SHARE = 2
_ASCII = 128
_FREE_TEXT = ("desc", "no desc", *(f"{word} " for word in prose()))


def is_fence(text: str) -> bool:
    """Whether a line opens or closes a Markdown code block."""
    return text[:3] in ("```", "~~~") and _FENCE.match(text) is not None


def code_blocks(lines: list[Line]) -> list[tuple[int, int]]:
    """Positions (first, after the last) of the code blocks of a page; none in a plain configuration."""
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    fences = 0
    for index, line in enumerate(lines):
        if not is_fence(line.text):
            continue
        fences += 1
        if start is not None:
            blocks.append((start, index))
        # A fence with a language opens a block even where the one before was never closed.
        start = index + 1 if start is None or len(line.text) > _BARE_FENCE else None
    if fences > 1:
        return [*blocks, (start, len(lines))] if start is not None else blocks
    return list(_rst_blocks(lines)) or list(_delimited_blocks(lines))


def _delimited_blocks(lines: list[Line]) -> Iterator[tuple[int, int]]:
    """Between ``<pre>`` and ``</pre>``, and between the ``----`` lines of a text that has ``[source]`` ones."""
    listings = any(line.text.startswith("[source") for line in lines)
    start: int | None = None
    for index, line in enumerate(lines):
        text = line.text
        if start is None and (_OPENS.match(text) or (listings and text == _LISTING)):
            start = index + 1
        elif start is not None and (_CLOSES.search(text) or (listings and text == _LISTING)):
            yield start, index
            start = None


def _rst_blocks(lines: list[Line]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    outer = 0
    for index, line in enumerate(lines):
        if start is not None and line.text and line.indent <= outer:
            yield start, index
            start = None
        text = line.text
        if start is None and (
            text == "::"
            or (text.startswith(".. ") and _RST_BLOCK.match(text))
            or (text.endswith("::") and len(text.split()) >= _WORDS and text[0].isupper())
        ):
            start, outer = index + 1, line.indent
    if start is not None:
        yield start, len(lines)


def page_of_notes(lines: list[Line]) -> str | None:
    """What kind of page ``lines`` are, in words for a report; None when they are not a page of notes."""
    kept, _ = without_freeform(lines)
    blocks = code_blocks(kept)
    if blocks and _text_outside(kept, blocks):
        opening = kept[blocks[0][0] - 1].text
        if opening.endswith("::") or opening.startswith(".. "):
            return "reStructuredText"
        return "Markdown" if is_fence(opening) else "HTML" if opening[0] == "<" else "AsciiDoc"
    if any(_HTML.match(text) for text in [line.text for line in kept if line.text][:3]):
        return "HTML"
    texts = [line.text for line in kept if line.text and line.text[0] != "!" and not is_fence(line.text)]
    headings = sum(1 for text in texts if text[0] == "#" and _HEADING.match(text))
    named = any(line.host for line in kept) or any(map(_NAMES_A_ROUTER.match, texts))
    sentences = sum(1 for text in texts if is_prose(text))
    many = headings >= max(_HEADINGS, len(texts) / _LINES_A_HEADING)
    if many and not named and (sentences or headings * _DENSE >= len(texts) or _repeats(texts)):
        return "Markdown"
    prose = sentences + _headings(kept)
    if prose >= _PROSE_LINES and prose * _PROSE_SHARE >= len(texts):
        return "prose"
    return None


def _repeats(texts: list[str]) -> bool:
    """Whether a section is begun a second time: what stands under the headings is then of several routers."""
    begun = [section for text in texts if (section := opened(spell_global(text).text)) is not None]
    return len(set(begun)) < len(begun)


def _headings(lines: list[Line]) -> int:
    """Lines of headings: ``= Title``, ``## Title``, and titles with a line drawn under them."""
    marked = sum(1 for line in lines if _TITLE.match(line.text))
    drawn = sum(
        2
        for above, line in pairwise(lines)
        if _DRAWN.match(line.text) and above.text[:1].isupper() and not line.indent and not above.indent
    )
    return marked + drawn


def _text_outside(lines: list[Line], blocks: list[tuple[int, int]]) -> bool:
    """Whether anything but blanks, comments and prompts stands outside the code blocks."""
    inside: set[int] = set()
    for start, end in blocks:
        inside.update(range(start, end))
    return any(
        line.text
        and line.text[0] != "!"
        and line.host is None
        and not is_fence(line.text)
        and not (line.text[0] == "<" and _TAGS.match(line.text))
        for index, line in enumerate(lines)
        if index not in inside
    )


def is_prose(text: str) -> bool:
    """Whether a line was written for people: a sentence, an item of a list, a link, a row of a table."""
    if _PAGE_ELEMENT.match(text):
        return True
    if not text.isascii() and not text.startswith(_FREE_TEXT):
        foreign = sum(1 for letter in text if ord(letter) >= _ASCII and letter.isalpha())
        return foreign >= _WORDS and foreign * 2 >= sum(map(str.isalpha, text))
    if not text[0].isupper() or _SAID_BY_ROUTERS.match(text):
        return False
    words = text.split()
    return len(words) >= _WORDS and sum(1 for word in words if _WORD.match(word)) >= _WORDY * len(words)


def pieces(lines: list[Line]) -> list[list[Line]]:
    """The configuration in a page: its code blocks, or the whole when it has none."""
    blocks = code_blocks(lines)
    if not blocks:
        return [lines]
    return [[line for line in lines[start:end] if not is_fence(line.text)] for start, end in blocks]
