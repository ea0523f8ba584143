"""``confirm``: keep a change that was applied with its nets left up."""

from collections.abc import Callable, Collection, Mapping

import msgspec

from ikeaudit.change.advice import back_command, refuse_going_back
from ikeaudit.change.apply import finished, taken_back
from ikeaudit.change.asked import asked
from ikeaudit.change.journal import Progress, RouterProgress
from ikeaudit.change.next_step import stands
from ikeaudit.change.opened import work
from ikeaudit.change.plan_parts import Window
from ikeaudit.change.prepare import Prepared
from ikeaudit.change.report import ChangeReport, cause_of
from ikeaudit.change.run import Run
from ikeaudit.change.setting import Options, Setting
from ikeaudit.change.waves import what_next
from ikeaudit.model.errors import RefusedError


def confirm_change(setting: Setting, options: Options, say: Callable[[str], None]) -> ChangeReport:
    """Confirm and save on all routers of the change, after looking that each still runs what the plan predicts.

    When one of them does not, or will not be confirmed, all are taken back. A damaged journal that could not tell that the
    change is in force does so afterwards.

    :raises RefusedError: when the change does not wait to be confirmed, or is being taken back.
    """
    begun = setting.begun()
    for part, standing in begun:
        refuse_going_back(part.change_id, standing)
    found = next((part for part, progress in begun if progress.open), begun[-1][0] if begun else None)
    window = setting.part(found) if found is not None else setting.entire
    progress = setting.progress(window) if begun else Progress()
    unsure = progress.uncertain
    progress = asked(setting, window, progress) if begun else progress
    waiting = {name: router for name, router in progress.routers.items() if router.phase in ("arrived", "confirmed")}
    if unsure and all(router.phase == "saved" for name, router in progress.routers.items() if name not in waiting):
        waiting = progress.routers  # it is in force, and its journal could not tell
    strays = [name for name, router in progress.routers.items() if name not in waiting and router.phase != "saved"]
    unsaved = [name for name, router in waiting.items() if router.phase in ("confirmed", "saved")]
    if not begun:
        raise RefusedError(f"The change {window.plan.change_id} does not wait to be confirmed: {setting.no_journal()}.")
    if not waiting:
        raise RefusedError(f"The change {window.plan.change_id} does not wait to be confirmed: {stands(progress)}.")
    if strays:
        raise RefusedError(
            f"The change {window.plan.change_id} is not in force on {', '.join(strays)}; take it back with "
            f"`{back_command(progress)}`."
        )
    report = _confirmed(setting, window, waiting, unsaved, options, say)
    return report if report.result == "rolled-back" else msgspec.structs.replace(report, next=what_next(setting))


def _confirmed(
    setting: Setting,
    window: Window,
    waiting: Mapping[str, RouterProgress],
    unsaved: Collection[str],
    options: Options,
    say: Callable[[str], None],
) -> ChangeReport:
    routers = tuple(waiting)
    with work(setting, window, "confirm", routers) as (devices, journal):
        nets = {name: router.safety or "timer" for name, router in waiting.items()}
        run = Run(window.plan, window.folder, routers, devices, Prepared(nets=nets), journal, options, say)
        cause = ""
        try:
            run.confirm(already=unsaved)
            return finished(run)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the routers are taken back first
            cause = cause_of(error)
        return taken_back(run, cause)
