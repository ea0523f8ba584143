"""Is this an IOS configuration at all? If not, what is it, in words for a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ikeaudit.ios.words import slot
from ikeaudit.model import FileKind
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess.commands import printed_by_ios
from ikeaudit.parsing.mess.notes import is_prose
from ikeaudit.parsing.mess.others import OTHERS, TEMPLATE


class Verdict(NamedTuple):
    """``reason`` is None for IOS; ``vendor`` says that it is a configuration of another system."""

    reason: str | None
    vendor: bool = False
    kind: FileKind = "not-ios"


_PATTERNS = tuple(
    (other.name, re.compile(other.lines), re.compile(other.telling) if other.telling else None) for other in OTHERS
)
_ANY_OTHER = re.compile("|".join(f"{other.lines}|{other.telling or other.lines}" for other in OTHERS))
_TELLING_WEIGHT = 3
_IOS = re.compile(
    rf"{slot('global/router')} (?:bgp|ospf|eigrp|rip)|{slot('global/line')} (?:vty|con|aux) \d"
    rf"|{slot('global/access-list')} \d+ (?:permit|deny|remark) |{slot('global/service')} timestamps"
    rf"|{slot('global/boot-start-marker')}|{slot('global/version')} 1[2-7]\.\d",
    re.IGNORECASE,
)
"""Lines of IOS that one keyword does not tell, and that tunnels have nothing to do with."""
_HINTS = (
    ("it looks like an Ansible playbook", re.compile(r"- (?:name|hosts): |tasks:$|(?:cisco\.ios\.)?ios_config:$"), 2),
    ("it looks like Terraform", re.compile(r"(?:resource|module|provider|variable) \"[^\"]+\" .*\{$"), 1),
    ("it looks like a debug log", re.compile(r"\S.* (?:ISAKMP|IKEv2|IPSEC|IPSec|CRYPTO)\b.*:"), 2),
)
"""What a file is in which nothing of IOS was found: the reason, its lines, how many there must be."""

NOT_RECOGNISED = "no IOS configuration was recognised in it"
"""The reason for a text that is nothing known."""

_ENOUGH_OTHERS = 2
_PLENTY = 50
_TOO_MANY_OTHERS = 6


def recognise(lines: Iterable[Line], raw: str | None = None) -> Verdict:
    """Weigh the lines that only IOS has against those that only another system has."""
    if raw is not None and ("\x00" in raw or raw.count("\ufffd") > len(raw) // 20):
        return Verdict("a binary file", kind="unreadable")
    ios = 0
    others: dict[str, int] = {}
    told = {name for name, _, telling in _PATTERNS if telling is None}
    seen: list[str] = []
    for line in lines:
        text = line.text
        if not text:
            continue
        seen.append(text)
        if _ANY_OTHER.match(text):
            for name, pattern, telling in _PATTERNS:
                if telling is not None and telling.match(text):
                    told.add(name)
                    others[name] = others.get(name, 0) + _TELLING_WEIGHT
                elif pattern.match(text):
                    others[name] = others.get(name, 0) + 1
        elif _IOS.match(text) or printed_by_ios(text):
            ios += 1
            if ios == _PLENTY and not others:
                return Verdict(None, kind="ios")
    found = [(weight, name) for name, weight in others.items() if name in told]
    weight, name = max(found, key=lambda item: item[0], default=(0, ""))
    if (weight >= _ENOUGH_OTHERS and weight >= ios) or (weight >= _TOO_MANY_OTHERS and weight * 10 >= ios):
        return Verdict(f"it looks like {name}", vendor=True, kind="template" if name == TEMPLATE else "not-ios")
    if ios:
        return Verdict(None, kind="ios")
    if not seen:
        return Verdict("it is empty", kind="unreadable")
    hint = _hint(seen, raw or "")
    return Verdict(hint, kind="unreadable" if hint == NOT_RECOGNISED else "not-ios")


def _hint(lines: list[str], raw: str) -> str:
    start = raw.lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        return "it is XML or HTML, not a configuration as a router prints it"
    if start in ("{", "[") and '":' in raw:
        return "it is JSON, not a configuration as a router prints it"
    if sum(map(is_prose, lines)) * 2 >= len(lines):
        return "it is a text for people"
    for reason, pattern, enough in _HINTS:
        if sum(1 for text in lines if pattern.match(text)) >= enough:
            return reason
    return NOT_RECOGNISED


_UNFILLED = re.compile(
    r"<(?!SECRET>|[A-Z]+:[0-9a-f]+>)[A-Za-z][^<>]*>|\{\{|\{%|[$%@#]\{\w|\$\(\w|\$\w+\$|%%\w+%%|(?<!\S)%\w+%(?!\S)|@@\w+@@|__\w+__"
    r"|(?<!\S)\$[A-Za-z]\w*(?!\S)|(?<!\S)@\w+@(?!\S)"
    r"|(?<!\S)(?:[\dxX]{1,3}\.){3}[xX]{1,3}(?!\S)|(?<!\S)A\.B\.C\.D(?!\S)"
)
"""How people and template engines write a value that is to be filled in."""
_NO_TOKEN = re.compile(r"<(?!SECRET>|[A-Z]+:[0-9a-f]+>)")
OPENING = "{$%@"
"""One of these stands in every open key."""
_MARKS = (*OPENING, "_", "X", ".x", "A.B")
"""One of these, or what looks like a token and is none, stands in every such value."""
_PLACEHOLDER = re.compile(rf"{_UNFILLED.pattern}|\[[A-Za-z][\w .-]*\]|(?<!\S)[xX]{{3,}}(?!\S)")
"""The same in lines that are no commands as they stand."""
_OPEN_KEY = re.compile(r"\bkey (?:.* )?(?:\{\{[^{}]*\}\}|[$%@#]\{\w+\}|\$[A-Z][A-Z_]+|%[A-Z_]+%|@[A-Z_]+@)(?: |$)")
"""A key that is all placeholder, written as no real one is; in angle brackets it may just be masked."""
_FREE = ("text", "sets")
"""Operands of which it is no matter: what people write, and transform sets, of which excerpts leave out the name."""


def may_be_unfilled(text: str) -> bool:
    """Whether some value in ``text`` may be one that is not filled in; told far sooner than of each."""
    return any(map(text.__contains__, _MARKS)) or _NO_TOKEN.search(text) is not None


def is_unfilled(text: str, args: Mapping[str, str]) -> bool:
    """Whether one of the operands of the command ``text`` is a value that is not filled in."""
    return may_be_unfilled(text) and any(_UNFILLED.search(value) for name, value in args.items() if name not in _FREE)


def open_keys(lines: Sequence[str], numbers: Iterable[int]) -> list[int]:
    """Which of the lines of those numbers hold a key that is not filled in."""
    return [number for number in numbers if "key" in lines[number - 1] and _OPEN_KEY.search(lines[number - 1])]


def placeholders(lines: Sequence[str], numbers: Iterable[int]) -> list[int]:
    """Which of the lines of those numbers hold a value that is not filled in; ``lines`` are those of the whole file."""
    return [number for number in numbers if _PLACEHOLDER.search(lines[number - 1])]
