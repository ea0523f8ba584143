"""A plan for people: what it repairs, what it does, what it refuses, where its files are."""

from __future__ import annotations

from itertools import groupby

from rich.table import Table

from ikeaudit.remediation.plan import Plan, Refusal, Step, Verdict
from ikeaudit.remediation.plan_text import cite, counted, few, interruptions, left_open, remarks, stops, verdict_text
from ikeaudit.report.console.sheet import Part, Sheet
from ikeaudit.report.console.waves import draw_waves
from ikeaudit.report.documents import PlanReport

_LISTED = 40
"""Tunnel directions and routers shown on the console; ``plan.md`` has them all."""

_PHASE_STYLE = {"arm": "blue", "additive": "green", "switch": "bold yellow", "cleanup": "cyan"}


def draw_plan(report: PlanReport, sheet: Sheet) -> None:
    """A plan that was written just now, or read from its folder."""
    plan = report.plan
    _headline(plan, sheet)
    if plan.steps:
        _tunnels(plan, sheet)
        _changes(plan, sheet)
        _announced(plan, sheet)
        draw_waves(plan.waves, sheet)
    _sentences("What it does not mend", left_open(plan), sheet)
    if plan.refusals:
        _title("Refused", sheet)
        for refusal in plan.refusals:
            _refusal(refusal, sheet)
    _files(report, sheet)
    if report.approved:
        sheet.line(report.approved)


def summary(plan: Plan) -> list[str]:
    """What somebody who approves ``plan`` stands for, in a few lines."""
    return [
        f"{plan.strategy}, change {plan.change_id}: {counted('router', len(plan.routers))}, "
        f"{counted('step', len(plan.steps))} in {counted('wave', len(plan.waves))}.",
        f"Routers: {few(tuple(router.name for router in plan.routers), _LISTED)}.",
        f"{stops(plan)} Refused: {len(plan.refusals) or 'nothing'}.",
    ]


def _title(words: str, sheet: Sheet) -> None:
    sheet.blank()
    sheet.line((words, "bold"))


def _headline(plan: Plan, sheet: Sheet) -> None:
    if plan.empty:
        words = "nothing could be planned" if plan.refusals else "nothing to do, every scope has one keyring"
        if plan.strategy != "single-keyring" and not plan.refusals:
            words = "nothing to do"
        sheet.line((plan.strategy, "bold"), f", change {plan.change_id}: {words}.")
        return
    sheet.line(
        (plan.strategy, "bold"),
        f", change {plan.change_id}: {counted('router', len(plan.routers))}, {counted('step', len(plan.steps))}, ",
        ("proven", "bold green"),
        ".",
    )


def _tunnels(plan: Plan, sheet: Sheet) -> None:
    sheet.blank()
    if not plan.directions:
        sheet.line("No tunnel of the changed routers is known.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("Direction", overflow="fold")
    table.add_column("Today", overflow="fold")
    table.add_column("Afterwards", overflow="fold")
    for outlook in plan.directions[:_LISTED]:
        moved = "IKEv2: " if outlook.ike_version == 2 and outlook.after is not None else ""
        cells: tuple[tuple[Part, ...], ...] = (
            (str(outlook.direction),),
            (_verdict(outlook.before),),
            (moved, _verdict(outlook.after)),
        )
        table.add_row(*(sheet.join(*cell) for cell in cells))
    sheet.draw(table, indent=2)
    hidden = len(plan.directions) - _LISTED
    if hidden > 0:
        sheet.line(f"  ... and {hidden} more in plan.md")


def _verdict(verdict: Verdict | None) -> Part:
    style = (
        ""
        if verdict is None
        else {"up": "green", "down": "bold red", "half-open": "bold magenta"}.get(verdict.outcome, "yellow")
    )
    return verdict_text(verdict), style


def _changes(plan: Plan, sheet: Sheet) -> None:
    by_router = [(name, list(steps)) for name, steps in groupby(plan.steps, key=lambda step: step.router)]
    for name, steps in by_router[:_LISTED]:
        _title(name, sheet)
        for step in steps:
            sheet.line(*_step(step))
    if len(by_router) > _LISTED:
        sheet.blank()
        sheet.line(f"... and {len(by_router) - _LISTED} more routers in plan.md")
    sentences = list(dict.fromkeys(words for router in plan.routers for words in router.order_changes))
    if sentences:
        _title("What a roll-back brings back in another form", sheet)
    for words in sentences[:_LISTED]:
        where = [router.name for router in plan.routers if words in router.order_changes]
        sheet.line((f"  {few(tuple(where), _LISTED)}: {words}", "yellow"))


def _step(step: Step) -> tuple[Part, ...]:
    return f"  {step.number:>3}  ", (f"{step.phase:<9}", _PHASE_STYLE[step.phase]), step.title


def _announced(plan: Plan, sheet: Sheet) -> None:
    lines = interruptions(plan)
    if not lines:
        sheet.blank()
        sheet.line("No step interrupts traffic or puts a negotiation at risk.")
    _sentences("What interrupts traffic", lines, sheet)
    _sentences("Before you carry it out", remarks(plan), sheet)


def _sentences(title: str, lines: list[str], sheet: Sheet) -> None:
    if lines:
        _title(title, sheet)
    for line in lines[:_LISTED]:
        sheet.line(f"  {line}")
    if len(lines) > _LISTED:
        sheet.line(f"  ... and {len(lines) - _LISTED} more in plan.md")


def _refusal(refusal: Refusal, sheet: Sheet) -> None:
    sheet.line("  ", (f"{refusal.router}, {refusal.subject}: ", "bold red"), refusal.reason)
    for evidence in refusal.evidence:
        sheet.line((f"      {cite(evidence)}", "dim"))


def _files(report: PlanReport, sheet: Sheet) -> None:
    plan = report.plan
    more = ""
    if plan.routers:
        names = plan.routers[0].folder if len(plan.routers) == 1 else "each router's folder"
        more = f", and in {names} apply.cfg, rollback.cfg and after.cfg"
    where = "Written to" if report.written else "In"
    sheet.blank()
    sheet.line(f"{where} {report.folder}: plan.md to read, plan.json, proof.json{more}.")
    sheet.line(f"Digest {plan.digest[:16]}.")
