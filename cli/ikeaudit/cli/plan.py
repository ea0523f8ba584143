"""``ikeaudit plan``: the commands that repair a snapshot's routers, proven before anybody sends one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from ikeaudit.cli.ikev2_options import (
    CleanupOption,
    NewKeysOption,
    SecondCloudOption,
    SuiteOption,
    SuitesOption,
    with_options,
)
from ikeaudit.cli.options import JobsOption, NatOption, PathArgument, RunnerOption, format_option, report_option
from ikeaudit.report.asked import EXIT_CLEAN, EXIT_INCOMPLETE

if TYPE_CHECKING:
    from ikeaudit.model.errors import InputError


class PlanCommand(TyperCommand):
    """``plan show PLAN`` and ``plan diff PLAN`` are other ways to say ``plan --show PLAN`` and ``plan --diff PLAN``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Turn the word into the option; a snapshot may be called ``show``, and then there is a strategy."""
        word = args[0] if args else ""
        if word in ("show", "diff") and not any(arg.startswith(("--strategy", "-s")) for arg in args):
            args = [f"--{word}", *args[1:]]
        return super().parse_args(ctx, args)


COMMAND = PlanCommand


def plan(
    path: PathArgument,
    strategy: Annotated[
        str | None,
        typer.Option(
            "--strategy",
            "-s",
            metavar="NAME",
            show_default=False,
            help="How to repair: single-keyring, ikev2, or one of --strategies.",
        ),
    ] = None,
    finding: Annotated[
        str | None,
        typer.Option(
            "--finding",
            metavar="FINGERPRINT",
            show_default=False,
            help="In place of --strategy: mend this finding of `check`, by the commands that `check --fixes` proves.",
        ),
    ] = None,
    strategies: Annotated[
        Path | None,
        typer.Option(
            "--strategies",
            metavar="FOLDER",
            show_default=False,
            help="Strategies of your own, for --strategy to choose from as well.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FOLDER",
            show_default=False,
            help="Where the plan goes; an earlier plan is replaced.",
        ),
    ] = None,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="NAME", show_default=False, help="Change only this router (repeatable)."),
    ] = None,
    change_id: Annotated[
        str | None,
        typer.Option(
            "--change-id", metavar="ID", show_default="plan-<UTC time>", help="The ticket; it names the safety copies."
        ),
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option(
            "--templates", metavar="FOLDER", show_default=False, help="Your own templates; each replaces its namesake."
        ),
    ] = None,
    nat: NatOption = None,
    wave_size: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", show_default="25", help="Change at most this many routers in one wave."),
    ] = None,
    archive: Annotated[
        bool,
        typer.Option(
            "--archive/--no-archive",
            help="Give a router without an archive path one, for its revert timer; else `reload in` is its net.",
        ),
    ] = True,
    suite: SuiteOption = None,
    suites: SuitesOption = None,
    new_keys: NewKeysOption = False,
    cleanup: CleanupOption = "now",
    second_cloud: SecondCloudOption = None,
    jobs: JobsOption = 0,
    runner: RunnerOption = None,
    show: Annotated[
        bool, typer.Option("--show", help="PATH is a plan: print it, as `ikeaudit plan show PATH` does.")
    ] = False,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="PATH is a plan: print each router's lines before and after (`plan diff PATH`)."),
    ] = False,
    format_: Annotated[str, format_option("plan", "plan-diff")] = "console",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            show_default=False,
            help="Write what is printed to FILE (readable by you only); the plan itself goes to --out.",
        ),
    ] = None,
    report_to: Annotated[list[str] | None, report_option("plan")] = None,
) -> int:
    """Plan a repair, replay every step of it, and write it to a folder for review; no router is touched.

    `ikeaudit plan show PLAN` and `ikeaudit plan diff PLAN` print a plan that was written before.

    Exit code: 0 planned, or nothing to do; 2 wrong usage or unusable input; 3 planned without a router that could not be read;
    4 internal error; 5 refused, nothing planned.
    """
    if show or diff:
        from ikeaudit.cli.plan_folder_view import show_folder

        given: dict[str, object] = {
            "--strategy": strategy,
            "--finding": finding,
            "--out": out,
            "--change-id": change_id,
        }
        given |= {
            "--strategies": strategies,
            "--templates": templates,
            "--nat": nat,
            "--wave-size": wave_size,
            "--suite": suite,
            "--suites": suites,
        }
        given |= {"--new-keys": new_keys or None, "--second-cloud": second_cloud, "--runner": runner}
        return show_folder(
            path,
            hosts=host or (),
            show=show,
            diff=diff,
            format_=format_,
            reports=report_to or (),
            given=given,
            output=output,
        )
    from ikeaudit.api import load
    from ikeaudit.api import plan as planned
    from ikeaudit.api.planning import draft_of, mending
    from ikeaudit.api.snapshot import unread_words
    from ikeaudit.cli.endings import ended_politely
    from ikeaudit.cli.output import emit, require_format, tell, warn
    from ikeaudit.cli.progress import shown
    from ikeaudit.model.errors import InputError, RefusedError
    from ikeaudit.remediation.strategies import STRATEGIES, OwnStrategies, find_strategy, load_own
    from ikeaudit.rendering import Templates

    require_format(format_, "plan")
    taken = tuple(known.name for known in STRATEGIES)
    own = OwnStrategies() if strategies is None else load_own(strategies, taken)
    if (strategy is None and finding is None) or out is None:
        raise missing(
            "--out" if strategy or finding else "--strategy", (*taken, *(known.name for known in own.strategies))
        )
    if strategy is not None and finding is not None:
        raise InputError("--finding mends one finding and --strategy a fleet: give one of them.")
    with ExitStack() as stack:
        with shown():
            snapshot = load(path, nat=nat or (), jobs=jobs, runner=runner, tell=tell)
            chosen = (
                find_strategy(strategy, own.strategies) if strategy is not None else mending(snapshot, finding or "")
            )
            stack.enter_context(ended_politely())
            draft = stack.enter_context(draft_of(out))
            made = planned(
                snapshot,
                with_options(chosen, suite, suites, new_keys, cleanup, second_cloud),
                change_id=change_id,
                hosts=host or (),
                wave_size=wave_size,
                archive=archive,
                templates=Templates(templates, own.templates),
                jobs=jobs,
                tell=tell,
                draft=draft,
            )
        emit(made.write(out, draft), format_, output, reports=report_to or ())
    warn(unread_words(snapshot.coverage))
    if made.plan.empty and made.plan.refusals:
        first = made.plan.refusals[0]
        raise RefusedError(f"Nothing was planned; {first.router}, {first.subject}: {first.reason}")
    return EXIT_INCOMPLETE if snapshot.coverage.unread else EXIT_CLEAN


def missing(option: str, names: Sequence[str]) -> InputError:
    """An option that a new plan cannot do without; ``names`` are those of the strategies."""
    from ikeaudit.model.errors import InputError

    what = (
        f"how to repair ({' or '.join(names)})" if option == "--strategy" else "the folder that the plan is written to"
    )
    return InputError(f"Missing option '{option}': {what} (see ikeaudit plan --help).")
