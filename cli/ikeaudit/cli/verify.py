"""``ikeaudit verify``: look whether the routers are as a plan predicts."""

from __future__ import annotations

from typing import Annotated

import typer

from ikeaudit.cli.change_options import (
    ChangeFormat,
    ChangeInventory,
    ChangeStrict,
    ChangeTimeout,
    NeedlessCommit,
    PlanArgument,
)


def verify(
    plan: PlanArgument,
    inventory: ChangeInventory = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also clear each tunnel and start it from either side; this interrupts it.")
    ] = False,
    timeout: ChangeTimeout = None,
    strict_host_keys: ChangeStrict = None,
    commit: NeedlessCommit = False,
    format_: ChangeFormat = "console",
) -> int:
    """Compare what every router of PLAN runs with what the plan predicts; changes nothing.

    Exit code: 0 as predicted, 1 not, 2 wrong usage, 3 unreachable, 4 internal error, 5 refused.
    """
    from ikeaudit.change import Options, verify_change
    from ikeaudit.cli.change_options import refuse_commit, say, setting_of, show

    refuse_commit(commit, "verify")
    setting = setting_of(
        plan, inventory, timeout, begun=True, strict=True, strict_host_keys=strict_host_keys, create=False
    )
    setting.require_own_keys()
    return show(verify_change(setting, Options(), say, forced=force), format_)
