"""Sections of a running-config as they stand, to be taken away and put back word for word."""

from __future__ import annotations

from ikeaudit.model import Router


def section(router: Router, line: int) -> tuple[str, tuple[str, ...]]:
    """The top-level line ``line`` and the lines below it, stripped; comments and separators left out."""
    header = router.text(line)
    below: list[str] = []
    for text in router.lines[line - router.first_line + 1 :]:
        if text.strip().startswith("!") or not text.strip():
            continue
        if not text[0].isspace():
            break
        below.append(text.strip())
    return header, tuple(below)


def restorable(router: Router, line: int) -> bool:
    """Whether a section can be typed again: nothing in it was cut out as a secret, and all of it is understood."""
    last = line + len(section_span(router, line)) - 1
    unread = any(line <= unknown.line <= last for unknown in router.unknown)
    return not unread and not any("<SECRET>" in text for text in section_span(router, line))


def section_span(router: Router, line: int) -> tuple[str, ...]:
    """The section that begins at ``line``, comments included."""
    at = line - router.first_line
    span = [router.lines[at]]
    for text in router.lines[at + 1 :]:
        if text.strip() and not text[0].isspace() and not text.startswith("!"):
            break
        span.append(text)
    return tuple(span)
