"""``ikeaudit rehearse``: carry a plan out on virtual routers, faults included, before production sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ikeaudit.cli.change_options import NeedlessCommit, PlanArgument
from ikeaudit.cli.options import format_option, report_option

EXIT_FAILED = 1


def rehearse(
    plan: PlanArgument,
    snapshot: Annotated[
        Path | None,
        typer.Option(
            "--snapshot",
            metavar="PATH",
            show_default="worked out from the plan",
            help="The snapshot that the plan was made from; with it the other ends of the tunnels take part too.",
        ),
    ] = None,
    all_faults: Annotated[
        bool, typer.Option("--all-faults", help="Every fault in every phase on every router, not each fault once.")
    ] = False,
    commit: NeedlessCommit = False,
    format_: Annotated[str, format_option("rehearsal")] = "console",
    report_to: Annotated[list[str] | None, report_option("rehearsal")] = None,
) -> int:
    """Boot a virtual router for every router of PLAN and run `apply` on them over SSH, without and with faults.

    The result goes into PLAN/rehearsal.json, for `apply --require-rehearsal`. No real router is contacted.

    Exit code: 0 passed, 1 failed, 2 wrong usage, 4 internal error, 5 the snapshot is not the plan's.
    """
    from ikeaudit.change import write_rehearsal
    from ikeaudit.change.rehearsal.in_the_lab import rehearse as run
    from ikeaudit.change.rehearsal.in_the_lab import scene_of
    from ikeaudit.cli.change_options import refuse_commit, say
    from ikeaudit.cli.output import emit
    from ikeaudit.model.errors import InputError
    from ikeaudit.remediation.plan_folder import load_plan
    from ikeaudit.report import RehearseReport
    from ikeaudit.snapshot.loading import load_snapshot
    from ikeaudit.snapshot.workspace import Workspace

    refuse_commit(commit, "rehearse")
    loaded = load_plan(plan)
    if loaded.empty:
        raise InputError(f"The plan in {plan} changes nothing; there is nothing to rehearse.")
    known = None
    if snapshot is not None:
        routers = load_snapshot(snapshot, Workspace.open(create=False)).fleet().routers
        known = {router.name: "\n".join(router.lines) + "\n" for router in routers}
    done = run(scene_of(loaded, plan, known), say, all_faults=all_faults)
    emit(RehearseReport(rehearsal=done, file=write_rehearsal(plan, done)), format_, reports=report_to or ())
    return 0 if done.passed else EXIT_FAILED
