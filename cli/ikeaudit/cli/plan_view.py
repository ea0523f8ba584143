"""A plan on the console: what it repairs, what it does, what it refuses, where its files are."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ikeaudit.cli.waves_view import show_waves
from ikeaudit.remediation.plan import Plan, Refusal, Step, Verdict
from ikeaudit.remediation.plan_text import cite, counted, few, interruptions, remarks, stops, verdict_text
from ikeaudit.report.screen import screen

_LISTED = 40
"""Tunnel directions and routers shown on the console; ``plan.md`` has them all."""

_PHASE_STYLE = {"arm": "blue", "additive": "green", "switch": "bold yellow", "cleanup": "cyan"}


def show_plan(plan: Plan, folder: Path, console: Console | None = None, *, written: bool = True) -> None:
    """Print ``plan``, which was ``written`` to ``folder`` just now, or read from it."""
    console = console or screen(soft_wrap=True)
    _headline(plan, console)
    if plan.steps:
        _tunnels(plan, console)
        _changes(plan, console)
        _announced(plan, console)
        show_waves(plan.waves, console)
    if plan.refusals:
        _title("Refused", console)
        for refusal in plan.refusals:
            _refusal(refusal, console)
    _files(plan, folder, console, "Written to" if written else "In")


def summary(plan: Plan) -> list[str]:
    """What somebody who approves ``plan`` stands for, in a few lines."""
    return [
        f"{plan.strategy}, change {plan.change_id}: {counted('router', len(plan.routers))}, "
        f"{counted('step', len(plan.steps))} in {counted('wave', len(plan.waves))}.",
        f"Routers: {few(tuple(router.name for router in plan.routers), _LISTED)}.",
        f"{stops(plan)} Refused: {len(plan.refusals) or 'nothing'}.",
    ]


def _headline(plan: Plan, console: Console) -> None:
    if plan.empty:
        words = "nothing could be planned" if plan.refusals else "nothing to do, every scope has one keyring"
        if plan.strategy != "single-keyring" and not plan.refusals:
            words = "nothing to do"
        console.print(Text.assemble((plan.strategy, "bold"), f", change {plan.change_id}: {words}."))
        return
    numbers = f"{counted('router', len(plan.routers))}, {counted('step', len(plan.steps))}"
    console.print(
        Text.assemble((plan.strategy, "bold"), f", change {plan.change_id}: {numbers}, ", ("proven", "bold green"), ".")
    )


def _title(words: str, console: Console) -> None:
    console.print(Text.assemble("\n", (words, "bold")))


def _tunnels(plan: Plan, console: Console) -> None:
    if not plan.directions:
        console.print("\nNo tunnel of the changed routers is known.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("Direction", overflow="fold")
    table.add_column("Today", overflow="fold")
    table.add_column("Afterwards", overflow="fold")
    for outlook in plan.directions[:_LISTED]:
        moved = Text("IKEv2: " if outlook.ike_version == 2 and outlook.after is not None else "")
        table.add_row(Text(str(outlook.direction)), _verdict(outlook.before), moved + _verdict(outlook.after))
    console.print()
    console.print(Padding(table, (0, 2)))
    hidden = len(plan.directions) - _LISTED
    if hidden > 0:
        console.print(f"  ... and {hidden} more in plan.md")


def _verdict(verdict: Verdict | None) -> Text:
    style = (
        ""
        if verdict is None
        else {"up": "green", "down": "bold red", "half-open": "bold magenta"}.get(verdict.outcome, "yellow")
    )
    return Text(verdict_text(verdict), style)


def _changes(plan: Plan, console: Console) -> None:
    by_router = [(name, list(steps)) for name, steps in groupby(plan.steps, key=lambda step: step.router)]
    for name, steps in by_router[:_LISTED]:
        _title(name, console)
        for step in steps:
            console.print(_step(step))
    if len(by_router) > _LISTED:
        console.print(f"\n... and {len(by_router) - _LISTED} more routers in plan.md")
    sentences = list(dict.fromkeys(words for router in plan.routers for words in router.order_changes))
    if sentences:
        _title("What a roll-back brings back in another form", console)
    for words in sentences[:_LISTED]:
        where = [router.name for router in plan.routers if words in router.order_changes]
        console.print(Text(f"  {few(tuple(where), _LISTED)}: {words}", "yellow"))


def _step(step: Step) -> Text:
    line = Text(f"  {step.number:>3}  ")
    line.append(f"{step.phase:<9}", _PHASE_STYLE[step.phase])
    return line.append(step.title)


def _announced(plan: Plan, console: Console) -> None:
    lines = interruptions(plan)
    if not lines:
        console.print("\nNo step interrupts traffic or puts a negotiation at risk.")
    _sentences("What interrupts traffic", lines, console)
    _sentences("Before you carry it out", remarks(plan), console)


def _sentences(title: str, lines: list[str], console: Console) -> None:
    if lines:
        _title(title, console)
    for line in lines[:_LISTED]:
        console.print(Text(f"  {line}"))
    if len(lines) > _LISTED:
        console.print(f"  ... and {len(lines) - _LISTED} more in plan.md")


def _refusal(refusal: Refusal, console: Console) -> None:
    line = Text("  ")
    line.append(f"{refusal.router}, {refusal.subject}: ", "bold red")
    console.print(line.append(refusal.reason))
    for evidence in refusal.evidence:
        console.print(Text(f"      {cite(evidence)}", "dim"))


def _files(plan: Plan, folder: Path, console: Console, where: str) -> None:
    console.print(Text(f"\n{where} {folder}: plan.md to read, plan.json, proof.json"), end="")
    if plan.routers:
        names = plan.routers[0].folder if len(plan.routers) == 1 else "each router's folder"
        console.print(Text(f", and in {names} apply.cfg, rollback.cfg and after.cfg"), end="")
    console.print(f".\nDigest {plan.digest[:16]}.")
