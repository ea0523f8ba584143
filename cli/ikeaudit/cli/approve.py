"""``ikeaudit approve``: somebody has read a plan and stands for it."""

from __future__ import annotations

from typing import Annotated

import typer

from ikeaudit.cli.change_options import NeedlessCommit, PlanArgument
from ikeaudit.cli.options import format_option


def approve(
    plan: PlanArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", show_default=False, help="Who has read the plan.")],
    commit: NeedlessCommit = False,
    format_: Annotated[str, format_option("approval")] = "console",
) -> int:
    """Approve PLAN as it stands: `apply --commit` takes no plan that nobody approved, or that was altered since.

    Exit code: 0 approved, 2 wrong usage or no plan, 4 internal error, 5 the plan was altered, or changes nothing.
    """
    from contextlib import suppress
    from datetime import UTC, datetime

    from ikeaudit.cli.change_options import refuse_commit
    from ikeaudit.cli.output import emit
    from ikeaudit.model.errors import RefusedError
    from ikeaudit.remediation import plan_folder
    from ikeaudit.remediation.plan_folder import load_plan
    from ikeaudit.report import ApproveReport

    refuse_commit(commit, "approve")
    loaded = load_plan(plan)
    earlier = None
    with suppress(RefusedError):  # a damaged one is replaced: this is the command that it is answered with
        earlier = plan_folder.find_approval(plan)
    given = plan_folder.approve(plan, loaded, by=by, at=datetime.now(UTC))
    again = earlier is not None and earlier.digest == loaded.digest and earlier.by != given.by
    emit(ApproveReport(approval=given, plan=loaded, replaced=earlier if again else None), format_)
    return 0
