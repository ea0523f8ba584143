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
    return list(_body(text))


def _body(text: str) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip()
        if line and not _is_frame(line):
            yield number, line


def _is_frame(line: str) -> bool:
    """Whether a line is a prompt, an echo or a rule with the name of a command in it."""
    return (("#" in line or ">" in line) and _ECHO.fullmatch(line) is not None) or (
        line.startswith("---") and _SEPARATOR.fullmatch(line) is not None
    )


def texts(text: str) -> list[str]:
    """The lines of :func:`body` without their numbers and without indentation, as the templates of most commands want them."""
    return [line.lstrip() for _, line in _body(text)]


def refused(text: str) -> bool:
    """Whether the router did not accept the command."""
    return any(_REFUSED.match(line) for _, line in _body(text))


def says_none(text: str) -> bool:
    """Whether nothing was printed, or only that there is nothing: ``No crypto maps found.``, ``There are no IKEv2 SAs``."""
    return all(_THERE_ARE_NONE.match(line) for _, line in _body(text))


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
