"""Whether a line of a running-config is one of its own, or the second half of one that a message broke in two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ikeaudit.ios.language import GLOBAL, Language, language_of

_UNFINISHED = re.compile(r"(?:.* )?(?:no|default|key|secret|password|[067])", re.IGNORECASE)
_SECRET = re.compile(r"\b(?:key|secret|password|community|phrase|string|auth|md5)\b", re.IGNORECASE)
_SEPARATORS = ("!", "end")


def printed_apart(above: Sequence[str], line: str) -> bool:
    """Whether ``line`` begins where IOS began a line, given the lines above it: both it and what is above are whole commands.

    The second half of a line is none: ``yring K1`` is no command. What no table describes is not known to be a line.
    """
    lines = [text for text in above if text.strip()]
    before = lines[-1].strip() if lines else "!"
    if _UNFINISHED.fullmatch(before):
        return False
    if line.strip() in _SEPARATORS:
        return not _SECRET.search(before)
    return _known(lines, line) and (before == "!" or _known(lines[:-1], lines[-1]))


def _known(above: Sequence[str], line: str) -> bool:
    language, bare = _section(above, len(line) - len(line.lstrip())), line.strip()
    found = language.match(bare) if language else None
    return found is not None and not (found[0].plain and " " not in bare.removeprefix("no "))


def _section(above: Sequence[str], indent: int) -> Language | None:
    """The language of lines indented by ``indent`` below ``above``; None where a header is not known."""
    headers: list[str] = []
    for text in reversed(above):
        depth = len(text) - len(text.lstrip())
        if indent == 0:
            break
        if text.strip() and text.strip() != "!" and depth < indent:
            headers.append(text.strip())
            indent = depth
    language: Language | None = GLOBAL
    for header in reversed(headers):
        found = language.match(header) if language else None
        language = language_of(found[0]) if found else None
    return language
