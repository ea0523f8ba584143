"""``ikeaudit rollback``: take back what a change did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ikeaudit.cli.change_options import ChangeFormat, CommitOption, InventoryOption, PlanArgument, TimeoutOption


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("rollback")(rollback)


def rollback(
    plan: PlanArgument,
    inventory: InventoryOption = Path("inventory"),
    commit: CommitOption = False,
    wave: Annotated[
        int | None, typer.Option(min=1, show_default="all", help="Only this wave and those after it, of several.")
    ] = None,
    timeout: TimeoutOption = 30.0,
    format_: ChangeFormat = "console",
) -> int:
    """Bring every router that PLAN touched back to what it ran before, from wherever an interrupted change left it.

    Without --commit nothing is sent; what would be typed is shown, keys as tokens.

    Exit code: 0 all back and verified (or shown), 2 wrong usage, 3 unreachable, 4 internal error, 5 there is nothing to take
    back, 7 the state of a router is not known.
    """
    from ikeaudit.change import ChangeReport, Options, lines_of_rollback, roll_back
    from ikeaudit.cli.change_options import orderly_end, setting_of, show
    from ikeaudit.cli.countdown import counting_down

    setting = setting_of(plan, inventory, timeout)
    if not commit:
        lines = tuple(lines_of_rollback(setting, wave))
        digest, change = setting.plan.digest, setting.plan.change_id
        return show(ChangeReport(change_id=change, digest=digest, result="dry-run", lines=lines), format_)
    with orderly_end(), counting_down(setting) as tell:
        report = roll_back(setting, Options(), tell, wave=wave)
    return show(report, format_, 0 if report.result == "rolled-back" else None)
