"""What ``apply``, ``confirm``, ``rollback`` and ``verify`` have in common: options, the setting, the way results are shown."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.options import one_of

if TYPE_CHECKING:
    from ikeaudit.change import ChangeReport, Setting

_FORMATS = ("console", "json")

PlanArgument = Annotated[
    Path, typer.Argument(metavar="PLAN", show_default=False, help="The folder that `ikeaudit plan` wrote.")
]
InventoryOption = Annotated[
    Path, typer.Option("--inventory", "-i", metavar="FOLDER", help="Folder of a Nornir SimpleInventory.")
]
TimeoutOption = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="Silence after which a router counts as lost.")
]
CommitOption = Annotated[
    bool, typer.Option("--commit", help="Do it; without this, only the lines are shown and nothing is sent.")
]
ChangeFormat = Annotated[
    str,
    typer.Option(
        "--format", "-f", metavar="|".join(_FORMATS), callback=one_of(_FORMATS), help="How to print the result."
    ),
]


def setting_of(plan: Path, inventory: Path, timeout: float) -> Setting:
    """The plan, checked, with the inventory and the credentials.

    Raises InputError and RefusedError as their loaders do.
    """
    from ikeaudit.change import Setting
    from ikeaudit.parsing.workspace import Workspace
    from ikeaudit.remediation.plan_folder import load_plan
    from ikeaudit.session import Limits, keychain, open_inventory, terminal_prompt

    loaded = load_plan(plan)
    nornir = open_inventory(inventory)
    keys = keychain(nornir.inventory.hosts.values(), ask=terminal_prompt())
    limits = Limits(connect=min(timeout, 15.0), idle=timeout)
    return Setting(loaded, plan, Workspace.open(), nornir, keys, limits)


def say(line: str) -> None:
    """Progress, on standard error, as it happens."""
    typer.echo(line, err=True)


def show(report: ChangeReport, format_: str, code: int | None = None) -> int:
    """Print ``report`` and return its exit code, or ``code`` where the verb has its own."""
    if format_ == "json":
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        _print(report)
    return report.exit_code if code is None else code


@contextmanager
def orderly_end() -> Iterator[None]:
    """A lost terminal (SIGHUP) or a polite kill (SIGTERM) stops a change like Ctrl-C: what was done is taken back first.

    While it is taken back nobody can stop that by pressing Ctrl-C once more; they are told what happens instead.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        for name in stopping:
            signal.signal(name, patience if name == signal.SIGINT else signal.SIG_IGN)
        raise KeyboardInterrupt

    def patience(number: int, frame: FrameType | None) -> None:
        with suppress(OSError):
            os.write(2, b"\r\nWhat was done is being taken back; if this is killed, each router's timer does it.\r\n")

    stopping = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
    before = {}
    for name in stopping:
        with suppress(ValueError):  # not the main thread
            before[name] = signal.signal(name, stop)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


_WORDS = {
    "in-part": "Some groups are in force; the routers of those that failed run what they ran before.",
    "committed": "The change is in force, tested, confirmed and saved.",
    "held": "The change is in force and tested; keep it with `ikeaudit confirm` before the timers run out.",
    "unsaved": "The change is in force, tested and confirmed, but not saved everywhere.",
    "rolled-back": "Every router runs what it ran before.",
    "nothing-to-do": "There is nothing to take back: ",
    "closed": "Closed: the copies of the earlier configurations are removed; the way back has ended where it is in force.",
    "state-unknown": "At least one router is not as it was before, or cannot be seen.",
    "verified": "Every router runs what the plan predicts.",
    "not-verified": "Not every router is as the plan predicts.",
}

_NOTED = "Every router runs what it ran before, but for what is said of each above."


_GROUP = {
    "committed": "in force, tested, confirmed and saved",
    "held": "in force and tested, waiting to be confirmed",
    "unsaved": "in force, not saved everywhere",
    "rolled-back": "failed; its routers run what they ran before",
    "state-unknown": "FAILED, and the state of a router is not known",
    "refused": "not begun: something forbade it",
    "not-begun": "not begun",
}


def _print_next(report: ChangeReport) -> None:
    if report.next:
        typer.echo(f"Next: {report.next}")


def _print(report: ChangeReport) -> None:
    for line in report.lines:
        typer.echo(line)
    if report.result == "dry-run":
        typer.echo("! Nothing was sent; --commit does it.")
        return
    if report.result == "nothing-to-do":
        typer.echo(f"{_WORDS[report.result]}{report.cause}")
        return
    if report.result == "committed":
        typer.echo(_WORDS[report.result])  # the rest was told as it happened
        typer.echo(f"Journal: {report.journal}")
        _print_next(report)
        return
    if report.cause:
        typer.echo(f"Why: {report.cause}")
    for group in report.groups if len(report.groups) > 1 else ():
        named = ", ".join(f"{k} {n}" for k, n in (("wave", group.wave), ("group", group.group)) if n is not None)
        typer.echo(f"{named} ({', '.join(group.routers)}): {_GROUP[group.result]}")
    for test in report.directions:
        typer.echo(f"{test.direction}: {test.result} ({test.detail})")
    for row in report.worse:
        typer.echo(f"Worse than before: {row}")
    for router in report.routers:
        typer.echo(f"{router.name}: {router.state}{f'. {router.detail}' if router.detail else ''}")
        if router.by_hand:
            typer.echo("  by hand:")
            for line in router.by_hand:
                typer.echo(f"    {router.name}# {line}")
    noted = report.result == "rolled-back" and any(r.state == "reverted" and r.detail for r in report.routers)
    typer.echo(_NOTED if noted else _WORDS[report.result])
    if report.journal:
        typer.echo(f"Journal: {report.journal}")
    _print_next(report)
