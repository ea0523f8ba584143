"""What ``apply``, ``confirm``, ``rollback`` and ``verify`` have in common: options, the setting, the way results are shown."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli import streams
from ikeaudit.cli.options import format_option

if TYPE_CHECKING:
    from ikeaudit.change import ChangeReport, Setting
    from ikeaudit.change.setting import Called
    from ikeaudit.remediation.plan import Plan

PlanArgument = Annotated[
    Path, typer.Argument(metavar="PLAN", show_default=False, help="The folder that `ikeaudit plan` wrote.")
]
TIMEOUT = 30.0

ChangeTimeout = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        metavar="SECONDS",
        show_default=f"as the change was begun, else {TIMEOUT:g}",
        help="Silence after which a router counts as lost: in connecting, in logging in, in a reply.",
    ),
]
ChangeStrict = Annotated[
    bool | None,
    typer.Option(
        "--strict-host-keys/--no-strict-host-keys",
        show_default="as the change was begun, else not",
        help="Refuse routers whose SSH host key is not known yet; a changed key is always refused (see `ikeaudit hostkeys`).",
    ),
]

CommitOption = Annotated[
    bool, typer.Option("--commit", help="Do it; without this, only the lines are shown and nothing is sent.")
]
NeedlessCommit = Annotated[bool, typer.Option("--commit", hidden=True)]
"""For the verbs that send nothing: who types it out of habit is told what to type (:func:`refuse_commit`)."""
ChangeInventory = Annotated[
    Path | None,
    typer.Option(
        "--inventory",
        "-i",
        metavar="PATH",
        show_default="the one that the change was begun with, else inventory",
        help="Folder of a Nornir SimpleInventory, or a Nornir configuration (YAML).",
    ),
]
ChangeFormat = Annotated[str, format_option("change")]


def refuse_commit(given: bool, verb: str) -> None:
    """Raise for a ``--commit`` behind a verb that sends no line of a plan."""
    from ikeaudit.model.errors import InputError

    if given:
        raise InputError(f"`{verb}` sends no line of a plan, with --commit or without: leave that option out.")


def setting_of(
    plan: Path,
    inventory: Path | None,
    timeout: float | None,
    *,
    begun: bool = False,
    strict: bool = False,
    strict_host_keys: bool | None = None,
    applying: str = "",
    create: bool = True,
) -> Setting:
    """The plan, checked, with the inventory and the credentials.

    ``begun``: for verbs that go on with a change. They go by the plan with which it was begun, whatever became of the folder
    since; that is remarked. With ``strict`` a plan of which nothing was begun must be as it was written all the same.
    What is None of ``inventory``, ``timeout`` and ``strict_host_keys`` is as the change was begun, by its journal, which is
    said. Where that was strict, or a damaged journal does not tell, the journal keeps it: to be otherwise is for one command
    alone.
    ``applying`` are options of ``apply`` that its journal remembers; without ``create`` no workspace is made.

    Raises InputError, RefusedError and StateUnknownError as their loaders do.
    """
    from ikeaudit.change import Setting
    from ikeaudit.change.journal import STRICT, Typed
    from ikeaudit.change.kept import Loaded, load_begun, whole_path
    from ikeaudit.change.setting import begun_in, called
    from ikeaudit.remediation.plan_folder import load_plan
    from ikeaudit.session import Limits, keychain, known_hosts, open_inventory, terminal_prompt
    from ikeaudit.snapshot.workspace import Workspace

    loaded = Loaded(plan=load_plan(plan), folder=plan) if not begun else None
    workspace = Workspace.open(create=create)
    loaded = loaded or load_begun(plan, workspace, unbegun=not strict)
    kept = called(loaded.plan, begun_in(workspace, loaded.plan))
    was_strict = kept.strict is not False
    inventory, timeout, strict_host_keys = _chosen(loaded.plan, kept, inventory, timeout, strict_host_keys)
    nornir = open_inventory(inventory)
    keys = keychain(nornir.inventory.hosts.values(), ask=terminal_prompt())
    limits = Limits(connect=timeout, idle=timeout)
    if loaded.remark:
        say(f"Remark: {loaded.remark}")
    say(f"Workspace: {workspace.path.absolute()}")
    known_hosts(nornir, workspace.path, strict=strict_host_keys)
    session = [f"--timeout {_plain(timeout)}"] * (timeout != TIMEOUT) + [STRICT] * (strict_host_keys or was_strict)
    typed = Typed(inventory=str(whole_path(inventory)), session=" ".join(session), applying=applying)
    return Setting(loaded.plan, loaded.folder, workspace, nornir, keys, limits, called=plan, options=typed)


def _chosen(
    plan: Plan, kept: Called, inventory: Path | None, timeout: float | None, strict: bool | None
) -> tuple[Path, float, bool]:
    """What is given, else what is ``kept`` of the change, which is said, else what is usual.

    Raises InputError when the inventory that is kept is gone.
    """
    from ikeaudit.change.advice import INVENTORY, inventory_of
    from ikeaudit.change.journal import STRICT
    from ikeaudit.model.errors import InputError

    taken, others = [], []
    if inventory is None:
        inventory = Path(inventory_of(kept.typed) or INVENTORY)
        if inventory.absolute() == Path(INVENTORY).absolute():
            inventory = Path(INVENTORY)
        elif not os.access(inventory, os.F_OK):
            raise InputError(
                f"The inventory that {plan.change_id} was begun with, {inventory}, cannot be found; name it with --inventory."
            )
        else:
            taken, others = [f"Inventory: {inventory}"], ["--inventory"]
    seconds = re.search(r"--timeout (\d+(?:\.\d+)?)(?: |$)", kept.typed.session)
    if timeout is None and seconds:
        timeout = float(seconds[1])
        taken.append(f"--timeout {seconds[1]}")
        others.append("--timeout")
    unsure = strict is None and kept.strict is None
    if strict is None and kept.strict:
        strict = True
        taken.append(STRICT)
        others.append("--no-strict-host-keys")
    if taken:
        first = "" if taken[0].startswith("Inventory") else "Options: "
        wins = "--inventory names another" if others == ["--inventory"] else f"what is given wins ({', '.join(others)})"
        since = inventory_of(kept.typed) != kept.typed.inventory and "--inventory" in others
        when = "was gone on with, the one it was begun with being gone" if since else "was begun"
        say(f"{first}{', '.join(taken)}, with which {plan.change_id} {when}; {wins}.")
    if unsure:
        elsewhere = f" with which inventory ({inventory} is taken), and" if not kept.typed.inventory else ""
        say(
            f"The journal of {plan.change_id} does not tell{elsewhere} whether it was begun with {STRICT}, so it goes on with "
            "that: a router whose host key is not known is refused. --no-strict-host-keys lifts it, for one command."
        )
    return inventory, TIMEOUT if timeout is None else timeout, bool(strict) or unsure


def _plain(seconds: float) -> str:
    """As it is typed: with an exponent the journal would not be read back."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def say(line: str) -> None:
    """Progress, on standard error, as it happens."""
    typer.echo(line, err=True)


def show(report: ChangeReport, format_: str, code: int | None = None) -> int:
    """Print ``report`` and return its exit code, or ``code`` where the verb has its own: also where nobody can be told."""
    from ikeaudit.cli.endings import lost
    from ikeaudit.cli.output import emit
    from ikeaudit.report import WindowReport

    try:
        emit(WindowReport(change=report), format_)
    except OSError as error:
        if error.filename != streams.ANSWER:
            raise
        streams.give_up_answer()
        say(
            f"What was done cannot be written to standard output: {lost(error)}; `ikeaudit status` of the plan says it."
        )
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
