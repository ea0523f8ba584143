"""``witness`` for people: who started each tunnel, and who never did."""

from __future__ import annotations

from ikeaudit.report.console.pieces import plural
from ikeaudit.report.console.seen import STANDING_STYLE, duration
from ikeaudit.report.console.sheet import Part, Sheet
from ikeaudit.report.console.style import OUTCOME_STYLE
from ikeaudit.report.documents import WitnessReport
from ikeaudit.report.published_witness import WitnessDirection

_HEADS = ("direction", "interface", "predicted", "seen", "last seen", "age", "what it says")


def draw_witness(report: WitnessReport, sheet: Sheet) -> None:
    """The snapshots, a row for each direction, and what waits to happen."""
    told = report.witness
    first, last = told.snapshots[0].read, told.snapshots[-1].read
    when = f", read {first}" + (f" to {last}" if last != first else "")
    sheet.prose((plural(len(told.snapshots), "snapshot"), "bold"), when)
    for one in told.snapshots:
        if one.states < one.hosts:
            sheet.prose((f"{one.path}: the state of {one.states} of {plural(one.hosts, 'router')}", "dim"), indent=2)
    sheet.blank()
    some, left = sheet.shortened(told.directions, 60)
    sheet.rows([_row(one) for one in some], heads=_HEADS)
    if left:
        sheet.prose((f"… and {plural(left, 'more direction')} (all of them when piped, or with --format json)", "dim"))
    sheet.blank()
    never = [one for one in told.directions if not one.seen and one.other_end]
    failing = [one for one in never if one.predicted in ("down", "half-open")]
    if never:
        sheet.prose(
            (f"{plural(len(never), 'direction was', 'directions were')} never seen", "bold"),
            ": the tunnel was up, and the other end had always started it.",
            (f" {len(failing)} of them {'is' if len(failing) == 1 else 'are'} predicted to fail.", "bold red")
            if failing
            else "",
            hang=2,
        )
    against = [one for one in told.directions if one.contradicted]
    if against:
        sheet.prose(
            (f"{plural(len(against), 'direction contradicts', 'directions contradict')} the model", "bold red"), "."
        )


def _row(one: WitnessDirection) -> tuple[Part, ...]:
    return (
        f"{one.initiator} → {one.responder or one.peer}",
        one.initiator_interface,
        (one.predicted + (f" ({one.reason})" if one.reason else ""), OUTCOME_STYLE[one.predicted]),
        f"{one.seen} of {one.looked}",
        one.last_seen or "",
        duration(one.age) if one.age is not None else "",
        (_says(one), STANDING_STYLE.get(one.standing, "dim") if one.standing != "not-seen" else "dim"),
    )


def _says(one: WitnessDirection) -> str:
    if one.standing == "not-seen":
        return f"the other end started it ({one.other_end})" if one.other_end else "no association"
    return {
        "observed": "as predicted",
        "other-reading": "as another reading has it",
        "contradicted": "the model is wrong",
        "before-change": "older than a change",
        "undated": "its age is not known",
    }[one.standing]
