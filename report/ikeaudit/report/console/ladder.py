"""One direction as a ladder: the initiator on the left, the responder on the right, messages between them, time running down.

Below :data:`TWO_COLUMNS` columns it is one column, a heading for each message.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.text import Text

from ikeaudit.exchange.result import FAILED, Exchange
from ikeaudit.exchange.steps import Decision
from ikeaudit.report.console.decision import Line, told
from ikeaudit.report.console.sheet import Sheet

TWO_COLUMNS = 100
LONGEST_PLACE = 24
"""Of a longer ``file:line`` the middle is left out: the column says whose file it is."""
_RAIL = "│           │"
_INNER = len(_RAIL) - 2


class Rung(msgspec.Struct, frozen=True):
    """One message, or several of which nothing is to be told; what its sender decides before it, the other end after it."""

    names: tuple[str, ...]
    sender: str
    quiet: bool = False
    failed: bool = False
    arrived: bool | None = True
    before: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()


def draw_ladder(exchange: Exchange, sheet: Sheet) -> None:
    """The steps of ``exchange``; nothing where nothing is sent."""
    rungs = _rungs(exchange)
    if not rungs:
        return
    if sheet.surface.width < TWO_COLUMNS:
        _one_column(exchange, rungs, sheet)
    else:
        _two_columns(exchange, rungs, sheet)


def _rungs(exchange: Exchange) -> list[Rung]:
    found: list[Rung] = []
    seen: set[Decision] = set()
    for place, step in enumerate(exchange.steps):
        last = place == len(exchange.steps) - 1
        # In the second message the caller only finds its own policy again.
        fresh = [d for d in step.decisions if d not in seen and step.message != "MM2"]
        seen.update(step.decisions)
        by_sender = exchange.initiator if step.sender == "initiator" else exchange.responder
        caller = exchange.peer if step.sender != "initiator" else _address_of(exchange)
        failed = last and exchange.outcome in FAILED
        before = tuple(line for d in fresh if d.router == by_sender for line in told(d, exchange.peer, fatal=failed))
        after = tuple(line for d in fresh if d.router != by_sender for line in told(d, caller, fatal=failed))
        quiet = not before and not after and not failed
        if quiet and found and found[-1].quiet:
            found[-1] = msgspec.structs.replace(found[-1], names=(*found[-1].names, step.message))
        else:
            found.append(Rung((step.message,), step.sender, quiet, failed, step.arrived, before, after))
    return found


def _address_of(exchange: Exchange) -> str:
    """The address that the responder sees the call come from, as its own debug tells it; else the caller's name."""
    for line in exchange.transcript:
        if line.router == exchange.responder and line.line.startswith(
            ("key for ", "found peer pre-shared key matching ")
        ):
            return line.line.removeprefix("found peer pre-shared key matching ").removeprefix("key for ").split()[0]
    return exchange.initiator


def _name(rung: Rung) -> str:
    """``MM5``; ``MM3,4`` for several."""
    first, *others = rung.names
    kind = first.rstrip("0123456789")
    if others and all(name.rstrip("0123456789") == kind for name in others):
        return ",".join((first, *(name[len(kind) :] for name in others)))
    return ",".join(dict.fromkeys(rung.names))


def _arrow(rung: Rung, sheet: Sheet) -> Text:
    """``├── MM1 ──▶│``, from the end that sends; a cross where it is refused, or never leaves."""
    name = f" {_name(rung)} "
    style = "bold red" if rung.failed else "bold"
    if len(rung.names) > 1:
        return sheet.join("│◀", (name.center(_INNER - 2, "─"), ""), "▶│")
    if rung.failed and rung.arrived is False:
        inner = (f" ✕{name}" if rung.sender == "initiator" else f"{name}✕ ").center(_INNER)
        return sheet.join("│", (inner, style), "│")
    line = name.center(_INNER - 1, "─")
    if rung.sender == "initiator":
        return sheet.join("├", (line, style), ("✕" if rung.failed else "▶", style), "│")
    return sheet.join("│", ("✕" if rung.failed else "◀", style), (line, style), "┤")


def _two_columns(exchange: Exchange, rungs: Sequence[Rung], sheet: Sheet) -> None:
    left = (sheet.surface.width - len(_RAIL) - 6) * 9 // 20
    right = sheet.surface.width - len(_RAIL) - 6 - left
    responder = exchange.responder or exchange.peer
    sheet.line(
        *_padded(sheet, ((exchange.initiator, "bold cyan"), (" initiator", "dim")), left + len(_RAIL) + 2),
        (responder, "bold magenta"),
        (" responder", "dim"),
        indent=2,
    )
    for rung in rungs:
        ours, theirs = (rung.after, rung.before) if rung.sender == "responder" else (rung.before, rung.after)
        mine = [row for line in ours for row in _wrapped(sheet, line, left)]
        yours = [row for line in theirs for row in _wrapped(sheet, line, right)]
        arrow = _arrow(rung, sheet)
        early, late = (yours, mine) if rung.sender == "responder" else (mine, yours)
        for row in early[:-1]:
            _row(
                sheet,
                row if rung.sender != "responder" else None,
                None,
                row if rung.sender == "responder" else None,
                left,
            )
        last = early[-1] if early else None
        first = late[0] if late else None
        cells = (first, last) if rung.sender == "responder" else (last, first)
        _row(sheet, cells[0], arrow, cells[1], left)
        for row in late[1:]:
            _row(
                sheet,
                row if rung.sender == "responder" else None,
                None,
                row if rung.sender != "responder" else None,
                left,
            )


def _row(sheet: Sheet, ours: Text | None, middle: Text | None, theirs: Text | None, left: int) -> None:
    mine = ours if ours is not None else Text()
    mine = mine + Text(" " * (left - mine.cell_len))
    rail = middle if middle is not None else sheet.join(_RAIL)
    sheet.line(mine, " ", rail, " ", theirs if theirs is not None else Text(), indent=2)


def _padded(sheet: Sheet, parts: Sequence[tuple[str, str]], width: int) -> tuple[Text, ...]:
    text = sheet.join(*parts)
    return (text + Text(" " * max(1, width - text.cell_len)),)


def _wrapped(sheet: Sheet, line: Line, width: int) -> list[Text]:
    """The lines of one cell, the configuration line at the right of the first that has room for it."""
    parts, where = line
    short = where if len(where) <= LONGEST_PLACE else f"{where[:7]}…{where[8 - LONGEST_PLACE :]}"
    text, at = sheet.join(*parts), sheet.join((short, "cyan"))
    if where and text.cell_len + at.cell_len + 2 <= width:
        return [text + Text(" " * (width - text.cell_len - at.cell_len)) + at]
    first, *rest = sheet.wrapped(text, width - 2)
    rows = [first, *(Text("    ") + row for row in sheet.wrapped(Text(" ").join(rest), width - 4) if rest)]
    if where:
        last = rows[-1]
        if last.cell_len + at.cell_len + 2 <= width:
            rows[-1] = last + Text(" " * (width - last.cell_len - at.cell_len)) + at
        else:
            rows += [Text(" " * max(0, width - row.cell_len)) + row for row in sheet.wrapped(at, width)]
    return rows


def _one_column(exchange: Exchange, rungs: Sequence[Rung], sheet: Sheet) -> None:
    """Headings ``R2 ▶ MM1 ▶ R1``, below each what the two ends decide, with the router's name before it."""
    responder = exchange.responder or exchange.peer
    for rung in rungs:
        first, second = (
            (responder, exchange.initiator) if rung.sender == "responder" else (exchange.initiator, responder)
        )
        style = "bold red" if rung.failed else "bold"
        begin, end = "◀" if len(rung.names) > 1 else "▶", "✕" if rung.failed else "▶"
        sheet.prose(first, (f" {begin} {_name(rung)} {end} ", style), second, indent=2)
        for router, lines in ((first, rung.before), (second, rung.after)):
            column = min(max(len(exchange.initiator), len(responder)) + 2, 20)
            name = router if len(router) < column else f"{router[: column - 2]}…"
            style = "cyan" if router == exchange.initiator else "magenta"
            for number, (parts, where) in enumerate(lines):
                place = (("  ", ""), (where, "cyan")) if where else ()
                sheet.labelled(("" if number else name, style), *parts, *place, indent=4, column=column)
