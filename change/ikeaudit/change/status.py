"""``status``: what every change of a workspace has come to, from the journals alone; no router is asked."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from ikeaudit.change.advice import command
from ikeaudit.change.by_hand import SHEET, by_hand, called_on, cause_told, only_on_the_page, sheet_lines
from ikeaudit.change.journal import Phase, Progress, RouterProgress, Typed, unknown
from ikeaudit.change.kept import CHANGES, change_id_in, is_of, journals, kept, only_copy, told_by
from ikeaudit.change.locks import holder_of
from ikeaudit.change.next_step import ASKS, State, next_in, state_of
from ikeaudit.change.overview import HALF_WAY, PlanStatus, overview
from ikeaudit.change.plan_parts import is_part_of, parts, window_of
from ikeaudit.change.standing import Broken, Runs, broken_now, runs
from ikeaudit.model.errors import IkeauditError, InputError
from ikeaudit.model.unexpected import described, trail
from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.plan_folder import PLAN_FILE, load_plan
from ikeaudit.snapshot.workspace import Workspace

STATUS_SCHEMA = "ikeaudit.status/1"


class Net(msgspec.Struct, frozen=True, kw_only=True):
    """What takes the change back by itself: ``timer`` or ``reload``, when (UTC), and in how many seconds; 0 when over."""

    kind: Literal["timer", "reload"]
    armed_at: str
    acts_at: str
    seconds_left: int


class RouterStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One router; ``runs`` is the configuration it has as far as is known, ``by_hand`` what a person types to take it back."""

    name: str
    phase: Phase
    runs: Runs
    words: str
    step: int
    steps: int
    net: Net | None
    backup: str | None
    by_hand: tuple[str, ...]


class ChangeStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One change: ``broken`` now and why, and ``next``, the safest next command, with the reason."""

    change_id: str
    digest: str
    plan: str
    state: State
    started: str | None
    process: int | None
    cause: str | None
    routers: tuple[RouterStatus, ...]
    broken: tuple[Broken, ...]
    next: str | None
    next_why: str
    journal: str
    revert_by_hand: str | None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """All changes asked for of a ``workspace``, those that are under way first; ``plans`` are those of several parts, each part
    a change."""

    schema: str = STATUS_SCHEMA
    at: str
    changes: tuple[ChangeStatus, ...]
    plans: tuple[PlanStatus, ...] = ()
    workspace: str = ""


def status_of(workspace: Workspace, wanted: str | None, at: datetime | None = None) -> Status:
    """The changes of ``workspace``, or the one that ``wanted`` names by its id or by its plan's folder.

    :raises InputError: when there is no such change.
    """
    at = at or datetime.now(UTC)
    changes = workspace.path / CHANGES
    begun = journals(workspace.path)
    if wanted is not None:
        named = _change_id(wanted)
        begun = [journal for journal in begun if is_of(journal, wanted, named)]
        if not begun and _is_damaged(Path(wanted)):
            raise InputError(
                f"{Path(wanted) / PLAN_FILE} is damaged and does not tell which change it is; name the change by its id "
                "(`ikeaudit status` lists all)."
            )
        if not begun:
            raise InputError(
                f"There is no journal of a change {named} in {changes.absolute()}; nothing was begun with it in this "
                "workspace. Another one may know of it (IKEAUDIT_WORKSPACE)."
            )
    plans = _Plans(workspace.path)
    told: dict[str, Progress] = {}
    found = [_told(journal, workspace, at, plans, told) for journal in begun]
    overviews = tuple(_of_the_half(one, found) for one in _overviews(found, plans, told))
    on = {overview.change_id: overview for overview in overviews if overview.next is not None}
    found = [_going_on(one, on) if one.state == "committed" else one for one in found]
    done = ("committed", "rolled-back", "refused", "closed")
    found.sort(key=lambda c: c.started or "", reverse=True)
    found.sort(key=lambda c: c.state in done)
    return Status(at=_stamp(at), changes=tuple(found), plans=overviews, workspace=str(workspace.path.absolute()))


class _Plans:
    """Plans by digest, each read once: the copy that the workspace keeps, else the folder that a journal names."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._read: dict[tuple[str, str], tuple[Plan, Path] | None] = {}

    def of(self, plan: str, digest: str) -> tuple[Plan, Path] | None:
        """The whole plan that was carried out and the folder of its texts; None when neither can be had any more."""
        if (plan, digest) not in self._read:
            found = kept(self._workspace, digest)
            with suppress(IkeauditError, OSError, ValueError):
                if found is None and plan:
                    found = (load_plan(Path(plan)), Path(plan))
            self._read[plan, digest] = found if found is not None and found[0].digest == digest else None
        return self._read[plan, digest]


def _state_of(change: ChangeStatus, told: Mapping[str, Progress]) -> str:
    """A part's state for the plan; what a person took back has not failed."""
    by_person = change.state == "rolled-back" and told[change.change_id].verb == "rollback"
    return "taken-back" if by_person else change.state


def _of_the_half(plan: PlanStatus, changes: list[ChangeStatus]) -> PlanStatus:
    """A plan with a half-way part goes on with what that needs."""
    half = next((c for c in changes if c.state in HALF_WAY and is_part_of(c.change_id, plan.change_id)), None)
    return plan if half is None else msgspec.structs.replace(plan, next=half.next, next_why=half.next_why)


def _overviews(changes: list[ChangeStatus], plans: _Plans, told: Mapping[str, Progress]) -> tuple[PlanStatus, ...]:
    """The plans of several parts that ``changes`` belong to; ``told`` is what their journals say."""
    found: dict[str, PlanStatus] = {}
    for change in changes:
        read = plans.of(change.plan, change.digest) if change.digest else None
        if read is None:
            continue
        plan = read[0]
        if plan.digest not in found and len(parts(plan)) > 1:
            states = {one.change_id: _state_of(one, told) for one in changes if one.digest == plan.digest}
            found[plan.digest] = overview(plan, told[change.change_id].typed, states)
    return tuple(found.values())


def _change_id(wanted: str) -> str:
    """The id that was given, or that of the plan in the folder that was given."""
    path = Path(wanted) / PLAN_FILE
    found = change_id_in(Path(wanted)) if path.is_file() else None
    return found or wanted.rstrip("/").rpartition("/")[2]


def _is_damaged(folder: Path) -> bool:
    """Whether a plan lies there that does not tell its change."""
    return (folder / PLAN_FILE).is_file() and change_id_in(folder) is None


def _told(journal: Path, workspace: Workspace, at: datetime, plans: _Plans, told: dict[str, Progress]) -> ChangeStatus:
    """:func:`_change`, which is told of each change, whatever is wrong with another, or with the files of this one."""
    problem = ""
    try:
        return _change(journal, workspace, at, plans, told)
    except Exception as error:  # noqa: BLE001 - a bug met by one change must not hide the others
        logging.getLogger(__name__).debug("internal error: %s", trail(error))
        problem = f"an internal error happened ({described(error)})"
    return _unreadable(journal, Progress(problem=problem, blind=True))


def _unreadable(journal: Path, progress: Progress) -> ChangeStatus:
    """A change of which the journal tells nothing; the page to type from may still tell what was under way."""
    page = journal.with_name(SHEET)
    typed = sheet_lines(page)
    asking, why = _asking(journal, progress)
    routers = tuple(
        RouterStatus(
            name=name, phase="lost", runs="unknown", words=_LOST, step=0, steps=0, net=None, backup=None, by_hand=lines
        )
        for name, lines in typed.items()
    )
    why += "" if typed else f"; there is no {SHEET} beside the journal"
    return ChangeStatus(
        change_id=journal.parent.name,
        digest=progress.digest,
        plan=progress.plan,
        state="state-unknown",
        started=progress.started,
        process=None,
        cause=f"The journal {journal} tells nothing: {progress.problem}.",
        routers=routers,
        broken=(),
        next=asking,
        next_why=why,
        journal=str(journal),
        revert_by_hand=str(page) if page.exists() else None,
    )


def _asking(journal: Path, progress: Progress) -> tuple[str | None, str]:
    """What asks the routers where a journal tells nothing: by the plan that it names, or the page, or the workspace's copy."""
    typed = progress.typed if progress.plan else called_on(journal.with_name(SHEET))
    if typed is None:
        copy = only_copy(journal.parents[2], journal.parent.name)
        if copy is None:
            return None, "which plan it was is not known here; `rollback` with that plan's folder asks the routers"
        typed = Typed(plan=str(copy[1].absolute()))
    return command("rollback", typed), ASKS


def _change(
    journal: Path, workspace: Workspace, at: datetime, plans: _Plans, told: dict[str, Progress]
) -> ChangeStatus:
    progress = told_by(journal)
    told[journal.parent.name] = progress
    if progress.problem:
        return _unreadable(journal, progress)
    plan, folder = _part_of(plans.of(progress.plan, progress.digest), progress, journal.parent)
    if plan is not None and progress.blind:
        progress = unknown(progress, [router.name for router in plan.routers])
    process = holder_of(workspace.path / "locks", progress.digest) if progress.result is None else None
    unheard = {} if process is not None else only_on_the_page(progress, journal)
    for name in unheard:
        progress.routers[name].phase, progress.routers[name].doubtful = "lost", True
    state = state_of(progress, process, at)
    broken: tuple[Broken, ...] = ()
    if plan is not None and any(router.phase != "untouched" for router in progress.routers.values()):
        broken = broken_now(plan, folder, progress.routers, at)
    next_up, why = next_in(state, progress, at)
    sheet = journal.with_name(SHEET)
    return ChangeStatus(
        change_id=journal.parent.name,
        digest=progress.digest,
        plan=progress.plan,
        state=state,
        started=progress.started,
        process=process,
        cause=cause_told(progress, journal, unheard),
        routers=tuple(_router(router, plan, at, unheard.get(router.name, ())) for router in progress.routers.values()),
        broken=broken,
        next=next_up,
        next_why=why,
        journal=str(journal),
        revert_by_hand=str(sheet) if sheet.exists() else None,
    )


def _going_on(change: ChangeStatus, on: Mapping[str, PlanStatus]) -> ChangeStatus:
    """A part that is in force, with the command that goes on with its plan."""
    for change_id, plan in on.items():
        if change.change_id != change_id and is_part_of(change.change_id, change_id):
            return msgspec.structs.replace(change, next=plan.next, next_why=plan.next_why)
    return change


def _part_of(read: tuple[Plan, Path] | None, progress: Progress, own: Path) -> tuple[Plan | None, Path]:
    """The change of a journal and where its texts are."""
    if read is None:
        return None, own
    whole, folder = read
    if progress.wave is None and progress.group is None:
        return whole, folder
    with suppress(IkeauditError, IndexError):
        return window_of(whole, progress.wave, progress.group), own
    return None, folder


def _router(router: RouterProgress, plan: Plan | None, at: datetime, typed: tuple[str, ...] = ()) -> RouterStatus:
    """``typed`` are the lines of the page to type from, where it knows more than the journal."""
    how = runs(router, at)
    steps = len(plan.steps_of(router.name)) if plan is not None and _changes(plan, router.name) else 0
    number = sum(s.number <= router.step for s in plan.steps_of(router.name)) if plan is not None else router.step
    until = router.acts_at
    net = None
    if until is not None and router.safety is not None and router.armed_at is not None:
        left = max(0, int((until - at).total_seconds()))
        net = Net(kind=router.safety, armed_at=router.armed_at, acts_at=_stamp(until), seconds_left=left)
    needed = router.phase in ("armed", "changed", "arrived", "confirmed", "saved", "lost")
    return RouterStatus(
        name=router.name,
        phase=router.phase,
        runs=how,
        words=_words(router, how, net, number, steps),
        step=number,
        steps=steps,
        net=net,
        backup=router.backup,
        by_hand=typed or (by_hand(plan, router) if needed else ()),
    )


_LOST = "its state is not known"


def _changes(plan: Plan, name: str) -> bool:
    return any(router.name == name for router in plan.routers)


def _words(router: RouterProgress, how: Runs, net: Net | None, number: int, steps: int) -> str:
    """A router's state in a sentence."""
    of = f"step {number} of {steps}" if steps else f"step {number}"
    match router.phase:
        case "untouched":
            return "not touched"
        case "armed":
            sent = "nothing but its archive path was configured" if router.step else "no line was sent"
            text = f"its net is up, {sent}"
        case "changed":
            text = f"lines were sent up to {of}" + ("" if router.whole else ", the last of them perhaps not received")
            text += "; it was being taken back" if router.reverting else ""
        case "arrived":
            text = "it runs the new configuration, not confirmed"
            text += "; the confirmation may have been received" if router.confirming else ""
        case "confirmed":
            text = "it runs the new configuration, confirmed, not saved: a restart would lose it"
        case "saved":
            return "it runs the new configuration, confirmed and saved"
        case "closed":
            return "it runs the new configuration for good: the copy of the earlier one is removed"
        case "reverted":
            return "it runs what it ran before" + (f", but for {router.unlike}" if router.unlike else "")
        case _:
            return _LOST
    if net is not None and net.seconds_left == 0 and not router.confirming:
        text += "; its net has acted meanwhile, so it should run what it ran before"
    return text


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
