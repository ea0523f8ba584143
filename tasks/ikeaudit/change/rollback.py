"""``rollback``: take back what a change did, from wherever its journal and its routers are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec

from ikeaudit.change import safety
from ikeaudit.change.apply import router_results
from ikeaudit.change.by_hand import by_hand
from ikeaudit.change.device import Device, RouterText
from ikeaudit.change.own_lines import OwnLines
from ikeaudit.change.prepare import Prepared
from ikeaudit.change.progress import RouterProgress
from ikeaudit.change.recover import objection, would_lose
from ikeaudit.change.report import ChangeReport, Result
from ikeaudit.change.run import Options, Run
from ikeaudit.change.setting import Setting
from ikeaudit.change.taking_back import Selection, chosen, way_has_ended
from ikeaudit.model.errors import RefusedError
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.session import SessionError

Touched = list[tuple[Setting, dict[str, RouterProgress]]]


def what_to_take_back(setting: Setting, selection: Selection) -> Touched:
    """The parts of a plan to be taken back, with their routers that are not back yet, in the order of taking them back.

    :raises InputError: when the plan has no part that is named.
    :raises RefusedError: when what is in force is not named, or when the way back has ended.
    """
    found: Touched = []
    wanted = chosen(setting, selection)
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
    plan = setting.top.plan
    why = f"of {plan.change_id} no router is half-way, and nothing of that is in force, as the journals of this workspace say."
    return ChangeReport(change_id=plan.change_id, digest=plan.digest, result="nothing-to-do", cause=why)


def dry_run(
    setting: Setting, *, wave: int | None = None, group: int | None = None, everything: bool = False
) -> list[str]:
    """What would be typed on each router, the first way that works, keys as tokens; empty when there is nothing to take back.

    :raises InputError: as :func:`roll_back` does.
    :raises RefusedError: as :func:`roll_back` does before it looks at a router.
    """
    lines: list[str] = []
    for window, touched in what_to_take_back(setting, Selection(wave=wave, group=group, everything=everything)):
        for name, progress in touched.items():
            which = f"{window.words}, " if window.words else ""
            lines.append(f"! {name}: {which}{progress.phase}, up to step {progress.step}")
            lines += [f"{name}# {line}" for line in by_hand(window.plan, progress)]
            if progress.step:
                lines.append(
                    "! (where somebody else has changed it since, the plan's roll-back lines are sent instead)"
                )
    return lines


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
    carried out last first; what cannot be taken back stops the others. The result is ``nothing-to-do``, and no router is
    contacted, when nothing is half-way and nothing of what is named is in force.

    :raises InputError: when the plan has no part that is named.
    :raises RefusedError: when what is in force is not named, when the way back has ended, or when it would undo what somebody
        else has changed since; then nothing was sent.
    """
    selection = Selection(wave=wave, group=group, everything=everything)
    found = what_to_take_back(setting, selection)
    if not found:
        return nothing_to_do(setting)
    _refuse_to_lose(found)
    report: ChangeReport | None = None
    for window, touched in found:
        if window.words:
            say(f"{window.words[:1].upper()}{window.words[1:]}:")
        done = _take_back(window, tuple(touched), options, say, selection)
        earlier = {router.name: router for router in report.routers} if report is not None else {}
        merged = earlier | {router.name: router for router in done.routers}
        report = msgspec.structs.replace(done, change_id=setting.top.plan.change_id, routers=tuple(merged.values()))
        if done.result != "rolled-back":
            break
    assert report is not None, "there was something to take back"
    return report


def _refuse_to_lose(found: Touched) -> None:
    """Look at each router first: what somebody else has changed since the change must survive all that is taken back.

    A router whose timer runs is left out, since that takes everything away sooner or later; so is one that does not answer.

    :raises RefusedError: when it would not.
    """
    texts: dict[str, RouterText | None] = {}
    for window, touched in found:
        new = tuple(name for name in touched if name not in texts)
        with window.reading(new) as devices:
            texts |= {name: _read(devices[name]) for name in new}
        for name, progress in touched.items():
            text = texts[name]
            if text is None or not progress.step:
                continue
            own = OwnLines.of(window.plan, window.folder, name)
            if own.untouched_by_others(text):
                texts[name] = as_text("\n".join(own.before) + "\n", text)
            elif not own.back(text.lines):
                lines = window.plan.rollback_of(name, progress.step)
                would = would_lose(own, text, lines)
                if would:
                    raise RefusedError(objection(name, would))
                texts[name] = own.taken_back(text, lines)


def _read(device: Device) -> RouterText | None:
    """What a router runs; None when it does not answer, or its timer runs."""
    found: RouterText | None = None
    with suppress(SessionError):
        found = device.running() if not safety.pending(device) else None
    device.close()
    return found


def as_text(text: str, like: RouterText) -> RouterText:
    """A configuration that was worked out, with the keys of one that was read."""
    return RouterText(text, before_hash(text), like.vault)


def _take_back(
    setting: Setting, routers: tuple[str, ...], options: Options, say: Callable[[str], None], selection: Selection
) -> ChangeReport:
    with setting.work("rollback", routers, selection=selection.words) as (devices, journal):
        run = Run(setting.plan, setting.folder, routers, devices, Prepared(), journal, options, say)
        lost = run.go_back(gentle=True)
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
