"""``apply --resume``: finish a change whose process was killed.

What the routers run decides, not what the journal hoped for. When all of them run the new configuration, what is left is to
test, confirm and save. Otherwise all are taken back, verified, and the change begins again; that way every state on the way is
one that was proved, and keys that were made for the change are made anew for both ends.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

import msgspec

from ikeaudit.change.advice import refuse_going_back
from ikeaudit.change.apply import apply_part, finished, taken_back
from ikeaudit.change.journal import Entry
from ikeaudit.change.next_step import stands
from ikeaudit.change.opened import work
from ikeaudit.change.plan_parts import Part, Window, parts
from ikeaudit.change.prepare import prepare
from ikeaudit.change.report import ChangeReport, cause_of
from ikeaudit.change.run import Run
from ikeaudit.change.setting import Options, Setting
from ikeaudit.change.waves import carry_out
from ikeaudit.drive import safety
from ikeaudit.drive.observe import Observation
from ikeaudit.drive.safety import Safety
from ikeaudit.model.errors import RefusedError
from ikeaudit.remediation.plan import Plan


def resume_change(setting: Setting, options: Options, say: Callable[[str], None]) -> ChangeReport:
    """Finish the change that the journal says was cut off; all routers change, or all are taken back.

    When it was a group of a wave, the groups after it follow, as ``apply`` would have gone on to them.

    :raises RefusedError: when nothing was cut off, it is being taken back, or something forbids to begin again after that.
    :raises SessionError: when a router cannot be reached to see what it runs; then nothing was done.
    """
    begun = setting.begun()
    if not begun:
        raise RefusedError(f"There is nothing to resume: {setting.no_journal()}.")
    for one, progress in begun:
        refuse_going_back(one.change_id, progress)
    cut = [part for part, progress in begun if progress.open]
    if not cut:
        last = max((progress for _, progress in begun), key=lambda progress: progress.started or "")
        raise RefusedError(
            f"The change {setting.plan.change_id} was not cut off half-way; there is nothing to resume: {stands(last)}."
        )
    alone = dict(setting.begun())[cut[0]].alone
    report = _go_on(setting, setting.part(cut[0], alone=alone), options, say)
    if report is None:
        say("Every router runs what it ran before; the change begins again.")
        report = apply_part(setting, setting.part(cut[0], alone=alone), options, say)
    known = {p.change_id: progress for p, progress in setting.begun()}
    before, after = _others(setting.plan, cut[0])
    if alone:
        after = []
    failed = sum(p.change_id in known and known[p.change_id].result == "rolled-back" for p in before)
    left = [p for p in after if not (p.change_id in known and known[p.change_id].in_force)]
    options = replace(options, max_failures=options.max_failures - failed)
    return carry_out(setting, left, options, say, done=[(cut[0], report)])


def _others(plan: Plan, cut: Part) -> tuple[list[Part], list[Part]]:
    """The groups of the same wave before and after the one that was cut off."""
    same = [part for part in parts(plan) if part.wave == cut.wave]
    at = next(n for n, part in enumerate(same) if part.change_id == cut.change_id)
    return same[:at], same[at + 1 :]


def _go_on(setting: Setting, window: Window, options: Options, say: Callable[[str], None]) -> ChangeReport | None:
    """Forward when every router has arrived; else back, and None when the change can begin again."""
    plan, routers = window.plan, window.routers
    with work(setting, window, "resume", routers) as (devices, journal):
        arrived: list[str] = []
        nets: dict[str, Safety] = {}
        for name in routers:
            devices[name].reach(options.patience, options.pause)
            found = devices[name].running()
            if found.digest == plan.router(name).after_hash:
                arrived.append(name)
            net = safety.net_of(devices[name])
            if net is not None:
                nets[name] = net
            say(f"{name}: runs {'the' if name in arrived else 'something else than the'} new configuration")
        prepared = prepare(
            plan,
            window.folder,
            routers,
            devices,
            setting.workspace.fingerprinter,
            accept_unproven=options.accept_unproven,
            begun=True,
        )
        prepared.nets.update(nets)
        prepared.seen.update(_seen_before(journal.entries, routers))
        run = Run(plan, window.folder, routers, devices, prepared, journal, options, say)
        cause = "It was cut off."
        if arrived == list(routers):
            try:
                for name in nets:
                    journal.record("arrived", name)
                run.test()
                run.confirm(already=[name for name in routers if name not in nets])
                return finished(run)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the routers are taken back first
                cause = cause_of(error)
            return taken_back(run, cause)
        report = taken_back(run, cause)
        return None if report.result == "rolled-back" else report


def _seen_before(entries: Iterable[Entry], routers: Collection[str]) -> dict[str, Observation]:
    """What a journal says of how each router was before the change, as the last attempt saw it."""
    found: dict[str, Observation] = {}
    for entry in entries:
        if entry.event == "observed" and entry.router in routers and entry.data.get("moment") == "before":
            found[str(entry.router)] = msgspec.convert(entry.data, Observation)
    return found
