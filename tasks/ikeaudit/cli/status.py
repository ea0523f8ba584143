"""``ikeaudit status``: what every change has come to, from the journals; no router is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.change_options import ChangeFormat

if TYPE_CHECKING:
    from ikeaudit.change import ChangeStatus, Status
    from ikeaudit.change.overview import PlanStatus


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("status")(status)


def status(
    change: Annotated[
        str | None,
        typer.Argument(
            metavar="[PLAN|CHANGE-ID]", show_default=False, help="A plan's folder or a change's id; all when left out."
        ),
    ] = None,
    format_: ChangeFormat = "console",
) -> int:
    """Say which router is in which state, which timers run, what is broken now and what to do next; no router is asked.

    Exit code: 0 answered, 2 there is no such change, 4 internal error.
    """
    from ikeaudit.change import status_of
    from ikeaudit.parsing.workspace import Workspace

    found = status_of(Workspace.open(), change)
    if format_ == "json":
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return 0
    if not found.changes:
        typer.echo("No change was ever begun in this workspace.")
    shown = [one for one in found.changes if not (_of_several(one, found) and one.state in _AT_REST)]
    for number, plan in enumerate(found.plans):
        if number:
            typer.echo()
        _print_plan(plan)
    for number, one in enumerate(shown):
        if number or found.plans:
            typer.echo()
        _print(one)
    return 0


_AT_REST = ("committed", "closed", "rolled-back", "refused")
"""States of a part that its plan's lines tell enough of."""


def _of_several(change: ChangeStatus, found: Status) -> bool:
    from ikeaudit.change.window import is_part_of

    return any(change.change_id != p.change_id and is_part_of(change.change_id, p.change_id) for p in found.plans)


def _print_plan(plan: PlanStatus) -> None:
    from ikeaudit.change.overview import wave_words

    typer.echo(f"{plan.change_id}: {plan.plan}, {len(plan.waves)} wave{'s' * (len(plan.waves) != 1)}")
    for wave in plan.waves:
        typer.echo(f"  {wave_words(wave)}")
    if plan.next is not None:
        typer.echo(f"  next: {plan.next}")
        typer.echo(f"    ({plan.next_why})")
    else:
        typer.echo(f"  {plan.next_why}")


_WORDS = {
    "running": "under way",
    "interrupted": "cut off half-way",
    "going-back": "being taken back",
    "held": "in force, waiting to be confirmed",
    "committed": "in force, confirmed and saved",
    "unsaved": "in force, not saved everywhere",
    "rolled-back": "taken back",
    "refused": "refused before anything was changed",
    "state-unknown": "failed, and a router's state is not known",
    "closed": "in force and closed: the way back has ended",
}


def _print(change: ChangeStatus) -> None:
    typer.echo(
        f"{change.change_id}: {_WORDS[change.state]}" + (f", process {change.process}" if change.process else "")
    )
    if change.cause and change.state not in ("committed", "closed"):
        typer.echo(f"  why: {change.cause}")
    for router in change.routers:
        typer.echo(f"  {router.name}: {router.words}")
        if router.net is not None:
            left = f"{router.net.seconds_left // 60:d}:{router.net.seconds_left % 60:02d}"
            deed = "rolls back" if router.net.kind == "timer" else "restarts"
            when = f"in {left}, at {router.net.acts_at}" if router.net.seconds_left else f"since {router.net.acts_at}"
            typer.echo(f"    {deed} by itself {when}")
    for broken in change.broken:
        reason = f", {broken.reason}" if broken.reason else ""
        typer.echo(
            f"  broken now: {broken.direction}: {broken.outcome}{reason} at its next negotiation, because {broken.why}"
        )
    if change.state not in ("committed", "closed", "rolled-back", "refused"):
        for router in change.routers:
            if router.by_hand:
                typer.echo(f"  {router.name} back by hand:")
                for line in router.by_hand:
                    typer.echo(f"    {router.name}# {line}")
    if change.next is not None:
        typer.echo(f"  next: {change.next}")
        typer.echo(f"    ({change.next_why})")
    else:
        typer.echo(f"  {change.next_why}")
