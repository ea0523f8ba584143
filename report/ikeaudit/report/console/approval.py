"""An approval for people: what was approved, by whom."""

from __future__ import annotations

from ikeaudit.report.console.plan import summary
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import ApproveReport


def draw_approval(report: ApproveReport, sheet: Sheet) -> None:
    """What was approved, whose approval this replaces, and the record."""
    for line in summary(report.plan):
        sheet.line(line)
    if report.replaced is not None:
        sheet.line(f"This replaces the approval of {report.replaced.by}.")
    sheet.line(f"Approved by {report.approval.by} at {report.approval.at}: plan {report.plan.digest}.")
