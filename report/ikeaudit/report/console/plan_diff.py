"""What a plan changes, for people: each router's lines before and after."""

from __future__ import annotations

from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import DifferenceReport

_STYLES = {"-": "red", "+": "green", "~": "yellow"}


def draw_plan_diff(report: DifferenceReport, sheet: Sheet) -> None:
    """Router by router, as ``diff -u`` writes it."""
    for router in report.routers:
        sheet.line((f"--- {router.router} before {report.change_id}", "bold"))
        sheet.line((f"+++ {router.router} after {report.change_id}", "bold"))
        for line in router.lines:
            sheet.line((line, _STYLES.get(line[:1], "")))
    if not report.routers:
        sheet.line(f"The plan {report.change_id} changes nothing.")
