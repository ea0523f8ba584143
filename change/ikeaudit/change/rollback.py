"""``rollback``: take back what a change did, from wherever its journal and its routers are."""

from collections.abc import Callable, Collection
from contextlib import suppress

import msgspec

from ikeaudit.change.apply import reported, router_results
from ikeaudit.change.asked import told_or_asked
from ikeaudit.change.asking import look_at
from ikeaudit.change.by_hand import by_hand
from ikeaudit.change.journal import RouterProgress
from ikeaudit.change.opened import reading, work
from ikeaudit.change.own_lines import OwnLines, objection, would_lose
from ikeaudit.change.plan_parts import Window
from ikeaudit.change.planned_device import PlannedDevice
from ikeaudit.change.prepare import Prepared
from ikeaudit.change.preview import way_back
from ikeaudit.change.report import ChangeReport, Result, RouterResult
from ikeaudit.change.run import Run
from ikeaudit.change.setting import Options, Setting
from ikeaudit.change.taking_back import Begun, Selection, check, chosen, way_has_ended
from ikeaudit.change.waves import what_next
from ikeaudit.drive import safety
from ikeaudit.drive.device import RouterText
from ikeaudit.drive.safety import Safety
from ikeaudit.model.errors import RefusedError
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.session import SessionError

Touched = list[tuple[Window, dict[str, RouterProgress]]]


def what_to_take_back(setting: Setting, selection: Selection, begun: Begun) -> Touched:
    """The parts of a plan to be taken back, with their routers that are not back yet, in the order of taking them back.

    ``begun`` is what is known of the parts, from journals or from routers that were asked.

    :raises RefusedError: when what is in force is not named, or when the way back has ended.
    """
    found: Touched = []
    wanted = chosen(setting, selection, begun)
    for part, progress in wanted:
        touched = {name: router for name, router in progress.routers.items() if router.touched}
        closed = any(router.phase == "closed" for router in touched.values())
        if closed and not found:
            raise RefusedError(way_has_ended(part, progress))
        if closed:
            break  # and what was carried out before it rests on it
        alone = len(wanted) == 1 and not progress.open  # groups that came after it on the same routers stay
        found.append((setting.part(part, anew=alone), touched))
    return found


def nothing_to_do(setting: Setting) -> ChangeReport:
    """The report when there is nothing to take back."""
    plan = setting.plan
    why = f"of {plan.change_id} no router is half-way, and nothing of that is in force, as "
    if setting.begun():
        return _nothing(setting, why + "the journals of this workspace say.")
    names = tuple(router.name for router in plan.routers)
    return _nothing(setting, f"{why}the routers say, which were asked: {setting.no_journal()}.", names)


def dry_run(
    setting: Setting, *, wave: int | None = None, group: int | None = None, everything: bool = False
) -> list[str]:
    """What would be typed on each router as it is now, keys as tokens; empty when there is nothing to take back.

    Routers are read, and nothing is typed on them.

    :raises InputError: as :func:`roll_back` does.
    :raises RefusedError: as :func:`roll_back` does.
    """
    selection = Selection(wave=wave, group=group, everything=everything)
    check(setting.plan, str(setting.named), selection)
    unsure = _unsure(setting)
    begun = told_or_asked(setting)
    lines = seen(begun)
    if begun and not setting.begun():
        lines.insert(0, f"! The routers were asked: {setting.no_journal()}.")
    found = what_to_take_back(setting, selection, begun)
    if not found:
        told = "! There is nothing to take back; with --commit the journal tells that, too."
        return [*lines, told] if _rested(begun, unsure) else []
    asked = {name for _, progress in begun for name in progress.asked}
    _refuse_to_lose(setting, found, asked)
    now: dict[str, tuple[RouterText, RouterText | None, Safety | None]] = {}
    for window, touched in found:
        which = f"{window.words}, " if window.words else ""
        for name, progress in touched.items():
            lines.append(f"! {name}: {which}{progress.phase}, up to step {progress.step}")
            if name not in now:
                seen_now = _seen_now(setting, window, progress, learn=name in asked)
                if seen_now is None:
                    lines.append(
                        f"! ({name} does not answer; what is typed is decided when it does, so this is for you:)"
                    )
                    lines += [f"{name}# {line}" for line in by_hand(window.plan, progress)]
                    continue
                now[name] = seen_now
            lines += [f"{name}# {line}" for line in way_back(window.plan, window.folder, progress, *now[name])]
            before = OwnLines.of(window.plan, window.folder, name).before
            text = as_text("\n".join(before) + "\n", now[name][0])
            now[name] = (text, text, None)
    return lines


def _seen_now(
    setting: Setting, window: Window, progress: RouterProgress, *, learn: bool
) -> tuple[RouterText, RouterText | None, Safety | None] | None:
    """What a router runs, what it would start with, and its net; None when it does not answer."""
    with reading(setting, window, (progress.name,)) as devices, suppress(SessionError):
        device = devices[progress.name]
        if learn:
            look_at(window.plan, window.folder, device, device.made, progress)
        return device.running(), device.startup(), safety.net_of(device)
    return None


def roll_back(
    setting: Setting,
    options: Options,
    say: Callable[[str], None],
    *,
    wave: int | None = None,
    group: int | None = None,
    everything: bool = False,
) -> ChangeReport:
    """Bring routers back; the result is ``rolled-back`` when each is verified to run what it ran before.

    Without a name that is what is half-way; else ``wave`` and those after it, one ``group`` of it, or ``everything``, the part
    carried out last first; what cannot be taken back stops the others. The result is ``nothing-to-do``, and no line is sent,
    when nothing is half-way and nothing of what is named is in force. Routers of which no journal tells for certain are asked
    what they run; where that is what they ran before, it goes into the journal.

    :raises InputError: when the plan has no part that is named.
    :raises RefusedError: when what is in force is not named, when the way back has ended, or when it would undo what somebody
        else has changed since; then nothing was sent.
    """
    selection = Selection(wave=wave, group=group, everything=everything)
    check(setting.plan, str(setting.named), selection)
    unsure = _unsure(setting)
    if not setting.begun():
        say(f"The routers are asked what they run: {setting.no_journal()}.")
    begun = told_or_asked(setting)
    for line in seen(begun):
        say(line.removeprefix("! "))
    settled = _settle(setting, _rested(begun, unsure))
    found = what_to_take_back(setting, selection, begun)
    if not found:
        return settled or nothing_to_do(setting)
    _refuse_to_lose(setting, found, {name for _, progress in begun for name in progress.asked})
    report: ChangeReport | None = None
    for window, touched in found:
        if window.words:
            say(f"{window.words[:1].upper()}{window.words[1:]}:")
        done = _take_back(setting, window, tuple(touched), options, say, selection)
        earlier = {router.name: router for router in report.routers} if report is not None else {}
        merged = earlier | {router.name: router for router in done.routers}
        report = msgspec.structs.replace(done, change_id=setting.plan.change_id, routers=tuple(merged.values()))
        if done.result != "rolled-back":
            break
    assert report is not None, "there was something to take back"
    return report if report.result == "rolled-back" else msgspec.structs.replace(report, next=what_next(setting))


# -- where journals do not tell ------------------------------------------------------------------------------------------


def seen(begun: Begun) -> list[str]:
    """What the routers that were asked run, a remark for each."""
    told = (f"! {name}: {words}" for _, progress in begun for name, words in progress.asked.items())
    return list(dict.fromkeys(told))


def _unsure(setting: Setting) -> frozenset[str]:
    """The parts, by change id, of which a journal does not tell for certain how they are."""
    return frozenset(part.change_id for part, progress in setting.begun() if progress.uncertain)


def _rested(begun: Begun, unsure: Collection[str]) -> Begun:
    """The parts that a journal could not tell of, and that turn out to be as before on all routers."""
    return tuple(
        (part, progress)
        for part, progress in begun
        if (progress.asked or part.change_id in unsure)
        and not any(router.touched for router in progress.routers.values())
    )


def _settle(setting: Setting, rested: Begun) -> ChangeReport | None:
    """Put into the journals of parts that could not tell it that the routers are as before; None when there are none."""
    names: dict[str, None] = {}
    path = ""
    for part, progress in rested:
        routers = tuple(progress.asked) or tuple(progress.routers)
        with work(setting, setting.part(part), "rollback", routers) as (_, journal):
            journal.record("end", result="rolled-back")
            path = str(journal.path)
        names |= dict.fromkeys(routers)
    if not rested:
        return None
    why = "the journal could not tell how the routers are; they were asked, and run what they ran before."
    return msgspec.structs.replace(_nothing(setting, why, tuple(names)), journal=path)


def _nothing(setting: Setting, why: str, names: tuple[str, ...] = ()) -> ChangeReport:
    return ChangeReport(
        change_id=setting.plan.change_id,
        digest=setting.plan.digest,
        result="nothing-to-do",
        cause=why,
        routers=tuple(RouterResult(name=name, state="untouched") for name in names),
    )


# -- what somebody else has changed --------------------------------------------------------------------------------------


def _refuse_to_lose(setting: Setting, found: Touched, asked: Collection[str]) -> None:
    """Look at each router first: what somebody else has changed since the change must survive all that is taken back.

    A router whose timer runs is left out, since that takes everything away sooner or later; so is one that does not answer.
    ``asked`` are those whose keys may be called otherwise in this workspace.

    :raises RefusedError: when it would not.
    """
    texts: dict[str, RouterText | None] = {}
    for window, touched in found:
        new = tuple(name for name in touched if name not in texts)
        with reading(setting, window, new) as devices:
            for name in new:
                texts[name] = _read(devices[name], window, touched[name], learn=name in asked)
        for name, progress in touched.items():
            text = texts[name]
            if text is None or not progress.step:
                continue
            own = OwnLines.of(window.plan, window.folder, name)
            if not own.told:
                continue
            if own.untouched_by_others(text):
                texts[name] = as_text("\n".join(own.before) + "\n", text)
            elif not own.back(text.lines):
                lines = window.plan.rollback_of(name, progress.step)
                would = would_lose(own, text, lines)
                if would:
                    raise RefusedError(objection(name, would))
                texts[name] = own.taken_back(text, lines)


def _read(device: PlannedDevice, window: Window, progress: RouterProgress, *, learn: bool) -> RouterText | None:
    """What a router runs; None when it does not answer, or its timer runs."""
    found: RouterText | None = None
    with suppress(SessionError):
        if learn:
            look_at(window.plan, window.folder, device, device.made, progress)
        found = device.running() if not safety.pending(device) else None
    device.close()
    return found


def as_text(text: str, like: RouterText) -> RouterText:
    """A configuration that was worked out, with the keys of one that was read."""
    return RouterText(text, before_hash(text), like.vault)


def _take_back(
    setting: Setting,
    window: Window,
    routers: tuple[str, ...],
    options: Options,
    say: Callable[[str], None],
    selection: Selection,
) -> ChangeReport:
    with work(setting, window, "rollback", routers, selection=selection.words) as (devices, journal):
        run = Run(window.plan, window.folder, routers, devices, Prepared(), journal, options, say)
        lost = run.go_back(gentle=True)
        result: Result = "state-unknown" if lost else "rolled-back"
        journal.record("end", result=result)
        return reported(run, result, router_results(run, lost), cause=next(iter(lost.values()), None))
