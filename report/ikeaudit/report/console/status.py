"""What every change has come to, for people."""

from __future__ import annotations

from ikeaudit.change.overview import PlanStatus, wave_words
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
        sheet.line("No change was ever begun in this workspace.")
    shown = [one for one in found.changes if not (_of_several(one, found) and one.state in _AT_REST)]
    for number, plan in enumerate(found.plans):
        if number:
            sheet.blank()
        _plan(plan, sheet)
    for number, one in enumerate(shown):
        if number or found.plans:
            sheet.blank()
        _change(one, sheet)


def _of_several(change: ChangeStatus, found: Status) -> bool:
    return any(change.change_id != p.change_id and is_part_of(change.change_id, p.change_id) for p in found.plans)


def _plan(plan: PlanStatus, sheet: Sheet) -> None:
    sheet.line(f"{plan.change_id}: {plan.plan}, {len(plan.waves)} wave{'s' * (len(plan.waves) != 1)}")
    for wave in plan.waves:
        sheet.line(f"  {wave_words(wave)}")
    if plan.next is not None:
        sheet.line(f"  next: {plan.next}")
        sheet.line(f"    ({plan.next_why})")
    else:
        sheet.line(f"  {plan.next_why}")


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


def _change(change: ChangeStatus, sheet: Sheet) -> None:
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
    if change.next is not None:
        sheet.line(f"  next: {change.next}")
        sheet.line(f"    ({change.next_why})")
    else:
        sheet.line(f"  {change.next_why}")
