"""``ikeaudit confirm``: keep a change that was applied with ``--hold``."""

from __future__ import annotations

from pathlib import Path

import typer

from ikeaudit.cli.change_options import ChangeFormat, InventoryOption, PlanArgument, TimeoutOption


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("confirm")(confirm)


def confirm(
    plan: PlanArgument,
    inventory: InventoryOption = Path("inventory"),
    timeout: TimeoutOption = 30.0,
    format_: ChangeFormat = "console",
) -> int:
    """Confirm on every router that PLAN changed, after a last look at what it runs, and save; else take all back.

    Exit code: 0 confirmed and saved, 2 wrong usage, 3 unreachable, or not saved everywhere, 4 internal error, 5 nothing waits
    to be confirmed, 6 failed and taken back, 7 failed, and the state of a router is not known.
    """
    from ikeaudit.change import Options, confirm_change
    from ikeaudit.cli.change_options import orderly_end, say, setting_of, show

    setting = setting_of(plan, inventory, timeout)
    with orderly_end():
        report = confirm_change(setting, Options(), say)
    return show(report, format_)
