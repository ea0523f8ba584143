"""``rollback``: take back what a change did, from wherever its journal and its routers are."""

from __future__ import annotations

from collections.abc import Callable

from ikeaudit.change.apply import router_results
from ikeaudit.change.prepare import Prepared
from ikeaudit.change.progress import RouterProgress
from ikeaudit.change.recover import by_hand
from ikeaudit.change.report import ChangeReport, Result
from ikeaudit.change.run import Options, Run
from ikeaudit.change.setting import Setting
from ikeaudit.model.errors import RefusedError


def what_to_take_back(setting: Setting) -> dict[str, RouterProgress]:
    """The routers that the change touched and that are not back yet.

    :raises RefusedError: when there are none.
    """
    found = {name: router for name, router in setting.progress().routers.items() if router.touched}
    if not found:
        raise RefusedError(f"There is nothing to take back: the change {setting.plan.change_id} has touched no router.")
    return found


def dry_run(setting: Setting) -> list[str]:
    """What would be typed on each router, the first way that works, keys as tokens."""
    touched = what_to_take_back(setting)
    lines: list[str] = []
    for name, progress in touched.items():
        lines.append(f"! {name}: {progress.phase}, up to step {progress.step}")
        lines += [f"{name}# {line}" for line in by_hand(setting.plan, progress)]
    return lines


def roll_back(setting: Setting, options: Options, say: Callable[[str], None]) -> ChangeReport:
    """Bring every touched router back; the result is ``rolled-back`` when each is verified to run what it ran before.

    :raises RefusedError: when there is nothing to take back.
    """
    routers = tuple(what_to_take_back(setting))
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
