"""Where output goes: how wide it is, and whether it can show colours and more than ASCII."""

from __future__ import annotations

import os
from typing import TextIO

import msgspec

PIPED_WIDTH = 100
"""Columns for running text when nobody's terminal says otherwise; facts are never broken there."""

WIDEST_PROSE = 120
"""Lines of prose longer than this are no pleasure on any terminal."""


class Surface(msgspec.Struct, frozen=True):
    """What a console format draws on.

    ``colours`` is rich's name of a colour system, or None; ``unicode`` whether arrows and rules may be used; ``terminal``
    whether a person is watching: there, long lists are shortened (and say so), elsewhere nothing is.
    """

    width: int = PIPED_WIDTH
    colours: str | None = None
    unicode: bool = True
    terminal: bool = False

    @classmethod
    def of(cls, stream: TextIO) -> Surface:
        """The surface that ``stream`` is; NO_COLOR, FORCE_COLOR, TERM and COLUMNS are honoured."""
        from rich.console import Console

        console = Console(file=stream)
        terminal = _is_tty(stream)
        width = console.width if terminal else _columns() or PIPED_WIDTH
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
        return cls(
            width=max(40, min(width, WIDEST_PROSE)),
            colours=None if console.no_color else console.color_system,
            unicode=encoding.startswith("utf"),
            terminal=terminal,
        )


def _is_tty(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # already closed
        return False


def _columns() -> int:
    text = os.environ.get("COLUMNS", "")
    return int(text) if text.isascii() and text.isdigit() else 0
