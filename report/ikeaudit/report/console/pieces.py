"""Pieces that several documents show: evidence, the line on coverage, a host list."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Sequence

from ikeaudit.model import Evidence
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.coverage import Coverage, FileCoverage, Line, LineCount

EVIDENCE_ON_TERMINAL = 12
UNKNOWN_ON_TERMINAL = 10
NAMES_ON_TERMINAL = 12
WIDEST_PLACE = 0.5
"""Share of a terminal's width that ``file:line`` may take beside the text."""


def plural(number: int, one: str, many: str | None = None) -> str:
    """``1 host``, ``2 hosts``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def named(sheet: Sheet, names: Sequence[str]) -> str:
    """``R1, R2, R3``; on a terminal a long list says how many more there are."""
    some, left = sheet.shortened(names, NAMES_ON_TERMINAL)
    return ", ".join(some) + (f" and {left:,} more" if left else "")


def draw_evidence(
    sheet: Sheet, evidence: Sequence[Evidence], *, indent: int, limit: int = EVIDENCE_ON_TERMINAL
) -> None:
    """``file:line  text``, one a line: file by file as they come up, each in the order of its lines.

    Of more than ``limit`` lines a terminal shows those that come first in ``evidence``.
    """
    some, left = sheet.shortened(evidence, limit)
    files = {item.file: number for number, item in reversed(list(enumerate(some)))}
    ordered = sorted(some, key=lambda item: (files[item.file], item.line))
    draw_places(sheet, [(f"{item.file}:{item.line}", item.text) for item in ordered], indent=indent)
    if left:
        more = f"… and {plural(left, 'more line')} (all of them when piped, or with --format json)"
        sheet.prose((more, "dim"), indent=indent)


def draw_places(sheet: Sheet, lines: Sequence[tuple[str, str]], *, indent: int) -> None:
    """Places and what stands there, side by side; on a terminal a place that leaves no room has a line of its own."""
    room = int(sheet.surface.width * WIDEST_PLACE) if sheet.surface.terminal else 2 * sheet.surface.width
    column = max((len(place) for place, _ in lines if len(place) <= room), default=0)
    for place, text in lines:
        if len(place) <= column:
            sheet.labelled((place, "cyan"), text, indent=indent, column=column + 2, unbroken=True)
        else:
            sheet.fact((place, "cyan"), indent=indent)
            sheet.fact(text, indent=indent + 4)


def draw_lines(sheet: Sheet, entry: FileCoverage, lines: Sequence[Line], *, indent: int) -> None:
    """Lines of one file, which the line above has named: with their numbers, in a pipe with the file's name, too."""
    name = "" if sheet.surface.terminal else f"{entry.file}:"
    column = max(len(str(line.line)) for line in lines)
    draw_places(
        sheet, [(f"{name}{line.line:>{column if not name else 0}}", line.text) for line in lines], indent=indent
    )


def draw_coverage_note(sheet: Sheet, coverage: Coverage, path: str) -> None:
    """What a result rests on: always the numbers, and each thing that was not read or not understood."""
    total = coverage.total
    sheet.prose(("Coverage ", "bold"), *numbers(coverage, total), hang=9)
    draw_problems(sheet, coverage, indent=2)
    for words in not_ios(coverage):
        sheet.labelled(("not IOS", "yellow"), words, indent=2, column=10)
    for words in _remarks(coverage):
        sheet.labelled(("remark", "yellow"), words, indent=2, column=10)
    unknown = [(entry, line) for entry in coverage.ios for line in entry.unknown]
    some, left = sheet.shortened(unknown, UNKNOWN_ON_TERMINAL)
    for entry, line in some:
        place = (f"{entry.file}:{line.line}", "cyan")
        sheet.labelled(("unknown", "bold yellow"), place, f"  {line.text}", indent=2, column=10, unbroken=True)
    if left:
        sheet.prose(
            (f"… and {plural(left, 'more unknown line')}: ikeaudit coverage {shlex.quote(path)}", "dim"), indent=2
        )


def not_ios(coverage: Coverage) -> list[str]:
    """``fw.conf: it looks like Junos``, once for a file that holds several such configurations."""
    parts = Counter((entry.file, entry.reason, entry.unread) for entry in coverage.other_systems)
    return [
        f"{file}: {reason}"
        + (f" ({number} parts)" if number > 1 else "")
        + (f" ({plural(unread, 'line')} of it not read)" if unread else "")
        for (file, reason, unread), number in parts.items()
    ]


def _remarks(coverage: Coverage) -> list[str]:
    """One line for each kind of remark (what stands before the colon), with where the first one is."""
    kinds: dict[str, list[str]] = {}
    whole: dict[str, str] = {}
    for entry in coverage.ios:
        for remark in entry.remarks:
            kind = re.sub("'[^']*'", "'…'", remark.text.split(": ", 1)[0])
            kinds.setdefault(kind, []).append(f"{entry.file}:{remark.line}")
            whole.setdefault(kind, remark.text)
    return [
        f"{places[0]}: {whole[kind]}"
        if len(places) == 1
        else f"{kind}, {len(places):,} times, the first at {places[0]}"
        for kind, places in kinds.items()
    ]


def draw_problems(sheet: Sheet, coverage: Coverage, *, indent: int) -> None:
    """What is missing from the snapshot, the hosts without a configuration first."""
    for problem in sorted(coverage.problems, key=lambda problem: problem.kind != "host"):
        unread = problem.kind == "host"
        label = ("not read", "bold yellow") if unread else ("problem", "yellow")
        sheet.labelled(label, f"{problem.subject}{':' if unread else ''} {problem.reason}", indent=indent, column=10)


def numbers(coverage: Coverage, total: LineCount) -> list[str | tuple[str, str]]:
    """``2 hosts · 84 lines modelled, 31 irrelevant, 0 unknown (100% understood) · collected 2025-03-01T02:00:00Z``."""
    hosts = len(dict.fromkeys(entry.host for entry in coverage.ios))
    unknown = f"{total.unknown:,} unknown"
    return [
        f"{plural(hosts, 'host')} · {plural(total.modelled, 'line')} modelled, {total.irrelevant:,} irrelevant, ",
        (unknown, "bold yellow") if total.unknown else unknown,
        *((", ", (f"{total.unread:,} not read", "bold yellow")) if total.unread else ()),
        f" ({total.percent:g}% understood)",
        f" · collected {' to '.join(dict.fromkeys(coverage.collected))}" if coverage.collected else "",
    ]
