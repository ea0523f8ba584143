"""``ikeaudit rollback``: take back what a change did."""

from __future__ import annotations

from typing import Annotated

import typer

from ikeaudit.cli.change_options import (
    ChangeFormat,
    ChangeInventory,
    ChangeStrict,
    ChangeTimeout,
    CommitOption,
    PlanArgument,
)


def rollback(
    plan: PlanArgument,
    inventory: ChangeInventory = None,
    commit: CommitOption = False,
    wave: Annotated[
        int | None, typer.Option(min=1, show_default="none", help="This wave, which is in force, and those after it.")
    ] = None,
    group: Annotated[
        int | None, typer.Option(min=1, show_default="all", help="Only this group of the wave, and no wave after it.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of the plan that is in force.")] = False,
    timeout: ChangeTimeout = None,
    strict_host_keys: ChangeStrict = None,
    format_: ChangeFormat = "console",
) -> int:
    """Bring the routers of PLAN back to what they ran before, from wherever an interrupted change left them.

    What is half-way is taken back alone. What is in force, tested and confirmed, is taken back only when it is named: by
    --wave, --wave with --group, or --all. What somebody else has changed since stays.

    Without --commit nothing is sent; what would be typed is shown, keys as tokens.

    Exit code: 0 all back and verified (or shown, or there is nothing to take back), 2 wrong usage, 3 unreachable, 4 internal
    error, 5 what is in force must be named, its way back has ended, or it would undo what somebody else has changed, 7 the
    state of a router is not known.
    """
    from ikeaudit.change import ChangeReport, Options, lines_of_rollback, nothing_to_do, roll_back
    from ikeaudit.cli.change_options import orderly_end, setting_of, show
    from ikeaudit.cli.countdown import counting_down

    setting = setting_of(plan, inventory, timeout, begun=True, strict_host_keys=strict_host_keys, create=commit)
    if not commit:
        lines = tuple(lines_of_rollback(setting, wave=wave, group=group, everything=everything))
        if not lines:
            return show(nothing_to_do(setting), format_)
        digest, change = setting.plan.digest, setting.plan.change_id
        return show(ChangeReport(change_id=change, digest=digest, result="dry-run", lines=lines), format_)
    with orderly_end(), counting_down(setting) as tell:
        report = roll_back(setting, Options(), tell, wave=wave, group=group, everything=everything)
    return show(report, format_, 0 if report.result == "rolled-back" else None)
