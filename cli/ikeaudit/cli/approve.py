"""``ikeaudit approve``: somebody has read a plan and stands for it."""

from __future__ import annotations

from typing import Annotated

import typer

from ikeaudit.cli.change_options import PlanArgument
from ikeaudit.cli.options import one_of

_FORMATS = ("console", "json")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("approve")(approve)


def approve(
    plan: PlanArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", show_default=False, help="Who has read the plan.")],
    format_: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="|".join(_FORMATS), callback=one_of(_FORMATS), help="How to print the result."
        ),
    ] = "console",
) -> int:
    """Approve PLAN as it stands: `apply --commit` takes no plan that nobody approved, or that was altered since.

    Exit code: 0 approved, 2 wrong usage or no plan, 4 internal error, 5 the plan was altered, or changes nothing.
    """
    from datetime import UTC, datetime

    import msgspec

    from ikeaudit.cli.plan_view import summary
    from ikeaudit.remediation import approval
    from ikeaudit.remediation.plan_folder import load_plan

    loaded = load_plan(plan)
    earlier = approval.find_approval(plan)
    given = approval.approve(plan, loaded, by=by, at=datetime.now(UTC))
    if format_ == "json":
        typer.echo(msgspec.json.format(msgspec.json.encode(given), indent=2).decode())
        return 0
    for line in summary(loaded):
        typer.echo(line)
    if earlier is not None and earlier.digest == loaded.digest and earlier.by != given.by:
        typer.echo(f"This replaces the approval of {earlier.by}.")
    typer.echo(f"Approved by {given.by} at {given.at}: plan {given.digest}.")
    return 0
