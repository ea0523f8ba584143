"""``ikeaudit apply``: carry a plan out on the routers, or show what would be typed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.change_options import (
    ChangeFormat,
    ChangeInventory,
    ChangeStrict,
    ChangeTimeout,
    CommitOption,
    PlanArgument,
)

if TYPE_CHECKING:
    from ikeaudit.change import ChangeReport, Options
    from ikeaudit.change.go_page import Page
    from ikeaudit.remediation.plan import Plan


def apply(
    plan: PlanArgument,
    inventory: ChangeInventory = None,
    commit: CommitOption = False,
    go: Annotated[
        bool, typer.Option("--go", help="With --commit: go, whatever the page on each router says; asks nothing.")
    ] = False,
    hold: Annotated[
        bool, typer.Option("--hold", help="Stop after the tests, timers running, until `ikeaudit confirm`.")
    ] = False,
    minutes: Annotated[
        int | None,
        typer.Option(min=1, max=120, show_default="the plan's", help="After which a router goes back by itself."),
    ] = None,
    wave: Annotated[
        int | None,
        typer.Option(min=1, show_default="the next", help="The wave to carry out, where the plan has several."),
    ] = None,
    group: Annotated[int | None, typer.Option(min=1, show_default="all", help="Only this group of the wave.")] = None,
    max_failures: Annotated[
        int,
        typer.Option("--max-failures", min=0, metavar="M", help="Groups of a wave that may fail before it stops."),
    ] = 0,
    parallel: Annotated[
        int,
        typer.Option("--parallel", min=1, metavar="N", help="Groups that share no router run side by side, up to N."),
    ] = 1,
    go_on: Annotated[
        bool, typer.Option("--go-on", help="Go on with the waves after it, as long as nothing fails.")
    ] = False,
    out_of_order: Annotated[
        bool, typer.Option("--out-of-order", help="Allow a wave although one before it is not in force.")
    ] = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Finish a change whose process was killed: go on, or take back and begin again."),
    ] = False,
    require: Annotated[
        bool, typer.Option("--require-rehearsal", help="Refuse unless `ikeaudit rehearse` passed with this very plan.")
    ] = False,
    accept_unproven: Annotated[
        bool, typer.Option("--accept-unproven", help="Go on where a direction cannot be tested.")
    ] = False,
    timeout: ChangeTimeout = None,
    strict_host_keys: ChangeStrict = None,
    format_: ChangeFormat = "console",
) -> int:
    """Carry PLAN out: timers on both ends, line by line, both directions forced, then all confirmed or all taken back.

    Of a plan with several waves one is carried out, the next that is not in force: first the canary. Its groups, the two ends
    of tunnels or single routers, follow one after the other, each confirmed, or taken back alone, before the next begins; once
    more than M have failed, the others are left alone. The same command again tries those that failed, and goes on.

    Without --commit nothing is sent and no router is contacted; the exact lines are shown, keys as tokens. With it, the plan
    must be approved: `ikeaudit approve PLAN --by NAME`. Then there is a page on each router of the wave, before anything is
    armed, and at a terminal you are asked for the word; --go gives it beforehand. A script needs --go only where something on
    a page speaks against it (another operator, a full flash, a session through a tunnel that is changed): else it is refused.

    Exit code: 0 done (or shown), 2 wrong usage, 3 unreachable, or in force but not saved, 4 internal error, 5 refused, nothing
    was changed, 6 what failed is taken back, 7 failed, and the state of a router is not known.
    """
    from ikeaudit.change import (
        Options,
        StaleError,
        apply_change,
        plan_to_begin,
        require_rehearsal,
    )
    from ikeaudit.cli.change_options import orderly_end, setting_of, show
    from ikeaudit.cli.countdown import counting_down
    from ikeaudit.remediation.plan_folder import require_approval
    from ikeaudit.snapshot.workspace import Workspace

    options = Options(
        minutes=minutes,
        hold=hold,
        accept_unproven=accept_unproven,
        max_failures=max_failures,
        out_of_order=out_of_order,
        parallel=parallel,
    )
    if resume and commit:
        return _resumed(plan, inventory, timeout, options, require, format_, strict_host_keys)
    loaded = plan_to_begin(plan, Workspace.open(create=False))
    if loaded.empty:
        return show(_shown(loaded.change_id, loaded.digest, ("! The plan changes nothing.",)), format_)
    if require:
        require_rehearsal(plan, loaded)
    if not commit:
        return show(
            _shown(
                loaded.change_id,
                loaded.digest,
                _lines(plan, loaded, inventory, options, wave=wave, group=group, go_on=go_on),
            ),
            format_,
        )
    require_approval(plan, loaded)
    setting = setting_of(plan, inventory, timeout, strict_host_keys=strict_host_keys, applying=_typed(options))
    setting.require_own_keys()
    require_approval(plan, setting.plan)  # which was read anew
    with orderly_end(), counting_down(setting) as tell:
        try:
            report = apply_change(
                setting, options, tell, wave=wave, group=group, go_on=go_on, asked=partial(_asked, tell, go)
            )
        except StaleError as error:
            for line in error.details:
                tell(f"  {line}")
            raise
    return show(report, format_)


def _asked(tell: Callable[[str], None], go: bool, pages: tuple[Page, ...]) -> None:
    """Show the pages and ask for the word. Raises RefusedError for a no-go; then nothing was sent."""
    from ikeaudit.model.errors import RefusedError
    from ikeaudit.snapshot.standard_input import at_a_terminal

    for page in pages:
        tell(f"{page.router}, before anything is armed:")
        for row in page.rows:
            tell(f"  {row}")
    against = [words for page in pages for words in page.against]
    for words in against:
        tell(f"Against: {words}.")
    if go:
        return
    if at_a_terminal():
        tell("Go? Type go to arm the timers and begin; anything else stops here.")
        if sys.stdin.readline().strip().lower() not in ("go", "--go"):
            raise RefusedError("No-go: nothing was sent.")
    elif against:
        more = f", and {len(against) - 1} more" if len(against) > 1 else ""
        raise RefusedError(f"No-go: {against[0]}{more}. Nothing was sent; --go goes on all the same.")


def _typed(options: Options) -> str:
    """The options that count when a change goes on, as they are typed."""
    given = (
        ("--accept-unproven", options.accept_unproven or None),
        ("--minutes", options.minutes),
        ("--max-failures", options.max_failures or None),
        ("--parallel", options.parallel if options.parallel > 1 else None),
    )
    return " ".join(name if value is True else f"{name} {value}" for name, value in given if value is not None)


def _resumed(
    plan: Path,
    inventory: Path | None,
    timeout: float | None,
    options: Options,
    require: bool,
    format_: str,
    strict_host_keys: bool | None,
) -> int:
    """Go on with a change by the plan with which it was begun; that was approved, or it could not have been begun."""
    from ikeaudit.change import StaleError, require_rehearsal, resume_change
    from ikeaudit.cli.change_options import orderly_end, setting_of, show
    from ikeaudit.cli.countdown import counting_down
    from ikeaudit.remediation.plan_folder import require_approval

    setting = setting_of(plan, inventory, timeout, begun=True, strict=True, strict_host_keys=strict_host_keys)
    if not any(progress.open and progress.digest == setting.plan.digest for _, progress in setting.begun()):
        require_approval(plan, setting.plan)
    if require:
        require_rehearsal(plan, setting.plan)
    with orderly_end(), counting_down(setting) as tell:
        try:
            report = resume_change(setting, options, tell)
        except StaleError as error:
            for line in error.details:
                tell(f"  {line}")
            raise
    return show(report, format_)


def _lines(
    folder: Path,
    plan: Plan,
    inventory: Path | None,
    options: Options,
    *,
    wave: int | None,
    group: int | None,
    go_on: bool,
) -> tuple[str, ...]:
    """What would be typed by the same command with --commit, group by group."""
    from ikeaudit.change import lines_of_apply, parts, window_of
    from ikeaudit.change.advice import INVENTORY, inventory_of
    from ikeaudit.change.journal import Typed
    from ikeaudit.change.kept import whole_path
    from ikeaudit.change.plan_parts import after_text
    from ikeaudit.change.setting import begun_in, called
    from ikeaudit.change.waves import parts_to_apply
    from ikeaudit.snapshot.workspace import Workspace

    found: list[str] = []
    workspace = Workspace.open(create=False)
    begun = begun_in(workspace, plan)
    kept = called(plan, begun).typed
    inventory = inventory or Path(inventory_of(kept) or INVENTORY)
    typed = Typed(plan=str(whole_path(folder)), inventory=str(whole_path(inventory)), session=kept.session)
    for part in parts_to_apply(plan, typed, begun, workspace.path, options, wave=wave, group=group, go_on=go_on):
        view = window_of(plan, part.wave, part.group)
        done = part.steps | {n for p in parts(plan) if min(p.steps) < min(part.steps) for n in p.steps}
        texts = {router.name: after_text(plan, folder, router.name, done) for router in plan.routers}
        if part.words:
            found.append(f"! {part.words}: {', '.join(part.routers)}")
        found += lines_of_apply(view, part.routers, options, texts)
    return tuple(found)


def _shown(change_id: str, digest: str, lines: tuple[str, ...]) -> ChangeReport:
    from ikeaudit.change import ChangeReport

    return ChangeReport(change_id=change_id, digest=digest, result="dry-run", lines=lines)
