"""Every output format: a new one is a file beside this one and a line in ``FORMATS``."""

from collections.abc import Collection

from ikeaudit.report.formats.as_console import CONSOLE
from ikeaudit.report.formats.as_html import HTML
from ikeaudit.report.formats.as_json import JSON, to_json
from ikeaudit.report.formats.format import Format
from ikeaudit.report.kinds import kind_named

__all__ = ["FORMATS", "Format", "format_named", "formats_of", "refusal", "to_json"]

FORMATS: tuple[Format, ...] = (
    CONSOLE,
    JSON,
    HTML,
)


def format_named(name: str) -> Format | None:
    """The format called ``name``, or None."""
    return next((known for known in FORMATS if known.name == name), None)


def formats_of(kinds: Collection[str]) -> tuple[str, ...]:
    """The names of the formats that can draw a document of one of ``kinds``."""
    return tuple(known.name for known in FORMATS if not set(kinds).isdisjoint(known.draws))


def refusal(name: str, kinds: Collection[str]) -> str | None:
    """Why the format called ``name`` cannot draw a document of any of ``kinds``, in a sentence; None when it can."""
    chosen = format_named(name)
    others = formats_of(kinds)
    if chosen is None:
        return f"{name!r} is none of {', '.join(others)}."
    if name in others:
        return None
    kind = kind_named(next(iter(kinds)))
    return kind.refused.format(format=name, title=kind.title, others=" or ".join(others))
