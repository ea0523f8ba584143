"""Finding one's way in what a terminal has read."""

from __future__ import annotations

import re

from ikeaudit.session.noise import CUT


def first_match(patterns: tuple[re.Pattern[str], ...], tail: str) -> re.Match[str] | None:
    """The match of the first of ``patterns`` that is in ``tail``."""
    return next((match for match in (pattern.search(tail) for pattern in patterns) if match), None)


def last_line(text: str) -> str:
    """The line in which the cursor stands."""
    return text[text.rfind("\n") + 1 :]


def after_echo(text: str, command: str) -> str | None:
    """What follows the line that echoes ``command``, None when the echo has not come; ``text`` may have cuts in it."""
    at, size = text.find(command), len(command)
    if at < 0 and CUT in text:
        broken = re.search(f"{CUT}?".join(map(re.escape, command)), text)
        at, size = (broken.start(), len(broken[0])) if broken else (-1, 0)
    end = re.compile(rf"[\n{CUT}]").search(text, at + size) if at >= 0 else None
    return None if end is None else text[end.end() :]
