"""What every change has come to, for people."""

from __future__ import annotations

from ikeaudit.change.overview import HALF_WAY, PlanStatus, wave_words
from ikeaudit.change.plan_parts import is_part_of
from ikeaudit.change.status import ChangeStatus, Status
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import StatusReport

_AT_REST = ("committed", "closed", "rolled-back", "refused")
"""States of a part that its plan's lines tell enough of."""


def draw_status(report: StatusReport, sheet: Sheet) -> None:
    """Plans of several parts first, then the changes; parts of a plan that need nothing are told by the plan's lines."""
    found = report.status
    if not found.changes:
        sheet.line(f"No change was ever begun in this workspace, {found.workspace}.")
        return
    first = _first(found)
    shown = [one for one in found.changes if not (_of_several(one, found) and one.state in _AT_REST)]
    for number, plan in enumerate(found.plans):
        if number:
            sheet.blank()
        _plan(plan, sheet, first)
    for number, one in enumerate(shown):
        if number or found.plans:
            sheet.blank()
        _change(one, sheet, first)
    sheet.line(f"Workspace: {found.workspace}")


def _first(found: Status) -> str | None:
    """The one command to be typed next: of what is half-way, else of a plan that goes on, else of what is in force."""
    half = [change.next for change in found.changes if change.state in HALF_WAY]
    plans = [plan.next for plan in found.plans]
    return next(filter(None, (*half, *plans, *(change.next for change in found.changes))), None)


def _next(command: str | None, why: str, first: str | None, sheet: Sheet) -> None:
    if command is None:
        sheet.line(f"  {why}")
    else:
        sheet.line(f"  {'next' if command == first else 'later'}: {command}")
        sheet.line(f"    ({why})")


def _of_several(change: ChangeStatus, found: Status) -> bool:
    return any(change.change_id != p.change_id and is_part_of(change.change_id, p.change_id) for p in found.plans)


def _plan(plan: PlanStatus, sheet: Sheet, first: str | None) -> None:
    sheet.line(f"{plan.change_id}: {plan.plan}, {len(plan.waves)} wave{'s' * (len(plan.waves) != 1)}")
    for wave in plan.waves:
        sheet.line(f"  {wave_words(wave)}")
    if all(part.state not in HALF_WAY for wave in plan.waves for part in wave.parts):  # else that part tells it
        _next(plan.next, plan.next_why, first, sheet)


_WORDS = {
    "running": "under way",
    "interrupted": "cut off half-way",
    "going-back": "being taken back",
    "held": "in force, waiting to be confirmed",
    "committed": "in force, confirmed and saved",
    "unsaved": "in force, not saved everywhere",
    "rolled-back": "taken back",
    "refused": "refused before anything was changed",
    "state-unknown": "the state of its routers is not known",
    "closed": "in force and closed: the way back has ended",
}


def _change(change: ChangeStatus, sheet: Sheet, first: str | None) -> None:
    sheet.line(
        f"{change.change_id}: {_WORDS[change.state]}" + (f", process {change.process}" if change.process else "")
    )
    if change.cause and change.state not in ("committed", "closed"):
        sheet.line(f"  why: {change.cause}")
    for router in change.routers:
        sheet.line(f"  {router.name}: {router.words}")
        if router.net is not None:
            left = f"{router.net.seconds_left // 60:d}:{router.net.seconds_left % 60:02d}"
            deed = "rolls back" if router.net.kind == "timer" else "restarts"
            when = f"in {left}, at {router.net.acts_at}" if router.net.seconds_left else f"since {router.net.acts_at}"
            sheet.line(f"    {deed} by itself {when}")
    for broken in change.broken:
        reason = f", {broken.reason}" if broken.reason else ""
        sheet.line(
            f"  broken now: {broken.direction}: {broken.outcome}{reason} at its next negotiation, because {broken.why}"
        )
    if change.state not in ("committed", "closed", "rolled-back", "refused"):
        for router in change.routers:
            if router.by_hand:
                sheet.line(f"  {router.name} back by hand:")
                for line in router.by_hand:
                    sheet.line(f"    {router.name}# {line}")
    _next(change.next, change.next_why, first, sheet)
