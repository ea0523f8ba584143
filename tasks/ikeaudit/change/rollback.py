"""``rollback``: take back what a change did, from wherever its journal and its routers are."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ikeaudit.change.apply import router_results
from ikeaudit.change.by_hand import by_hand
from ikeaudit.change.prepare import Prepared
from ikeaudit.change.progress import RouterProgress
from ikeaudit.change.report import ChangeReport, Result
from ikeaudit.change.run import Options, Run
from ikeaudit.change.setting import Setting
from ikeaudit.model.errors import RefusedError


def what_to_take_back(setting: Setting, wave: int | None = None) -> list[tuple[Setting, dict[str, RouterProgress]]]:
    """The waves that touched routers which are not back yet, last one first, with those routers.

    While a wave is half-way, it alone; else ``wave`` and those after it, or all.

    :raises RefusedError: when there are none, or when the way back has ended.
    """
    windows = setting.windows()
    half_way = [window for window in windows if window.progress().open]
    windows = tuple(half_way or (w for w in windows if w.number is None or w.number >= (wave or 0)))
    found: list[tuple[Setting, dict[str, RouterProgress]]] = []
    for window in reversed(windows):
        touched = {name: router for name, router in window.progress().routers.items() if router.touched}
        closed = [name for name, router in touched.items() if router.phase == "closed"]
        if closed and not found:
            raise RefusedError(
                f"The change {window.plan.change_id} is closed on {', '.join(closed)}: the copies of the earlier "
                "configurations are removed, and the way back has ended there; plan the way back as a change of its own."
            )
        if touched and not closed:
            found.append((window, touched))
    if not found:
        raise RefusedError(f"There is nothing to take back: the change {setting.plan.change_id} has touched no router.")
    return found


def dry_run(setting: Setting, wave: int | None = None) -> list[str]:
    """What would be typed on each router, the first way that works, keys as tokens."""
    lines: list[str] = []
    for window, touched in what_to_take_back(setting, wave):
        for name, progress in touched.items():
            which = f"wave {window.number}, " if window.number is not None else ""
            lines.append(f"! {name}: {which}{progress.phase}, up to step {progress.step}")
            lines += [f"{name}# {line}" for line in by_hand(window.plan, progress)]
    return lines


def roll_back(
    setting: Setting, options: Options, say: Callable[[str], None], *, wave: int | None = None
) -> ChangeReport:
    """Bring every touched router back; the result is ``rolled-back`` when each is verified to run what it ran before.

    Of a plan of several waves the one that is half-way, else ``wave`` and those after it, or all, the last one first; what
    cannot be taken back stops the others.

    :raises RefusedError: when there is nothing to take back.
    """
    report: ChangeReport | None = None
    for window, touched in what_to_take_back(setting, wave):
        if report is not None:
            say(f"Wave {window.number}:")
        done = _take_back(window, tuple(touched), options, say)
        earlier = {router.name: router for router in report.routers} if report is not None else {}
        merged = earlier | {router.name: router for router in done.routers}
        report = msgspec.structs.replace(done, change_id=setting.plan.change_id, routers=tuple(merged.values()))
        if done.result != "rolled-back":
            break
    assert report is not None, "there was something to take back"
    return report


def _take_back(
    setting: Setting, routers: tuple[str, ...], options: Options, say: Callable[[str], None]
) -> ChangeReport:
    with setting.work("rollback", routers) as (devices, journal):
        run = Run(setting.plan, setting.folder, routers, devices, Prepared(), journal, options, say)
        lost = run.go_back()
        result: Result = "state-unknown" if lost else "rolled-back"
        journal.record("end", result=result)
        return ChangeReport(
            change_id=setting.plan.change_id,
            digest=setting.plan.digest,
            result=result,
            cause=next(iter(lost.values()), None),
            routers=router_results(run, journal, lost),
            journal=str(journal.path),
        )
