"""What stands in front of a message: who says it, and when. Syslog relays, terminals and routers each put something there."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ikeaudit.model import parse_address


class Head(NamedTuple):
    """The router's name or address, None where nobody says; and the time just as the innermost stamp has it, '' without."""

    host: str | None
    time: str


_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?[AP]M)?"
_STAMP = re.compile(
    rf"[*.]?(?P<time>{_MONTH} +\d{{1,2}}(?: \d{{4}})?,? {_CLOCK}(?: \d{{4}})?"
    rf"|\d{{4}}-\d\d-\d\d[T ]{_CLOCK}(?:Z| ?[+-]\d\d:?\d\d)?"
    rf"|\d{{1,2}} {_MONTH} \d{{4}},? {_CLOCK}"
    rf"|(?<![\w.])\d{{1,4}}[/.]\d{{1,2}}[/.]\d{{2,4}},? +{_CLOCK})"
)
"""Stamps with a date: RFC 3164, IOS, ISO 8601, and as tools of other systems write them."""
_UNDATED = re.compile(
    rf"[*.]?(?P<time>(?<![\w:.]){_CLOCK}(?![\w.])|(?<![\w:.])(?:\d+[ywd]){{1,2}}(?:\d\dh)?(?=:)|(?<![\w:.])\d+h\d+m(?=:))"
)
"""Those of the time of day, and of the uptime (``00:27:07``, ``1w2d``)."""
_PRIORITY = re.compile(r"\s*<\d{1,3}>(?:1 )?")
_ZONE = re.compile(r"\s*\(?([A-Z][A-Za-z]{1,4})\)?\s*:\s*\Z")
_NAMES_OF_ZONES = """
UTC GMT Z BST WET WEST CET CEST MET MEST EET EEST MSK MSD IST PKT SGT HKT JST KST CST CDT EST EDT MST MDT PST PDT AKST AKDT HST
AST ADT BRT BRST ART CLT AEST AEDT ACST ACDT AWST NZST NZDT SAST EAT CAT WAT GST
"""
_ZONES = frozenset(_NAMES_OF_ZONES.split())
_DAYS = frozenset(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
_FACILITY = re.compile(r"(?:local\d|kern|user|daemon|syslog|auth)\.\w+", re.I)
_PROMPT = re.compile(r"\A([A-Za-z][\w.-]{0,62})(?:\([\w./: -]{1,40}\))?[#>]")
_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]{0,253}[A-Za-z0-9])?")
_BARE = re.compile(r"[\s>|`*.:\[\](){}-]*")
_TOKEN = re.compile(r"[^\s,;|\[\]\"']+")
_LINE_NUMBER = re.compile(r"(?<=\.log|\.txt):\d+\Z")
"""What grep writes behind the name of a file."""
_NUMBER = re.compile(r"[\d:.#-]+")
_MOST_TOKENS = 5
"""More words than this between stamps are somebody's prose about a message, not a relay's header."""


def prompt_of(line: str) -> str | None:
    """The router whose prompt a line of a terminal begins with; None for any other line."""
    found = _PROMPT.match(line)
    if found is None:
        return None
    rest = line[found.end() :]
    if found[0][-1] == ">" and rest.strip() and not _TYPED.match(rest):
        return None
    return found[1]


_TYPED = re.compile(r"\s*(?:en\b|ena|sh|ping|term|debug|undebug|u all|un all|clear|trace|telnet|ssh|exit|logout)")


@lru_cache(maxsize=1024)
def parse_head(text: str) -> Head | None:
    """The header ``text`` of a message; None where it is none, so that the message is quoted by somebody."""
    if _BARE.fullmatch(text):
        return Head(None, "")
    prompt = _PROMPT.match(text)
    host = prompt[1] if prompt else None
    rest = text[prompt.end() :] if prompt else text
    rest = _PRIORITY.sub("", rest, count=1)
    stamps = [*_STAMP.finditer(rest)] or [*_UNDATED.finditer(rest)]
    if not stamps:
        names = _names(rest)
        if names is None or len(names) > 1:
            return None
        if names and not rest.rstrip().endswith((":", "|", "]")) and _PRIORITY.match(text) is None:
            return None
        return Head(host or (names[0] if names else None), "")
    edges = [0, *(edge for stamp in stamps for edge in stamp.span()), len(rest)]
    pieces = tuple(_COUNT.sub("", rest[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True))
    time = stamps[-1]["time"]
    known, name = _named(pieces, "." in time and not time[:4].isdigit())
    return Head(host or name, " ".join(time.split())) if known else None


_COUNT = re.compile(r"(?<![\w.:-])\d+:?(?![\w.:-])")
"""Numbers of messages: what stands between stamps is the same in front of each message of a router without them."""


@lru_cache(maxsize=4096)
def _named(pieces: tuple[str, ...], fraction: bool) -> tuple[bool, str | None]:
    """Whether the ``pieces`` around stamps are those of a header, and the router that they name.

    ``fraction``: the last stamp is one of IOS with parts of seconds, behind which a word is the time zone. Of the words, those
    nearest to the message name its router: a server that passes logs on writes its own name in front.
    """
    *before, tail = pieces
    zone = _ZONE.match(tail)
    if zone and (zone[1] in _ZONES or fraction or len(pieces) > 2):
        tail = tail[zone.end() :]
    found = [_names(piece) for piece in (*before, tail)]
    groups = [names for names in found if names is not None]
    if len(groups) != len(found) or sum(map(len, groups)) > _MOST_TOKENS:
        return False, None
    nearest = next((names for names in reversed(groups[1:]) if names), [])
    return True, _router_of(nearest) or _router_of(groups[0][::-1])


def _router_of(names: list[str]) -> str | None:
    """The router among names: the first that is no address, since a program's name or the like may follow; else an address."""
    return next((name for name in names if parse_address(name) is None), names[0] if names else None)


def _names(text: str) -> list[str] | None:
    """The words that may name a router; None where there are words that no header has."""
    found = []
    for token in _TOKEN.findall(text):
        word = _LINE_NUMBER.sub("", token.strip("*.:()#<>"))
        if not word or word in _ZONES or word in _DAYS or _FACILITY.fullmatch(word):
            continue
        if _NUMBER.fullmatch(word) and parse_address(word) is None:
            continue
        if not _NAME.fullmatch(word) and parse_address(word) is None:
            return None
        found.append(word)
    return found if len(found) <= _MOST_TOKENS else None
