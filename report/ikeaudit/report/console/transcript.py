"""The debug lines of an exchange: both routers side by side where there is room, else one below the other."""

from __future__ import annotations

from itertools import groupby

from rich.table import Table

from ikeaudit.exchange.result import Exchange, TranscriptLine
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.console.style import transcript_style

SIDE_BY_SIDE = 110
"""Columns from which the two routers' lines stand side by side."""


def draw_transcript(exchange: Exchange, sheet: Sheet) -> None:
    """What ``debug crypto isakmp`` would show, in order, with the router it shows on."""
    if sheet.surface.terminal and sheet.surface.width >= SIDE_BY_SIDE and exchange.responder:
        _side_by_side(exchange, sheet)
    else:
        _in_order(exchange, sheet)


def _in_order(exchange: Exchange, sheet: Sheet) -> None:
    column = max(len(line.router) for line in exchange.transcript) + 2
    previous = None
    for line in exchange.transcript:
        repeated = sheet.surface.terminal and line.router == previous
        name = "" if repeated else line.router
        said = (line.line, transcript_style(line.line))
        sheet.labelled((name, _router_style(exchange, line)), said, indent=2, column=column, unbroken=True)
        previous = line.router


def _side_by_side(exchange: Exchange, sheet: Sheet) -> None:
    """The initiator on the left, the responder on the right, time running down."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", collapse_padding=True)
    half = (sheet.surface.width - 6) // 2
    for name in (f"{exchange.initiator} (initiator)", f"{exchange.responder} (responder)"):
        table.add_column(sheet.join(name), width=half, overflow="fold")
    for router, lines in groupby(exchange.transcript, key=lambda line: line.router):
        said = sheet.stack(*((line.line, transcript_style(line.line)) for line in lines))
        table.add_row(*((said, "") if router == exchange.initiator else ("", said)))
    sheet.draw(table, indent=2)


def _router_style(exchange: Exchange, line: TranscriptLine) -> str:
    return "cyan" if line.router == exchange.initiator else "magenta"
