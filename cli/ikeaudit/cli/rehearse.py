"""``ikeaudit rehearse``: carry a plan out on virtual routers, faults included, before production sees it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.change_options import ChangeFormat, PlanArgument

if TYPE_CHECKING:
    from ikeaudit.change import Rehearsal

EXIT_FAILED = 1


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("rehearse")(rehearse)


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
    format_: ChangeFormat = "console",
) -> int:
    """Boot a virtual router for every router of PLAN and run `apply` on them over SSH, without and with faults.

    The result goes into PLAN/rehearsal.json, for `apply --require-rehearsal`. No real router is contacted.

    Exit code: 0 passed, 1 failed, 2 wrong usage, 4 internal error, 5 the snapshot is not the plan's.
    """
    from ikeaudit.change import write_rehearsal
    from ikeaudit.change.rehearse import rehearse as run
    from ikeaudit.change.rehearse import scene_of
    from ikeaudit.cli.change_options import say
    from ikeaudit.model.errors import InputError
    from ikeaudit.parsing.snapshot import load_snapshot
    from ikeaudit.parsing.workspace import Workspace
    from ikeaudit.remediation.plan_folder import load_plan

    loaded = load_plan(plan)
    if loaded.empty:
        raise InputError(f"The plan in {plan} changes nothing; there is nothing to rehearse.")
    known = None
    if snapshot is not None:
        routers = load_snapshot(snapshot, Workspace.open()).fleet().routers
        known = {router.name: "\n".join(router.lines) + "\n" for router in routers}
    done = run(scene_of(loaded, plan, known), say, all_faults=all_faults)
    path = write_rehearsal(plan, done)
    if format_ == "json":
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(done), indent=2).decode())
    else:
        _print(done, path)
    return 0 if done.passed else EXIT_FAILED


_SAID = {
    "committed": "in force everywhere",
    "unsaved": "in force, not saved everywhere, and said so",
    "rolled-back": "taken back everywhere",
    "refused": "refused, nothing changed",
    "state-unknown": "said that a state is not known, and repaired",
}


def _print(done: Rehearsal, path: Path) -> None:
    from collections import Counter

    clean = [case for case in done.cases if case.fault is None]
    faults = [case for case in done.cases if case.fault is not None]
    good = sum(case.passed for case in clean)
    typer.echo(
        f"Without faults: {good} of {len(clean)} wave{'s' * (len(clean) != 1)} carried out, and taken back again."
    )
    typer.echo(f"With faults: {sum(case.passed for case in faults)} of {len(faults)} ended as they must.")
    for result, count in Counter(case.result for case in faults if case.passed).most_common():
        typer.echo(f"  {count:>4}  {_SAID.get(result, result)}")
    for case in done.cases:
        if not case.passed:
            what = f"{case.fault}, at {case.phase} on {case.router}" if case.fault else "no fault"
            typer.echo(f"  WRONG, wave {case.wave}, {what} ({case.result}):")
            for row in case.wrong:
                typer.echo(f"    {row}")
    if done.missing:
        names = ", ".join(done.missing[:5]) + (f" and {len(done.missing) - 5} more" if len(done.missing) > 5 else "")
        typer.echo(f"Not known, so their tunnels were not started: {names}. --snapshot brings them in.")
    typer.echo(f"The rehearsal {'passed' if done.passed else 'failed'}; {path} has every run.")
    typer.echo("The lab's routers select keys by this project's own model; that real IOS does is not shown by this.")
