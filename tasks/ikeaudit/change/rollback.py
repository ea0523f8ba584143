"""``rollback``: take back what a change did, from wherever its journal and its routers are."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ikeaudit.change.apply import router_results
from ikeaudit.change.asked import told_or_asked
from ikeaudit.change.by_hand import by_hand
from ikeaudit.change.prepare import Prepared
from ikeaudit.change.progress import Progress, RouterProgress
from ikeaudit.change.report import ChangeReport, Result, RouterResult
from ikeaudit.change.run import Options, Run
from ikeaudit.change.setting import Setting
from ikeaudit.change.window import Part
from ikeaudit.model.errors import RefusedError

Begun = tuple[tuple[Part, Progress], ...]
"""Parts of a plan with what is known of them."""


def what_to_take_back(
    setting: Setting, wave: int | None = None, begun: Begun | None = None
) -> list[tuple[Setting, dict[str, RouterProgress]]]:
    """The parts of a plan that touched routers which are not back yet, those routers, in the order of taking them back.

    That is the reverse of the order in which they were carried out. While a part is half-way, it alone; else those of ``wave``
    and of the waves after it, or all. ``begun`` is what is known of the parts, when that was asked for already.

    :raises RefusedError: when there are none, or when the way back has ended.
    """
    begun = told_or_asked(setting) if begun is None else begun
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
    if not found and not setting.begun():
        raise RefusedError(
            f"There is nothing to take back: every router of {setting.top.plan.change_id} runs what it ran before the change; "
            f"{setting.no_journal()}."
        )
    if not found:
        raise RefusedError(
            f"There is nothing to take back: the change {setting.top.plan.change_id} has touched no router."
        )
    return found


def dry_run(setting: Setting, wave: int | None = None) -> list[str]:
    """What would be typed on each router, the first way that works, keys as tokens."""
    begun = told_or_asked(setting)
    if rested(begun):
        return [*seen(begun), "! There is nothing to take back; with --commit the journal tells that, too."]
    lines = seen(begun) if setting.begun() else [f"! The routers were asked: {setting.no_journal()}.", *seen(begun)]
    for window, touched in what_to_take_back(setting, wave, begun):
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
    if not setting.begun():
        say(f"The routers are asked what they run: {setting.no_journal()}.")
    begun = told_or_asked(setting)
    for line in seen(begun):
        say(line.removeprefix("! "))
    if not begun:
        return _nothing(setting)
    if rested(begun):
        return _settled(setting, begun)
    report: ChangeReport | None = None
    for window, touched in what_to_take_back(setting, wave, begun):
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


def seen(begun: Begun) -> list[str]:
    """What the routers that were asked run, a remark for each."""
    return [f"! {name}: {words}" for _, progress in begun for name, words in progress.asked.items()]


def rested(begun: Begun) -> bool:
    """Whether journals could not tell how routers are, and these turn out to be as they were before, like all others."""
    asked_ = any(progress.asked for _, progress in begun)
    return asked_ and not any(router.touched for _, progress in begun for router in progress.routers.values())


def _settled(setting: Setting, begun: Begun) -> ChangeReport:
    """Nothing is to be taken back; that the routers are as before goes into the journals that could not tell."""
    names: dict[str, None] = {}
    path = setting.top.journal_path
    for part, progress in begun:
        if progress.asked:
            with setting.part(part).work("rollback", tuple(progress.asked)) as (_, journal):
                journal.record("end", result="rolled-back")
                path = journal.path
            names |= dict.fromkeys(progress.asked)
    return ChangeReport(
        change_id=setting.top.plan.change_id,
        digest=setting.top.plan.digest,
        result="rolled-back",
        cause="There is nothing to take back; the journal could not tell, and the routers were asked.",
        routers=tuple(RouterResult(name=name, state="untouched") for name in names),
        journal=str(path),
    )


def _nothing(setting: Setting) -> ChangeReport:
    """All routers were asked, because no journal tells of the change, and all run what they ran before."""
    plan = setting.top.plan
    return ChangeReport(
        change_id=plan.change_id,
        digest=plan.digest,
        result="rolled-back",
        cause=f"There is nothing to take back; {setting.no_journal()}.",
        routers=tuple(RouterResult(name=router.name, state="untouched") for router in plan.routers),
    )


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
