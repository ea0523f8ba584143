"""Whether two readings of a running-config are the same configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from ikeaudit.ios.words import slot
from ikeaudit.model.remembered import Remembered

_VOLATILE = re.compile(
    rf"""!?
      | building\ configuration.*
      | (?:current|startup)\ configuration\s?:\s?\d+\ bytes
      | using\ \d+\ out\ of\ \d+\ bytes.*
      | !\ (?:last\ configuration\ change|nvram\ config\ last\ updated|no\ configuration\ change\ since)\b.*
      | {slot("global/ntp")}\ clock-period\ \d+
      | load\ for\ five\ secs:.*
      | time\ source\ is\ .*
      | [^\s\#>]{{1,100}}[\#>]\s*(?:(?:do\s+)?(?:sho?w?\s+(?:run|start|conf)\S*.*|ter\w*\ \w+\ \d+|ex\w*))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What differs between two readings of one configuration: size, time stamps, separators, blank lines, prompt and echo."""


def stable_lines(redacted: str) -> list[str]:
    """The lines of a redacted running-config that say what is configured, without trailing blanks."""
    return stable(redacted.replace("\r", "\n").split("\n"))


def stable(lines: Iterable[str]) -> list[str]:
    """:func:`stable_lines` of a text that is in lines already, none of which holds an end of line."""
    return [kept for kept in _KNOWN.of(lines) if kept is not None]


def _kept(line: str) -> str | None:
    """A line without trailing blanks; None for one that is volatile."""
    bare = line.strip()
    # Most lines are told by a look, without the pattern.
    told = bare[:2].lower() not in _BEGINNINGS and "#" not in bare and ">" not in bare
    return line.rstrip() if told or _VOLATILE.fullmatch(bare) is None else None


_KNOWN = Remembered(_kept)

_BEGINNINGS = frozenset(
    {"", "!", "! ", "bu", "cu", "st", "\u017ft", "us", "u\u017f", "nt", "lo", "ti", "t\u0131", "ti\u0307"}
)
"""How volatile lines begin, but for prompts, in small letters; with what counts as an s or an i when case is ignored."""


def before_hash(redacted: str) -> str:
    """SHA-256, in hexadecimal, of a redacted running-config without its volatile lines.

    Keys count by their tokens, so the hash is the same for one configuration whenever it is read under one workspace key.
    """
    return sha256("\n".join(stable_lines(redacted)).encode("utf-8", "surrogatepass")).hexdigest()
