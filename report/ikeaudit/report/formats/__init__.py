"""Every output format: a new one is a file beside this one and a line in ``FORMATS``."""

from ikeaudit.report.formats.as_console import CONSOLE
from ikeaudit.report.formats.as_json import JSON
from ikeaudit.report.formats.format import Format

__all__ = ["FORMATS", "Format", "format_named"]

FORMATS: tuple[Format, ...] = (
    CONSOLE,
    JSON,
)


def format_named(name: str) -> Format | None:
    """The format called ``name``, or None."""
    return next((known for known in FORMATS if known.name == name), None)
