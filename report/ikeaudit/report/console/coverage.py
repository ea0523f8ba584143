"""``coverage`` for people: every file with its numbers, then every line that was not understood."""

from __future__ import annotations

from ikeaudit.report.console.pieces import draw_lines, draw_problems, not_ios, numbers
from ikeaudit.report.console.sheet import Part, Sheet
from ikeaudit.report.coverage import FileCoverage
from ikeaudit.report.documents import CoverageReport


def draw_coverage(report: CoverageReport, sheet: Sheet) -> None:
    """A row a file, the remarks and, nearest to the eye, the unknown lines below; the total last."""
    coverage = report.coverage
    unread = {problem.file for problem in coverage.unread}
    if coverage.hosts:
        sheet.rows(
            (_row(entry, entry.file not in unread) for entry in coverage.hosts),
            heads=("host", "file", "modelled", "irrelevant", "unknown", "understood"),
            numbers=(2, 3, 4),
        )
        sheet.blank()
    for words in not_ios(coverage):
        sheet.labelled(("not IOS", "yellow"), words, column=10)
    draw_problems(sheet, coverage, indent=0)
    for entry in coverage.ios:
        if entry.remarks:
            sheet.prose((entry.host, "bold"), f" ({entry.file}), remarks:", hang=2)
            draw_lines(sheet, entry, entry.remarks, indent=2)
    for entry in coverage.ios:
        if entry.unknown:
            sheet.prose((entry.host, "bold"), f" ({entry.file}), not understood:", hang=2)
            draw_lines(sheet, entry, entry.unknown, indent=2)
    if coverage.not_ios or coverage.problems or any(entry.unknown or entry.remarks for entry in coverage.ios):
        sheet.blank()
    sheet.prose(("Total ", "bold"), *numbers(coverage, coverage.total), hang=6)


def _row(entry: FileCoverage, read: bool) -> tuple[Part, ...]:
    if not entry.read:
        return entry.host, entry.file, "", "", "", ("not IOS", "yellow") if read else ("not read", "bold yellow")
    count = entry.count
    unknown: Part = (f"{count.unknown:,}", "bold yellow") if count.unknown else "0"
    return entry.host, entry.file, f"{count.modelled:,}", f"{count.irrelevant:,}", unknown, f"{count.percent:g}%"
