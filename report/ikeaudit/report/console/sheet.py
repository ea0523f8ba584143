"""A page to draw on: rich behind four kinds of line, so that everything wraps, pipes and falls back to ASCII alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TypeAlias, TypeVar

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ikeaudit.report.surface import Surface

Part: TypeAlias = "str | tuple[str, str] | Text"
"""Plain text, text with a style, or text drawn before."""

T = TypeVar("T")

UNBROKEN = 4096
"""Width of a page that is piped: no fact is broken over two lines there."""

WIDEST_COLUMN = 40
"""Width up to which the columns of a piped table are aligned."""

_ASCII = str.maketrans(
    {"→": "->", "↔": "<->", "·": "-", "─": "-", "–": "-", "…": "...", "▸": ">", "×": "x", "✕": "x", "✔": "+"}
    | {"⇄": "<->", "│": "|", "├": "|", "┤": "|", "▶": ">", "◀": "<"}
)


def clean(text: str) -> str:
    """``text`` without anything a terminal would obey: control and invisible characters become visible escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c == "\t" else c.encode("unicode_escape").decode() for c in text)


class Sheet:
    """Collects lines for a surface; ``text()`` is the result. With ``whole`` nothing is shortened on a terminal either."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.whole = False
        self._out = StringIO()
        self._console = Console(
            file=self._out,
            width=surface.width if surface.terminal else UNBROKEN,
            force_terminal=surface.colours is not None,
            color_system=surface.colours,  # type: ignore[arg-type]  # one of rich's own names, from rich
            no_color=surface.colours is None,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )

    def text(self) -> str:
        """All that was drawn, without trailing blanks."""
        return "".join(line.rstrip() + "\n" for line in self._out.getvalue().splitlines())

    def blank(self) -> None:
        """An empty line."""
        self._out.write("\n")

    def prose(self, *parts: Part, indent: int = 0, hang: int = 0) -> None:
        """Running text, wrapped at the surface's width; lines after the first are indented ``hang`` deeper."""
        text = self.join(*parts)
        room = max(20, self.surface.width - indent)
        first, *rest = [text] if text.cell_len <= room else text.wrap(self._console, max(20, room - hang))
        self._print(first, indent)
        for line in rest:
            self._print(line, indent + hang)

    def labelled(
        self, label: tuple[str, str], *body: Part, indent: int = 0, column: int = 9, unbroken: bool = False
    ) -> None:
        """A styled label and, beside it, text that wraps in its own column; ``unbroken`` text wraps on a terminal only."""
        head, text = self.join(label), self.join(*body)
        head.append(" " * (column - head.cell_len))
        if unbroken and not self.surface.terminal:
            self._print(head + text, indent)
            return
        for line in text.wrap(self._console, max(20, self.surface.width - indent - column)):
            self._print(Text.assemble(head, line), indent)
            head = Text(" " * column)

    def fact(self, *parts: Part, indent: int = 0, hang: int = 0) -> None:
        """A line to copy or to search for: wrapped with a hanging indent on a terminal, never broken elsewhere."""
        if self.surface.terminal:
            self.prose(*parts, indent=indent, hang=hang)
        else:
            self._print(self.join(*parts), indent)

    def line(self, *parts: Part, indent: int = 0) -> None:
        """A line to type or to copy: as it is, on a terminal too."""
        self._print(self.join(*parts), indent)

    def rows(self, rows: Iterable[Sequence[Part]], *, heads: Sequence[str], numbers: Sequence[int] = ()) -> None:
        """A table without frames, as wide as its content; cells are wrapped, never cut, when the surface is narrower.

        ``numbers`` are the columns to align on the right.
        """
        cells = [[self.join(cell) for cell in row] for row in rows]
        if not self.surface.terminal:
            self._columns([[self.join(head) for head in heads], *cells], numbers)
            return
        table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), collapse_padding=True)
        for column, head in enumerate(heads):
            table.add_column(head, overflow="fold", justify="right" if column in numbers else "left")
        for row in cells:
            table.add_row(*row)
        self.draw(table)

    def _columns(self, rows: Sequence[Sequence[Text]], numbers: Sequence[int]) -> None:
        """One line a row; a cell wider than most pushes the rest of its own line only."""
        widths = [min(WIDEST_COLUMN, max(cell.cell_len for cell in column)) for column in zip(*rows, strict=True)]
        for row in rows:
            line = Text()
            for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
                blanks = " " * max(0, width - cell.cell_len)
                line.append_text(Text(blanks) + cell if column in numbers else cell + Text(blanks)).append("  ")
            self._print(line, 0)

    def draw(self, renderable: Table, *, indent: int = 0) -> None:
        """Something that rich draws."""
        self._console.print(Padding(renderable, (0, 0, 0, indent), expand=False))

    def shortened(self, items: Sequence[T], limit: int) -> tuple[Sequence[T], int]:
        """``items`` as far as a person wants to see them, and how many were left out: none when nobody is watching."""
        if self.whole or not self.surface.terminal or len(items) <= limit + 1:
            return items, 0
        return items[:limit], len(items) - limit

    def join(self, *parts: Part) -> Text:
        """Parts as one piece of text, cleaned and, where needed, in ASCII."""
        text = Text()
        for part in parts:
            if isinstance(part, Text):
                text.append_text(part)
            elif isinstance(part, tuple):
                text.append(self.ascii(clean(part[0])), style=part[1])
            else:
                text.append(self.ascii(clean(part)))
        return text

    def wrapped(self, text: Text, width: int) -> list[Text]:
        """``text`` in lines of that width; a word that is longer is broken."""
        return list(text.wrap(self._console, max(8, width))) or [Text()]

    def stack(self, *lines: Part) -> Text:
        """Parts below one another."""
        return Text("\n").join(self.join(line) for line in lines)

    def fits(self, rows: Sequence[Sequence[Part]], heads: Sequence[str]) -> bool:
        """Whether a table of ``rows`` is no wider than the surface."""
        widths = [len(head) for head in heads]
        for row in rows:
            widths = [max(width, self.join(cell).cell_len) for width, cell in zip(widths, row, strict=True)]
        return sum(widths) + 2 * (len(widths) - 1) <= self.surface.width

    def ascii(self, text: str) -> str:
        """``text`` with signs that the surface can show."""
        return text if self.surface.unicode else text.translate(_ASCII)

    def _print(self, text: Text, indent: int) -> None:
        if self.surface.colours is None:
            self._out.write(f"{' ' * indent}{text.plain}\n")
        else:
            self._console.print(Text(" " * indent) + text, soft_wrap=True)
