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
    """The parts of a plan that touched routers which are not back yet, those routers, in the order of taking them back.

    That is the reverse of the order in which they were carried out. While a part is half-way, it alone; else those of ``wave``
    and of the waves after it, or all.

    :raises RefusedError: when there are none, or when the way back has ended.
    """
    begun = setting.begun()
    half_way = [(part, progress) for part, progress in begun if progress.open]
    wanted = half_way or [(p, progress) for p, progress in begun if p.wave is None or p.wave >= (wave or 0)]
    found: list[tuple[Setting, dict[str, RouterProgress]]] = []
    for part, progress in sorted(wanted, key=lambda item: item[1].applied, reverse=True):
        touched = {name: router for name, router in progress.routers.items() if router.touched}
        closed = [name for name, router in touched.items() if router.phase == "closed"]
        if closed and not found:
            raise RefusedError(
                f"The change {part.change_id} is closed on {', '.join(closed)}: the copies of the earlier "
                "configurations are removed, and the way back has ended there; plan the way back as a change of its own."
            )
        if closed:
            break  # and what was carried out before it rests on it
        if touched:
            found.append((setting.part(part), touched))
    if not found:
        raise RefusedError(
            f"There is nothing to take back: the change {setting.top.plan.change_id} has touched no router."
        )
    return found


def dry_run(setting: Setting, wave: int | None = None) -> list[str]:
    """What would be typed on each router, the first way that works, keys as tokens."""
    lines: list[str] = []
    for window, touched in what_to_take_back(setting, wave):
        for name, progress in touched.items():
            which = f"{window.words}, " if window.words else ""
            lines.append(f"! {name}: {which}{progress.phase}, up to step {progress.step}")
            lines += [f"{name}# {line}" for line in by_hand(window.plan, progress)]
    return lines


def roll_back(
    setting: Setting, options: Options, say: Callable[[str], None], *, wave: int | None = None
) -> ChangeReport:
    """Bring every touched router back; the result is ``rolled-back`` when each is verified to run what it ran before.

    Of a plan of several parts the one that is half-way, else those of ``wave`` and of the waves after it, or all, the last one
    first; what cannot be taken back stops the others.

    :raises RefusedError: when there is nothing to take back.
    """
    report: ChangeReport | None = None
    for window, touched in what_to_take_back(setting, wave):
        if window.words:
            say(f"{window.words[:1].upper()}{window.words[1:]}:")
        done = _take_back(window, tuple(touched), options, say)
        earlier = {router.name: router for router in report.routers} if report is not None else {}
        merged = earlier | {router.name: router for router in done.routers}
        report = msgspec.structs.replace(done, change_id=setting.top.plan.change_id, routers=tuple(merged.values()))
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
