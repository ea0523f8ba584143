"""``check --against`` for people: what is worse first, each with the lines that made it so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ikeaudit.report.comparison import ChangedFinding, ChangedLine, ChangedVerdict
from ikeaudit.report.console.pieces import named, plural
from ikeaudit.report.console.sheet import Part, Sheet
from ikeaudit.report.console.style import SEVERITY_STYLE, verdict_style
from ikeaudit.report.documents import ComparisonReport

LINES_ON_TERMINAL = 8
ENTRIES_ON_TERMINAL = 20
_OTHERS = (("worse", "MORE SEVERE"), ("other", "OTHER FACTS"), ("gone", "GONE"))
_SIGNS = {"new": ("+", "green"), "gone": ("-", "red"), "order": ("~", "yellow")}


def draw_comparison(report: ComparisonReport, sheet: Sheet) -> None:
    """Verdicts, findings, routers that came and went, and the other changed lines; one line that says how it ended."""
    found = report.comparison
    sheet.prose((f"{found.after} against {found.before}", "bold"))
    sheet.blank()
    _draw_verdicts("WORSE", "bold red", [one for one in found.verdicts if one.worse], sheet)
    _draw_verdicts("BETTER OR DIFFERENT", "bold", [one for one in found.verdicts if not one.worse], sheet)
    for change, title in (("new", "NEW"), *_OTHERS):
        _draw_findings(title, [one for one in found.findings if one.change == change], sheet)
    for words, hosts in (("no longer there", found.hosts_gone), ("not there before", found.hosts_new)):
        if hosts:
            sheet.prose((f"{plural(len(hosts), 'router')} {words}: ", "bold"), named(sheet, hosts))
    if found.other_lines:
        sheet.prose((f"{plural(len(found.other_lines), 'other changed line')}, which none of this rests on", "bold"))
        _draw_lines(found.other_lines, sheet, indent=2)
    sheet.blank()
    word = report.verdict.word
    sheet.prose((word, verdict_style(report.verdict)), f"  {report.verdict.sentence}", hang=len(word) + 2)


def _draw_verdicts(title: str, style: str, verdicts: Sequence[ChangedVerdict], sheet: Sheet) -> None:
    if not verdicts:
        return
    sheet.prose((title, style), f"  {plural(len(verdicts), 'direction')}")
    some, left = sheet.shortened(verdicts, ENTRIES_ON_TERMINAL)
    for one in some:
        called = f"{one.responder} ({one.peer})" if one.responder else one.peer
        sheet.fact((f"{one.initiator} {one.initiator_interface} → {called}", "bold"), indent=2, hang=2)
        sheet.prose(f"{one.before or 'no such direction'} → {one.after or 'no such direction'}", indent=4, hang=2)
        _draw_lines(one.lines, sheet, indent=4)
    _say_rest(left, "direction", sheet)
    sheet.blank()


def _draw_findings(title: str, findings: Sequence[ChangedFinding], sheet: Sheet) -> None:
    if not findings:
        return
    sheet.prose((title, "bold"), f"  {plural(len(findings), 'finding')}")
    some, left = sheet.shortened(findings, ENTRIES_ON_TERMINAL)
    for one in some:
        head: tuple[Part, ...] = (
            (one.severity, SEVERITY_STYLE[one.severity]),
            " ",
            (one.code, "bold"),
            f"  {named(sheet, one.hosts)}",
        )
        sheet.prose(*head, indent=2, hang=2)
        sheet.prose(one.message, indent=4)
        _draw_lines(one.lines, sheet, indent=4)
    _say_rest(left, "finding", sheet)
    sheet.blank()


def _draw_lines(lines: Iterable[ChangedLine], sheet: Sheet, *, indent: int) -> None:
    some, left = sheet.shortened(tuple(lines), LINES_ON_TERMINAL)
    for line in some:
        sign, style = _SIGNS[line.change]
        place = f"{line.host}:{line.line}" if line.line is not None else line.host
        within = f"  (in {line.section})" if line.section else ""
        sheet.fact((f"{sign} ", style), (place, "cyan"), f"  {line.text}", (within, "dim"), indent=indent, hang=4)
    _say_rest(left, "changed line", sheet)


def _say_rest(left: int, what: str, sheet: Sheet) -> None:
    if left:
        sheet.prose((f"… and {plural(left, f'more {what}')} (all when piped, or with --format json)", "dim"), indent=4)
