"""The result of a change for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import WindowReport

if TYPE_CHECKING:
    from ikeaudit.change.report import ChangeReport

_WORDS = {
    "in-part": "Some groups are in force; the routers of those that failed run what they ran before.",
    "committed": "The change is in force, tested, confirmed and saved.",
    "held": "The change is in force and tested; confirm it before the timers run out.",
    "unsaved": "The change is in force, tested and confirmed, but not saved everywhere.",
    "rolled-back": "Every router runs what it ran before.",
    "nothing-to-do": "There is nothing to take back: ",
    "closed": "Closed: the copies of the earlier configurations are removed; the way back has ended where it is in force.",
    "state-unknown": "At least one router is not as it was before, or cannot be seen.",
    "verified": "Every router runs what the plan predicts.",
    "not-verified": "Not every router is as the plan predicts.",
}

_NOTED = "Every router runs what it ran before, but for what is said of each above."

_GROUP = {
    "committed": "in force, tested, confirmed and saved",
    "held": "in force and tested, waiting to be confirmed",
    "unsaved": "in force, not saved everywhere",
    "rolled-back": "failed; its routers run what they ran before",
    "state-unknown": "FAILED, and the state of a router is not known",
    "refused": "not begun: something forbade it",
    "not-begun": "not begun",
}


def draw_change(document: WindowReport, sheet: Sheet) -> None:
    """What came of it, what is worse, each router, what to do next; of a dry run the lines alone."""
    report = document.change
    for line in report.lines:
        sheet.line(line)
    if report.result == "dry-run":
        sheet.line("! Nothing was sent; --commit does it.")
        return
    if report.result == "nothing-to-do":
        sheet.line(f"{_WORDS[report.result]}{report.cause}")
        return
    if report.result == "committed":
        sheet.line(_WORDS[report.result])  # the rest was told as it happened
        sheet.line(f"Journal: {report.journal}")
        _next(report, sheet)
        return
    if report.cause:
        sheet.line(f"Why: {report.cause}")
    for group in report.groups if len(report.groups) > 1 else ():
        named = ", ".join(f"{k} {n}" for k, n in (("wave", group.wave), ("group", group.group)) if n is not None)
        sheet.line(f"{named} ({', '.join(group.routers)}): {_GROUP[group.result]}")
    for test in report.directions:
        gone = report.result in ("rolled-back", "state-unknown") and test.on == "after"
        then = " with the configuration that was taken back, not tested since" if gone else ""
        sheet.line(f"{test.direction}: {test.result}{then} ({test.detail})")
    for row in report.worse:
        sheet.line(f"Worse than before: {row}")
    for router in report.routers:
        sheet.line(f"{router.name}: {router.state}{f'. {router.detail}' if router.detail else ''}")
        if router.by_hand:
            sheet.line("  by hand:")
            for line in router.by_hand:
                sheet.line(f"    {router.name}# {line}")
    noted = report.result == "rolled-back" and any(r.state == "reverted" and r.detail for r in report.routers)
    sheet.line(_NOTED if noted else _WORDS[report.result])
    if report.journal:
        sheet.line(f"Journal: {report.journal}")
    _next(report, sheet)


def _next(report: ChangeReport, sheet: Sheet) -> None:
    if report.next:
        sheet.line(f"Next: {report.next}")
