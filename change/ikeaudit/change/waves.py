"""``apply``: a plan wave by wave, a wave group by group, each group a change of its own (CHANGE-FAR-FIRST).

The groups of a wave are carried out one after the other unless more are asked for: what one of them shows is known before the
next begins, and whoever watches at night can follow. Only groups that share no router run side by side, as a router has one
revert timer.
"""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock
from typing import TypeAlias

import msgspec

from ikeaudit.change.advice import command, rollback_command, selection_of
from ikeaudit.change.apply import apply_part
from ikeaudit.change.go_page import Page, pages
from ikeaudit.change.journal import Progress, Typed
from ikeaudit.change.kept import keep
from ikeaudit.change.locks import locked
from ikeaudit.change.next_step import next_of
from ikeaudit.change.overview import following
from ikeaudit.change.plan_parts import Part, numbers, parts, wave_numbered
from ikeaudit.change.report import INTERRUPTED, ChangeReport, GroupResult, PartResult, Result, RouterResult
from ikeaudit.change.setting import Options, Setting
from ikeaudit.change.unfinished import refuse_unfinished
from ikeaudit.model.errors import IkeauditError, InputError, RefusedError, StateUnknownError
from ikeaudit.remediation.plan import Plan

_Outcome: TypeAlias = tuple[Part, ChangeReport | GroupResult]
_FAILED = ("rolled-back", "state-unknown", "refused")


def apply_change(
    setting: Setting,
    options: Options,
    say: Callable[[str], None],
    *,
    wave: int | None = None,
    group: int | None = None,
    go_on: bool = False,
    asked: Callable[[tuple[Page, ...]], None] | None = None,
) -> ChangeReport:
    """Carry out ``wave``, or one ``group`` of it; without a number the next one that is not in force.

    ``go_on``: the waves after it as well, as long as nothing fails. A group that is in force is passed over; one that fails is
    taken back, and when more than ``options.max_failures`` of a wave have failed, the rest of it is left alone. ``asked`` is
    shown a page on every router of the next wave before the first is armed, and raises for a no-go.

    :raises InputError: when the plan has no such wave or group.
    :raises RefusedError: when something forbids to begin; then nothing was changed.
    :raises SessionError: when a router cannot be reached; then nothing was changed.
    """
    begun, workspace = setting.begun(), setting.workspace.path
    todo = parts_to_apply(setting.plan, setting.typed, begun, workspace, options, wave=wave, group=group, go_on=go_on)
    if asked is not None:
        asked(tuple(pages(setting, (part for part in todo if part.wave == todo[0].wave))))
    return carry_out(setting, todo, options, say, alone=group is not None)


def parts_to_apply(
    plan: Plan,
    typed: Typed,
    begun: Iterable[tuple[Part, Progress]],
    workspace: Path,
    options: Options,
    *,
    wave: int | None,
    group: int | None,
    go_on: bool,
) -> tuple[Part, ...]:
    """The parts that :func:`apply_change` carries out, by what journals of ``workspace`` tell (``begun``); raises like that."""
    known = {part.change_id: progress for part, progress in begun}
    refuse_unfinished(known, workspace)
    known = {change_id: progress for change_id, progress in known.items() if progress.digest == plan.digest}
    todo = _chosen(plan, typed, known, wave, group, go_on)
    if wave is not None and not options.out_of_order:
        _refuse_out_of_order(plan, known, wave)
    if options.hold and len(todo) > 1:
        raise RefusedError(
            f"--hold leaves timers running, and {len(todo)} groups cannot be left like that one after the other; name one of "
            "them with --group."
        )
    return todo


def carry_out(
    setting: Setting,
    todo: Iterable[Part],
    options: Options,
    say: Callable[[str], None],
    *,
    done: Iterable[tuple[Part, ChangeReport]] = (),
    alone: bool = False,
) -> ChangeReport:
    """The parts ``todo`` one after the other; ``done`` are those of the same run that have been, with their reports.

    ``alone``: one group was asked for by its number.
    """
    found: list[_Outcome] = list(done)
    left = list(todo)
    failures = _Failures(say)
    if options.parallel > 1:
        _side_by_side(setting, left, options, say, found, failures, alone=alone)
    while left and options.parallel == 1 and not _stops(found, left[0], options):
        failures.tell()
        part = left.pop(0)
        found.append((part, _carried(setting, part, options, say, failures, alone=alone)))
        if len(found) == 1 and isinstance(found[0][1], GroupResult) and found[0][1].cause == INTERRUPTED:
            raise KeyboardInterrupt
    if len(found) == 1 and failures.untold:
        raise failures.untold[0][2]
    failures.tell()
    return _merged(setting, found, left)


@dataclass
class _Failures:
    """Errors in which parts ended: what is said of each, and what the run ends in where no other part was begun.

    That one is told by whoever catches it, and by nobody else.
    """

    say: Callable[[str], None]
    untold: list[tuple[str, IkeauditError, IkeauditError]] = field(default_factory=list)

    def tell(self) -> None:
        """Say what is not said yet: the run goes on after it, or tells of several parts."""
        while self.untold:
            words, error, _ = self.untold.pop(0)
            self.say(f"{words}: {error}")


def _carried(
    setting: Setting,
    part: Part,
    options: Options,
    say: Callable[[str], None],
    failures: _Failures,
    *,
    alone: bool,
) -> ChangeReport | GroupResult:
    """One part carried out, or the reason why not; an error is put among ``failures``, too."""
    title = _title(setting.plan, part)
    if title:
        say(f"{title}: {', '.join(part.routers)}")
    try:
        return apply_part(setting, setting.part(part, alone=alone), options, say)
    except IkeauditError as refused:
        # It ended in an error all the same: nobody may take that for nothing.
        half = not isinstance(refused, RefusedError) and setting.progress(setting.part(part)).open
        said = "it stopped, and the state of its routers is not known" if half else "nothing was changed"
        ended = (
            StateUnknownError(f"It stopped, and the state of its routers is not known: {refused}") if half else refused
        )
        failures.untold.append((f"{title + ': ' if title else ''}{said}", refused, ended))
        return _group(part, "state-unknown" if half else "refused", str(refused))
    except KeyboardInterrupt:  # before the first line of the part; later ones end in a roll-back
        return _group(part, "refused", INTERRUPTED)


def _side_by_side(
    setting: Setting,
    left: list[Part],
    options: Options,
    say: Callable[[str], None],
    found: list[_Outcome],
    failures: _Failures,
    *,
    alone: bool,
) -> None:
    """Parts of one wave that share no router, up to ``options.parallel`` at once; taken from ``left``, told in ``found``.

    Once one has failed none begins any more, and those that run end by themselves: confirmed or taken back. Ctrl-C takes all
    back that run.
    """
    plan, beside = setting.plan, replace(setting, beside=True)
    keep(setting.workspace, plan.digest, setting.folder)
    interrupted, speaking = Event(), Lock()
    running: dict[Future[ChangeReport | GroupResult], Part] = {}
    begun = len(found)
    lock = locked(setting.workspace.folder("locks"), change_id=plan.change_id, digest=plan.digest, routers=())
    with lock, ThreadPoolExecutor(options.parallel) as pool:
        while True:
            part = None if interrupted.is_set() or len(running) == options.parallel else _free(left, running.values())
            if part is not None and not _stops(found, part, options):
                left.remove(part)
                voice = _Voice(say, part.words, interrupted, speaking)
                running[pool.submit(_carried, beside, part, options, voice, failures, alone=alone)] = part
                continue
            if not running:
                break
            try:
                done = wait(running, return_when=FIRST_COMPLETED).done
            except KeyboardInterrupt:
                interrupted.set()
                continue
            found += [(running.pop(future), future.result()) for future in done]
            if len(found) + len(running) > 1:
                failures.tell()
    order = {part.change_id: at for at, part in enumerate(parts(setting.plan))}
    found.sort(key=lambda outcome: order[outcome[0].change_id])
    if len(found) > begun and all(outcome.cause == INTERRUPTED and outcome.result == "refused" for _, outcome in found):
        raise KeyboardInterrupt


def _free(left: list[Part], running: Collection[Part]) -> Part | None:
    """The next part of the wave under way that shares no router with those that run, or wait before it."""
    taken = {name for part in running for name in part.routers}
    wave = next(iter(running)).wave if running else left[0].wave if left else None
    for part in left:
        if part.wave == wave and taken.isdisjoint(part.routers):
            return part
        taken.update(part.routers)
    return None


@dataclass
class _Voice:
    """How one part of several speaks: each line with its name in front; after Ctrl-C it stops that part, once."""

    say: Callable[[str], None]
    name: str
    interrupted: Event
    speaking: Lock
    stopped: bool = False

    def __call__(self, line: str) -> None:
        """Say ``line``. Raises KeyboardInterrupt once where the run was interrupted."""
        with self.speaking:
            self.say(f"[{self.name}] {line}" if self.name else line)
        if self.interrupted.is_set() and not self.stopped:
            self.stopped = True
            raise KeyboardInterrupt


# -- what to carry out -----------------------------------------------------------------------------------------------


def _chosen(
    plan: Plan, typed: Typed, known: dict[str, Progress], wave: int | None, group: int | None, go_on: bool
) -> tuple[Part, ...]:
    """The parts to be carried out: those asked for that are not in force."""
    every = parts(plan, wave)
    open_ = tuple(p for p in every if not (p.change_id in known and known[p.change_id].in_force))
    if wave is None and open_ and numbers(plan):
        first = open_[0].wave
        chosen = open_ if go_on else tuple(p for p in open_ if p.wave == first)
    else:
        chosen = open_
    if group is not None and (chosen or wave is not None):
        number = chosen[0].wave if wave is None else wave
        same = tuple(p for p in every if p.wave == (number if numbers(plan) else None))
        named = tuple(p for p in same if p.group == group or (p.group is None and group == 1))
        if not named:
            raise InputError(f"Wave {number or 1} has no group {group}; it has {len(same)}.")
        chosen = tuple(p for p in named if p in open_)
    if not chosen:
        what = plan.change_id + (f", wave {wave}" if wave is not None else "") + (f", group {group}" if group else "")
        raise RefusedError(
            f"{what} is in force already, as its journal says; `{command('verify', typed)}` looks whether the routers "
            f"agree, `{rollback_command(typed, selection_of(wave, group))}` takes it back."
        )
    return chosen


def _refuse_out_of_order(plan: Plan, known: dict[str, Progress], wave: int) -> None:
    for part in parts(plan):
        if part.wave is None or part.wave >= wave or (part.change_id in known and known[part.change_id].in_force):
            continue
        raise RefusedError(
            f"Wave {wave} comes after wave {part.wave}, and {part.words} of {plan.change_id} ({', '.join(part.routers)}) is "
            f"not in force; carry out wave {part.wave} first, or say --out-of-order."
        )


def _stops(found: list[_Outcome], following: Part, options: Options) -> bool:
    """Whether what came of the parts so far forbids the next: too many failures in its wave, or any before another wave."""
    if not found:
        return False
    results = [(part, outcome.result) for part, outcome in found]
    if (
        any(result in ("state-unknown", "unsaved", "held") for _, result in results)
        or found[-1][1].cause == INTERRUPTED
    ):
        return True
    failed = [part for part, result in results if result in _FAILED]
    return len(failed) > options.max_failures or any(part.wave != following.wave for part in failed)


# -- what came of it -------------------------------------------------------------------------------------------------


def _title(plan: Plan, part: Part) -> str:
    """``Wave 2 (far ends), group 3 of 24``; empty for a plan that is one change."""
    if part.wave is None and part.group is None:
        return ""
    wave = wave_numbered(plan, part.wave) if part.wave is not None else plan.waves[0]
    words = f"Wave {wave.number} ({wave.title})" if wave.title else f"Wave {wave.number}"
    return words + (f", group {part.group} of {len(wave.groups)}" if part.group is not None else "")


def _group(part: Part, result: PartResult, cause: str | None = None, journal: str = "") -> GroupResult:
    return GroupResult(
        wave=part.wave, group=part.group, routers=part.routers, result=result, cause=cause, journal=journal
    )


def _merged(setting: Setting, found: list[_Outcome], left: list[Part]) -> ChangeReport:
    """One report of all that was done, and of what was not."""
    reports = [outcome for _, outcome in found if isinstance(outcome, ChangeReport)]
    alone = len(found) == 1 and not left and found[0][0].group is None
    groups = tuple(_group(part, outcome.result, outcome.cause, outcome.journal) for part, outcome in found) + tuple(
        _group(part, "not-begun") for part in left
    )
    next_up = what_next(setting)
    if alone:
        return msgspec.structs.replace(reports[0], groups=() if found[0][0].wave is None else groups, next=next_up)
    routers: dict[str, RouterResult] = {}
    for report in reports:
        for router in report.routers:
            earlier = routers.get(router.name)
            if earlier is not None and earlier.state == "unknown":
                continue
            if earlier is not None and earlier.state == "saved" and router.state in ("reverted", "untouched"):
                router = msgspec.structs.replace(earlier, detail="A group that failed is taken back on it.")
            routers[router.name] = router
    for group in groups:
        for name in group.routers:
            routers.setdefault(name, RouterResult(name=name, state="untouched"))
    results = [group.result for group in groups]
    waves = sorted({part.wave for part, _ in found if part.wave is not None})
    return ChangeReport(
        change_id=setting.plan.change_id + (f"-w{waves[0]}" if len(waves) == 1 else ""),
        digest=setting.plan.digest,
        result=_result(results),
        cause=next((group.cause for group in groups if group.cause and group.result != "committed"), None),
        routers=tuple(routers.values()),
        directions=tuple(test for report in reports for test in report.directions),
        worse=tuple(row for report in reports for row in report.worse),
        journal=reports[-1].journal if reports else "",
        groups=groups,
        next=next_up,
    )


def _result(results: list[PartResult]) -> Result:
    """What the groups' results come to."""
    for worst in ("state-unknown", "unsaved", "held"):
        if worst in results:
            return worst
    if "rolled-back" not in results and "refused" not in results:
        return "committed"
    return "in-part" if "committed" in results else "rolled-back"


def what_next(setting: Setting) -> str | None:
    """What to type next, with the reason: of what is half-way, else of a plan of several parts; None when nothing is left."""
    states = {}
    for part, progress in setting.begun():
        if progress.digest == setting.plan.digest and progress.open:
            half, because = next_of(progress, datetime.now(UTC))
            return f"{half}   ({because})" if half is not None else None
        if progress.digest == setting.plan.digest:
            undone = "taken-back" if progress.verb == "rollback" else "rolled-back"
            states[part.change_id] = "committed" if progress.in_force else undone
    if len(parts(setting.plan)) == 1:
        return None
    next_up, why = following(setting.plan, setting.typed, states)
    return f"{next_up}   ({why})" if next_up is not None else None
