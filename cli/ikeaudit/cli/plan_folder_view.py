"""``ikeaudit plan show`` and ``plan diff``: a plan that is there already, read from its folder and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from ikeaudit.api.ladders import ladders_of
from ikeaudit.api.lookup import one_named
from ikeaudit.candidate import Candidate
from ikeaudit.candidate import diff as diff_of
from ikeaudit.cli.output import emit, is_whole, require_format
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan import Plan, PlannedRouter
from ikeaudit.remediation.plan_folder import find_approval, load_plan
from ikeaudit.report import DifferenceReport, PlanReport, RouterDifference
from ikeaudit.snapshot.plain_files import read_plain_text


def show_folder(
    folder: Path,
    *,
    hosts: Collection[str],
    show: bool,
    diff: bool,
    format_: str,
    reports: Sequence[str] = (),
    given: Mapping[str, object],
    output: Path | None = None,
) -> int:
    """Print the plan in ``folder``, or what it changes on ``hosts`` (all when none is named), or both.

    ``given`` are the options of planning, which mean nothing here: :class:`InputError` names the first that was given.
    ``reports`` are further files for the plan, ``FORMAT=FILE`` each; ``output`` is the file to print into.
    """
    wrong = next((name for name, value in given.items() if value is not None), None)
    if wrong is not None:
        raise InputError(f"{wrong} is for making a plan; leave it out to read the one in {folder}.")
    if output is not None and show and diff:
        raise InputError("--output takes one document: leave out --show or --diff.")
    if hosts and not diff:
        raise InputError("--host chooses routers of `plan diff`; `plan show` prints the whole plan.")
    if reports and not show:
        raise InputError("--report is for `plan show`; `plan diff` is text.")
    for kind in ("plan",) * show + ("plan-diff",) * diff:
        require_format(format_, kind)
    plan = load_plan(folder)
    if show:
        report = PlanReport(plan=plan, folder=folder, written=False, approved=_approved(plan, folder))
        if is_whole(format_, reports):
            report = msgspec.structs.replace(report, ladders=ladders_of(plan, folder))
        emit(report, format_, output, reports=reports)
    if diff:
        names = [router.name for router in plan.routers]
        chosen = dict.fromkeys([one_named(name, names, what="router") for name in hosts] or names)
        differences = tuple(_difference(plan, plan.router(name), folder) for name in chosen)
        emit(DifferenceReport(change_id=plan.change_id, routers=differences), format_, output)
    return 0


def _approved(plan: Plan, folder: Path) -> str:
    try:
        found = find_approval(folder)
    except RefusedError as error:
        return str(error)
    if found is None:
        return "Nobody has approved it yet."
    if found.digest != plan.digest:
        return f"{found.by} approved another plan in this place ({found.digest[:16]}), not this one."
    return f"Approved by {found.by} at {found.at}."


def _difference(plan: Plan, router: PlannedRouter, folder: Path) -> RouterDifference:
    text = read_plain_text(folder / router.folder / "after.cfg")
    before = Candidate.from_text(text)
    before.apply(plan.rollback_of(router.name))
    if before_hash(before.text()) != router.rolled_back_hash:
        raise RefusedError(
            f"This version undoes the plan {plan.change_id} differently on {router.name}; make a new plan."
        )
    lines = diff_of(Candidate.from_text(before.text()), Candidate.from_text(text)).splitlines()
    return RouterDifference(router=router.name, lines=tuple(lines))
