"""``ikeaudit apply``: carry a plan out on the routers, or show what would be typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.change_options import ChangeFormat, CommitOption, InventoryOption, PlanArgument, TimeoutOption

if TYPE_CHECKING:
    from ikeaudit.change import ChangeReport


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("apply")(apply)


def apply(
    plan: PlanArgument,
    inventory: InventoryOption = Path("inventory"),
    commit: CommitOption = False,
    hold: Annotated[
        bool, typer.Option("--hold", help="Stop after the tests, timers running, until `ikeaudit confirm`.")
    ] = False,
    minutes: Annotated[
        int | None,
        typer.Option(min=1, max=120, show_default="the plan's", help="After which a router goes back by itself."),
    ] = None,
    wave: Annotated[
        int | None,
        typer.Option(min=1, show_default="the only one", help="The wave to carry out, where the plan has several."),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Finish a change whose process was killed: go on, or take back and begin again."),
    ] = False,
    require: Annotated[
        bool, typer.Option("--require-rehearsal", help="Refuse unless `ikeaudit rehearse` passed with this very plan.")
    ] = False,
    accept_unproven: Annotated[
        bool, typer.Option("--accept-unproven", help="Go on where a direction cannot be tested.")
    ] = False,
    timeout: TimeoutOption = 30.0,
    format_: ChangeFormat = "console",
) -> int:
    """Carry PLAN out: timers on both ends, line by line, both directions forced, then all confirmed or all taken back.

    Without --commit nothing is sent and no router is contacted; the exact lines are shown, keys as tokens. With it, the plan
    must be approved: `ikeaudit approve PLAN --by NAME`.

    Exit code: 0 done (or shown), 2 wrong usage, 3 unreachable, or in force but not saved, 4 internal error, 5 refused, nothing
    was changed, 6 failed and taken back, 7 failed, and the state of a router is not known.
    """
    from ikeaudit.change import (
        Options,
        StaleError,
        apply_change,
        lines_of_apply,
        require_rehearsal,
        resume_change,
        wave_of,
        window_of,
    )
    from ikeaudit.cli.change_options import orderly_end, setting_of, show
    from ikeaudit.cli.countdown import counting_down
    from ikeaudit.remediation.approval import require_approval
    from ikeaudit.remediation.plan_folder import load_plan

    options = Options(minutes=minutes, hold=hold, accept_unproven=accept_unproven)
    loaded = load_plan(plan)
    if loaded.empty:
        return show(_shown(loaded.change_id, loaded.digest, ("! The plan changes nothing.",)), format_)
    if require:
        require_rehearsal(plan, loaded)
    if not commit:
        shown = window_of(loaded, wave) if wave is not None else loaded
        routers = wave_of(shown, None)
        return show(_shown(loaded.change_id, loaded.digest, tuple(lines_of_apply(shown, routers, options))), format_)
    require_approval(plan, loaded)
    setting = setting_of(plan, inventory, timeout)
    require_approval(plan, setting.plan)  # which was read anew
    with orderly_end(), counting_down(setting) as tell:
        try:
            report = (
                resume_change(setting, options, tell) if resume else apply_change(setting, options, tell, wave=wave)
            )
        except StaleError as error:
            for line in error.details:
                tell(f"  {line}")
            raise
    return show(report, format_)


def _shown(change_id: str, digest: str, lines: tuple[str, ...]) -> ChangeReport:
    from ikeaudit.change import ChangeReport

    return ChangeReport(change_id=change_id, digest=digest, result="dry-run", lines=lines)
