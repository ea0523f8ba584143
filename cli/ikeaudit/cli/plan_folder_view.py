"""``ikeaudit plan show`` and ``plan diff``: a plan that is there already, read from its folder and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from ikeaudit.cli.lookup import one_named
from ikeaudit.cli.plan_view import show_plan
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.plain_files import read_plain_text
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.approval import find_approval
from ikeaudit.remediation.candidate import Candidate
from ikeaudit.remediation.candidate import diff as differences
from ikeaudit.remediation.plan import Plan, PlannedRouter
from ikeaudit.remediation.plan_folder import encode, load_plan
from ikeaudit.report.screen import screen

_STYLES = {"-": "red", "+": "green", "~": "yellow"}


def show_folder(
    folder: Path, *, hosts: Collection[str], show: bool, diff: bool, format_: str, given: Mapping[str, object]
) -> int:
    """Print the plan in ``folder``, or what it changes on ``hosts`` (all when none is named), or both.

    ``given`` are the options of planning, which mean nothing here: :class:`InputError` names the first that was given.
    """
    wrong = next((name for name, value in given.items() if value is not None), None)
    if wrong is not None:
        raise InputError(f"{wrong} is for making a plan; leave it out to read the one in {folder}.")
    if hosts and not diff:
        raise InputError("--host chooses routers of `plan diff`; `plan show` prints the whole plan.")
    if diff and format_ == "json":
        raise InputError("`plan diff` is text; `plan show --format json` prints the plan as JSON.")
    plan = load_plan(folder)
    if format_ == "json":
        typer.echo(encode(plan).decode(), nl=False)
        return 0
    console = screen(soft_wrap=True)
    if show:
        show_plan(plan, folder, console, written=False)
        console.print(Text(_approved(plan, folder)))
    if diff:
        names = [router.name for router in plan.routers]
        chosen = [one_named(name, names, what="router") for name in hosts] or names
        for name in dict.fromkeys(chosen):
            _diff(plan, plan.router(name), folder, console)
        if not names:
            console.print(Text(f"The plan {plan.change_id} changes nothing."))
    return 0


def _approved(plan: Plan, folder: Path) -> str:
    found = find_approval(folder)
    if found is None:
        return "Nobody has approved it yet."
    if found.digest != plan.digest:
        return f"{found.by} approved another plan in this place ({found.digest[:16]}), not this one."
    return f"Approved by {found.by} at {found.at}."


def _diff(plan: Plan, router: PlannedRouter, folder: Path, console: Console) -> None:
    text = read_plain_text(folder / router.folder / "after.cfg")
    before = Candidate.from_text(text)
    before.apply(plan.rollback_of(router.name))
    if before_hash(before.text()) != router.rolled_back_hash:
        raise RefusedError(
            f"This version undoes the plan {plan.change_id} differently on {router.name}; make a new plan."
        )
    console.print(Text(f"--- {router.name} before {plan.change_id}", "bold"))
    console.print(Text(f"+++ {router.name} after {plan.change_id}", "bold"))
    for line in differences(Candidate.from_text(before.text()), Candidate.from_text(text)).splitlines():
        console.print(Text(line, _STYLES.get(line[:1], "")))
