"""The result of a rehearsal for people."""

from __future__ import annotations

from collections import Counter

from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import RehearseReport

_SAID = {
    "committed": "in force everywhere",
    "unsaved": "in force, not saved everywhere, and said so",
    "rolled-back": "taken back everywhere",
    "refused": "refused, nothing changed",
    "state-unknown": "said that a state is not known, and repaired",
}


def draw_rehearsal(report: RehearseReport, sheet: Sheet) -> None:
    """How many runs ended as they must, each that did not, and what the rehearsal cannot show."""
    done = report.rehearsal
    clean = [case for case in done.cases if case.fault is None]
    faults = [case for case in done.cases if case.fault is not None]
    good = sum(case.passed for case in clean)
    sheet.line(
        f"Without faults: {good} of {len(clean)} wave{'s' * (len(clean) != 1)} carried out, and taken back again."
    )
    sheet.line(f"With faults: {sum(case.passed for case in faults)} of {len(faults)} ended as they must.")
    for result, count in Counter(case.result for case in faults if case.passed).most_common():
        sheet.line(f"  {count:>4}  {_SAID.get(result, result)}")
    for case in done.cases:
        if not case.passed:
            what = f"{case.fault}, at {case.phase} on {case.router}" if case.fault else "no fault"
            sheet.line(f"  WRONG, wave {case.wave}, {what} ({case.result}):")
            for row in case.wrong:
                sheet.line(f"    {row}")
    unproven = [row for case in clean for row in case.unproven]
    if unproven:
        sheet.line("Not to be tested, so `apply` wants --accept-unproven:")
        for row in dict.fromkeys(unproven):
            sheet.line(f"  {row}")
    if done.missing:
        names = ", ".join(done.missing[:5]) + (f" and {len(done.missing) - 5} more" if len(done.missing) > 5 else "")
        sheet.line(f"Not known, so their tunnels were not started: {names}. --snapshot brings them in.")
    sheet.line(f"The rehearsal {'passed' if done.passed else 'failed'}; {report.file} has every run.")
    sheet.line("The lab's routers select keys by this project's own model; that real IOS does is not shown by this.")
