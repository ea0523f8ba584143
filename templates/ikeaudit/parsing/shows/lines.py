"""What every reader of show output does first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ikeaudit.model import IPAddress, parse_address

_ECHO = re.compile(r"\s*[^\s#>]{1,100}(?:\([\w-]+\))?[#>]\s*(?:do\s+)?(?:sho?w?\s.*|ter\w*\s.*|ex\w*)?", re.IGNORECASE)
_SEPARATOR = re.compile(r"-{3,}\s*show .*-{3,}\s*", re.IGNORECASE)
_REFUSED = re.compile(
    r"\s*%\s*(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized|Command authorization failed|Error)\b", re.I
)
_THERE_ARE_NONE = re.compile(r"\s*%?\s*(?:There (?:is|are) no|No) [\w /-]+\.?$", re.IGNORECASE)
_NONE = frozenset({"(none)", "none", "<none>", ""})


def body(text: str) -> list[tuple[int, str]]:
    """The numbered lines of ``text`` (from 1) that are output: no blank lines, no prompt, no echo; trailing blanks cut."""
    lines = ((number, line.rstrip()) for number, line in enumerate(text.split("\n"), 1))
    return [
        (number, line)
        for number, line in lines
        if line and not _ECHO.fullmatch(line) and not _SEPARATOR.fullmatch(line)
    ]


def refused(text: str) -> bool:
    """Whether the router did not accept the command."""
    return any(_REFUSED.match(line) for _, line in body(text))


def says_none(text: str) -> bool:
    """Whether nothing was printed, or only that there is nothing: ``No crypto maps found.``, ``There are no IKEv2 SAs``."""
    return all(_THERE_ARE_NONE.match(line) for _, line in body(text))


def or_none(text: str) -> str | None:
    """``text``, or None where IOS prints that there is nothing: ``(none)``."""
    return None if text.strip().lower() in _NONE else text.strip()


def vrf_or_none(text: str | None) -> str | None:
    """A front-door VRF as printed; None for the global one (``(none)``, ``none``, ``global``)."""
    name = or_none(text or "")
    return None if name is None or name.lower() == "global" else name


def endpoint(text: str) -> tuple[IPAddress | None, int | None]:
    """Address and port of ``10.0.0.1/500`` or ``2001:DB8::1/500``."""
    address, _, port = text.partition("/")
    return parse_address(address), int(port) if port.isdigit() else None


def blocks(text: str, header: re.Pattern[str]) -> Iterator[tuple[re.Match[str], list[str]]]:
    """The stretches of ``text`` that each begin with a line that ``header`` matches whole: the match, the lines after it."""
    found: re.Match[str] | None = None
    lines: list[str] = []
    for _, line in body(text):
        if start := header.fullmatch(line):
            if found is not None:
                yield found, lines
            found, lines = start, []
        else:
            lines.append(line)
    if found is not None:
        yield found, lines


_FIELD = re.compile(r"\s*(?P<name>[A-Za-z][\w ()/.-]{0,60}?)\s*[:=]\s*(?P<value>.*)")


def fields(lines: list[str]) -> dict[str, list[str]]:
    """``name: value`` and ``name = value`` lines, names in lower case; another line continues the value before it."""
    out: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if found := _FIELD.fullmatch(line):
            name = found["name"].lower()
            out.setdefault(name, []).extend([found["value"].strip()] if found["value"].strip() else [])
        elif name:
            out[name].append(line.strip())
    return out


def first(values: dict[str, list[str]], *names: str) -> str | None:
    """The first value of the first of ``names`` that is there and says something; None where IOS prints ``none``."""
    for name in names:
        for value in values.get(name, ()):
            return or_none(value)
    return None


def listed(values: dict[str, list[str]], *names: str) -> tuple[str, ...]:
    """All values of ``names``, without those that say there is none."""
    return tuple(value for name in names for value in values.get(name, ()) if or_none(value))
