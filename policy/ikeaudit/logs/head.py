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
    rf"|\d{{1,2}} {_MONTH} \d{{4}},? {_CLOCK})"
)
"""Stamps with a date: RFC 3164, IOS, ISO 8601."""
_UNDATED = re.compile(
    rf"[*.]?(?P<time>(?<![\w:.]){_CLOCK}(?![\w.])|(?<![\w:.])(?:\d+[ywd]){{1,2}}(?:\d\dh)?(?=:)|(?<![\w:.])\d+h\d+m(?=:))"
)
"""Those of the time of day, and of the uptime (``00:27:07``, ``1w2d``)."""
_PRIORITY = re.compile(r"\s*<\d{1,3}>(?:1 )?")
_ZONE = re.compile(r"\s*\(?([A-Z][A-Za-z]{1,4})\)?\s*:\s*\Z")
_ZONES = frozenset(
    [
        "UTC",
        "GMT",
        "Z",
        "BST",
        "WET",
        "WEST",
        "CET",
        "CEST",
        "MET",
        "MEST",
        "EET",
        "EEST",
        "MSK",
        "MSD",
        "IST",
        "PKT",
        "SGT",
        "HKT",
        "JST",
        "KST",
        "CST",
        "CDT",
        "EST",
        "EDT",
        "MST",
        "MDT",
        "PST",
        "PDT",
        "AKST",
        "AKDT",
        "HST",
        "AST",
        "ADT",
        "BRT",
        "BRST",
        "ART",
        "CLT",
        "AEST",
        "AEDT",
        "ACST",
        "ACDT",
        "AWST",
        "NZST",
        "NZDT",
        "SAST",
        "EAT",
        "CAT",
        "WAT",
        "AST",
        "GST",
    ]
)
_FACILITY = re.compile(r"(?:local\d|kern|user|daemon|syslog|auth)\.\w+", re.I)
_PROMPT = re.compile(r"\A([A-Za-z][\w.-]{0,62})(?:\([\w./: -]{1,40}\))?[#>]")
_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]{0,253}[A-Za-z0-9])?")
_BARE = re.compile(r"[\s>|`*.:\[\](){}-]*")
_TOKEN = re.compile(r"[^\s,;|\[\]\"']+")
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
    known, name = _named(pieces, "." in time)
    return Head(host or name, " ".join(time.split())) if known else None


_COUNT = re.compile(r"(?<![\w.:-])\d+:?(?![\w.:-])")
"""Numbers of messages: what stands between stamps is the same in front of each message of a router without them."""


@lru_cache(maxsize=4096)
def _named(pieces: tuple[str, ...], fraction: bool) -> tuple[bool, str | None]:
    """Whether the ``pieces`` around stamps are those of a header, and the router that they name.

    ``fraction``: the last stamp has parts of seconds, so that it is a router's own, and a word behind it its time zone.
    """
    *pieces_before, tail = pieces
    zone = _ZONE.match(tail)
    if zone and (zone[1] in _ZONES or fraction):
        tail = tail[zone.end() :]
    found = [_names(piece) for piece in (*pieces_before, tail)]
    before, *behind = (names for names in found if names is not None)
    if len(behind) + 1 != len(found):
        return False, None
    names = [name for some in behind for name in some]
    if len(before) + len(names) > _MOST_TOKENS:
        return False, None
    return True, _router_of(before, names)


def _router_of(before: list[str], names: list[str]) -> str | None:
    """The router among the names in front of the first stamp and behind it: a relay writes the sender first, a router itself.

    An address is taken where there is no name.
    """
    ordered = [*reversed(before), *names]
    return next((name for name in ordered if parse_address(name) is None), ordered[0] if ordered else None)


def _names(text: str) -> list[str] | None:
    """The words that may name a router; None where there are words that no header has."""
    found = []
    for token in _TOKEN.findall(text):
        word = token.strip("*.:()")
        if not word or word in _ZONES or _FACILITY.fullmatch(word):
            continue
        if _NUMBER.fullmatch(word) and parse_address(word) is None:
            continue
        if not _NAME.fullmatch(word) and parse_address(word) is None:
            return None
        found.append(word)
    return found if len(found) <= _MOST_TOKENS else None
