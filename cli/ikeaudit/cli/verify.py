"""``ikeaudit verify``: look whether the routers are as a plan predicts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ikeaudit.cli.change_options import ChangeFormat, InventoryOption, PlanArgument, TimeoutOption


def verify(
    plan: PlanArgument,
    inventory: InventoryOption = Path("inventory"),
    force: Annotated[
        bool, typer.Option("--force", help="Also clear each tunnel and start it from either side; this interrupts it.")
    ] = False,
    timeout: TimeoutOption = 30.0,
    format_: ChangeFormat = "console",
) -> int:
    """Compare what every router of PLAN runs with what the plan predicts; changes nothing.

    Exit code: 0 as predicted, 1 not, 2 wrong usage, 3 unreachable, 4 internal error, 5 refused.
    """
    from ikeaudit.change import Options, verify_change
    from ikeaudit.cli.change_options import say, setting_of, show

    setting = setting_of(plan, inventory, timeout, begun=True, strict=True)
    return show(verify_change(setting, Options(), say, forced=force), format_)
