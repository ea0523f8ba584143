"""``ikeaudit confirm``: keep a change that was applied with ``--hold``."""

from __future__ import annotations

from typing import Annotated

import typer

from ikeaudit.cli.change_options import ChangeFormat, ChangeInventory, ChangeStrict, ChangeTimeout, PlanArgument


def confirm(
    plan: PlanArgument,
    inventory: ChangeInventory = None,
    close: Annotated[
        bool,
        typer.Option(
            "--close", help="End the way back: remove the copies of the earlier configurations from the routers."
        ),
    ] = False,
    commit: Annotated[
        bool,
        typer.Option(
            "--commit", help="May be left out: `confirm` always does what it says, as it shows nothing before."
        ),
    ] = False,
    timeout: ChangeTimeout = None,
    strict_host_keys: ChangeStrict = None,
    format_: ChangeFormat = "console",
) -> int:
    """Confirm on every router that PLAN changed, after a last look at what it runs, and save; else take all back.

    With --close, of a change that is confirmed and saved: pre-<change>.cfg goes from the routers, and no roll-back is possible
    any more.

    Exit code: 0 confirmed and saved, 2 wrong usage, 3 unreachable, or not saved everywhere, 4 internal error, 5 nothing waits
    to be confirmed, 6 failed and taken back, 7 failed, and the state of a router is not known.
    """
    from ikeaudit.change import Options, close_change, confirm_change
    from ikeaudit.cli.change_options import orderly_end, setting_of, show
    from ikeaudit.cli.countdown import counting_down

    del commit  # there is nothing that it would do otherwise
    setting = setting_of(plan, inventory, timeout, begun=True, strict_host_keys=strict_host_keys)
    with orderly_end(), counting_down(setting) as tell:
        report = close_change(setting, tell) if close else confirm_change(setting, Options(), tell)
    return show(report, format_)
