"""``ikeaudit plan``: the commands that repair a snapshot's routers, proven before anybody sends one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ikeaudit.cli.options import NatOption, PathArgument, one_of

_FORMATS = ("console", "json")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("plan")(plan)


def plan(
    path: PathArgument,
    strategy: Annotated[
        str,
        typer.Option("--strategy", "-s", metavar="NAME", show_default=False, help="How to repair: single-keyring."),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="FOLDER",
            show_default=False,
            help="Where the plan goes; an earlier plan is replaced.",
        ),
    ],
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
    format_: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="|".join(_FORMATS), callback=one_of(_FORMATS), help="How to print the result."
        ),
    ] = "console",
) -> int:
    """Plan a repair, replay every step of it, and write it to a folder for review; no router is touched.

    Exit code: 0 planned, or nothing to do; 2 wrong usage or unusable input; 4 internal error; 5 refused, nothing planned.
    """
    from datetime import UTC, datetime

    from ikeaudit.cli.loading import fleet_of, load, require_ios
    from ikeaudit.cli.lookup import one_named
    from ikeaudit.cli.plan_view import show_plan
    from ikeaudit.model.errors import RefusedError
    from ikeaudit.remediation.plan_folder import encode, write_plan
    from ikeaudit.remediation.planner import make_plan
    from ikeaudit.remediation.strategies import find_strategy
    from ikeaudit.rendering import Templates

    chosen = find_strategy(strategy)
    rendering = Templates(templates)
    snapshot, coverage = load(path)
    require_ios(coverage, path)
    fleet = fleet_of(snapshot, nat)
    hosts = [one_named(name, (router.name for router in fleet.routers), what="router") for name in host or ()]
    now = datetime.now(UTC)
    change = make_plan(
        fleet,
        chosen,
        change_id=change_id or f"plan-{now:%Y%m%d-%H%M%S}",
        created=now,
        hosts=hosts or None,
        templates=rendering,
    )
    write_plan(out, change.plan, change.files)
    if format_ == "json":
        typer.echo(encode(change.plan).decode(), nl=False)
    else:
        show_plan(change.plan, out)
    if change.plan.empty and change.plan.refusals:
        first = change.plan.refusals[0]
        raise RefusedError(f"Nothing was planned; {first.router}, {first.subject}: {first.reason}")
    return 0
